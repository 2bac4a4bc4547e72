from odoo import api, models
from odoo.exceptions import UserError

from ...ledger.key import LEDGER


class KondoOperation(models.Model):
    """The change of a loan, in the books where it moves money, and in its schedules always."""

    _inherit = "kondo.operation"

    @api.private
    def _post_here(self, kind, uuid, company_id, values, mark):
        """A new schedule that moves no money is no operation: it is written without one, as safely."""
        if kind == "loan_change":
            change = self.env["kondo.loan.change"].sudo().browse(values["change_id"])
            if change.kind in ("rescheduled", "postponed"):
                return self._change_schedule_only(change)
        return super()._post_here(kind, uuid, company_id, values, mark)

    def _change_schedule_only(self, change):
        loan = change.loan_id
        loan._lock()
        change._check_change()
        terms, schedule = change._plan()
        change._put_in_force(terms, schedule)
        return {"loan_number": loan.name, "replayed": False}

    @api.private
    def _execute_loan_change(self, posting, values):
        """values: loan_id, change_id. Consolidation moves the loans taken over; a top-up pays the added amount out."""
        change = self.env["kondo.loan.change"].sudo().browse(values["change_id"])
        loan, others = change.loan_id, change.other_ids
        (loan | others)._lock()
        change._check_change()
        terms, schedule = change._plan()
        moved = 0
        for other in others:
            for component in ("principal", "accrued", "provision"):
                amount = other[component]
                if amount:
                    if component == "provision" and not loan.provision_account_id:
                        loan._set(provision_account_id=other.provision_account_id.id)
                    posting.move_loan(other, -amount, component)
                    posting.move_loan(loan, amount, component)
                    moved += amount if component == "principal" else 0
        if change.extra:
            if not loan.savings_account_id:
                raise UserError(self.env._("Enter the member's account on the loan first."))
            posting.move_loan(loan, change.extra)
            posting.move_savings(loan.savings_account_id, change.extra, rule="house")
            loan._set(disbursed=loan.disbursed + change.extra)
        change._put_in_force(terms, schedule, posting.operation_id)
        for other in others:
            self._drop_unasked(posting, other)
            other._set_state(
                "closed",
                closed_on=posting.business_date,
                consolidated_into_id=loan.id,
                ended_reason=self.env._("Taken over by %(number)s", number=loan.name),
            )
            other._refresh_position(posting.business_date)
            self._keep_holds(posting, other, loan)
        posting.label = change.display_name
        posting.values.update(
            amount=moved + change.extra, partner_id=loan.partner_id.id, loan_id=loan.id, note=change.reason
        )
        posting.answer.update(member_name=loan.partner_id.name, loan_number=loan.name)

    def _keep_holds(self, posting, other, loan):
        """What was held for a loan taken over is held for the one that takes it over."""
        for hold in self._holds_of(other):
            account, amount, reason = hold.account_id, hold.amount, hold.reason
            hold._release(self.env._("Held for %(number)s from now on", number=loan.name), origin=other.name)
            posting.after(
                lambda account=account, amount=amount, reason=reason: self.env["kondo.savings.hold"]._place(
                    account, amount, "guarantee", reason, origin=loan.name
                )
            )


class KondoLoanChange(models.Model):
    _inherit = "kondo.loan.change"

    def _check_change(self):
        """What must hold at the moment of the decision, with the loans locked."""
        _ = self.env._
        self.invalidate_recordset()
        loan, others = self.loan_id, self.other_ids
        if self.state != "draft":
            raise UserError(_("This change has been decided."))
        if any(one.state != "active" for one in loan | others):
            raise UserError(_("Nothing is owed on the loan %(number)s.", number=loan.name))
        if self.kind == "consolidated" and not others:
            raise UserError(_("Choose the loans that are taken over."))
        if others and (others.partner_id != loan.partner_id or others.company_id != loan.company_id):
            raise UserError(_("Only loans of the same member at the same caisse are consolidated."))
        if self.kind == "topped_up" and not self.extra:
            raise UserError(_("Enter the amount that is added."))
        if self.kind == "topped_up" and loan.days_late:
            raise UserError(_("The loan %(number)s is late: nothing is added to it.", number=loan.name))
        if self.kind == "postponed" and not self.months:
            raise UserError(_("Say by how many months the due dates move."))

    def _put_in_force(self, terms, schedule, operation_id=None):
        """Store the schedule, its TEG checked, the age of the arrears kept, and decide."""
        loan = self.loan_id.sudo()
        ceiling = loan.product_id._teg_ceiling(loan.company_id.business_date)
        _terms, _bare, rate = loan._plan(terms)
        teg = rate.actuarial if loan.product_id._teg_method() == "actuarial" else rate.proportional
        if round(teg, 4) > ceiling:
            raise UserError(
                self.env._(
                    "The TEG would be %(teg)s %%, above the ceiling of %(ceiling)s %%.",
                    teg=round(teg, 2),
                    ceiling=ceiling,
                )
            )
        penalties = sum(due.penalty for due in loan._dues())
        for other in self.other_ids.sudo():
            penalties += sum(due.penalty for due in other._dues())
        ages = [one.late_since for one in loan | self.other_ids.sudo() if one.late_since]
        record = loan._store_schedule(self.kind, terms, schedule, self.reason, operation_id, terms.start)
        first = record.sudo().instalment_ids.sorted("number")[:1]
        if penalties:
            first.with_context(kondo_ledger=LEDGER).penalty = penalties
        values = {"late_from_kept": min(ages) if ages else loan.late_from_kept}
        if self.kind in ("rescheduled", "postponed", "consolidated"):
            values.update(rescheduled_count=loan.rescheduled_count + 1, rescheduled_on=loan.company_id.business_date)
        loan._set(**values)
        self._decide("done", operation_id)
