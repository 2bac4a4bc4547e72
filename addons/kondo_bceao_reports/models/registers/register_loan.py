from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from odoo.addons.kondo_microfinance.engine.classification import RISING

from ...engine.provisions import base_of

# What is set aside for a class stands on this account (RCSSFD, account 299), whatever a product opens below it.
PROVISION_CODES = {"late_6": "2991", "late_12": "2992", "late_24": "2993"}


class KondoRegister(models.TransientModel):
    """Provisions by loan at the end of a month: the file behind the state of loans in arrears (DIMF 2010)."""

    _inherit = "kondo.register"

    provision_row_ids = fields.One2many("kondo.register.provision", "register_id", string="Loans", readonly=True)
    class_row_ids = fields.One2many("kondo.register.class", "register_id", string="Classes", readonly=True)

    @api.private
    def _tables_provisions(self, caisses):
        evenings = self._evenings(caisses, self.date)
        lines = self._provision_lines(evenings, self.date)
        return [self._provision_classes(evenings, lines), self._provision_loans(lines)]

    @api.private
    def _provision_lines(self, evenings, date):
        """The loans in arrears, and those that have or need a provision, on evenings as `_evenings` gives them.

        :return: list of dicts loan_id, company_id, stage, days_late, principal, deposits, base, rate, needed, booked, gap
        """
        self.env.cr.execute(
            """
            SELECT s.loan_id, s.company_id, c.name AS caisse, l.name AS number, p.name AS member, p.member_number,
                   s.stage, s.days_late, s.principal, s.deposits, s.needed, s.provision AS booked
              FROM kondo_snapshot_loan s
              JOIN res_company c ON c.id = s.company_id
              JOIN kondo_loan l ON l.id = s.loan_id
              JOIN res_partner p ON p.id = l.partner_id
             WHERE (s.company_id, s.date) IN (SELECT * FROM unnest(%(companies)s::int[], %(dates)s::date[]))
               AND (s.stage <> 'performing' OR s.provision > 0 OR s.needed > 0)
             ORDER BY c.name, s.stage DESC, s.days_late DESC, l.name
            """,
            {"companies": list(evenings), "dates": list(evenings.values())},
        )
        lines = self.env.cr.dictfetchall()
        stages = dict(self.env["kondo.loan"]._fields["stage"]._description_selection(self.env))
        rates = {stage: self.env["kondo.parameter"]._get(f"loan_provision_{stage}", date) for stage in RISING}
        for line in lines:
            rate = rates.get(line["stage"], "0")
            line["deposits"], line["base"] = base_of(line["principal"], line["deposits"], rate, line["needed"])
            line["rate"] = float(rate)
            line["class"] = stages[line["stage"]]
            line["gap"] = line["needed"] - line["booked"]
        return lines

    @api.private
    def _evenings(self, caisses, date):
        """{company id: last evening of the month of `date` on which its loans were photographed}.

        A caisse without a loan has no photographed one: its closing says that it was there.

        :raises UserError: a caisse has no photograph of that month's end
        """
        self.env.cr.execute(
            """
            SELECT company_id, max(day) FROM (
                SELECT c.company_id, c.date AS day
                  FROM kondo_closing c
                  JOIN kondo_closing_step t ON t.closing_id = c.id AND t.code = 'snapshot' AND t.state = 'done'
                 WHERE c.next_date > (%(first)s::date + interval '1 month - 1 day')::date
                 UNION ALL
                SELECT company_id, date FROM kondo_snapshot_loan) q
             WHERE day BETWEEN %(first)s AND %(day)s AND company_id = ANY(%(companies)s)
             GROUP BY company_id
            """,
            {"first": date.replace(day=1), "day": date, "companies": caisses.ids},
        )
        found = dict(self.env.cr.fetchall())
        missing = caisses.filtered(lambda one: one.id not in found)
        if missing:
            raise UserError(
                self.env._(
                    "No photograph of the end of that month: %(caisses)s. Choose the last day of a month that is closed.",
                    caisses=", ".join(missing.mapped("name")),
                )
            )
        return found

    # ------------------------------------------------------------------ tables
    @api.private
    def _provision_loans(self, lines):
        _ = self.env._
        sums = ("principal", "deposits", "base", "needed", "booked", "gap")
        return {
            "title": _("Provisions by loan"),
            "note": _(
                "Base: the outstanding less the savings held in guarantee. Needed: the base times the rate of the class."
                " A difference below zero is to be taken back."
            ),
            "columns": [
                ("caisse", _("Caisse"), "text", 20),
                ("number", _("Loan"), "text", 15),
                ("member", _("Member"), "text", 28),
                ("class", _("Class"), "text", 26),
                ("days_late", _("Oldest unpaid (days)"), "count", 9),
                ("principal", _("Outstanding"), "francs", 13),
                ("deposits", _("Guarantee deposits"), "francs", 13),
                ("base", _("Base"), "francs", 13),
                ("rate", _("Rate"), "share", 8),
                ("needed", _("Provision needed"), "francs", 13),
                ("booked", _("Booked"), "francs", 13),
                ("gap", _("Difference"), "francs", 13),
            ],
            "rows": lines,
            "total": {"caisse": _("Total"), **{name: sum(line[name] for line in lines) for name in sums}},
        }

    @api.private
    def _provision_classes(self, evenings, lines):
        """Sums by class beside what account 299 holds in the books on that evening."""
        _ = self.env._
        names = ("principal", "deposits", "base", "needed", "booked", "gap")
        books = self._provision_books(evenings)
        rows = []
        for stage, label in self.env["kondo.loan"]._fields["stage"]._description_selection(self.env):
            mine = [line for line in lines if line["stage"] == stage]
            if stage == "performing" and not mine:
                continue
            row = {"class": label, "loans": len(mine), "stage": stage}
            row.update({name: sum(line[name] for line in mine) for name in names})
            row["books"] = books.get(stage, 0)
            row["proof"] = row["booked"] - row["books"]
            rows.append(row)
        if other := books.get(None):
            row = {"class": _("Other accounts 299"), "stage": None, "loans": 0, **dict.fromkeys(names, 0)}
            rows.append({**row, "books": other, "proof": -other})
        total = {"class": _("Total")}
        total.update({name: sum(row[name] for row in rows) for name in ("loans", *names, "books", "proof")})
        days = [format_date(self.env, day) for day in sorted(set(evenings.values()))]
        note = _("Loans as photographed on the evening of %(days)s.", days=", ".join(days))
        if total["proof"]:
            note += " " + _("The loans and account 299 do not agree: see the column Proof.")
        return {
            "title": _("Provisions by class, and account 299"),
            "note": note,
            "columns": [
                ("class", _("Class"), "text", 34),
                ("loans", _("Loans"), "count", 8),
                ("principal", _("Outstanding"), "francs", 14),
                ("deposits", _("Guarantee deposits"), "francs", 14),
                ("base", _("Base"), "francs", 14),
                ("needed", _("Provision needed"), "francs", 14),
                ("booked", _("Booked"), "francs", 14),
                ("gap", _("Difference"), "francs", 14),
                ("books", _("Account 299 in the books"), "francs", 14),
                ("proof", _("Proof"), "francs", 12),
            ],
            "rows": rows,
            "total": total,
        }

    @api.private
    def _provision_books(self, evenings):
        """{class, or None for another account: francs} that account 299 holds on the evening of each caisse."""
        root = str(self.env["res.company"].sudo().browse(next(iter(evenings))).root_id.id)
        whens = SQL(" ").join(
            SQL("WHEN (a.code_store ->> %s) LIKE %s THEN %s", root, f"{code}%", stage)
            for stage, code in PROVISION_CODES.items()
        )
        self.env.cr.execute(
            SQL(
                """
                SELECT CASE %(whens)s END AS stage, -sum(l.balance)::bigint
                  FROM account_move_line l
                  JOIN account_account a ON a.id = l.account_id
                  JOIN unnest(%(companies)s::int[], %(dates)s::date[]) AS d(company_id, day)
                    ON d.company_id = l.company_id AND l.date <= d.day
                 WHERE l.parent_state = 'posted' AND (a.code_store ->> %(root)s) LIKE '299%%'
                 GROUP BY 1
                """,
                whens=whens,
                companies=list(evenings),
                dates=list(evenings.values()),
                root=root,
            )
        )
        return dict(self.env.cr.fetchall())

    def _lay_out(self, tables):
        super()._lay_out(tables)
        if self.kind != "provisions":
            return
        self.provision_row_ids.unlink()
        names = ("loan_id", "stage", "days_late", "principal", "deposits", "base", "rate", "needed", "booked", "gap")
        self.env["kondo.register.provision"].create(
            [{"register_id": self.id, **{name: line[name] for name in names}} for line in tables[1]["rows"]]
        )
        self.class_row_ids.unlink()
        names = ("class", "loans", "principal", "deposits", "base", "needed", "booked", "gap", "books", "proof")
        rows = [*tables[0]["rows"], tables[0]["total"]]
        self.env["kondo.register.class"].create(
            [{"register_id": self.id, "label": row["class"], **{name: row[name] for name in names[1:]}} for row in rows]
        )
