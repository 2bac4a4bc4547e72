from odoo import api, fields, models
from odoo.exceptions import UserError

from ...ledger.key import LEDGER

TAX_ACCOUNT = "33201"


class ResCompany(models.Model):
    _inherit = "res.company"

    interest_tax_account_id = fields.Many2one(
        "account.account",
        string="Tax withheld on interest",
        ondelete="restrict",
        help="A subdivision of 332 (créditeurs divers): what is withheld on savings interest and owed to the tax office. "
        "One account for the network, on the union.",
    )

    @api.private
    def _interest_tax_account(self):
        """The union's account of the tax withheld on interest; UserError when none is set."""
        account = self.sudo().root_id.interest_tax_account_id
        if not account:
            raise UserError(
                self.env._(
                    "Tax is to be withheld on interest: first enter the account of the tax withheld, a subdivision of 332, "
                    "on the form of the union."
                )
            )
        return account

    @api.private
    def _kondo_set_up_union(self, code):
        super()._kondo_set_up_union(code)
        self._set_up_interest_tax_account()

    def _set_up_interest_tax_account(self):
        """Give a union its subdivision of 332 for the tax withheld on interest, unless it has one."""
        self.ensure_one()
        if self.interest_tax_account_id:
            return
        accounts = self.env["account.account"].sudo().with_company(self)
        account = accounts.search([("code", "=", TAX_ACCOUNT), ("company_ids", "in", self.ids)], limit=1)
        self.interest_tax_account_id = account or accounts.with_context(kondo_ledger=LEDGER).create(
            {
                "code": TAX_ACCOUNT,
                "name": self.env._("Tax withheld on savings interest"),
                "account_type": "liability_current",
                "company_ids": [(6, 0, self.ids)],
            }
        )

    @api.model
    @api.private
    def _day_end_steps(self):
        return [*super()._day_end_steps(), (50, "interest", "kondo.savings.interest", "_day_end")]
