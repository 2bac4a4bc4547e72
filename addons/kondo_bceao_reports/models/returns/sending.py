from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER

from .kondo_return import FINAL, PREPARERS

SENT = {"sent_on", "received_on", "reference", "proof_ids"}


class KondoReturnSending(models.Model):
    """An addressee of a return: how many copies, when they were sent, and the proof that they arrived.

    It goes on living after the return is filed: the stamped copy comes back later. What was recorded is not taken away.
    """

    _name = "kondo.return.sending"
    _description = "Copies of a return"
    _order = "return_id, sequence, id"
    _rec_name = "addressee"

    return_id = fields.Many2one("kondo.return", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(
        related="return_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    state = fields.Selection(related="return_id.state")
    sequence = fields.Integer(default=10)
    addressee = fields.Char(required=True)
    copies = fields.Integer(required=True, default=1)
    channel = fields.Selection(
        [("paper", "Signed paper"), ("electronic", "Electronic"), ("both", "Signed paper and electronic")],
        required=True,
        default="both",
    )
    sent_on = fields.Date()
    received_on = fields.Date(help="Date of the stamp or of the acknowledgement.")
    reference = fields.Char(help="Number of the letter or of the acknowledgement.")
    proof_ids = fields.Many2many(
        "ir.attachment",
        "kondo_return_sending_proof_rel",
        "sending_id",
        "attachment_id",
        string="Proof of delivery",
    )

    _copies_sane = models.Constraint("CHECK (copies > 0)", "There is at least one copy.")

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self.env["kondo.four.eyes"]._check_group(*PREPARERS)
            returns = self.env["kondo.return"].browse(vals.get("return_id") for vals in vals_list)
            returns.check_access("read")
            if any(record.state == "replaced" for record in returns):
                raise UserError(self.env._("This return was replaced: send the one that replaces it."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self.env["kondo.four.eyes"]._check_group(*PREPARERS)
            if SENT.intersection(vals) and any(one.return_id.state not in FINAL for one in self):
                raise UserError(self.env._("Copies are sent once the return is filed."))
            if "return_id" in vals:
                raise AccessError(self.env._("Copies stay with their return."))
        before = {one.id: one.proof_ids for one in self.sudo()}
        done = super().write(vals)
        for one in self.sudo():
            if before[one.id] - one.proof_ids:
                raise AccessError(self.env._("A proof of delivery is kept."))
            added = one.proof_ids - before[one.id]
            if added:
                added.with_context(kondo_ledger=LEDGER).write({"res_model": self._name, "res_id": one.id})
                one.return_id.message_post(
                    body=self.env._(
                        "Proof of delivery to %(addressee)s: %(files)s.",
                        addressee=one.addressee,
                        files=", ".join(added.mapped("name")),
                    )
                )
        return done

    def unlink(self):
        if any(one.sent_on or one.proof_ids for one in self):
            raise AccessError(self.env._("Copies that were sent are kept."))
        return super().unlink()

    @api.model
    @api.private
    def _lay_out(self, record):
        """The addressees by rule: their copies with article 44, or without."""
        own = record.sudo()
        under_44 = own.company_id._article_44_on(own.date)
        authority = own.company_id.supervisor_name or own.company_id.root_id.supervisor_name
        rows = []
        for addressee in own.type_id.addressee_ids.filtered(lambda one: not own.type_id.internal):
            copies = addressee.copies_44 if under_44 else addressee.copies
            name = addressee.name
            if addressee.is_authority and authority:
                name = f"{name} ({authority})"
            rows.append(
                {
                    "return_id": record.id,
                    "sequence": addressee.sequence,
                    "addressee": name,
                    "copies": copies,
                    "channel": addressee.channel,
                }
            )
        self.create([row for row in rows if row["copies"]])
