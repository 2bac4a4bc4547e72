from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.grading import band_of
from ...engine.people import percent

YEARS_BACK = 2


class KondoGrading(models.Model):
    """What the system answers by itself on the day of the sheet."""

    _inherit = "kondo.grading"

    def _count_lines(self):
        """Answer the counted questions. No answer where no band holds the value: the sheet then says so."""
        for sheet in self:
            for line in sheet.line_ids.filtered(lambda line: line.kind == "counted"):
                value = sheet._measured(line.question_id.measure)
                answers = line.question_id.answer_ids
                if value is None:
                    answer = answers.filtered("unknown")[:1]
                else:
                    bands = [(answer.from_value, answer) for answer in answers if not answer.unknown]
                    answer = band_of(value, bands) or answers.browse()
                line.with_context(kondo_counting=True).write(
                    {"officer_answer_id": answer.id, "own_answer_id": answer.id, "counted": value or 0}
                )

    def _measured(self, measure):
        """A counted value on the day of the sheet; None when there is nothing to count."""
        self.ensure_one()
        partner = self.partner_id or self.person_id.partner_id
        return getattr(self, f"_measure_{measure}")(partner.sudo()) if partner else None

    @api.model
    def _loans_of(self, partner, *states):
        return self.env["kondo.loan"].sudo().search([("partner_id", "=", partner.id), ("state", "in", states)])

    # ------------------------------------------------------------------ measures
    def _measure_paid_on_time(self, partner):
        """Percent of the francs that fell due in the two years before, paid on their day at the latest.

        Of the schedules in force; a payment counts on the day it was made, whatever allocated it anew since.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                SELECT COALESCE(sum(q.due), 0), COALESCE(sum(LEAST(GREATEST(q.paid, 0), q.due)), 0)
                  FROM (SELECT i.principal + i.interest + i.fee + i.tax + i.insurance + i.guarantee AS due,
                               (SELECT COALESCE(sum(a.amount), 0)
                                  FROM kondo_loan_allocation a JOIN kondo_operation o ON o.id = a.payment_id
                                 WHERE a.instalment_id = i.id AND a.component NOT IN ('penalty', 'early_fee')
                                   AND o.business_date <= i.due) AS paid
                          FROM kondo_loan_instalment i JOIN kondo_loan l ON l.id = i.loan_id
                         WHERE l.partner_id = %(partner)s AND l.state IN ('active', 'closed', 'written_off')
                           AND i.current AND i.due >= %(start)s AND i.due < %(day)s) q
                """,
                partner=partner.id,
                start=fields.Date.subtract(self.graded_on, years=YEARS_BACK),
                day=self.graded_on,
            )
        )
        due, paid = self.env.cr.fetchone()
        return percent(int(paid), int(due)) if due else None

    def _measure_days_late(self, partner):
        return max(self._loans_of(partner, "active").mapped("days_late"), default=0)

    def _measure_loans_repaid(self, partner):
        return len(self._loans_of(partner, "closed"))

    def _measure_loans_lost(self, partner):
        return len(self._loans_of(partner, "written_off"))

    def _measure_meetings_held(self, partner):
        return (
            self.env["kondo.org.meeting"]
            .sudo()
            .search_count(
                [
                    ("organisation_id", "=", partner.id),
                    ("state", "=", "held"),
                    ("held_on", ">", fields.Date.subtract(self.graded_on, years=1)),
                    ("held_on", "<=", self.graded_on),
                ]
            )
        )

    def _measure_years(self, partner):
        founded = partner.org_founded_on
        if not founded or founded > self.graded_on:
            return None
        day = self.graded_on
        return day.year - founded.year - ((day.month, day.day) < (founded.month, founded.day))

    def _heads(self, partner):
        return partner._head_count(self.graded_on)[partner.id]

    def _measure_people(self, partner):
        return self._heads(partner)["total"]

    def _measure_women_share(self, partner):
        heads = self._heads(partner)
        return percent(heads["women"], heads["total"]) if heads["total"] else None

    def _measure_youth_share(self, partner):
        heads = self._heads(partner)
        young = heads["young_women"] + heads["young_men"]
        return percent(young, heads["total"]) if heads["total"] else None
