from odoo import api, fields, models

from ..engine.cash import DENOMINATIONS


class KondoTillOpen(models.TransientModel):
    """The teller counts the float by denomination and opens the till."""

    _name = "kondo.till.open"
    _description = "Open a till"

    till_id = fields.Many2one(
        "kondo.till",
        required=True,
        domain="[('kind', '=', 'till'), ('open_session_id', '=', False)]",
        default=lambda self: self._default_till_id(),
    )
    slip_id = fields.Many2one("kondo.cash.slip", compute="_compute_slip_id", string="Handed over by the vault")
    counts = fields.Json(default=dict)
    counted = fields.Integer(compute="_compute_counted")

    def _default_till_id(self):
        """The till a slip waits for, else the only free till."""
        tills = self.env["kondo.till"].search(
            [("kind", "=", "till"), ("open_session_id", "=", False), ("company_id", "=", self.env.company.id)]
        )
        waiting = self.env["kondo.cash.slip"].search(
            [("till_id", "in", tills.ids), ("state", "=", "sent"), ("kind", "=", "vault_to_till")], limit=1
        )
        return waiting.till_id or (tills if len(tills) == 1 else False)

    @api.depends("till_id")
    def _compute_slip_id(self):
        for wizard in self:
            wizard.slip_id = self.env["kondo.cash.slip"].search(
                [("till_id", "=", wizard.till_id.id), ("kind", "=", "vault_to_till"), ("state", "=", "sent")], limit=1
            )

    @api.depends("counts")
    def _compute_counted(self):
        for wizard in self:
            wizard.counted = sum(
                DENOMINATIONS.get(key, 0) * pieces
                for key, pieces in (wizard.counts or {}).items()
                if isinstance(pieces, int)
            )

    def action_open(self):
        self.ensure_one()
        self.env["kondo.till.session"].open_till(self.till_id.id, self.counts or {})
        return {"type": "ir.actions.client", "tag": "kondo_guichet", "target": "main"}
