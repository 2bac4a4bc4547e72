from odoo import fields, models


class KondoReturnAddressee(models.Model):
    """Who is sent a return, and how many copies, with or without article 44."""

    _name = "kondo.return.addressee"
    _description = "Addressee of a return"
    _order = "type_id, sequence, id"

    type_id = fields.Many2one("kondo.return.type", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(required=True, default=10)
    name = fields.Char(required=True, translate=True)
    is_authority = fields.Boolean(
        string="Supervising authority",
        help="The name of the supervising authority of the institution is added: it is a setting of each caisse.",
    )
    copies = fields.Integer(required=True, default=1)
    copies_44 = fields.Integer(string="Copies under article 44", required=True, default=1)
    channel = fields.Selection(
        [("paper", "Signed paper"), ("electronic", "Electronic"), ("both", "Signed paper and electronic")],
        required=True,
        default="both",
    )

    _not_negative = models.Constraint("CHECK (copies >= 0 AND copies_44 >= 0)", "A number of copies is never negative.")
