from odoo import fields, models


class KondoReturnReplace(models.TransientModel):
    """Asks why a filed return is corrected."""

    _name = "kondo.return.replace"
    _description = "Correct a filed return"

    return_id = fields.Many2one("kondo.return", required=True, readonly=True)
    reason = fields.Char(required=True)

    def action_replace(self):
        self.ensure_one()
        return self.return_id.action_replace(self.reason)
