from odoo import fields, models


class ResPartner(models.Model):
    """The account on which money of the organisation waits that is nobody's yet; for whom a member stands."""

    _inherit = "res.partner"

    org_advance_account_id = fields.Many2one(
        "kondo.savings.account",
        string="Advance account",
        ondelete="restrict",
        check_company=True,
        domain="[('partner_id', '=', id), ('kind', 'in', ('demand', 'passbook', 'group')), ('state', '!=', 'closed')]",
        help="Receives what a repayment of the group brings beyond the loan, or what nobody's name is on.",
    )
    joint_ids = fields.One2many(
        "kondo.joint.guarantee",
        "partner_id",
        string="Guarantees given",
        domain=[("loan_id.state", "not in", ("refused", "cancelled"))],
    )
    joint_loan_ids = fields.One2many(
        "kondo.loan", "joint_group_id", string="Loans under joint liability", readonly=True
    )
