from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.borrowing import interest_owed
from ..loans.product_settings import exact_rate

# Interest owed on earmarked resources, by their term (RCSSFD): expense, accrued.
ACCOUNTS = {"181": ("60175", "1756"), "182": ("60178", "1786"), "183": ("60178", "1786"), "503": ("6018", "1786")}


class KondoFundingLine(models.Model):
    """A line that costs interest: the donor's or bank's rate on what it has lent and has not been given back."""

    _inherit = "kondo.funding.line"

    cost_rate = fields.Float(
        string="Interest owed to the donor (% a year)",
        digits=(16, 6),
        tracking=True,
        help="On what was received and not given back, by days; booked at the end of each month as accrued (1756, 1786)."
        " 0: the line costs nothing.",
    )
    cost_days = fields.Selection(
        [("360", "360 days"), ("365", "365 days"), ("actual", "Days of the year")],
        string="Year of",
        required=True,
        default="360",
    )

    _cost_sane = models.Constraint("CHECK (cost_rate >= 0)", "A rate is not negative.")

    def write(self, vals):
        if {"cost_rate", "cost_days"} & vals.keys() and any(line.received for line in self.sudo()):
            raise UserError(self.env._("Money has been received on this line: what it costs no longer changes."))
        return super().write(vals)


class KondoAccrual(models.AbstractModel):
    _inherit = "kondo.accrual"

    @api.model
    @api.private
    def _targets(self, company, last_day):
        """What the lines cost, in the books of the caisse whose bank received the money."""
        targets, left_out = super()._targets(company, last_day)
        lines = self.env["kondo.funding.line"].sudo().with_context(active_test=False)
        moves = self.env["kondo.funding.move"].sudo()
        for line in lines.search([("company_id", "=", company.root_id.id), ("cost_rate", ">", 0)]):
            rows = moves.search(
                [("line_id", "=", line.id), ("company_id", "=", company.id), ("flow", "in", ("received", "returned"))]
            )
            movements = [
                (row.business_date, row.amount if row.flow == "received" else -row.amount)
                for row in rows
                if row.business_date <= last_day
            ]
            owed = interest_owed(
                movements, exact_rate(line.cost_rate), fields.Date.add(last_day, days=1), line.cost_days
            )
            if owed:
                expense, accrued = (company._kondo_account(code) for code in ACCOUNTS[line.account_root])
                targets.append((expense, accrued, owed))
        return targets, left_out
