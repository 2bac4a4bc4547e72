from odoo import fields, models
from odoo.exceptions import UserError

from ...ledger.key import LEDGER


class KondoSavingsAccount(models.Model):
    """Guarantee savings: deposits any time, withdrawals only once two people have released them and no loan holds them."""

    _inherit = "kondo.savings.account"

    release_asked_by_id = fields.Many2one("res.users", string="Release asked by", readonly=True, copy=False)
    released_by_id = fields.Many2one("res.users", string="Released by", readonly=True, copy=False, tracking=True)
    released_on = fields.Date(string="Released on", readonly=True, copy=False)

    def _refuse_guarded(self, names):
        names = set(names)
        if names & {"release_asked_by_id", "released_by_id", "released_on"}:
            raise UserError(self.env._("A guarantee is released by its own buttons, by two people."))
        super()._refuse_guarded(names)

    # ------------------------------------------------------------------ actions
    def action_ask_release(self):
        """Put the release of the guarantee before a manager."""
        self.env["kondo.four.eyes"]._check_group("group_teller", "group_loan_officer", "group_caisse_manager")
        self._check_releasable()
        self.sudo()._write_release({"release_asked_by_id": self.env.uid})

    def action_release(self):
        """A manager, not the one who asked, frees the money; refused while a loan holds any of it."""
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager")
        self._check_releasable()
        for account in self.sudo():
            if not account.release_asked_by_id:
                raise UserError(
                    self.env._("Somebody else first asks for the release of %(number)s.", number=account.number)
                )
            self.env["kondo.four.eyes"]._check_second_person(account.release_asked_by_id)
            account._write_release({"released_by_id": self.env.uid, "released_on": account.company_id.business_date})
            account._set_tied(False)

    def action_tie_again(self):
        """A manager takes the release back: the money guarantees again."""
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager")
        self._check_guarantee()
        self.sudo()._write_release({"release_asked_by_id": False, "released_by_id": False, "released_on": False})
        self.sudo()._set_tied(True)

    # ------------------------------------------------------------------ checks
    def _check_guarantee(self):
        self.check_access("read")
        for account in self.sudo():
            account.company_id.with_env(self.env)._check_visible()
            if account.kind != "guarantee" or account.state == "closed":
                raise UserError(self.env._("%(number)s is not a guarantee account.", number=account.number))

    def _check_releasable(self):
        self._check_guarantee()
        for account in self.sudo():
            if not account.tied:
                raise UserError(self.env._("%(number)s is released already.", number=account.number))
            if account.blocked:
                raise UserError(account._guarantee_sentence())

    def _guarantee_sentence(self):
        return self.env._(
            "%(number)s guarantees a loan: nothing is withdrawn before the loan is repaid or frees it.",
            number=self.number,
        )

    def _why_not(self, change, rule="window"):
        if rule == "window" and self.kind == "guarantee" and self.state != "closed" and change < 0:
            if self.blocked:
                return self._guarantee_sentence()
            if self.tied:
                return self.env._(
                    "%(number)s is guarantee savings: nothing is withdrawn before a manager has released it.",
                    number=self.number,
                )
        return super()._why_not(change, rule)

    def _check_movement(self, change, rule="window"):
        """Nothing leaves a guarantee while a loan holds any of it, even what is above the hold."""
        if rule == "window" and change < 0 and self.kind == "guarantee" and self.blocked:
            self._refuse_movement(change, rule)
        super()._check_movement(change, rule)

    def _closing_obstacles(self):
        obstacles = super()._closing_obstacles()
        if self.kind == "guarantee" and self.tied and self.balance:
            obstacles.append(self.env._("Guarantee savings are released by two people before they are closed."))
        return obstacles

    def _write_release(self, vals):
        self.with_context(kondo_ledger=LEDGER).write(vals)
