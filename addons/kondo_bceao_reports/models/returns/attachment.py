from odoo import models
from odoo.exceptions import AccessError

from odoo.addons.kondo_microfinance.models.ledger.key import has_ledger_key

KEPT = {"datas", "raw", "db_datas", "store_fname", "url", "type", "res_model", "res_id", "name"}
HELD_BY = ("kondo.return.input", "kondo.return.sending")


class IrAttachment(models.Model):
    """The document of a typed value, and the proof of a delivery, stay as they are once the return is filed."""

    _inherit = "ir.attachment"

    def write(self, vals):
        if KEPT.intersection(vals) and not has_ledger_key(self.env):
            self._refuse_filed_documents()
        return super().write(vals)

    def unlink(self):
        self._refuse_filed_documents()
        return super().unlink()

    def _refuse_filed_documents(self):
        held = self.sudo().filtered(lambda paper: paper.res_model in HELD_BY)
        if not held:
            return
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT 1 FROM kondo_return_input_document_rel d JOIN kondo_return_input i ON i.id = d.input_id
              JOIN kondo_return r ON r.id = i.return_id
             WHERE d.attachment_id = ANY(%(ids)s) AND r.state IN ('filed', 'replaced')
            UNION ALL
            SELECT 1 FROM kondo_return_sending_proof_rel p JOIN kondo_return_sending s ON s.id = p.sending_id
             WHERE p.attachment_id = ANY(%(ids)s)
            LIMIT 1
            """,
            {"ids": held.ids},
        )
        if self.env.cr.fetchone():
            raise AccessError(self.env._("This document belongs to a return that was filed: it is kept."))
