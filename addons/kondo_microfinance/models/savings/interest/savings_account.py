from odoo import fields, models
from odoo.exceptions import AccessError


class KondoSavingsAccount(models.Model):
    """Until when the account has been paid, and what it has earned since."""

    _inherit = "kondo.savings.account"

    interest_posted_until = fields.Date(
        readonly=True, copy=False, help="Last day for which interest has been posted; empty: none since the opening."
    )
    interest_to_date = fields.Integer(
        string="Interest earned to date",
        compute="_compute_interest_to_date",
        help="Earned since the last posting, less the tax withheld: what a closing would pay today.",
    )
    overdraft_interest_to_date = fields.Integer(
        compute="_compute_interest_to_date", help="Owed on the overdraft since the last posting."
    )

    def _compute_interest_to_date(self):
        """One account at a time, as a form shows it; no list asks for it."""
        for account in self:
            interest = self.env["kondo.savings.interest"].sudo()._interest_to_date(account.sudo())
            account.interest_to_date = interest["interest"] - interest["withholding"]
            account.overdraft_interest_to_date = interest["overdraft_interest"]

    def _refuse_guarded(self, names):
        names = set(names)
        if "interest_posted_until" in names:
            raise AccessError(
                self.env._(
                    "Only an operation of the ledger changes this: %(fields)s.",
                    fields=self._fields["interest_posted_until"]._description_string(self.env),
                )
            )
        return super()._refuse_guarded(names)
