import base64

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER

from .bureau_file import MAKERS


class KondoBureauFile(models.Model):
    """The way of a file: made, checked, sent by somebody else."""

    _inherit = "kondo.bureau.file"

    def action_make(self):
        """Fill the file with the loans as they stood at the end of the month; again, to fill it anew."""
        for file in self:
            file._begin("draft")
            file.sudo().with_context(kondo_ledger=LEDGER)._fill()
            file._set(made_by_id=self.env.uid, made_at=fields.Datetime.now())

    def action_check(self):
        """Say that the file was looked at and may go out."""
        for file in self:
            file._begin("draft")
            if not file.made_at:
                raise UserError(self.env._("Make the file first."))
            if not file.line_ids:
                raise UserError(self.env._("There is no contract in this file: nothing is to be sent."))
            file._check_sendable()
            file._set(state="checked", checked_by_id=self.env.uid, checked_at=fields.Datetime.now())

    def action_back(self):
        """Take a checked file back to make it again."""
        for file in self:
            file._begin("checked")
            file._set(state="draft", checked_by_id=False, checked_at=False)

    def action_send(self):
        """Freeze the file and its SHA-256: by a second person. The one it replaces is marked in the same step."""
        for file in self:
            file._begin("checked")
            self.env["kondo.four.eyes"]._check_second_person(
                file.sudo().checked_by_id, self.env._("You checked this file: somebody else sends it.")
            )
            file._check_sendable()
            old = file.sudo().replaces_id
            old._set(state="replaced", replaced_by_id=file.id)
            content = file._csv()
            file._set(
                state="sent",
                sent_by_id=self.env.uid,
                sent_at=fields.Datetime.now(),
                content=base64.b64encode(content),
                fingerprint=file._hash(content),
            )

    def acknowledge(self, reference):
        """Note what the bureau answered to a file that was sent."""
        self.ensure_one()
        self._begin("sent")
        text = self.env["kondo.operation"]._check_text(reference)
        if not text:
            raise UserError(self.env._("Enter the reference of the acknowledgement."))
        self._set(reference=text)

    def action_acknowledge(self):
        """Ask for the reference of the bureau's answer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Acknowledgement"),
            "res_model": "kondo.bureau.acknowledge",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_file_id": self.id},
        }

    def action_xlsx(self):
        self.ensure_one()
        self._check_reader()
        return self.env.ref("kondo_bceao_reports.action_report_bureau_xlsx").report_action(self)

    def action_csv(self):
        """The file as it was sent; before that, as it would be."""
        self.ensure_one()
        self._check_reader()
        address = f"/web/content/{self._name}/{self.id}/csv/{self.content_name}?download=true"
        return {"type": "ir.actions.act_url", "url": address, "target": "download"}

    # ------------------------------------------------------------------ guards
    def _check_reader(self):
        self.env["kondo.four.eyes"]._check_group(*MAKERS)
        self.check_access("read")
        self.company_id.with_env(self.env)._check_visible()

    def _begin(self, state):
        """The file locked, in the state a step begins with, for one who may take it."""
        self.ensure_one()
        self._check_reader()
        self.env.flush_all()
        self.env.cr.execute("SELECT state FROM kondo_bureau_file WHERE id = %s FOR NO KEY UPDATE", (self.id,))
        self.invalidate_recordset()
        if self.state != state:
            states = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(self.env._("This file is “%(state)s”.", state=states[self.state]))

    def _check_sendable(self):
        """One file of a month goes out; another one says which it replaces."""
        self._check_not_overlapping()
        sent = self.sudo().search(
            [("company_id", "=", self.company_id.id), ("month", "=", self.month), ("state", "=", "sent")]
        )
        if sent != self.sudo().replaces_id:
            raise UserError(
                self.env._("This month was sent already: say which file this one replaces.")
                if sent
                else self.env._("The file that this one replaces was replaced by another.")
            )

    def _set(self, **values):
        self.sudo().with_context(kondo_ledger=LEDGER).write(values)


class KondoBureauAcknowledge(models.TransientModel):
    """The bureau's answer, as somebody types it in."""

    _name = "kondo.bureau.acknowledge"
    _description = "Acknowledgement of a file"

    file_id = fields.Many2one("kondo.bureau.file", required=True, readonly=True, ondelete="cascade")
    reference = fields.Char(string="Reference", required=True)

    def action_confirm(self):
        self.ensure_one()
        self.file_id.acknowledge(self.reference)
        return {"type": "ir.actions.act_window_close"}
