from odoo import fields, models
from odoo.exceptions import UserError


class KondoSheetAdd(models.TransientModel):
    """Somebody who was not expected on the round: a person of an organisation, or a member by himself."""

    _name = "kondo.sheet.add"
    _description = "Add somebody to a collection sheet"

    sheet_id = fields.Many2one("kondo.sheet", string="Sheet", required=True, readonly=True)
    company_id = fields.Many2one(related="sheet_id.company_id", string="Caisse")
    person_id = fields.Many2one(
        "kondo.org.person", string="Person of an organisation", domain="[('company_id', '=', company_id)]"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Member", domain="[('is_kondo_member', '=', True), ('company_id', '=', company_id)]"
    )

    def action_add(self):
        self.ensure_one()
        if bool(self.person_id) == bool(self.partner_id):
            raise UserError(self.env._("Choose a person of an organisation, or a member: one of the two."))
        somebody = self.person_id or self.partner_id
        somebody.check_access("read")
        if somebody.sudo().company_id != self.sheet_id.company_id:
            raise UserError(self.env._("This record is not in your caisse."))
        self.sheet_id._add(self.partner_id, self.person_id)
        return {"type": "ir.actions.act_window_close"}
