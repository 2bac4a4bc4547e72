from odoo import api, models
from odoo.exceptions import UserError


class KondoFourEyes(models.AbstractModel):
    """Nobody approves what he made: the one test of it, for every action that needs a second person."""

    _name = "kondo.four.eyes"
    _description = "Second person"

    @api.model
    def _check_second_person(self, maker, message=None):
        """Refuse when the current user is `maker` (res.users, may hold several).

        Compares users, not rights: somebody who holds both roles is still one person.
        """
        if self.env.user in maker:
            raise UserError(
                message or self.env._("This needs a second person: you made it, somebody else must approve it.")
            )

    @api.model
    def _check_group(self, *xmlids):
        """Refuse unless the current user holds one of the groups (short names of this add-on)."""
        if not any(self.env.user.has_group(f"kondo_microfinance.{xmlid}") for xmlid in xmlids):
            raise UserError(self.env._("Your role does not allow this. Ask the manager of your caisse."))
