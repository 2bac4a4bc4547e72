"""Money as this system stores it."""

from odoo import fields


class Francs(fields.Integer):
    """Whole francs CFA in an 8-byte column that is never NULL (a NULL passes every CHECK).

    >>> Francs()._column_type
    ('int8', 'int8')
    """

    _column_type = ("int8", "int8")

    def _get_attrs(self, model_class, name):
        attrs = super()._get_attrs(model_class, name)
        attrs.setdefault("default", lambda records: 0)
        attrs.setdefault("required", True)
        return attrs
