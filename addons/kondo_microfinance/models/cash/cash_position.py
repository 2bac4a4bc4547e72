from odoo import api, fields, models
from odoo.exceptions import UserError

from ..fields import Francs

KINDS = [
    ("vault", "Vault"),
    ("till", "Till"),
    ("bank", "Bank"),
    ("road", "On the road"),
    ("field", "Collected, not counted yet"),
]
READERS = (
    "group_caisse_manager",
    "group_accountant",
    "group_controller",
    "group_network_manager",
    "group_administrator",
)


class KondoCashPosition(models.TransientModel):
    """Where the money of a caisse or of the network is, now or at the end of a past day."""

    _name = "kondo.cash.position"
    _description = "Cash position"

    company_id = fields.Many2one(
        "res.company",
        string="Caisse or union",
        required=True,
        domain="[('kondo_kind', '!=', False)]",
        default=lambda self: self.env.company,
    )
    date = fields.Date(string="At the end of", required=True, default=fields.Date.context_today)
    line_ids = fields.One2many("kondo.cash.position.line", "wizard_id", readonly=True)
    total = Francs(readonly=True, string="Total (FCFA)")

    @api.depends("company_id", "date")
    def _compute_display_name(self):
        for wizard in self:
            wizard.display_name = f"{wizard.company_id.name} · {wizard.date:%d/%m/%Y}"

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        wizards.action_show()
        return wizards

    @api.model
    def open_position(self):
        """The position of the current caisse, or of the network from the union, today."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cash position"),
            "res_model": self._name,
            "res_id": self.create([{}]).id,
            "views": [(False, "form")],
        }

    def action_show(self):
        """Work the position out for the caisse and the day that stand in the form."""
        self.env["kondo.four.eyes"]._check_group(*READERS)
        for wizard in self:
            wizard.company_id._check_visible()
            companies = self.env["res.company"].sudo().search([("id", "child_of", wizard.company_id.id)])
            companies &= self.env.user.sudo()._kondo_companies()
            rows = self._rows(companies, wizard.date)
            wizard.line_ids.unlink()
            wizard.write(
                {
                    "line_ids": [(0, 0, row) for row in rows],
                    "total": sum(row["amount"] for row in rows),
                }
            )

    def action_open_list(self):
        """The same rows as a list of Odoo's: group, filter, export to a spreadsheet."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cash position %(day)s", day=f"{self.date:%d/%m/%Y}"),
            "res_model": "kondo.cash.position.line",
            "views": [(False, "list"), (False, "pivot")],
            "domain": [("wizard_id", "=", self.id)],
            "context": {"group_by": ["company_id"]},
        }

    # ------------------------------------------------------------------ rows
    @api.model
    @api.private
    def _rows(self, companies, date):
        """Every place with money of these companies at the end of `date` (business day), as values of the lines.

        :return: list of dicts company_id, kind, name, amount (francs, what the books say), and where they apply
            till_id, account_id, convoy_id, counted (francs), counted_at, has_count
        """
        self.env.flush_all()
        rows = [
            *self._till_rows(companies, date),
            *self._bank_rows(companies, date),
            *self._road_rows(companies, date),
            *self._extra_rows(companies, date),
        ]
        order = {kind: index for index, (kind, _label) in enumerate(KINDS)}
        return sorted(rows, key=lambda row: (row["company_id"], order[row["kind"]], row["name"]))

    @api.model
    @api.private
    def _extra_rows(self, companies, date):
        """Rows of other rooms (money that collectors hold): same dicts as `_rows`, kind 'field'."""
        return []

    def _till_rows(self, companies, date):
        """Tills and vaults from their legs, with their last count up to that day."""
        self.env.cr.execute(
            """
            SELECT t.company_id, t.kind, t.name, t.id AS till_id, COALESCE(sum(l.amount), 0)::bigint AS amount,
                   c.counted, c.counted_at
              FROM kondo_till t
              LEFT JOIN kondo_operation_line l ON l.till_id = t.id AND l.business_date <= %(date)s
              LEFT JOIN LATERAL (
                    SELECT * FROM (
                        SELECT s.counted_cash AS counted, COALESCE(s.closed_at, s.write_date) AS counted_at
                          FROM kondo_till_session s
                         WHERE s.till_id = t.id AND s.business_date <= %(date)s AND s.state <> 'open'
                        UNION ALL
                        SELECT v.counted, v.confirmed_at FROM kondo_vault_count v
                         WHERE v.vault_id = t.id AND v.business_date <= %(date)s AND v.state = 'confirmed'
                    ) counts ORDER BY counted_at DESC LIMIT 1
              ) c ON TRUE
             WHERE t.company_id = ANY(%(companies)s)
             GROUP BY t.id, c.counted, c.counted_at
            HAVING t.active OR sum(l.amount) <> 0
            """,
            {"date": date, "companies": companies.ids},
        )
        return [
            {**row, "counted": row["counted"] or 0, "has_count": row["counted_at"] is not None}
            for row in self.env.cr.dictfetchall()
        ]

    def _bank_rows(self, companies, date):
        """Accounts 1141… from the journal items: those of the caisses' bank journals, and the common one if used."""
        self.env.cr.execute(
            """
            WITH banks AS (
                SELECT j.company_id, j.default_account_id AS account_id, min(j.name ->> 'fr_FR') AS fr,
                       min(j.name ->> 'en_US') AS en, bool_or(j.bank_account_id IS NOT NULL) AS known
                  FROM account_journal j
                 WHERE j.type = 'bank' AND j.active AND j.default_account_id IS NOT NULL
                   AND j.company_id = ANY(%(companies)s)
                 GROUP BY j.company_id, j.default_account_id
            ), items AS (
                SELECT l.company_id, l.account_id, sum(l.balance)::bigint AS amount
                  FROM account_move_line l
                  JOIN account_account a ON a.id = l.account_id
                  JOIN res_company c ON c.id = l.company_id
                 WHERE l.company_id = ANY(%(companies)s) AND l.parent_state = 'posted' AND l.date <= %(date)s
                   AND a.code_store ->> split_part(c.parent_path, '/', 1) LIKE '1141%%'
                 GROUP BY l.company_id, l.account_id
            )
            SELECT COALESCE(b.company_id, i.company_id) AS company_id, COALESCE(b.account_id, i.account_id) AS account_id,
                   COALESCE(i.amount, 0) AS amount, COALESCE(b.fr, b.en) AS name
              FROM banks b FULL JOIN items i ON i.company_id = b.company_id AND i.account_id = b.account_id
             WHERE b.known OR i.amount <> 0  -- not the empty journal that Odoo makes with the chart
            """,
            {"date": date, "companies": companies.ids},
        )
        found = self.env.cr.dictfetchall()
        accounts = {
            account.id: account
            for account in self.env["account.account"].sudo().browse({row["account_id"] for row in found})
        }
        return [{**row, "kind": "bank", "name": row["name"] or accounts[row["account_id"]].name} for row in found]

    def _road_rows(self, companies, date):
        """Bags on the road that day, with the caisse that sent them."""
        convoys = (
            self.env["kondo.cash.convoy"]
            .sudo()
            .search(
                [
                    ("company_id", "in", companies.ids),
                    ("sent_on", "<=", date),
                    "|",
                    ("arrived_on", "=", False),
                    ("arrived_on", ">", date),
                ]
            )
        )
        return [
            {
                "company_id": convoy.company_id.id,
                "kind": "road",
                "name": self.env._("%(convoy)s to %(caisse)s", convoy=convoy.name, caisse=convoy.dest_company_id.name),
                "amount": convoy.amount,
                "convoy_id": convoy.id,
            }
            for convoy in convoys
        ]


