from odoo import api, fields, models
from odoo.exceptions import UserError

from ..loan import OPEN_FILE


class KondoLoanDocumentType(models.Model):
    """A paper that files of some products must hold."""

    _name = "kondo.loan.document.type"
    _description = "Kind of document of a loan file"
    _order = "sequence, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", string="Union", required=True, index=True, default=lambda self: self.env.company.sudo().root_id
    )
    name = fields.Char(required=True, translate=True)
    required = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    product_ids = fields.Many2many("kondo.loan.product", string="Products", help="Empty: every product.")


class KondoLoanDocument(models.Model):
    """A paper of a file: seen, and scanned where there is a scanner."""

    _name = "kondo.loan.document"
    _description = "Document of a loan file"
    _order = "loan_id, id"
    _check_company_auto = True

    loan_id = fields.Many2one("kondo.loan", required=True, ondelete="cascade", index=True, check_company=True)
    company_id = fields.Many2one(
        related="loan_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    type_id = fields.Many2one("kondo.loan.document.type", string="Kind", ondelete="restrict")
    name = fields.Char(
        string="Document", required=True, compute="_compute_name", store=True, readonly=False, precompute=True
    )
    required = fields.Boolean(related="type_id.required")
    seen = fields.Boolean(string="In the loan file")
    seen_on = fields.Date(string="Since", compute="_compute_seen_on", store=True, readonly=False, precompute=True)
    number = fields.Char(string="No.")
    file = fields.Binary(attachment=True)
    file_name = fields.Char()

    @api.depends("type_id")
    def _compute_name(self):
        for document in self:
            document.name = document.name or document.type_id.name or self.env._("Document")

    @api.depends("seen")
    def _compute_seen_on(self):
        for document in self:
            document.seen_on = (document.seen_on or document.loan_id._business_day()) if document.seen else False

    @api.onchange("file")
    def _onchange_file(self):
        if self.file:
            self.seen = True

    # ------------------------------------------------------------------ write, unlink
    def write(self, vals):
        if {"loan_id", "type_id"} & set(vals):
            raise UserError(self.env._("A document stays in the file it was laid in."))
        taken_out = self.filtered(
            lambda document: document.seen and ("seen" in vals and not vals["seen"] or "file" in vals and document.file)
        )
        if taken_out:
            taken_out._check_removable()
        result = super().write(vals)
        if taken_out:
            self.loan_id._send_back(self.env._("the documents"))
        return result

    def unlink(self):
        needed = self.filtered("required")
        if needed:
            raise UserError(self.env._("This product asks for “%(name)s”: it stays on the list.", name=needed[0].name))
        self._check_removable()
        self.loan_id._send_back(self.env._("the documents"))
        return super().unlink()

    def _check_removable(self):
        """Papers on which a decision was taken stay; others may still be added to the file."""
        if any(document.loan_id.state not in OPEN_FILE for document in self):
            raise UserError(self.env._("This loan has been decided: its documents are only added to."))
