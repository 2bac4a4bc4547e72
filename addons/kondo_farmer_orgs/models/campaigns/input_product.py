from odoo import fields, models


class KondoInputProduct(models.Model):
    """An input that campaigns ask for: urea, NPK, seed, herbicide. One list for the whole network."""

    _name = "kondo.input.product"
    _description = "Input"
    _order = "name"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    unit = fields.Char(required=True, help="What is counted and priced: bag of 50 kg, litre, flask.")
    company_id = fields.Many2one(
        "res.company", string="Union", required=True, index=True, default=lambda self: self.env.company.sudo().root_id
    )
    active = fields.Boolean(default=True)

    _name_unique = models.UniqueIndex("(company_id, name, unit)", "This input is in the list already.")
