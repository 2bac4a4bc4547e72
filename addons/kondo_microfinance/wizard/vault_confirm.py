from odoo import fields, models


class KondoVaultConfirm(models.TransientModel):
    """The second person explains a vault's difference and confirms the count."""

    _name = "kondo.vault.confirm"
    _description = "Confirm the count of a vault"

    count_id = fields.Many2one("kondo.vault.count", required=True, readonly=True)
    counted = fields.Integer(related="count_id.counted")
    theoretical = fields.Integer(related="count_id.theoretical")
    difference = fields.Integer(related="count_id.difference")
    note = fields.Char(string="Explanation of the difference", required=True)

    def action_confirm(self):
        self.ensure_one()
        self.count_id.confirm(self.note)