class KondoCashPositionLine(models.TransientModel):
    _name = "kondo.cash.position.line"
    _description = "Place in the cash position"
    _order = "id"

    wizard_id = fields.Many2one("kondo.cash.position", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True)
    kind = fields.Selection(KINDS, string="Kind of place", readonly=True)
    name = fields.Char(string="Place", readonly=True)
    amount = Francs(string="In the books", readonly=True)
    has_count = fields.Boolean(readonly=True)
    counted = Francs(string="Last counted", readonly=True, aggregator=None)
    counted_at = fields.Datetime(string="Counted on", readonly=True)
    till_id = fields.Many2one("kondo.till", readonly=True)
    account_id = fields.Many2one("account.account", readonly=True)
    convoy_id = fields.Many2one("kondo.cash.convoy", readonly=True)

    def action_open(self):
        """The movements that make the amount."""
        self.ensure_one()
        date = self.wizard_id.date
        if self.convoy_id:
            return {
                "type": "ir.actions.act_window",
                "res_model": "kondo.cash.convoy",
                "res_id": self.convoy_id.id,
                "views": [(False, "form")],
            }
        if self.till_id:
            model, domain = "kondo.operation.line", [("till_id", "=", self.till_id.id), ("business_date", "<=", date)]
        elif self.account_id:
            model = "account.move.line"
            if not self.env[model].has_access("read"):
                raise UserError(self.env._("The accountant sees the movements of the bank."))
            domain = [
                ("account_id", "=", self.account_id.id),
                ("company_id", "=", self.company_id.id),
                ("parent_state", "=", "posted"),
                ("date", "<=", date),
            ]
        else:
            raise UserError(self.env._("This row has no movements of its own."))
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": model,
            "views": [(False, "list")],
            "domain": domain,
        }


class ResCompany(models.Model):
    _inherit = "res.company"

    def action_cash_position(self):
        """The position of this caisse, from its own page."""
        self.ensure_one()
        wizard = self.env["kondo.cash.position"].create([{"company_id": self.id}])
        return {**wizard.open_position(), "res_id": wizard.id}
