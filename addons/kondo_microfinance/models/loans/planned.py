from odoo import fields, models

from ..fields import Francs


class KondoLoanPlanned(models.Model):
    """A due date typed by the officer: of an irregular schedule with its principal, or of a campaign's calendar."""

    _name = "kondo.loan.planned"
    _description = "Typed due date of a loan"
    _order = "loan_id, due"
    _check_company_auto = True

    loan_id = fields.Many2one("kondo.loan", required=True, ondelete="cascade", index=True, check_company=True)
    company_id = fields.Many2one(
        related="loan_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    due = fields.Date(string="Due on", required=True)
    principal = Francs(help="Principal due that day; 0 on every line: the product's schedule is kept, on these dates.")

    _day_unique = models.UniqueIndex("(loan_id, due)", "This loan already has a due date on that day.")
    _principal_positive = models.Constraint("CHECK (principal >= 0)", "Principal is not negative.")

    # ------------------------------------------------------------------ create, write, unlink
    def write(self, vals):
        self.loan_id._check_editable()
        return super().write(vals)

    def unlink(self):
        self.loan_id._check_editable()
        return super().unlink()


class KondoLoanTranche(models.Model):
    """A part of a loan paid out after the first."""

    _name = "kondo.loan.tranche"
    _description = "Tranche of a loan"
    _inherit = ["kondo.guarded"]
    _order = "loan_id, on"
    _check_company_auto = True

    _guarded_fields = frozenset({"disbursed", "operation_id"})

    loan_id = fields.Many2one("kondo.loan", required=True, ondelete="cascade", index=True, check_company=True)
    company_id = fields.Many2one(
        related="loan_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    on = fields.Date(string="Paid out on", required=True)
    amount = Francs(required=True)
    disbursed = fields.Boolean(string="Paid out", readonly=True)
    operation_id = fields.Many2one("kondo.operation", readonly=True, check_company=True)

    _day_unique = models.UniqueIndex(
        '(loan_id, "on") WHERE disbursed IS NOT TRUE', "This loan already has a tranche on that day."
    )
    _amount_positive = models.Constraint("CHECK (amount > 0)", "A tranche is above zero.")
