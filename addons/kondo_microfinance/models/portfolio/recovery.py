from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ...engine.portfolio import POINTS

ASKED = ("principal", "interest", "fee", "tax", "insurance")  # what makes a loan late, see `engine.arrears`


class KondoPortfolio(models.AbstractModel):
    """How a campaign is repaid: the share of what fell due that was paid by the due date, 30 and 60 days after it.

    A loan repaid in one go at the harvest is never late before it: PAR sees nothing for months, this curve sees it on
    the first day. A campaign is here what falls due in a period; an add-on that knows campaigns adds them to
    `_campaign_dimensions` (rows by campaign) and narrows `_campaign_condition`.

    What was due of an instalment is all of it when it was in force on its due date, even if the schedule was changed
    afterwards, so that rescheduling hides nothing; of an instalment replaced or dropped before it fell due, only what
    had been paid of it. Money counts from allocations, those taken back below zero, on their business day.
    """

    _inherit = "kondo.portfolio"

    @api.model
    def _campaign_dimensions(self):
        """{key: (label, SQL over the loan `l` and the instalment `i`, model of its records, or None for months)}."""
        _ = self.env._
        return {
            **super()._campaign_dimensions(),
            "product": (_("Product"), SQL("l.product_id"), "kondo.loan.product"),
            "officer": (_("Loan officer"), SQL("l.officer_id"), "res.users"),
            "caisse": (_("Caisse"), SQL("l.company_id"), "res.company"),
            "month": (_("Month due"), SQL("to_char(i.due, 'YYYY-MM')"), None),
        }

    @api.model
    def _campaign_condition(self, asked):
        """SQL over the loan `l`, the instalment `i` and its schedule `s`: which of those due in the period count."""
        if not asked.in_fine:
            return SQL("TRUE")
        return SQL(
            "(SELECT count(*) FROM kondo_loan_instalment o WHERE o.schedule_id = i.schedule_id AND o.principal > 0) = 1"
        )

    @api.model
    def _campaign(self, asked):
        """SQL of the instalments of a campaign: loan_id, key, due, day, asked, paid (to date), paid_0, paid_30, paid_60."""
        due = SQL(" + ").join(SQL("i.%s", SQL.identifier(part)) for part in ASKED)
        paid = SQL(" + ").join(SQL("i.%s", SQL.identifier(f"paid_{part}")) for part in ASKED)
        points = SQL(", ").join(
            SQL(
                "COALESCE(sum(a.amount) FILTER (WHERE a.business_date <= i.due + %s), 0)::bigint AS %s",
                days,
                SQL.identifier(f"paid_{days}"),
            )
            for days in POINTS
        )
        days = {source.company_id: source.day for source in asked.sources}
        return SQL(
            """
            WITH due AS (
                SELECT i.id, i.loan_id, i.due, d.day, %(key)s AS key,
                       CASE WHEN i.current OR s.replaced_on > i.due OR s.current AND l.closed_on > i.due
                            THEN %(due)s ELSE %(paid)s END AS asked
                  FROM kondo_loan_instalment i
                  JOIN (SELECT id, current, lead(from_on) OVER (PARTITION BY loan_id ORDER BY number) AS replaced_on
                          FROM kondo_loan_schedule WHERE company_id = ANY(%(companies)s)) s ON s.id = i.schedule_id
                  JOIN kondo_loan l ON l.id = i.loan_id
                  JOIN (%(days)s) d ON d.company_id = l.company_id
                 WHERE i.company_id = ANY(%(companies)s) AND i.due BETWEEN %(due_from)s AND %(due_to)s
                   AND l.state IN ('active', 'closed', 'written_off') AND l.disbursed_on <= d.day AND %(condition)s
            )
            SELECT i.loan_id, i.key, i.due, i.day, i.asked, COALESCE(sum(a.amount), 0)::bigint AS paid, %(points)s
              FROM due i
              LEFT JOIN kondo_loan_allocation a ON a.instalment_id = i.id AND a.component = ANY(%(components)s)
               AND a.business_date <= i.day
             WHERE i.asked > 0
             GROUP BY i.id, i.loan_id, i.key, i.due, i.day, i.asked
            """,
            key=self._campaign_dimensions()[asked.campaign_by][1],
            due=due,
            paid=paid,
            points=points,
            companies=list(days),
            days=self._days_sql(days),
            due_from=asked.due_from,
            due_to=asked.due_to,
            condition=self._campaign_condition(asked),
            components=list(ASKED),
        )

    @api.model
    def _add_tables(self, asked, cells):
        return [*super()._add_tables(asked, cells), self._campaign_table(asked)]

    @api.model
    def _campaign_table(self, asked):
        _ = self.env._
        label, _key, model = self._campaign_dimensions()[asked.campaign_by]
        sums = SQL(", ").join(
            SQL(
                "COALESCE(sum(asked) FILTER (WHERE due + %(days)s <= day), 0)::bigint AS %(reached)s,"
                " COALESCE(sum(%(paid)s) FILTER (WHERE due + %(days)s <= day), 0)::bigint AS %(paid)s",
                days=days,
                reached=SQL.identifier(f"reached_{days}"),
                paid=SQL.identifier(f"paid_{days}"),
            )
            for days in POINTS
        )
        self.env.cr.execute(
            SQL(
                """SELECT key, GROUPING(key) AS total, count(DISTINCT loan_id)::int AS loans, sum(asked)::bigint AS asked, %(sums)s,
                          COALESCE(sum(paid) FILTER (WHERE due <= day), 0)::bigint AS paid
                     FROM (%(campaign)s) c GROUP BY GROUPING SETS ((key), ())""",
                sums=sums,
                campaign=self._campaign(asked),
            )
        )
        found = [row for row in self.env.cr.dictfetchall() if row["loans"]]
        if model:
            labels = self._labels([row["key"] for row in found], model, _("Not given"))
        else:
            labels = {row["key"]: "/".join(reversed(row["key"].split("-"))) for row in found if row["key"]}
        opens = ["loans", "asked", "reached_0", *(f"paid_{days}" for days in POINTS), "paid", "left"]
        lines = []
        for row in found:
            row["left"] = row["reached_0"] - row["paid"]
            shares = {f"paid_{days}": self._share(row[f"paid_{days}"], row[f"reached_{days}"]) for days in POINTS}
            lines.append(
                {
                    "key": "total" if row["total"] else str(row["key"] or ""),
                    "label": _("Total") if row["total"] else labels[row["key"]],
                    "cells": {name: row[name] for name in opens},
                    "shares": {**shares, "paid": self._share(row["paid"], row["reached_0"])},
                    "opens": opens,
                    "last": row["total"],
                }
            )
        rows = sorted(
            (line for line in lines if not line["last"]), key=lambda line: line["key" if not model else "label"]
        )
        kind = {"kind": "francs", "share": True}
        return {
            "key": "campaign",
            "title": _("Recovery of a campaign by %(dimension)s", dimension=label.lower()),
            "note": _(
                "Due from %(first)s to %(last)s, principal, interest and fees. Shares at J0, J+30 and J+60 are those of"
                " what has reached that age.",
                first=format_date(self.env, asked.due_from),
                last=format_date(self.env, asked.due_to),
            ),
            "heading": label,
            "columns": [
                {"name": "loans", "label": _("Loans"), "kind": "count"},
                {"name": "asked", "label": _("Due in the period"), "kind": "francs"},
                {"name": "reached_0", "label": _("Fallen due"), "kind": "francs"},
                {"name": "paid_0", "label": _("Paid at J0"), **kind},
                {"name": "paid_30", "label": _("Paid at J+30"), **kind},
                {"name": "paid_60", "label": _("Paid at J+60"), **kind},
                {"name": "paid", "label": _("Paid to date"), **kind},
                {"name": "left", "label": _("Left to pay"), "kind": "francs"},
            ],
            "rows": rows,
            "total": next((line for line in lines if line["last"]), None),
        }

    # ------------------------------------------------------------------ the loans of a figure
    @api.model
    def _openers(self):
        return {**super()._openers(), "campaign": self._open_campaign}

    @api.model
    def _open_campaign(self, asked, row, column):
        """The loans of a figure of the campaign, as they stand now."""
        conditions = {
            "loans": SQL("TRUE"),
            "asked": SQL("TRUE"),
            "reached_0": SQL("due <= day"),
            "paid": SQL("due <= day AND paid <> 0"),
            "left": SQL("due <= day AND asked <> paid"),
            **{
                f"paid_{days}": SQL("due + %s <= day AND %s <> 0", days, SQL.identifier(f"paid_{days}"))
                for days in POINTS
            },
        }
        if column not in conditions:
            raise UserError(self.env._("The request is not readable."))
        condition = conditions[column]
        model = self._campaign_dimensions()[asked.campaign_by][2]
        if row != "total":
            value = row if not model else (self._row_id(row) if row else None)
            condition = SQL("%s AND key IS NOT DISTINCT FROM %s", condition, value)
        self.env.cr.execute(SQL("SELECT DISTINCT loan_id FROM (%s) c WHERE %s", self._campaign(asked), condition))
        name = self.env._(
            "Due from %(first)s to %(last)s",
            first=format_date(self.env, asked.due_from),
            last=format_date(self.env, asked.due_to),
        )
        return self._action(name, "kondo.loan", [loan for (loan,) in self.env.cr.fetchall()])
