from odoo import fields, models


class KondoPointOfService(models.Model):
    """A counter away from the caisse's seat: staff and tills belong to it, books do not."""

    _name = "kondo.point.of.service"
    _description = "Point of service"
    _order = "company_id, code"
    _check_company_auto = True

    name = fields.Char(required=True)
    code = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", string="Caisse", required=True, index=True, default=lambda self: self.env.company
    )
    village_id = fields.Many2one("kondo.village")
    phone = fields.Char()
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex(
        "(company_id, code)", "This caisse already has a point of service with that code."
    )
