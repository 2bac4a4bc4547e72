from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER

from ...engine.aml import Cash, Thresholds, direction, kind_of, linked_groups, name_key, passed, phone_key

# Cash of the house, not of a member.
HOUSE = ("slip", "till_difference", "cash_sent", "cash_received", "settlement", "reversal")
PARAMETERS = {
    "report": "aml_cash_report",
    "linked": "aml_linked_day",
    "normal": "aml_enhanced_normal",
    "unusual": "aml_enhanced_unusual",
    "share": "aml_split_share",
    "days": "aml_split_days",
}


class KondoAmlCase(models.Model):
    """How cases are found: the cash of each member on a day, tied by member, phone, family, mandatary and bearer.

    Detection is idempotent: a group whose operations stand in a case of that day completes that case while it is not
    decided; what is decided is never touched.
    """

    _inherit = "kondo.aml.case"

    @api.model
    @api.private
    def _day_end(self, company, date, next_date):
        """The evening of a caisse; then those who came to several caisses that day. Says nothing: everybody reads closings."""
        with self.env["kondo.operation"]._posting_env() as env:
            cases = env["kondo.aml.case"].sudo()
            company = company.with_env(env).sudo()
            cases._detect(company, company, date)
            caisses = (
                env["res.company"]
                .sudo()
                .search([("id", "child_of", company.root_id.id), ("kondo_kind", "=", "caisse")])
            )
            if len(caisses) > 1:
                cases._detect(company.root_id, caisses, date)

    @api.model
    @api.private
    def _detect(self, holder, caisses, day):
        """Find the cases of a day and write them down.

        :param holder: the company that keeps them: the caisse, or the union for what touches several of `caisses`
        :return: kondo.aml.case, those found again included
        """
        cases = self.sudo().with_context(kondo_ledger=LEDGER)
        limits, days = self._limits_on(day)
        if not any((limits.report, limits.linked, limits.normal, limits.unusual)):
            return cases.browse()
        self.env.flush_all()
        today = self._cash_rows(caisses, day, day, 1)
        if not today:
            return cases.browse()
        before = []
        if floors := [floor for floor in (limits.report, limits.linked) if floor]:
            first, last = day - timedelta(days=days - 1), day - timedelta(days=1)
            before = self._cash_rows(caisses, first, last, min(floors) * limits.share // 100)
        self._tie(today + before, day)
        found = cases.browse()
        for group in linked_groups({index: row["keys"] for index, row in enumerate(today)}):
            rows = [today[index] for index in group]
            keys = set().union(*(row["keys"] for row in rows))
            earlier = [row for row in before if row["keys"] & keys]
            if holder not in caisses and len({row["company_id"] for row in rows}) < 2:
                continue
            kind = kind_of(self._as_cash(rows, day) + self._as_cash(earlier, day), limits)
            if kind:
                close = earlier if kind == "split" else []
                found |= cases._keep(holder, day, kind, rows + close, passed(self._as_cash(rows, day), limits))
        return found

    @api.model
    def _as_cash(self, rows, day):
        return [Cash(row["operation_id"], abs(row["amount"]), row["business_date"] == day) for row in rows]

    @api.model
    def _limits_on(self, day):
        """(Thresholds, days looked back) in force on a day; a threshold that was not in force yet is none."""
        self.env.cr.execute(
            """SELECT DISTINCT ON (key) key, value FROM kondo_parameter
                WHERE key = ANY(%s) AND date_from <= %s ORDER BY key, date_from DESC""",
            (list(PARAMETERS.values()), day),
        )
        values = {key: int(value) for key, value in self.env.cr.fetchall()}
        found = {name: values.get(key, 0) for name, key in PARAMETERS.items()}
        days = max(1, found.pop("days"))
        return Thresholds(**{**found, "share": found["share"] or 100}), days

    @api.model
    def _cash_rows(self, caisses, first, last, least):
        """Cash of members in caisses, an operation reversed on its day left out, from `least` francs on.

        An operation names its member; of one for many (a collector's sheet, a batch) each member's part counts; of one at
        another caisse, the holder of the account there.

        :return: list of dicts operation_id, company_id, business_date, caisse, partner_id, member, phones, bearer,
            receipt_number, amount (paid in positive)
        """
        self.env.cr.execute(
            SQL(
                """
                WITH cash AS (
                    SELECT l.operation_id, sum(l.amount) AS amount
                      FROM kondo_operation_line l
                     WHERE l.company_id = ANY(%(companies)s) AND l.business_date BETWEEN %(first)s AND %(last)s
                       AND l.till_id IS NOT NULL
                     GROUP BY l.operation_id HAVING sum(l.amount) <> 0
                ), mine AS (
                    SELECT o.id, o.company_id, o.business_date, o.bearer, o.receipt_number, c.amount,
                           COALESCE(o.partner_id, a.partner_id) AS partner_id
                      FROM cash c
                      JOIN kondo_operation o ON o.id = c.operation_id
                      LEFT JOIN kondo_intercaisse i ON i.operation_id = o.id
                      LEFT JOIN kondo_savings_account a
                        ON a.company_id = i.home_company_id AND a.number = i.account_number
                     WHERE o.state = 'posted' AND o.kind <> ALL(%(house)s)
                       AND NOT EXISTS (SELECT 1 FROM kondo_operation r
                                        WHERE r.reversal_of_id = o.id AND r.business_date = o.business_date)
                ), parts AS (
                    SELECT m.id, COALESCE(l.partner_id, s.partner_id) AS partner_id, -sum(l.amount) AS amount
                      FROM mine m
                      JOIN kondo_operation_line l ON l.operation_id = m.id
                      LEFT JOIN kondo_savings_account s ON s.id = l.savings_account_id
                     WHERE m.partner_id IS NULL AND COALESCE(l.partner_id, s.partner_id) IS NOT NULL
                     GROUP BY 1, 2 HAVING sum(l.amount) <> 0
                )
                SELECT m.id AS operation_id, m.company_id, m.business_date, c.name AS caisse, p.id AS partner_id,
                       COALESCE(p.name, m.bearer) AS member, ARRAY[p.phone, p.phone2] AS phones,
                       CASE WHEN x.id IS NULL THEN m.bearer END AS bearer, m.receipt_number,
                       COALESCE(x.amount, m.amount)::bigint AS amount
                  FROM mine m
                  JOIN res_company c ON c.id = m.company_id
                  LEFT JOIN parts x ON x.id = m.id
                  LEFT JOIN res_partner p ON p.id = COALESCE(m.partner_id, x.partner_id)
                 WHERE abs(COALESCE(x.amount, m.amount)) >= %(least)s
                 ORDER BY m.id, p.id
                """,
                companies=caisses.ids,
                first=first,
                last=last,
                house=list(HOUSE),
                least=least,
            )
        )
        return self.env.cr.dictfetchall()

    @api.model
    def _tie(self, rows, day):
        """Give each row its keys: what it has in common with the rows it is linked to. {letter:text}, the letter says why."""
        partners = list({row["partner_id"] for row in rows if row["partner_id"]})
        self.env.cr.execute(
            """
            SELECT partner_id, 'family', id::text, NULL FROM kondo_member_relation WHERE partner_id = ANY(%(ids)s)
             UNION ALL
            SELECT other_id, 'family', id::text, NULL FROM kondo_member_relation WHERE other_id = ANY(%(ids)s)
             UNION ALL
            SELECT partner_id, 'mandate', holder_name, holder_phone FROM kondo_mandate
             WHERE partner_id = ANY(%(ids)s) AND date_from <= %(day)s AND (date_to IS NULL OR date_to >= %(day)s)
            """,
            {"ids": partners, "day": day},
        )
        ties = {}
        for partner, kind, text, phone in self.env.cr.fetchall():
            if kind == "family":
                ties.setdefault(partner, set()).add(("family", text))
            else:
                ties.setdefault(partner, set()).update({("person", name_key(text)), ("phone", phone_key(phone))})
        for row in rows:
            keys = {("phone", phone_key(phone)) for phone in row["phones"] or []}
            if row["partner_id"]:
                keys |= {("member", row["partner_id"])} | ties.get(row["partner_id"], set())
            if row["bearer"] and (not row["partner_id"] or name_key(row["bearer"]) != name_key(row["member"])):
                keys.add(("person", name_key(row["bearer"])))
            row["keys"] = {key for key in keys if key[1]}

    def _keep(self, holder, day, kind, rows, thresholds):
        """Write a group down: complete the case of that day that holds one of its operations, or make one."""
        operations = [row["operation_id"] for row in rows if row["business_date"] == day]
        standing = self.search(
            [("company_id", "=", holder.id), ("day", "=", day), ("line_ids.operation_id", "in", operations)], order="id"
        )
        mine = [row for row in rows if row["business_date"] == day]
        known = standing.line_ids.mapped(lambda line: (line.operation_id.id, line.partner_id.id))
        new = [row for row in rows if (row["operation_id"], row["partner_id"] or False) not in known]
        if standing and not new:
            return standing
        open_case = standing.filtered(lambda case: case.state != "decided")[:1]
        if standing and not open_case:
            new = rows  # what was decided stays; the whole group is looked at again
        values = {
            "kind": kind,
            "thresholds": ",".join(thresholds),
            "direction": direction([row["amount"] for row in mine]),
            "total": sum(abs(row["amount"]) for row in mine),
            "count": len({row["operation_id"] for row in mine}),
            "members": ", ".join(sorted({row["member"] or "?" for row in mine})),
        }
        case = open_case or self.create({"company_id": holder.id, "day": day, **values})
        if open_case:
            open_case.write(values)
        shared = self._shared_keys(rows)
        self.env["kondo.aml.case.line"].sudo().with_context(kondo_ledger=LEDGER).create(
            [
                {
                    "case_id": case.id,
                    **{
                        name: row[name]
                        for name in ("operation_id", "business_date", "partner_id", "member", "bearer", "caisse")
                    },
                    "receipt_number": row["receipt_number"],
                    "amount": row["amount"],
                    "why": self._why(row, shared),
                }
                for row in new
            ]
        )
        return standing | case

    def _shared_keys(self, rows):
        """Keys that two rows or more have."""
        seen, shared = set(), set()
        for row in rows:
            shared |= row["keys"] & seen
            seen |= row["keys"]
        return shared

    def _why(self, row, shared):
        _ = self.env._
        words = {
            "member": _("same member"),
            "phone": _("same phone"),
            "family": _("same family"),
            "person": _("same mandatary or person at the counter"),
        }
        kinds = {kind for kind, _text in row["keys"] & shared}
        return ", ".join(text for kind, text in words.items() if kind in kinds) or False
