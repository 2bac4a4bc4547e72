"""Money as this system stores it."""

from odoo import fields


class Francs(fields.Integer):
    """Whole francs CFA in an 8-byte column that is never NULL (a NULL passes every CHECK).

    What is computed and not stored has no column, and no default either: a default would keep it from being computed
    in a form that is not saved.

    >>> Francs()._column_type
    ('int8', 'int8')
    """

    _column_type = ("int8", "int8")

    def _get_attrs(self, model_class, name):
        attrs = super()._get_attrs(model_class, name)
        if attrs.get("store", True) or not (attrs.get("compute") or attrs.get("related")):
            attrs.setdefault("default", lambda records: 0)
            attrs.setdefault("required", True)
        return attrs
