from odoo import api, models
from odoo.exceptions import UserError

from .change import KINDS
from .loan import RESTRUCTURING


class KondoLoanChange(models.Model):
    """Carrying out a change: in the books where it moves money, in the schedules always, all or nothing."""

    _inherit = "kondo.loan.change"

    def _carry_out(self):
        """Lock, check again, and put the change in force, in a transaction of its own.

        A new schedule that moves no money is no operation of the ledger; it holds the same locks.
        """
        self.ensure_one()
        service = self.env["kondo.operation"]
        with service._posting_env() as env:
            change = self.with_env(env)
            company = change.sudo().company_id
            env.cr.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", (service._day_lock, company.id))
            company.invalidate_recordset(["business_date"])
            if not company.business_date:
                raise UserError(self.env._("No business day is open in this caisse. The manager opens it first."))
            plan = change._locked_plan()
            if change._moves_money(plan):
                key = change._key()
                values = {"loan_id": change.loan_id.id, "change_id": change.id}
                env["kondo.operation"]._post_here("loan_change", key, company.id, values, key)
            else:
                change._put_in_force(plan)

    def _locked_plan(self):
        """The `Plan`, decided under the locks of the loans; UserError when the change may no longer be made."""
        loans = (self.loan_id | self.other_ids).sudo()
        loans._lock()
        self.env.cr.execute("SELECT id FROM kondo_loan_change WHERE id = %s FOR UPDATE", (self.id,))
        self.invalidate_recordset()
        if self.state != "draft":
            raise UserError(self.env._("This change has been decided."))
        loans._refresh_position(loans.company_id.business_date)
        self._check_request()
        self._check_level()
        plan = self._plan()
        self._check_teg(plan)
        return plan

    def _late_from(self):
        """The oldest day from which one of the loans is late, or was when it was changed before; False when none."""
        days = [
            day for loan in (self.loan_id | self.other_ids).sudo() for day in (loan.late_since, loan.late_from_kept)
        ]
        return min(filter(None, days), default=False)

    def _new_stage(self):
        """The class after the change: that of the worst of the loans, unless changed loans go to 291."""
        if self._to_immobilised(self._late_from()):
            return "immobilised"
        return (self.loan_id | self.other_ids).sudo()._worst()

    def _moves_money(self, plan):
        loan = self.loan_id.sudo()
        return bool(self.other_ids or self.extra or plan.capitalised or self._new_stage() != loan.stage)

    def _put_in_force(self, plan, operation_id=None):
        """Store the schedule, keep the age of the arrears, note the flags of the returns, decide."""
        loan, others = self.loan_id.sudo(), self.other_ids.sudo()
        penalties = sum(due.penalty for one in loan | others for due in one._dues())
        values = {"late_from_kept": self._late_from()}
        if self.kind in RESTRUCTURING:
            values.update(
                restructured=True,
                rescheduled_count=loan.rescheduled_count + 1,
                rescheduled_on=loan.company_id.business_date,
            )
        schedule = loan._store_schedule(
            self.kind, plan.terms, plan.schedule, self.reason, operation_id, plan.terms.start
        )
        loan._ask_more(schedule, plan.more, penalties)
        loan._set(**values)
        loan._refresh_position(loan.company_id.business_date)
        self._decide("done", operation_id=operation_id, schedule_id=schedule.id)
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        loan.message_post(
            body=self.env._(
                "%(kind)s: %(reason)s. Asked by %(asked)s, decided by %(decided)s.",
                kind=kinds[self.kind],
                reason=self.reason,
                asked=self.sudo().asked_by_id.name,
                decided=self.env.user.name,
            )
        )


