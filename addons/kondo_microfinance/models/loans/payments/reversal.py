from odoo import api, models
from odoo.exceptions import UserError

from ....engine.allocation import allocate
from ...ledger.key import LEDGER
from .ledger import COMPONENTS

PAYMENTS = ("loan_repayment", "loan_guarantee_call", "loan_insurance", "standing_order")


class KondoOperation(models.Model):
    """Undoing a payment or a disbursement of the day; later payments are allocated anew, for everybody to see."""

    _inherit = "kondo.operation"

    def _reversible_kinds(self):
        return super()._reversible_kinds() | {"loan_disbursement", "loan_repayment"}

    @api.private
    def _execute_reversal(self, posting, values):
        original = self.browse(self._check_id(values.get("operation_id"))).exists().sudo()
        loan = original.loan_id
        if original.kind in ("loan_disbursement", "loan_repayment") and loan:
            loan._lock()
            self._check_loan_reversal(original, loan)
            if original.kind == "loan_disbursement":
                self._free_for_reversal(loan)
        super()._execute_reversal(posting, values)
        if original.kind == "loan_repayment" and loan:
            self._undo_payment(posting, original, loan)
        elif original.kind == "loan_disbursement" and loan:
            self._undo_payout(posting, original, loan)

    def _check_loan_reversal(self, original, loan):
        """Refuse what later steps of the loan were built on."""
        later = loan.schedule_ids.filtered(
            lambda schedule: schedule.operation_id and schedule.operation_id.id > original.id
        )
        if later:
            raise UserError(
                self.env._(
                    "The schedule of the loan %(number)s has changed since: reverse that change first.",
                    number=loan.name,
                )
            )
        if self.sudo().search_count(
            [("loan_id", "=", loan.id), ("kind", "=", "loan_write_off"), ("id", ">", original.id)], limit=1
        ):
            raise UserError(self.env._("The loan %(number)s has been written off since.", number=loan.name))
        if original.kind == "loan_disbursement" and self._payments_of(loan).filtered(lambda one: one.id > original.id):
            raise UserError(
                self.env._(
                    "The loan %(number)s has been paid on since: reverse those payments first.", number=loan.name
                )
            )

    # ------------------------------------------------------------------ a payment
    def _payments_of(self, loan):
        """Operations that have paid on a loan and were not reversed, oldest first."""
        payments = self.env["kondo.loan.allocation"].sudo().search([("loan_id", "=", loan.id)]).payment_id.sorted("id")
        reversed_ids = set(self.sudo().search([("reversal_of_id", "in", payments.ids)]).reversal_of_id.ids)
        return payments.filtered(lambda payment: payment.id not in reversed_ids)

    def _standing(self, loan, payment):
        """{instalment: {component: francs}} that a payment stands for now."""
        rows = {}
        for allocation in (
            self.env["kondo.loan.allocation"]
            .sudo()
            .search([("loan_id", "=", loan.id), ("payment_id", "=", payment.id)])
        ):
            parts = rows.setdefault(allocation.instalment_id, {})
            parts[allocation.component] = parts.get(allocation.component, 0) + allocation.amount
        return rows

    def _undo_payment(self, posting, original, loan):
        """Take the payment off the instalments; the mirror image has undone the legs it was posted with."""
        rows = self._standing(loan, original)
        mine = loan.schedule_ids.filtered(lambda schedule: schedule.operation_id == original)
        later = self._payments_of(loan).filtered(lambda payment: payment.id > original.id)
        self._keep_what_moved(posting, original, loan, rows)
        back = [
            (instalment or None, {name: -amount for name, amount in parts.items() if amount})
            for instalment, parts in rows.items()
        ]
        self._write_allocations(posting, loan, back, payment_id=original.id)
        guaranteed = sum(parts.get("guarantee", 0) for parts in rows.values())
        if guaranteed:
            self._hold_guarantee(loan, -guaranteed)
        if loan.state == "closed":
            loan._set_state("active", closed_on=False)
            posting.after(lambda: self._hold_again(posting, loan))
        if mine:
            self._schedule_before(loan, mine)
        # what a payment that cleared the loan had stopped asking for is asked again
        loan.schedule_id.instalment_ids.with_context(kondo_ledger=LEDGER).write({"current": True})
        if later:
            self._replay(posting, loan, later)
        if not posting.dry:
            loan._refresh_position(posting.business_date)

    def _keep_what_moved(self, posting, original, loan, rows):
        """Legs for a payment that an earlier reversal had allocated anew: the mirror image undoes how it was posted,
        this brings back what had been taken off it since, so that what it stands for by now is undone and no more.
        """
        posted = self.env["kondo.loan.allocation"].sudo()
        posted = posted.search([("loan_id", "=", loan.id), ("operation_id", "=", original.id)])
        moved = dict.fromkeys(COMPONENTS, 0)
        for allocation in posted.filtered(lambda row: row.payment_id == original):
            moved[allocation.component] += allocation.amount
        for parts in rows.values():
            for component, amount in parts.items():
                moved[component] -= amount
        self._loan_legs(posting, loan, moved, hold=False)
        given = sum(moved.values())  # the earlier reversal gave it to the member's account
        if given:
            posting.move_savings(loan._overpaid_account(), -given, rule="correction")

    def _schedule_before(self, loan, schedule):
        """Put the schedule before an early payment in force again; one that was taken back itself never is."""
        before = loan.schedule_ids.filtered(
            lambda one: one.number < schedule.number and not one.operation_id.reversed_by_id
        ).sorted("number")[-1:]
        schedule.instalment_ids.with_context(kondo_ledger=LEDGER).write({"current": False})
        schedule.with_context(kondo_ledger=LEDGER).write({"current": False})
        schedule.flush_recordset()
        before.with_context(kondo_ledger=LEDGER).write({"current": True})
        before.instalment_ids.with_context(kondo_ledger=LEDGER).write({"current": True})
        loan._set(schedule_id=before.id)

    def _hold_again(self, posting, loan):
        """The holds that the closing of the loan had released today."""
        released = (
            self.env["kondo.savings.hold"]
            .sudo()
            .search(
                [
                    ("origin", "=", loan.name),
                    ("company_id", "=", loan.company_id.id),
                    ("kind", "=", "guarantee"),
                    ("state", "=", "released"),
                    ("released_on", "=", posting.business_date),
                ]
            )
        )
        for hold in released.filtered(lambda hold: hold.release_reason == self.env._("Loan repaid")):
            self.env["kondo.savings.hold"]._place(
                hold.account_id, hold.amount, "guarantee", hold.reason, origin=loan.name
            )

    # ------------------------------------------------------------------ payments allocated anew
    def _replay(self, posting, loan, payments):
        """Allocate payments of a loan anew over its schedule in force, in their order and on their days.

        Nothing is rewritten: rows of the difference are added, and the legs of the difference belong to this operation.
        """
        rule = loan.product_id._allocation_rule()
        instalments = loan.schedule_ids.instalment_ids
        standing = {payment: self._standing(loan, payment) for payment in payments}
        for payment in payments:
            back = [
                (row or None, {name: -amount for name, amount in parts.items() if amount})
                for row, parts in standing[payment].items()
            ]
            self._apply(loan, back)
        difference = {}
        for payment in payments:
            amount = sum(sum(parts.values()) for parts in standing[payment].values())
            given = allocate(rule, loan._dues(), amount, payment.business_date) if amount else None
            rows = self._paid_rows(loan, given.paid) if given else []
            self._apply(loan, rows)
            if given and given.returned:
                self._return_overpaid(posting, loan, given.returned)
            now = {row.id: parts for row, parts in rows}
            before = {row.id: parts for row, parts in standing[payment].items()}
            changed = []
            for row_id in sorted({*now, *before}, key=lambda value: value or 0):
                parts = {
                    name: now.get(row_id, {}).get(name, 0) - before.get(row_id, {}).get(name, 0)
                    for name in {*now.get(row_id, {}), *before.get(row_id, {})}
                }
                parts = {name: change for name, change in parts.items() if change}
                if parts:
                    changed.append((instalments.browse(row_id) if row_id else None, parts))
            self._record(posting, loan, changed, payment)
            for component, change in self._components(changed).items():
                difference[component] = difference.get(component, 0) + change
        self._loan_legs(posting, loan, {name: change for name, change in difference.items() if change})

    def _apply(self, loan, rows):
        """Move the paid columns only."""
        for row, parts in rows:
            if row:
                row.sudo().with_context(kondo_ledger=LEDGER).write(
                    {
                        f"paid_{name}": row[f"paid_{name}"] + amount
                        for name, amount in parts.items()
                        if name != "early_fee"
                    }
                )
        self.env.flush_all()

    def _record(self, posting, loan, rows, payment):
        """Write the rows of a difference; the paid columns have moved already."""
        if posting.dry:
            return
        self.env["kondo.loan.allocation"].sudo().with_context(kondo_ledger=LEDGER).create(
            [
                {
                    "loan_id": loan.id,
                    "instalment_id": row.id if row else False,
                    "company_id": loan.company_id.id,
                    "operation_id": posting.operation_id,
                    "payment_id": payment.id,
                    "component": component,
                    "amount": amount,
                }
                for row, parts in rows
                for component, amount in parts.items()
            ]
        )

    # ------------------------------------------------------------------ a disbursement
    def _free_for_reversal(self, loan):
        for hold in self._holds_of(loan):
            hold._release(self.env._("Disbursement reversed"), origin=loan.name)

    def _undo_payout(self, posting, original, loan):
        """Back to the state before: granted, or waiting for the tranche."""
        tranche = loan.tranche_ids.filtered(lambda one: one.operation_id == original)
        self._move_commitment(posting, loan, original.amount, "reversed")
        mine = loan.schedule_ids.filtered(lambda schedule: schedule.operation_id == original)
        if tranche:
            tranche.with_context(kondo_ledger=LEDGER).write({"disbursed": False, "operation_id": False})
            loan._set(disbursed=loan.disbursed - tranche.amount)
            if mine:
                self._schedule_before(loan, mine)
            posting.after(lambda: self._hold_asked_guarantee(loan, 0))
        else:
            mine.instalment_ids.with_context(kondo_ledger=LEDGER).write({"current": False})
            mine.with_context(kondo_ledger=LEDGER).write({"current": False})
            loan._set_state("approved", disbursed_on=False, disbursed=0, schedule_id=False)
        loan._refresh_position(posting.business_date)
