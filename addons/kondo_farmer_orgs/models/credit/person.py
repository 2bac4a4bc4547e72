from odoo import fields, models


class KondoOrgPerson(models.Model):
    """For whom a person stands."""

    _inherit = "kondo.org.person"

    joint_ids = fields.One2many(
        "kondo.joint.guarantee",
        "person_id",
        string="Guarantees given",
        domain=[("loan_id.state", "not in", ("refused", "cancelled"))],
    )
