import uuid

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.kondo_microfinance.engine.allocation import allocate
from odoo.addons.kondo_microfinance.engine.words import spaced

from ...engine.sheet import difference

RECEIVERS = ("group_teller",)
WAITING = ("returned", "counted")


class KondoSheet(models.Model):
    """The teller's side of a sheet: the cash counted, and booked when it is the total of the sheet; or sent back."""

    _inherit = "kondo.sheet"

    def action_count(self):
        """Ask the teller to count what the officer puts on the counter."""
        self.ensure_one()
        self._check_receiver()
        if self.state not in WAITING:
            raise UserError(self.env._("This sheet is not waiting to be counted."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Count %(number)s", number=self.name),
            "res_model": "kondo.sheet.count",
            "view_mode": "form",
            "target": "new",
            "context": {"default_sheet_id": self.id},
        }

    def _keep_count(self, counts):
        """The cash agrees with the sheet: the count stands on it, and it can be booked.

        :param counts: {denomination: pieces}, see `engine/cash.py`
        """
        self.ensure_one()
        self._check_receiver()
        self._check_second_counter()
        self._lock(WAITING, self.env._("This sheet is not waiting to be counted."))
        counted = self.env["kondo.till.session"]._count_total(counts or {})
        refusal = self._count_refusal(counted)
        if refusal:
            raise UserError(refusal)
        self._set(state="counted", counted=counted, counts=counts, counted_by_id=self.env.uid)

    def action_post(self):
        """Book the counted sheet through the till that the teller holds open; a second click books nothing more."""
        self.ensure_one()
        self._check_receiver()
        session = self.env["kondo.till.session"].search(
            [("user_id", "=", self.env.uid), ("company_id", "=", self.company_id.id), ("state", "=", "open")], limit=1
        )
        if not session:
            raise UserError(self.env._("Your till is not open. Open it before any operation."))
        answer = self.env["kondo.operation"].submit(
            "sheet", self._key(), {"session_id": session.id, "sheet_id": self.id, "amount": self.counted}
        )
        if answer.get("needs_approval"):
            raise UserError(
                self.env._(
                    "%(message)s Book it in the teller window, “Collection sheet”, and ask for the authorisation.",
                    message=answer["message"],
                )
            )
        self.invalidate_recordset()
        return True

    def action_send_back(self, reason=None):
        """The money does not agree with the sheet: the officer corrects it and returns it again.

        :param reason: what is wrong, in words; it stands on the sheet
        """
        reason = self.env["kondo.operation"]._check_text(reason)
        for sheet in self:
            sheet._check_receiver()
            if not reason:
                raise UserError(self.env._("Say what is wrong with the sheet."))
            sheet._lock(WAITING, self.env._("This sheet is not waiting to be counted."))
            sheet._set(
                state="out",
                correction_note=reason,
                sent_back_count=sheet.sent_back_count + 1,
                returned_by_id=False,
                returned_at=False,
                counted=0,
                counts=False,
                counted_by_id=False,
            )

    def action_open_operation(self):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "kondo.operation",
            "res_id": self.operation_id.id,
            "views": [(False, "form")],
        }

    # ------------------------------------------------------------------ helpers
    def _key(self):
        """The UUID under which this sheet is booked: another one once it was reversed."""
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"kondo.sheet,{self.uuid},{self.reversals}"))

    def _check_receiver(self):
        self.env["kondo.four.eyes"]._check_group(*RECEIVERS)
        self.company_id._check_visible()
        self.check_access("write")

    def _check_second_counter(self):
        """Nobody counts the money that he collected, nor of a sheet that he returned."""
        self.env["kondo.four.eyes"]._check_second_person(
            self.officer_id | self.returned_by_id,
            self.env._("You collected this money or returned this sheet: another person counts and books it."),
        )

    def _count_refusal(self, counted):
        """The sentence for a count of `counted` francs that is not the sheet's total, or False."""
        gap = difference(counted, self.total)
        if not gap:
            return False
        values = {
            "number": self.name,
            "counted": spaced(counted),
            "total": spaced(self.total),
            "difference": spaced(gap[1]),
        }
        if gap[0] == "missing":
            return self.env._(
                "You counted %(counted)s F and the sheet %(number)s says %(total)s F: %(difference)s F are missing. "
                "Nothing is booked. Count again, or send the sheet back to be corrected.",
                **values,
            )
        return self.env._(
            "You counted %(counted)s F and the sheet %(number)s says %(total)s F: there are %(difference)s F too much. "
            "Nothing is booked. Count again, or send the sheet back to be corrected.",
            **values,
        )

    def _row_faults(self):
        """Sentences, each with the name of the row, of what could not be booked today."""
        faults = []
        for row in self.row_ids.filtered("saved"):
            account = row.account_id.sudo()
            if account.state not in ("active", "inactive") or account.block in ("all", "credit"):
                faults.append(self._at(row.name, account.with_env(self.env)._why_not(row.saved)))
        for loan, rows in self._repayments().items():
            refusal = self._loan_refusal(loan, sum(rows.mapped("paid")))
            if refusal:
                faults.append(self._at(", ".join(rows.mapped("name")), refusal))
        return faults

    def _repayments(self):
        """{loan, as superuser: its rows with money}, in the order of ids."""
        rows = self.row_ids.filtered("paid")
        return {
            loan: rows.filtered(lambda row, loan=loan: row.loan_id.id == loan.id)
            for loan in rows.loan_id.sudo().sorted("id")
        }

    def _loan_refusal(self, loan, amount):
        """Why a loan would not take a payment now, or None."""
        _ = self.env._
        if loan.state != "active":
            return _("Nothing is owed on the loan %(number)s.", number=loan.name)
        given = allocate(
            loan.product_id._allocation_rule(), loan._dues(), amount, loan.company_id.business_date or self.date
        )
        if given.returned == amount:
            return _("Nothing is due on the loan %(number)s today.", number=loan.name)
        if given.returned and not loan.savings_account_id:
            return _(
                "%(amount)s F too much on the loan %(number)s, which has no account to put them on: put them under "
                "savings.",
                amount=spaced(given.returned),
                number=loan.name,
            )
        return None

    def _mark_posted(self, posting, session_id, counted, counts):
        self._set(
            state="posted",
            counted=counted,
            counts=counts or self.counts,
            counted_by_id=self.env.uid,
            session_id=session_id,
            operation_id=posting.operation_id,
            posted_on=posting.business_date,
            correction_note=False,
        )

    def _mark_undone(self, reason):
        """The money went back over the counter: the sheet waits to be counted again."""
        self._set(
            state="returned",
            counted=0,
            counts=False,
            counted_by_id=False,
            session_id=False,
            operation_id=False,
            posted_on=False,
            reversals=self.reversals + 1,
            correction_note=reason,
        )
