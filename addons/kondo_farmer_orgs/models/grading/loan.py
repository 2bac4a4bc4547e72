from odoo import api, fields, models
from odoo.tools.misc import format_date

from odoo.addons.kondo_microfinance.engine.charts import rate_text
from odoo.addons.kondo_microfinance.engine.words import spaced
from odoo.addons.kondo_microfinance.models.loans.product_settings import exact_rate

from ...engine.grading import grade_reaches

WATCHED = ("draft", "review", "committee", "approved")


class KondoLoan(models.Model):
    """The grade of the organisation that asks: what it forbids, what it costs."""

    _inherit = "kondo.loan"

    is_org_loan = fields.Boolean(string="Of an organisation", related="partner_id.is_organisation")
    org_grade = fields.Selection(related="partner_id.org_grade", string="Grade of the organisation")

    @api.model_create_multi
    def create(self, vals_list):
        """A file whose rate is not typed takes the product's, as the grade changes it."""
        prepared = []
        for vals in vals_list:
            if "annual_rate" not in vals:
                member = self.env["res.partner"].browse(vals.get("partner_id")).exists().sudo()
                product = self.env["kondo.loan.product"].browse(vals.get("product_id")).exists().sudo()
                row = self._graded_row(member, product)
                if row.rate_difference:
                    vals = {**vals, "annual_rate": max(0, product.annual_rate + row.rate_difference)}
            prepared.append(vals)
        return super().create(prepared)

    @api.onchange("product_id", "partner_id")
    def _onchange_graded_rate(self):
        row = self._graded_row(self.partner_id, self.product_id)
        if row.rate_difference and self.annual_rate == self.product_id.annual_rate:
            self.annual_rate = max(0, self.product_id.annual_rate + row.rate_difference)

    def _graded_row(self, member, product):
        """What the product says of this organisation's grade; empty for whoever has none."""
        return product._grade_row(member.org_grade if member.is_organisation else False)

    # ------------------------------------------------------------------ checks
    @api.private
    def _check_blocking(self):
        faults = super()._check_blocking()
        if self.state not in WATCHED or not self.partner_id.sudo().is_organisation:
            return faults
        return [*faults, *self.sudo()._grade_faults()]

    def _limit_faults(self):
        graded = self.with_context(kondo_grade=self.partner_id.org_grade) if self.partner_id.is_organisation else self
        return super(KondoLoan, graded)._limit_faults()

    def _grade_faults(self):
        """Why the grade of the organisation forbids this loan, in words that say what to do."""
        _, product, member = self.env._, self.product_id, self.partner_id
        sheet = member._grades_on(self._business_day()).get(member.id)
        if not sheet:
            if not product.minimum_grade and not product.grade_ids:
                return []
            return [
                _(
                    "%(member)s has no grade in force, and this product depends on it: grade the organisation.",
                    member=member.name,
                )
            ]
        faults, letter, row = [], sheet.grade.upper(), product._grade_row(sheet.grade)
        if product.minimum_grade and not grade_reaches(sheet.grade, product.minimum_grade):
            faults.append(
                _(
                    "%(member)s is graded %(grade)s since %(day)s: this product asks for %(least)s at least.",
                    member=member.name,
                    grade=letter,
                    day=format_date(self.env, sheet.graded_on),
                    least=product.minimum_grade.upper(),
                )
            )
        if row.maximum_amount and self.amount > row.maximum_amount:
            faults.append(
                _(
                    "An organisation graded %(grade)s borrows at most %(limit)s F with this product: %(amount)s F are asked"
                    " for.",
                    grade=letter,
                    limit=spaced(row.maximum_amount),
                    amount=spaced(self.amount),
                )
            )
        if row.maximum_rate and exact_rate(self.annual_rate) > exact_rate(row.maximum_rate):
            faults.append(
                _(
                    "An organisation graded %(grade)s pays at most %(rate)s %% a year with this product.",
                    grade=letter,
                    rate=rate_text(exact_rate(row.maximum_rate)),
                )
            )
        return faults
