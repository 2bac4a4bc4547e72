import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.kondo_microfinance.engine.words import spaced
from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER


class KondoWarrant(models.Model):
    """The steps of a lot: confirmed by a second person, valued anew, given up; each one posts what it changes."""

    _inherit = "kondo.warrant"

    # ------------------------------------------------------------------ into the store
    def action_confirm(self):
        """Confirm that the stock lies in the store, counted and weighed by a second person; its value is booked."""
        for warrant in self:
            warrant._check_step("draft", "group_loan_officer", "group_caisse_manager")
            warrant._move({"what": "received"})

    def _check_entry(self):
        """Refuse stock that its own maker confirms, that no store holds, or whose key nobody holds."""
        _ = self.env._
        self.env["kondo.four.eyes"]._check_second_person(
            self.entered_by_id | self.create_uid,
            _("You entered this stock: a second person counts it and confirms it."),
        )
        if self.caisse_key_id.company_ids & self.company_id != self.company_id:
            raise UserError(
                _("%(name)s is not of this caisse: choose who holds its key.", name=self.caisse_key_id.name)
            )
        if self.member_key_id and self.member_key_id == self.caisse_key_id.partner_id:
            raise UserError(_("The two padlocks have two holders."))
        store = self.store_id
        self.env.cr.execute("SELECT id FROM kondo_store WHERE id = %s FOR NO KEY UPDATE", (store.id,))
        store.invalidate_recordset(["stored_kg"])
        room = round(store.capacity * 1000) - store.stored_kg
        if store.capacity and self.kg > room:
            raise UserError(
                _(
                    "The store %(store)s has room for %(room)s kg; %(kg)s kg come in.",
                    store=store.name,
                    room=spaced(max(0, room)),
                    kg=spaced(self.kg),
                )
            )

    # ------------------------------------------------------------------ another price
    def action_revalue(self):
        """Value the stock at the latest price of the market; the difference is booked off balance."""
        done = self.browse()
        for warrant in self.filtered(lambda one: one.state == "received"):
            warrant._check_step("received", "group_caisse_manager", "group_network_manager")
            if warrant.sudo()._market()[warrant.id][0] != warrant.price:
                warrant._move({"what": "revalued"})
                done |= warrant
        if not done:
            raise UserError(self.env._("No later price than that of the books is known: enter today's price first."))

    def _check_price_of_another(self):
        """Francs a kilo and their day for a revaluation; refused to whoever entered the price himself."""
        company = self.company_id
        last = self.env["kondo.price"]._latest(
            self.crop_id, company, self.store_id.zone_id, company.business_date or fields.Date.context_today(self)
        )
        price, day = self._market()[self.id]
        if last and (price, day) == (last.price, last.date):
            self.env["kondo.four.eyes"]._check_second_person(
                last.user_id, self.env._("You entered this price: another person values the stock by it.")
            )
        return price, day

    # ------------------------------------------------------------------ given up
    def action_cancel(self):
        """Give up a lot that never came in."""
        for warrant in self:
            warrant._check_step("draft", "group_loan_officer", "group_caisse_manager")
            if warrant.sudo().loan_id.state in ("approved", "active", "written_off"):
                raise UserError(
                    self.env._("The loan %(number)s was granted on this stock: it stays.", number=warrant.loan_id.name)
                )
            warrant.loan_id = False
            warrant.sudo().with_context(kondo_ledger=LEDGER).state = "cancelled"

    def action_new_release(self):
        """A release of this lot, ready to be filled in."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Release of stock"),
            "res_model": "kondo.warrant.release",
            "view_mode": "form",
            "target": "new",
            "context": {"default_warrant_id": self.id},
        }

    # ------------------------------------------------------------------ helpers
    def _check_step(self, state, *groups):
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group(*groups)
        self.company_id.with_env(self.env)._check_visible()
        self.check_access("write")
        if self.state != state:
            raise UserError(self.env._("The warehouse receipt %(number)s is not at this step.", number=self.name))

    @api.private
    def _move(self, values):
        """Post a movement of this lot; the key is made of what has moved before, so that a second send posts once."""
        self.ensure_one()
        key = uuid.uuid5(uuid.NAMESPACE_OID, f"kondo.warrant,{self.id},{len(self.sudo().move_ids)}")
        values = {"warrant_id": self.id, **values}
        answer = self.env["kondo.operation"]._submit("warrant_stock", str(key), values, company=self.company_id)
        self.invalidate_recordset()
        return answer

    def _lock_stock(self):
        """Lock the loan of a lot, then its lots, and forget what was read of them before."""
        self.loan_id._lock()
        lots = self | self.loan_id.warrant_ids
        self.env.cr.execute(
            "SELECT id FROM kondo_warrant WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", (sorted(lots.ids),)
        )
        lots.invalidate_recordset()
