from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """Taxation of the union's services, and what the end of a day does with its accounts."""

    _inherit = "res.company"

    fees_exempt = fields.Boolean(
        string="Services exempt from the TAF",
        default=True,
        help="Mutualist institutions are reported to be exempt from taxes on their savings and credit operations "
        "(law 10-013, taken over from PARMEC articles 30 and 31), while other sources apply the tax to every commission. "
        "To be confirmed in writing by the tax adviser.",
    )
    fees_tax_account_id = fields.Many2one(
        "account.account",
        string="TAF payable account",
        domain="[('account_type', 'in', ('liability_payable', 'liability_current')), ('kondo_control', '=', False)]",
        help="A subdivision of 332 (créditeurs divers) of the union's chart.",
    )

    @api.constrains("fees_exempt", "fees_tax_account_id")
    def _check_fees_tax(self):
        for company in self.filtered(lambda company: company.kondo_kind == "union"):
            account = company.fees_tax_account_id.sudo().with_company(company)
            if not company.fees_exempt and not account:
                raise ValidationError(
                    self.env._("Choose the account of the tax payable first: a subdivision of 332 of the chart.")
                )
            if account and (not (account.code or "").startswith("332") or account.kondo_control):
                raise ValidationError(self.env._("The tax payable stands on a subdivision of the account 332."))

    @api.model
    @api.private
    def _day_end_steps(self):
        return [
            *super()._day_end_steps(),
            (60, "fees", "kondo.savings.fee", "_day_end"),
            (70, "dormancy", "kondo.savings.account", "_day_end_dormancy"),
            (80, "holds", "kondo.savings.hold", "_day_end"),
        ]
