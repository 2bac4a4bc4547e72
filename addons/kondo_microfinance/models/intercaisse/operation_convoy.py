from odoo import api, models


class KondoOperation(models.Model):
    """Cash on the road: out of one vault, into another, and between them on the sender's account 3783."""

    _inherit = "kondo.operation"

    @api.private
    def _execute_cash_sent(self, posting, values):
        """values: convoy_id, a sealed bag that leaves."""
        convoy = self.env["kondo.cash.convoy"].sudo().browse(values["convoy_id"])
        row = posting.take_cash(convoy.vault_id.id, -convoy.amount)
        posting.add_leg(row["account_id"], -convoy.amount, till_id=convoy.vault_id.id)
        posting.add_leg(convoy.company_id._kondo_controlled("3783").id, convoy.amount)
        posting.label = self.env._(
            "%(convoy)s to %(caisse)s, seal %(seal)s",
            convoy=convoy.name,
            caisse=convoy.dest_company_id.name,
            seal=convoy.seal,
        )
        posting.values.update(
            amount=convoy.amount, approver_id=convoy.prepared_by_id.id, note=self._check_text(convoy.note)
        )
        posting.answer.update(cash_after={row["id"]: row["cash"]})

    @api.private
    def _execute_cash_received(self, posting, values):
        """values: convoy_id, counted at the other caisse, or back at its own."""
        convoy = self.env["kondo.cash.convoy"].sudo().browse(values["convoy_id"])
        sender, receiver = convoy.company_id, convoy.dest_company_id
        road = sender._kondo_controlled("3783")
        label = self.env._(
            "%(convoy)s from %(caisse)s, seal %(seal)s", convoy=convoy.name, caisse=sender.name, seal=convoy.seal
        )
        if posting.company_id == sender.id:
            posting.add_leg(road.id, -convoy.amount)
            if convoy.received_amount:
                row = posting.take_cash(convoy.vault_id.id, convoy.amount)
                posting.add_leg(row["account_id"], convoy.amount, till_id=row["id"])
                posting.answer.update(cash_after={row["id"]: row["cash"]})
            else:  # the bag arrived empty: nothing for the receiver to book
                posting.add_leg(sender._kondo_account("3791").id, convoy.amount, label=convoy.difference_note)
        else:
            counted, sent = convoy.received_amount, convoy.amount
            vault = receiver.till_ids.filtered(lambda place: place.kind == "vault")[:1]
            row = posting.take_cash(vault.id, counted)
            other = self._other_posting(posting, sender)
            posting.add_leg(row["account_id"], counted, till_id=row["id"])
            posting.answer.update(cash_after={row["id"]: row["cash"]})
            receiver._kondo_liaison_leg(posting, sender, -counted)
            sender._kondo_liaison_leg(other, receiver, counted)
            other.add_leg(road.id, -sent)
            if counted != sent:
                suspense = sender._kondo_account("3791" if counted < sent else "3792")
                other.add_leg(suspense.id, sent - counted, label=convoy.difference_note)
            other.label = label
            other.values.update(
                amount=counted, approver_id=convoy.confirmed_by_id.id or None, note=convoy.difference_note or None
            )
        posting.label = label
        posting.values.update(
            amount=convoy.received_amount or convoy.amount,
            approver_id=(convoy.confirmed_by_id or convoy.sent_by_id).id,
            note=convoy.difference_note or None,
        )
