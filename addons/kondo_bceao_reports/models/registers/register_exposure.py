from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.kondo_microfinance.engine.portfolio import percent
from odoo.addons.kondo_microfinance.engine.words import spaced

LIMITS = {"debtors": "single_signature_limit", "insiders": "related_party_limit"}


class KondoRegister(models.TransientModel):
    """The largest debtors (DIMF 2012) and the loans to those who govern or work here (DIMF 2013), against own funds.

    An exposure is what the limits of the loan file count: the outstanding and what is granted and not paid out. It is read
    from the ledger, so that any day can be shown again.
    """

    _inherit = "kondo.register"

    exposure_row_ids = fields.One2many("kondo.register.exposure", "register_id", string="Exposures", readonly=True)

    @api.private
    def _tables_debtors(self, caisses):
        count = int(self.env["kondo.parameter"]._get("largest_debtors", self.date))
        lines = self._exposures(caisses, self.date, SQL("TRUE"), count)
        return [self._exposure_table(caisses, lines, self.env._("The largest debtors"))]

    @api.private
    def _tables_insiders(self, caisses):
        """Whom the limit of related parties counts: the tie that the loan's file names."""
        lines = self._exposures(caisses, self.date, SQL("l.related_party <> 'none'"))
        ties = dict(self.env["kondo.loan"]._fields["related_party"]._description_selection(self.env))
        for line in lines:
            line["tie"] = ties[line["related_party"]]
        return [self._exposure_table(caisses, lines, self.env._("Loans to officers, staff and related parties"))]

    @api.private
    def _exposures(self, caisses, date, condition, limit=None):
        """Members of caisses with what they owe and were promised on the evening of a day, the largest first.

        :param condition: SQL on the loan `l`
        :param limit: how many; None for all
        :return: list of dicts partner_id, company_id, caisse, member, number, loans, principal, commitment, exposure,
            provision, late (days of the worst loan as it stands now), related_party
        """
        root = str(caisses[0].root_id.id)
        self.env.cr.execute(
            SQL(
                """
                WITH owed AS (
                    SELECT x.loan_id, sum(x.amount) FILTER (WHERE x.loan_component = 'principal') AS principal,
                           -sum(x.amount) FILTER (WHERE x.loan_component = 'provision') AS provision
                      FROM kondo_operation_line x
                     WHERE x.company_id = ANY(%(companies)s) AND x.business_date <= %(day)s AND x.loan_id IS NOT NULL
                     GROUP BY x.loan_id
                ), promised AS (
                    SELECT o.loan_id, sum(x.amount) AS commitment
                      FROM kondo_operation o
                      JOIN kondo_operation_line x ON x.operation_id = o.id
                      JOIN account_account a ON a.id = x.account_id AND (a.code_store ->> %(root)s) LIKE '903%%'
                     WHERE o.company_id = ANY(%(companies)s) AND o.business_date <= %(day)s AND o.loan_id IS NOT NULL
                     GROUP BY o.loan_id
                )
                SELECT l.partner_id, l.company_id, c.name AS caisse, p.name AS member, p.member_number AS number,
                       count(*)::int AS loans, sum(COALESCE(w.principal, 0))::bigint AS principal,
                       sum(COALESCE(m.commitment, 0))::bigint AS commitment,
                       sum(COALESCE(w.principal, 0) + COALESCE(m.commitment, 0))::bigint AS exposure,
                       sum(COALESCE(w.provision, 0))::bigint AS provision, max(l.related_party) AS related_party
                  FROM kondo_loan l
                  LEFT JOIN owed w ON w.loan_id = l.id
                  LEFT JOIN promised m ON m.loan_id = l.id
                  JOIN res_partner p ON p.id = l.partner_id
                  JOIN res_company c ON c.id = l.company_id
                 WHERE l.company_id = ANY(%(companies)s) AND %(condition)s
                   AND (COALESCE(w.principal, 0) > 0 OR COALESCE(m.commitment, 0) > 0)
                 GROUP BY l.partner_id, l.company_id, c.name, p.name, p.member_number
                 ORDER BY exposure DESC, p.name, l.partner_id
                 LIMIT %(limit)s
                """,
                companies=caisses.ids,
                day=date,
                root=root,
                condition=condition,
                limit=limit,
            )
        )
        return self.env.cr.dictfetchall()

    @api.private
    def _exposure_table(self, caisses, lines, title):
        _ = self.env._
        company = caisses[0]
        funds = company._own_funds(self.date)
        most = Decimal(self.env["kondo.parameter"]._get(LIMITS[self.kind], self.date))
        limit = company._limit_of_own_funds(LIMITS[self.kind], self.date)
        for rank, line in enumerate(lines, 1):
            line["rank"] = rank
            line["share"] = self._share_of(line["exposure"], funds)
            line["over"] = self.kind == "debtors" and limit is not None and line["exposure"] > limit
        sums = {
            name: sum(line[name] for line in lines) for name in ("principal", "commitment", "exposure", "provision")
        }
        columns = [
            ("rank", _("Rank"), "count", 6),
            ("number", _("Member no."), "text", 16),
            ("member", _("Member"), "text", 30),
            ("caisse", _("Caisse"), "text", 20),
            *([("tie", _("Tie"), "text", 24)] if self.kind == "insiders" else []),
            ("loans", _("Loans"), "count", 8),
            ("principal", _("Outstanding"), "francs", 15),
            ("commitment", _("Granted and not paid out"), "francs", 15),
            ("exposure", _("Exposure"), "francs", 15),
            ("provision", _("Provision"), "francs", 15),
            ("share", _("Share of own funds"), "share", 11),
        ]
        return {
            "title": title,
            "note": self._exposure_note(funds, limit, most, lines, sums["exposure"]),
            "columns": columns,
            "rows": lines,
            "total": {"member": _("Total"), **sums, "share": self._share_of(sums["exposure"], funds)},
        }

    @api.private
    def _share_of(self, amount, funds):
        """Percent of the own funds, as a number to show; None while there are none."""
        share = percent(amount, funds) if funds > 0 else None
        return None if share is None else float(share)

    @api.private
    def _exposure_note(self, funds, limit, most, lines, total):
        _ = self.env._
        if limit is None:
            return _("No own funds are in the books on that day: the limit of %(most)s %% has no base.", most=most)
        words = _(
            "Own funds of the network: %(funds)s F. Limit: %(most)s %%, %(limit)s F.",
            funds=spaced(funds),
            most=most,
            limit=spaced(limit),
        )
        over = [line["member"] for line in lines if line["over"]]
        if self.kind == "insiders":
            verdict = _("The total is above the limit.") if total > limit else _("The total is within the limit.")
        elif over:
            verdict = _("Above the limit of a single signature: %(members)s.", members=", ".join(over))
        else:
            verdict = _("No member is above the limit of a single signature.")
        return f"{words} {verdict}"

    def _lay_out(self, tables):
        super()._lay_out(tables)
        if self.kind not in LIMITS:
            return
        self.exposure_row_ids.unlink()
        names = ("rank", "partner_id", "related_party", "loans", "principal", "commitment", "exposure", "provision")
        self.env["kondo.register.exposure"].create(
            [
                {
                    "register_id": self.id,
                    "caisse_id": line["company_id"],
                    "share": line["share"] or 0,
                    "over": line["over"],
                    **{name: line[name] for name in names},
                }
                for line in tables[0]["rows"]
            ]
        )
