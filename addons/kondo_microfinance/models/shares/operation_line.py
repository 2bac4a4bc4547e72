from odoo import api, fields, models


class KondoOperationLine(models.Model):
    _inherit = "kondo.operation.line"

    share_holding_id = fields.Many2one(
        "kondo.share.holding",
        string="Shares",
        readonly=True,
        ondelete="restrict",
        help="All legs of a member's shares name them; together they are what he paid.",
    )

    _share_history = models.Index("(share_holding_id, id) WHERE share_holding_id IS NOT NULL")

    @api.depends("share_holding_id")
    def _compute_movement(self):
        super()._compute_movement()
        for line in self:
            if line.share_holding_id:
                line.movement = -line.amount
