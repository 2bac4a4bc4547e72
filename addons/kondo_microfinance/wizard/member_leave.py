from odoo import fields, models


class KondoMemberLeave(models.TransientModel):
    """Day and reason of a resignation, an exclusion or a death; `res.partner.action_leave` does the rest."""

    _name = "kondo.member.leave"
    _description = "Member who leaves"

    partner_id = fields.Many2one("res.partner", string="Member", required=True, readonly=True)
    company_id = fields.Many2one(related="partner_id.company_id")
    state = fields.Selection(
        [("resigned", "Resignation"), ("excluded", "Exclusion"), ("deceased", "Death")],
        string="Why",
        required=True,
        default="resigned",
    )
    date = fields.Date(string="On", required=True, default=fields.Date.context_today)
    reason = fields.Text(help="Stays in the file. Required for an exclusion.")

    def action_confirm(self):
        self.ensure_one()
        self.partner_id.action_leave(self.state, self.date, self.reason)
        return {"type": "ir.actions.act_window_close"}
