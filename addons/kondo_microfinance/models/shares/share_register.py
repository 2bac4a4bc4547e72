from odoo import api, fields, models


class KondoShareRegister(models.TransientModel):
    """Asks for the day of the register of holders, and prints it."""

    _name = "kondo.share.register"
    _description = "Register of holders"

    company_id = fields.Many2one(
        "res.company",
        string="Caisse",
        required=True,
        domain="[('kondo_kind', '=', 'caisse')]",
        default=lambda self: self._default_company_id(),
    )
    date = fields.Date(string="At the end of", required=True, default=lambda self: self._default_date())
    product_id = fields.Many2one("kondo.share.product", string="Share", help="Empty: all kinds of shares.")

    def _default_company_id(self):
        """The current caisse; from the union, its first one."""
        if self.env.company.kondo_kind == "caisse":
            return self.env.company
        return self.env["res.company"].search([("kondo_kind", "=", "caisse")], limit=1)

    def _default_date(self):
        return self._default_company_id().sudo().business_date or fields.Date.context_today(self)

    @api.depends("company_id", "date")
    def _compute_display_name(self):
        for wizard in self:
            wizard.display_name = f"{wizard.company_id.name} · {wizard.date:%d/%m/%Y}" if wizard.date else ""

    def action_print_pdf(self):
        self._rows()
        return self.env.ref("kondo_microfinance.action_report_share_register").report_action(self)

    def action_print_xlsx(self):
        self._rows()
        return self.env.ref("kondo_microfinance.action_report_share_register_xlsx").report_action(self)

    @api.private
    def _rows(self):
        """Who held shares at the end of the day, by number.

        :return: list of dicts number, member_number, name, kind (label), shares, value, paid, full, due, since, last
            (dates); francs
        """
        self.ensure_one()
        self.company_id._check_visible()
        self.env["kondo.share.holding"].check_access("read")
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT h.id, h.number, h.nominal, e.shares, e.paid, e.since, e.last
              FROM kondo_share_holding h
              JOIN (SELECT holding_id, sum(shares) AS shares, sum(amount) AS paid,
                           min(date) AS since, max(date) AS last
                      FROM kondo_share_entry WHERE company_id = %(company)s AND date <= %(date)s
                     GROUP BY holding_id) e ON e.holding_id = h.id
             WHERE h.company_id = %(company)s AND (e.shares <> 0 OR e.paid <> 0)
               AND (%(product)s = 0 OR h.product_id = %(product)s)
             ORDER BY h.number
            """,
            {"company": self.company_id.id, "date": self.date, "product": self.product_id.id or 0},
        )
        rows = self.env.cr.dictfetchall()
        holdings = self.env["kondo.share.holding"].sudo().browse(row["id"] for row in rows)
        partners = holdings.partner_id
        partners.fetch(["name", "member_number", "sex", "member_kind"])
        sexes = dict(partners._fields["sex"]._description_selection(self.env))
        kinds = dict(partners._fields["member_kind"]._description_selection(self.env))
        result = []
        for row, holding in zip(rows, holdings, strict=True):
            partner = holding.partner_id
            individual = partner.member_kind == "individual"
            result.append(
                {
                    "number": row["number"],
                    "member_number": partner.member_number or "",
                    "name": partner.name,
                    "kind": (sexes.get(partner.sex) if individual else kinds.get(partner.member_kind)) or "",
                    "shares": int(row["shares"]),
                    "value": int(row["shares"]) * row["nominal"],
                    "paid": int(row["paid"]),
                    "full": int(row["paid"]) // row["nominal"],
                    "due": int(row["shares"]) * row["nominal"] - int(row["paid"]),
                    "since": row["since"],
                    "last": row["last"],
                }
            )
        return result
