from odoo import api, models
from odoo.exceptions import UserError


class KondoOperation(models.Model):
    """Cash that moves between the places of the house."""

    _inherit = "kondo.operation"

    @api.private
    def _execute_slip(self, posting, values):
        """values: slip_id, a slip handed over and about to be received."""
        slip = self.env["kondo.cash.slip"].sudo().browse(values["slip_id"])
        moves = {
            "vault_to_till": [(slip.vault_id, -1), (slip.till_id, 1)],
            "till_to_vault": [(slip.till_id, -1), (slip.vault_id, 1)],
            "bank_to_vault": [(slip.vault_id, 1)],
            "vault_to_bank": [(slip.vault_id, -1)],
        }[slip.kind]
        cash = {}
        session = slip.till_id.open_session_id
        if slip.kind == "vault_to_till" and session.user_id != self.env.user:
            raise UserError(self.env._("Your till is not open. Open it before any operation."))
        # One lock order for all slips: by id of the place.
        for place, sign in sorted(moves, key=lambda move: move[0].id):
            row = posting.take_cash(place.id, sign * slip.amount)
            cash[place.id] = row["cash"]
            posting.add_leg(row["account_id"], sign * slip.amount, till_id=place.id)
        if slip.bank_account_id and slip.kind not in ("vault_to_till", "till_to_vault"):
            posting.add_leg(slip.bank_account_id.id, -slip.amount if slip.kind == "bank_to_vault" else slip.amount)
        posting.label = f"{slip.name} {dict(slip._fields['kind']._description_selection(self.env))[slip.kind]}"
        posting.values.update(
            amount=slip.amount,
            approver_id=slip.sent_by_id.id,
            session_id=session.id or None,
            note=self._check_text(slip.note),
        )
        posting.answer.update(cash_after=cash)

    @api.private
    def _execute_till_difference(self, posting, values):
        """values: session_id or count_id, note. Shortage to 3791, overage to 3792 (RCSSFD, suspense accounts).

        `session_id` is a counted till session, `count_id` the count of a vault.
        """
        if values.get("count_id"):
            record = self.env["kondo.vault.count"].sudo().browse(values["count_id"])
            place, session, first = record.vault_id, False, record.counted_by_id
        else:
            record = self.env["kondo.till.session"].sudo().browse(values["session_id"])
            record.invalidate_recordset()
            place, session, first = record.till_id, record.id, record.forced_by_id or record.user_id
        difference = record.difference
        row = posting.take_cash(place.id, difference)
        counterpart = record.company_id._kondo_account("3791" if difference < 0 else "3792")
        posting.add_leg(row["account_id"], difference, till_id=place.id)
        posting.add_leg(counterpart.id, -difference)
        posting.label = self.env._("Difference of %(till)s: %(note)s", till=place.name, note=values["note"])
        posting.values.update(
            amount=abs(difference), session_id=session or None, approver_id=first.id, note=values["note"]
        )
        posting.answer.update(cash_after={place.id: row["cash"]})
