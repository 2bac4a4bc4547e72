from odoo import api, fields, models
from odoo.exceptions import UserError


class KondoCaisseCreate(models.TransientModel):
    """Opens caisses of the network, one or a hundred at a time."""

    _name = "kondo.caisse.create"
    _description = "New caisses"

    company_id = fields.Many2one(
        "res.company",
        string="Union",
        required=True,
        default=lambda self: self.env.company.sudo().root_id,
        domain="[('parent_id', '=', False)]",
    )
    business_date = fields.Date(required=True, default=fields.Date.context_today)
    line_ids = fields.One2many("kondo.caisse.create.line", "wizard_id")

    def action_create(self):
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group("group_administrator", "group_network_manager")
        if not self.line_ids:
            raise UserError(self.env._("Add at least one caisse."))
        union = self.company_id.sudo()
        if union.kondo_kind != "union":
            union._kondo_set_up_union(union.kondo_code or "UN")
        caisses = self.env["res.company"]._kondo_create_caisses(
            self.company_id.sudo(),
            [
                {
                    "name": line.name,
                    "code": line.code,
                    "tills": line.tills,
                    "region_id": line.region_id.id,
                    "cercle_id": line.cercle_id.id,
                    "commune_id": line.commune_id.id,
                    "business_date": self.business_date,
                }
                for line in self.line_ids
            ],
        )
        self.env.user.sudo().company_ids += caisses
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New caisses"),
            "res_model": "res.company",
            "view_mode": "list,form",
            "domain": [("id", "in", caisses.ids)],
        }


class KondoCaisseCreateLine(models.TransientModel):
    _name = "kondo.caisse.create.line"
    _description = "New caisse"

    wizard_id = fields.Many2one("kondo.caisse.create", required=True, ondelete="cascade")
    name = fields.Char(required=True)
    code = fields.Char(required=True)
    tills = fields.Integer(required=True, default=1)
    region_id = fields.Many2one("kondo.region")
    cercle_id = fields.Many2one("kondo.cercle", domain="[('region_id', '=?', region_id)]")
    commune_id = fields.Many2one("kondo.commune", domain="[('cercle_id', '=?', cercle_id)]")

    _tills_in_range = models.Constraint("CHECK (tills BETWEEN 1 AND 20)", "A caisse has between 1 and 20 tills.")

    @api.onchange("name")
    def _onchange_name(self):
        for line in self:
            if line.name and not line.code:
                letters = "".join(character for character in line.name.upper() if "A" <= character <= "Z")
                line.code = letters.removeprefix("CAISSEDE")[:3]
