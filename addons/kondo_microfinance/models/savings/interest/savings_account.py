from odoo import fields, models

from ....engine.dated_interest import next_posting
from ....engine.periods import DAY


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

    @property
    def _guarded_fields(self):
        return super()._guarded_fields | {"interest_posted_until"}

    def _compute_interest_to_date(self):
        """One account at a time, as a form shows it; no list asks for it."""
        for account in self:
            interest = self.env["kondo.savings.interest"].sudo()._interest_to_date(account.sudo())
            account.interest_to_date = interest["interest"] - interest["withholding"]
            account.overdraft_interest_to_date = interest["overdraft_interest"]

    def _next_events(self):
        """The day until which interest is posted next."""
        events = super()._next_events()
        rules = self.product_id._interest_rules() if self.opened_on and self.state != "closed" else []
        day = self.interest_posted_until + DAY if self.interest_posted_until else self.opened_on
        if rules and any(rule.annual_rate or rule.tiers or rule.overdraft_rate for _day, rule in rules):
            stop = next_posting(rules, max(day, rules[0][0]), self.opened_on)
            events.append(self._event(stop - DAY, self.env._("Interest is posted")))
        return events
