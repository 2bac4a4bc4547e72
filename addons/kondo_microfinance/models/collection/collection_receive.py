from odoo import models
from odoo.exceptions import UserError

from ...engine.words import spaced

RECEIVERS = ("group_teller", "group_caisse_manager")


class KondoCollection(models.Model):
    """The teller's side of a sheet: counted and received, or sent back to be corrected."""

    _inherit = "kondo.collection"

    def action_receive(self):
        """Ask the teller to count what the collector puts on the counter."""
        self.ensure_one()
        self._check_receiver()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Receive %(number)s", number=self.name),
            "res_model": "kondo.collection.count",
            "view_mode": "form",
            "target": "new",
            "context": {"default_collection_id": self.id},
        }

    def action_send_back(self, reason=None):
        """The money does not agree with the sheet: the collector corrects it and announces it again.

        :param reason: what is wrong, in words; it stands on the sheet
        """
        reason = self.env["kondo.operation"]._check_text(reason)
        for sheet in self:
            sheet._check_receiver()
            if not reason:
                raise UserError(self.env._("Say what is wrong with the sheet."))
            sheet._lock("to_count", self.env._("This sheet is not waiting to be counted."))
            sheet._set(
                state="draft",
                correction_note=reason,
                sent_back_count=sheet.sent_back_count + 1,
                announced_by_id=False,
                announced_at=False,
            )

    # ------------------------------------------------------------------ helpers
    def _check_receiver(self):
        self.env["kondo.four.eyes"]._check_group(*RECEIVERS)
        self.company_id._check_visible()
        self.check_access("write")

    def _check_second_receiver(self):
        """Nobody takes in money that he collected or entered himself."""
        people = self.env["kondo.four.eyes"]
        people._check_second_person(
            self.collector_id.user_id,
            self.env._("You collected this money: another person counts and receives it."),
        )
        people._check_second_person(
            self.announced_by_id,
            self.env._("You entered this sheet: another person counts and receives the money."),
        )

    def _count_refusal(self, counted):
        """The sentence for a count of `counted` francs that is not the sheet's total, or False."""
        if counted == self.total:
            return False
        values = {
            "number": self.name,
            "counted": spaced(counted),
            "total": spaced(self.total),
            "difference": spaced(abs(counted - self.total)),
        }
        if counted < self.total:
            return self.env._(
                "You counted %(counted)s F and the sheet %(number)s says %(total)s F: %(difference)s F are missing. Count "
                "again, or send the sheet back to be corrected.",
                **values,
            )
        return self.env._(
            "You counted %(counted)s F and the sheet %(number)s says %(total)s F: there are %(difference)s F too much. "
            "Count again, or send the sheet back to be corrected.",
            **values,
        )

    def _check_rows(self):
        """Every account can take its money, or the row that cannot is named: the whole sheet waits then."""
        for line in self.line_ids.filtered("amount"):
            account = line.account_id
            if account.state not in ("active", "inactive") or account.block in ("all", "credit"):
                raise UserError(
                    self.env._(
                        "Row of %(name)s: %(reason)s Nothing was received.",
                        name=line.partner_id.name,
                        reason=account._why_not(line.amount),
                    )
                )

    def _mark_received(self, posting, session_id, counts):
        self._set(
            state="received",
            received_by_id=self.env.uid,
            received_on=posting.business_date,
            session_id=session_id,
            counts=counts,
            operation_id=posting.operation_id,
        )

    def _mark_reversed(self, reason):
        """The money went back to the collector: the sheet waits to be counted again."""
        self._set(
            state="to_count",
            received_by_id=False,
            received_on=False,
            session_id=False,
            counts=False,
            operation_id=False,
            correction_note=reason,
        )
