from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools.misc import format_date

from ...ledger.key import LEDGER

TIED_KINDS = ("term", "guarantee")


class KondoSavingsAccount(models.Model):
    """Money that its holder has tied up: the window leaves it alone, whatever the balance."""

    _inherit = "kondo.savings.account"

    tied = fields.Boolean(
        readonly=True,
        required=True,
        default=False,
        help="Nothing is withdrawn at the window: a term deposit, a savings plan under way, a guarantee not released.",
    )
    term_deposit_ids = fields.One2many("kondo.term.deposit", "account_id", string="Term deposits", readonly=True)

    @api.depends("tied")
    def _compute_available(self):
        super()._compute_available()
        for account in self.filtered("tied"):
            account.available = 0

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        tied = accounts.filtered(lambda account: account.product_id.sudo().kind in TIED_KINDS)
        tied.sudo()._set_tied(True)
        return accounts

    def _refuse_guarded(self, names):
        names = set(names)
        if "tied" in names:
            raise AccessError(self.env._("Money is tied and freed by operations, not by hand."))
        super()._refuse_guarded(names)

    def _set_tied(self, tied):
        if self:
            self.with_context(kondo_ledger=LEDGER).write({"tied": tied})

    # ------------------------------------------------------------------ refusals
    def _check_movement(self, change, rule="window"):
        if rule == "window" and self.tied and (change < 0 or self.kind == "term"):
            self._refuse_movement(change, rule)
        super()._check_movement(change, rule)

    def _why_not(self, change, rule="window"):
        """Money that is tied: what the member can do instead."""
        if rule != "window" or self.state == "closed" or not self.tied:
            return super()._why_not(change, rule)
        if self.kind == "term":
            return self._why_not_term(change)
        return super()._why_not(change, rule)

    def _why_not_term(self, change):
        _ = self.env._
        deposit = self.sudo().term_deposit_ids.filtered(lambda deposit: deposit.state == "open")[:1]
        if change > 0:
            return _(
                "%(number)s is a term deposit: nothing is added to it. Open another one with “Opening of a term "
                "deposit”.",
                number=self.number,
            )
        if not deposit:
            return _("%(number)s is a term deposit that has ended: nothing is left on it.", number=self.number)
        return _(
            "%(number)s is a term deposit until %(date)s: nothing is withdrawn from it before. To end it now, use "
            "“Early break of a term deposit”.",
            number=self.number,
            date=format_date(self.env, deposit.maturity),
        )

    # ------------------------------------------------------------------ what comes next
    def _next_events(self):
        """The interest days and the maturity of a term deposit under way."""
        _ = self.env._
        events = super()._next_events()
        for deposit in self.sudo().term_deposit_ids.filtered(lambda deposit: deposit.state == "open"):
            instructions = dict(deposit._fields["at_maturity"]._description_selection(self.env))
            events += [
                self._event(event.due, _("Interest of the term deposit"), event.amount)
                for event in deposit.event_ids
                if event.state == "planned" and event.amount
            ]
            label = _("Maturity: %(instruction)s", instruction=instructions[deposit.at_maturity])
            events.append(self._event(deposit.maturity, label, deposit.principal))
        return events

    def _close_ended(self):
        """Accounts that the end of their deposit has emptied; their balances moved by SQL."""
        self.invalidate_recordset(["balance"])
        for account in self.filtered(lambda account: account.state != "closed" and not account.balance):
            if account.term_deposit_ids.filtered(lambda deposit: deposit.state == "open"):
                continue
            account.with_context(kondo_ledger=LEDGER).write(
                {"state": "closed", "closed_on": account.company_id.business_date}
            )
