from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.names import document_key, nina_looks_right


class ResPartnerIdNumber(models.Model):
    """A member's documents belong to the member's caisse; those of other partners stay as Odoo has them."""

    _inherit = "res.partner.id_number"

    company_id = fields.Many2one(
        related="partner_id.company_id", string="Caisse", store=True, precompute=True, index=True
    )
    partner_id = fields.Many2one(index=True)
    number_key = fields.Char(compute="_compute_number_key", store=True, precompute=True, index="btree_not_null")
    is_expired = fields.Boolean(compute="_compute_is_expired", search="_search_is_expired")
    format_warning = fields.Char(compute="_compute_format_warning", string="To check")
    issuing_authority = fields.Char()

    @api.depends("name")
    def _compute_number_key(self):
        for document in self:
            document.number_key = document_key(document.name) or False

    @api.depends("valid_until")
    @api.depends_context("tz")
    def _compute_is_expired(self):
        today = fields.Date.context_today(self)
        for document in self:
            document.is_expired = bool(document.valid_until and document.valid_until < today)

    def _search_is_expired(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("valid_until", "<", fields.Date.context_today(self))]

    @api.depends("name", "category_id.code")
    def _compute_format_warning(self):
        """A NINA usually has 14 digits and a letter. Not every issued one does: warn, never refuse."""
        for document in self:
            unusual = document.category_id.code == "nina" and document.name and not nina_looks_right(document.name)
            document.format_warning = (
                self.env._("A NINA usually has 14 digits and one letter: check it.") if unusual else False
            )

    @api.onchange("name", "category_id")
    def _onchange_format(self):
        if self.format_warning:
            return {"warning": {"title": self.env._("Unusual NINA"), "message": self.format_warning}}
        return None

    @api.model_create_multi
    def create(self, vals_list):
        documents = super().create(vals_list)
        documents.partner_id._check_kondo_file_access()
        return documents

    def write(self, vals):
        self.partner_id._check_kondo_file_access()
        if "partner_id" in vals and any(document.partner_id.id != vals["partner_id"] for document in self):
            raise UserError(self.env._("A document stays with its holder. Archive it and enter it again."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_member(self):
        if self.partner_id.filtered("is_kondo_member"):
            raise UserError(self.env._("A member's documents are kept for ten years: archive this one instead."))
