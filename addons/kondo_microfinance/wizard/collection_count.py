import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError


class KondoCollectionCount(models.TransientModel):
    """The teller counts what the collector puts on the counter, then receives it or sends the sheet back."""

    _name = "kondo.collection.count"
    _description = "Count a collector's money"

    collection_id = fields.Many2one("kondo.collection", required=True, readonly=True)
    collector_id = fields.Many2one(related="collection_id.collector_id")
    date = fields.Date(related="collection_id.date")
    total = fields.Integer(related="collection_id.total", string="The sheet says")
    counts = fields.Json(string="Notes and coins", default=dict)
    counted = fields.Integer(compute="_compute_counted")
    refusal = fields.Char(compute="_compute_counted")
    reason = fields.Char(string="What is wrong", help="Stands on the sheet that goes back to the collector.")
    uuid = fields.Char(required=True, readonly=True, default=lambda self: str(uuid.uuid4()))

    @api.depends("counts", "collection_id")
    def _compute_counted(self):
        for count in self:
            count.counted = self.env["kondo.till.session"]._count_total(count.counts or {})
            count.refusal = count.counted and count.collection_id._count_refusal(count.counted)

    def action_receive(self):
        """Post the sheet through the till that the teller holds open; a second click posts nothing more."""
        self.ensure_one()
        self.collection_id._check_receiver()
        session = self.env["kondo.till.session"].search(
            [
                ("user_id", "=", self.env.uid),
                ("company_id", "=", self.collection_id.company_id.id),
                ("state", "=", "open"),
            ],
            limit=1,
        )
        if not session:
            raise UserError(self.env._("Your till is not open. Open it before any operation."))
        answer = self.env["kondo.operation"].submit(
            "collection",
            self.uuid,
            {
                "session_id": session.id,
                "collection_id": self.collection_id.id,
                "amount": self.counted,
                "counts": self.counts,
            },
        )
        if answer.get("needs_approval"):
            raise UserError(
                self.env._(
                    "%(message)s Receive it in the teller window, “Collector's money”, and ask for the authorisation.",
                    message=answer["message"],
                )
            )
        self.collection_id.invalidate_recordset()
        return self.collection_id._open()

    def action_send_back(self):
        self.ensure_one()
        self.collection_id.action_send_back(self.reason or self.refusal)
        return self.collection_id._open()
