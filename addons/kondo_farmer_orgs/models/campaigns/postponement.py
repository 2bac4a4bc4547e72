from odoo import fields, models


class KondoLoanPostponement(models.Model):
    """The postponement of a campaign: its loans only, decided by two people, the age of arrears kept."""

    _inherit = "kondo.loan.postponement"

    campaign_id = fields.Many2one(
        "kondo.campaign",
        string="Loans of the campaign",
        ondelete="restrict",
        index="btree_not_null",
        help="Empty: of all campaigns and of none.",
    )

    def action_find(self):
        result = super().action_find()
        for request in self.filtered("campaign_id"):
            request.loan_ids = request.loan_ids.filtered(lambda loan, own=request.campaign_id: loan.campaign_id == own)
        return result
