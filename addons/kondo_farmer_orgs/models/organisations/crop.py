from odoo import fields, models


class KondoCrop(models.Model):
    """What an organisation grows or raises: cotton, rice, onion, cattle. One list for the whole network."""

    _name = "kondo.crop"
    _description = "Crop"
    _order = "name"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        "res.company",
        string="Union",
        required=True,
        index=True,
        default=lambda self: self.env.company.sudo().root_id,
    )
    measure = fields.Selection(
        [("hectare", "Hectares"), ("head", "Heads"), ("bag", "Bags")],
        string="Counted in",
        required=True,
        default="hectare",
        help="What says how much of it each person works or holds.",
    )
    active = fields.Boolean(default=True)

    _name_unique = models.UniqueIndex("(company_id, name)", "This crop is in the list already.")
