from odoo import fields, models


class KondoConvoyReceive(models.TransientModel):
    """Counts a bag on arrival, then, by another person, explains a difference."""

    _name = "kondo.convoy.receive"
    _description = "Receive a convoy"

    convoy_id = fields.Many2one("kondo.cash.convoy", required=True, readonly=True)
    state = fields.Selection(related="convoy_id.state")
    seal = fields.Char(related="convoy_id.seal")
    amount = fields.Integer(related="convoy_id.amount")
    received_amount = fields.Integer(related="convoy_id.received_amount")
    difference = fields.Integer(related="convoy_id.difference")
    returned = fields.Boolean(string="The bag comes back")
    counts = fields.Json(string="Notes and coins", default=dict)
    note = fields.Char(string="Explanation of the difference")

    def action_receive(self):
        """Count; where it differs the form stays open and says so."""
        self.ensure_one()
        result = self.convoy_id.receive(self.counts or {}, returned=self.returned)
        if not result["difference"]:
            return None
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Difference on arrival"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_confirm(self):
        self.ensure_one()
        self.convoy_id.confirm_difference(self.note)
