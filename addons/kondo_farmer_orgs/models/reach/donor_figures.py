from collections import defaultdict
from datetime import date
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.kondo_microfinance.models.portfolio.portfolio import Asked, Source

from ...engine.reach import Reached, count_people

BORROWERS = ("organisations", "groups", "legal", "borrowing_women", "borrowing_men")
PEOPLE = ("people", "women", "men", "young_women", "young_men", "young")
MONEY = ("loans", "disbursed", "average", "repaid_principal", "written_off", "outstanding")
RISK = ("due", "paid", "recovery", "par_30", "par_90", "par_30_rate", "par_90_rate")
DIMENSIONS = ("crop", "purpose", "zone", "caisse")


class Span(NamedTuple):
    """Loans paid out and money moved from a day to another; positions are those of the last day."""

    date_from: date
    date_to: date


class KondoDonorFigures(models.AbstractModel):
    """The figures of a donor's line: whom it reached, what moved, what is due, each with the rows behind it.

    Francs are those of the line's share of each loan; people and borrowers count whole.
    """

    _name = "kondo.donor.figures"
    _description = "Figures of a donor's line"

    @api.model
    @api.private
    def _figures(self, line, companies, span):
        """{name: (value, loan ids or None, ids of `kondo.reach.person` or None)} of a line in caisses over a span."""
        self.env.flush_all()
        loans = self._loans(line, companies, span)
        scope = {loan_id: loan for loan_id, loan in loans.items() if loan["in_span"]}
        people = self._people(line, list(scope))
        return {
            **self._borrowers(scope),
            **people,
            **self._money(loans, scope),
            **self._risk(line, companies, span, loans),
        }

    @api.model
    @api.private
    def _parts(self, line, companies, span):
        """[dict dimension, key, label, organisations, women, men, young, loans, disbursed, outstanding, loan_ids] of the
        loans paid out in a span, by crop, purpose, zone and caisse.
        """
        self.env.flush_all()
        loans = self._loans(line, companies, span)
        scope = {loan_id: loan for loan_id, loan in loans.items() if loan["in_span"]}
        reached = defaultdict(list)
        for one in self._reached(list(scope)):
            reached[one.loan].append(one)
        found = []
        for dimension in DIMENSIONS:
            groups = defaultdict(list)
            for loan in scope.values():
                groups[loan[dimension] or 0].append(loan)
            for key, label in self._labels(dimension, list(groups)).items():
                rows = groups[key]
                counted = count_people(
                    [one for loan in rows for one in reached[loan["id"]]], line.youth_from, line.youth_to
                )
                found.append(
                    {
                        "dimension": dimension,
                        "label": label,
                        "organisations": len({loan["partner"] for loan in rows if loan["org"]}),
                        **{name: len(counted[name]) for name in ("women", "men", "young")},
                        "loans": len(rows),
                        "disbursed": sum(loan["lent"] for loan in rows),
                        "outstanding": sum(loan["outstanding"] for loan in rows),
                        "loan_ids": sorted(loan["id"] for loan in rows),
                    }
                )
        return found

    @api.model
    def _labels(self, dimension, keys):
        """{key: words}, in the order of the words; 0 is what has none."""
        model = {"crop": "kondo.crop", "purpose": "kondo.loan.purpose", "zone": "kondo.zone", "caisse": "res.company"}
        records = self.env[model[dimension]].sudo().browse([key for key in keys if key])
        labels = {record.id: record.name for record in records}
        if 0 in keys:
            labels[0] = self.env._("Not given")
        return dict(sorted(labels.items(), key=lambda item: (item[0] == 0, item[1])))

    # ------------------------------------------------------------------ reading
    @api.model
    def _loans(self, line, companies, span):
        """{loan id: dict} of the loans that a line has paid, or taken over from another, by the end of the span.

        A loan that another line has taken over stays with the line that paid it out, for whom it reached.
        """
        self.env.cr.execute(
            """
            SELECT l.id, l.partner_id AS partner, l.company_id AS caisse, l.purpose_id AS purpose, l.crop_id AS crop,
                   COALESCE(c.zone_id, m.org_zone_id) AS zone, m.org_form IS NOT NULL AS org, m.member_kind AS kind,
                   m.sex, l.disbursed_on >= %(from)s AND f.lent > 0 AS in_span,
                   COALESCE(f.lent, 0)::bigint AS lent, COALESCE(f.lent_span, 0)::bigint AS lent_span,
                   COALESCE(f.repaid_span, 0)::bigint AS repaid_span,
                   COALESCE(f.written_span, 0)::bigint AS written_span, COALESCE(f.outstanding, 0)::bigint AS outstanding
              FROM kondo_loan l
              JOIN res_partner m ON m.id = l.partner_id
              LEFT JOIN kondo_campaign c ON c.id = l.campaign_id
              JOIN (SELECT loan_id, COALESCE(sum(amount) FILTER (WHERE flow = 'lent'), 0) AS lent,
                                sum(amount) FILTER (WHERE flow = 'lent' AND business_date >= %(from)s) AS lent_span,
                                sum(amount) FILTER (WHERE flow = 'repaid' AND business_date >= %(from)s) AS repaid_span,
                                sum(amount) FILTER (WHERE flow = 'written_off' AND business_date >= %(from)s) AS written_span,
                                sum(CASE WHEN flow IN ('lent', 'moved_in') THEN amount ELSE -amount END)
                                    FILTER (WHERE flow IN ('lent', 'moved_in', 'repaid', 'moved_out', 'written_off')) AS outstanding
                           FROM kondo_funding_move
                          WHERE line_id = %(line)s AND loan_id IS NOT NULL AND business_date <= %(to)s
                          GROUP BY loan_id) f ON f.loan_id = l.id
             WHERE l.company_id = ANY(%(companies)s) AND l.disbursed_on <= %(to)s
             ORDER BY l.id
            """,
            {"line": line.id, "companies": companies.ids, "from": span.date_from, "to": span.date_to},
        )
        return {row["id"]: row for row in self.env.cr.dictfetchall()}

    @api.model
    def _reached(self, loan_ids):
        self.env.cr.execute(
            "SELECT id, key, loan_id, sex, birth_date, disbursed_on FROM kondo_reach_person WHERE loan_id = ANY(%s)",
            (loan_ids,),
        )
        return [Reached(*row) for row in self.env.cr.fetchall()]

    # ------------------------------------------------------------------ figures
    @api.model
    def _people(self, line, loan_ids):
        counted = count_people(self._reached(loan_ids), line.youth_from, line.youth_to)
        return {name: (len(counted[name]), None, counted[name]) for name in PEOPLE}

    @api.model
    def _borrowers(self, scope):
        """Unique borrowers by kind, each opening its loans."""
        kinds = {
            "organisations": lambda loan: loan["org"],
            "groups": lambda loan: not loan["org"] and loan["kind"] == "group",
            "legal": lambda loan: not loan["org"] and loan["kind"] == "legal",
            "borrowing_women": lambda loan: loan["kind"] == "individual" and loan["sex"] == "female",
            "borrowing_men": lambda loan: loan["kind"] == "individual" and loan["sex"] == "male",
        }
        found = {}
        for name, belongs in kinds.items():
            rows = [loan for loan in scope.values() if belongs(loan)]
            found[name] = (len({loan["partner"] for loan in rows}), [loan["id"] for loan in rows], None)
        return found

    @api.model
    def _money(self, loans, scope):
        def total(name, rows):
            kept = [loan for loan in rows if loan[name]]
            return sum(loan[name] for loan in kept), [loan["id"] for loan in kept], None

        lent, ids, _people = total("lent_span", loans.values())
        return {
            "loans": (len(scope), list(scope), None),
            "disbursed": (lent, ids, None),
            "average": (round(lent / len(scope)) if scope else 0, None, None),
            "repaid_principal": total("repaid_span", loans.values()),
            "written_off": total("written_span", loans.values()),
            "outstanding": total("outstanding", loans.values()),
        }

    @api.model
    def _risk(self, line, companies, span, loans):
        """What fell due in the span and what was paid of it by its last day; the age of what is late on that day."""
        sources = [Source(company_id, True, span.date_to, False) for company_id in companies.ids]
        beginning = date(2000, 1, 1)
        asked = Asked(span.date_to, sources, "product", beginning, span.date_to, "product", False, beginning)
        self.env.cr.execute(
            SQL(
                """
                SELECT c.loan_id, min(c.due) FILTER (WHERE c.paid < c.asked AND c.due < %(to)s),
                       COALESCE(sum(round(c.asked * f.percent / 100)) FILTER (WHERE c.due >= %(from)s), 0)::bigint,
                       COALESCE(sum(round(LEAST(c.paid, c.asked) * f.percent / 100)) FILTER (WHERE c.due >= %(from)s), 0)::bigint
                  FROM (%(campaign)s) c
                  JOIN (SELECT loan_id, percent::numeric FROM kondo_loan_funding WHERE line_id = %(line)s) f
                    ON f.loan_id = c.loan_id
                 GROUP BY c.loan_id
                """,
                campaign=self.env["kondo.portfolio"]._campaign(asked),
                line=line.id,
                **{"from": span.date_from, "to": span.date_to},
            )
        )
        due = paid = 0
        due_ids, late = [], {30: [], 90: []}
        for loan_id, since, due_now, paid_now in self.env.cr.fetchall():
            due, paid = due + due_now, paid + paid_now
            if due_now:
                due_ids.append(loan_id)
            days = (span.date_to - since).days if since else 0
            for limit, ids in late.items():
                if days >= limit and loan_id in loans and loans[loan_id]["outstanding"]:
                    ids.append(loan_id)
        outstanding = sum(loan["outstanding"] for loan in loans.values())
        found = {
            "due": (due, due_ids, None),
            "paid": (paid, due_ids, None),
            "recovery": (self._percent(paid, due), None, None),
        }
        for limit, ids in late.items():
            amount = sum(loans[loan_id]["outstanding"] for loan_id in ids)
            found[f"par_{limit}"] = (amount, ids, None)
            found[f"par_{limit}_rate"] = (self._percent(amount, outstanding), None, None)
        return found

    @api.model
    def _percent(self, part, whole):
        """Hundredths of a percent, None of nothing."""
        return round(part * 10_000 / whole) if whole else None
