from odoo import api, fields, models
from odoo.exceptions import UserError


class KondoParameter(models.Model):
    """A regulatory or network-wide value with the date from which it holds and the text it comes from.

    A new rule is a new row beside the old one, so that yesterday's figures keep yesterday's rule.
    """

    _name = "kondo.parameter"
    _description = "Dated parameter"
    _order = "key, date_from desc"
    _rec_name = "key"

    key = fields.Char(required=True, index=True)
    label = fields.Char(required=True, translate=True)
    date_from = fields.Date(string="In force from", required=True)
    value = fields.Char(required=True)
    legal_reference = fields.Char()
    confidence = fields.Selection(
        [("good", "Good"), ("medium", "Medium"), ("low", "Low: to confirm")],
        default="medium",
        required=True,
        help="How sure the source is. A value of low confidence must be confirmed by the network's accountant.",
    )
    note = fields.Text(translate=True)

    _key_date_unique = models.UniqueIndex("(key, date_from)", "This parameter already has a value from that date.")

    @api.model
    @api.private
    def _get(self, key, date):
        """The value (text) of `key` in force on `date`; UserError when none is."""
        parameter = self.sudo().search([("key", "=", key), ("date_from", "<=", date)], limit=1)
        if not parameter:
            raise UserError(
                self.env._("No value of the parameter “%(key)s” is in force on %(date)s.", key=key, date=date)
            )
        return parameter.value