class KondoOperation(models.Model):
    """The entries of a change, and what can no longer be reversed after it."""

    _inherit = "kondo.operation"

    @api.private
    def _execute_loan_change(self, posting, values):
        """values: loan_id, change_id. Consolidation moves the loans taken over; a top-up pays the added amount out."""
        change = self.env["kondo.loan.change"].browse(values["change_id"])
        plan = change._locked_plan()
        loan, others = change.loan_id.sudo(), change.other_ids.sudo()
        moved = self._move_others(posting, loan, others)
        stage = change._new_stage()
        account = loan.product_id._account("principal" if stage == "performing" else stage, loan.term_class)
        reclassed = 0
        if account != loan.ledger_account_id:
            reclassed = loan.principal
            posting.move_loan(loan, -reclassed)
            posting.move_loan(loan, reclassed, gl_account=account)
        joined = sum(plan.capitalised.values())
        added = moved + change.extra + joined
        if added:
            posting.move_loan(loan, added, gl_account=account)
        self._capitalise(posting, loan, others, plan.capitalised)
        if change.extra:
            self._charge_legs(posting, loan, plan.charges)
            paid = change.extra - sum(amount for _charge, amount in plan.charges)
            if paid <= 0:
                raise UserError(self.env._("The charges are higher than what is paid out."))
            posting.move_savings(loan.savings_account_id, paid, rule="house")
            built = sum(amount for charge, amount in plan.charges if charge.kind == "guarantee")
            if built:
                posting.after(lambda: self._hold_guarantee(loan, built))
        change._put_in_force(plan, posting.operation_id)
        loan._set(stage=stage, ledger_account_id=account.id, disbursed=loan.disbursed + change.extra)
        for other in others:
            self._close_taken_over(posting, other, loan)
        posting.label = change.display_name
        posting.values.update(
            amount=added or reclassed,
            partner_id=loan.partner_id.id,
            loan_id=loan.id,
            savings_account_id=loan.savings_account_id.id if change.extra else None,
            note=change.reason,
        )
        posting.answer.update(member_name=loan.partner_id.name, loan_number=loan.name)

    def _move_others(self, posting, loan, others):
        """Take principal, interest and provisions off the loans taken over; francs of principal.

        The principal is not on the loan yet: the caller puts it on the account of its new class.
        """
        for other in others:
            posting.move_loan(other, -other.principal)
            for component in ("accrued", "provision", "reserved"):
                amount = other[component]
                if not amount:
                    continue
                if not loan[f"{component}_account_id"]:
                    loan._set(**{f"{component}_account_id": other[f"{component}_account_id"].id})
                posting.move_loan(other, -amount, component)
                posting.move_loan(loan, amount, component)
        return sum(others.mapped("principal"))

    def _capitalise(self, posting, loan, others, parts):
        """What joins the principal: interest booked as accrued first, the rest is income of the day."""
        parts = dict(parts)
        interest = parts.pop("interest", 0)
        accrued = min(interest, loan.accrued + sum(others.mapped("accrued")))
        self._accrued_paid(posting, loan, accrued)
        if interest - accrued:
            income = loan.product_id._account("interest_income", loan.term_class)
            posting.add_leg(income.id, accrued - interest, partner_id=loan.partner_id.id)
        self._loan_legs(posting, loan, parts)

    def _close_taken_over(self, posting, other, loan):
        """The loan taken over ends; its guarantees answer for the one that takes it over."""
        _ = self.env._
        self._drop_unasked(posting, other)
        other._set_state(
            "closed",
            closed_on=posting.business_date,
            consolidated_into_id=loan.id,
            ended_reason=_("Taken over by %(number)s", number=loan.name),
            late_from_kept=False,
        )
        other._refresh_position(posting.business_date)
        self._keep_holds(posting, other, loan)
        names = [*other.guarantor_ids.mapped("name"), *other.collateral_ids.mapped("name")]
        if names:
            loan.message_post(
                body=_(
                    "Guarantees of the loan %(number)s that answer for this one too: %(names)s. Have their deeds renewed.",
                    number=other.name,
                    names=", ".join(names),
                )
            )

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

    def _check_loan_reversal(self, original, loan):
        """A payment or disbursement before a change stays: the change was made of what it left."""
        super()._check_loan_reversal(original, loan)
        changed = loan.schedule_ids.filtered(lambda one: one.reason in dict(KINDS))
        if not changed:
            return
        last = max(changed.mapped("number"))
        rows = self._standing(loan, original)
        before = any(row and row.schedule_id.number < last for row in rows)
        if before or original.kind == "loan_disbursement":
            raise UserError(
                self.env._(
                    "The schedule of the loan %(number)s has been changed since: this can no longer be reversed. Ask for"
                    " another change that puts it right.",
                    number=loan.name,
                )
            )


class KondoLoanCollateral(models.Model):
    _inherit = "kondo.loan.collateral"

    def action_return(self):
        """What is pledged for a loan that was taken over stays until the loan that took it over is repaid."""
        for pledge in self:
            taker = pledge.loan_id.sudo()
            while taker.consolidated_into_id:
                taker = taker.consolidated_into_id
            if taker != pledge.loan_id and taker.state not in ("closed", "written_off"):
                raise UserError(
                    self.env._("The loan %(number)s is not repaid: its collateral stays here.", number=taker.name)
                )
        return super().action_return()
