from odoo import api, models
from odoo.exceptions import AccessError

from .key import has_ledger_key


class KondoGuarded(models.AbstractModel):
    """Fields that only the ledger moves: balances, cash, states of sessions and slips.

    A model lists them in `_guarded_fields`. Writing one without the ledger's key is refused for everybody, the
    superuser included; on creation they may only hold their default.
    """

    _name = "kondo.guarded"
    _description = "Fields moved by the ledger only"

    _guarded_fields = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        if not has_ledger_key(self.env):
            for vals in vals_list:
                self._refuse_guarded(name for name in vals if vals[name])
        return super().create(vals_list)

    def write(self, vals):
        if not has_ledger_key(self.env):
            self._refuse_guarded(vals)
        return super().write(vals)

    def copy(self, default=None):
        raise AccessError(self.env._("This record cannot be duplicated."))

    def _refuse_guarded(self, names):
        refused = self._guarded_fields.intersection(names)
        if refused:
            labels = ", ".join(sorted(self._fields[name].string for name in refused))
            raise AccessError(self.env._("Only an operation of the ledger changes this: %(fields)s.", fields=labels))
