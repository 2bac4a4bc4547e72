from dataclasses import replace
from statistics import mode

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ....engine.words import spaced
from ...ledger.key import LEDGER
from ...ledger.operation_limit import LIMITED

LIMITED.add("loan_disbursement")


class KondoOperation(models.Model):
    """Paying a loan out, whole or by tranches, at a till or to the member's account."""

    _inherit = "kondo.operation"

    @api.model
    @api.private
    def _counter_kinds(self):
        return super()._counter_kinds() | {"loan_disbursement", "loan_repayment"}

    @api.private
    def _execute_loan_disbursement(self, posting, values):
        """values: loan_id, paid ("cash" with session_id, "account", or as `_pay_elsewhere` knows), bearer?, note?,
        approval_id?
        """
        self.env["kondo.four.eyes"]._check_group("group_teller", "group_caisse_manager")
        loan = self._loan_of(posting, values)
        cash = values.get("paid", "cash" if values.get("session_id") else "account") == "cash"
        gross = self._check_payout(posting, loan)
        terms, schedule, charges = self._payout_plan(posting, loan)
        kept = sum(amount for _charge, amount in charges)
        up_front = schedule.interest_up_front if loan.state == "approved" else 0
        taken = self._charges_taken(loan, values)
        net = gross - (kept + up_front if taken == "net" else 0)
        if net <= 0:
            raise UserError(self.env._("The charges are higher than what is paid out."))
        self._check_authorised(posting, values, self.env["kondo.savings.product"], gross)
        till = None
        if cash:
            till = posting.take_till(self._check_id(values.get("session_id")), -net)
        elif values.get("session_id"):
            till = posting.take_till(self._check_id(values["session_id"]), 0)
        loan._lock()
        if self._check_payout(posting, loan) != gross:
            raise UserError(self.env._("This loan has just been changed by somebody else. Start again."))
        first = loan.state == "approved"
        self._put_in_force(posting, loan, terms, schedule, first)
        posting.move_loan(loan, gross)
        if cash:
            posting.add_leg(till["account_id"], -net, till_id=till["id"])
            posting.answer.update(till_cash=till["cash"], cash_after={till["id"]: till["cash"]})
        else:
            self._pay_elsewhere(posting, loan, net, values)
        self._charge_legs(posting, loan, charges)
        if up_front:
            income = loan.product_id._account("interest_income", loan.term_class)
            posting.add_leg(income.id, -up_front, partner_id=loan.partner_id.id)
        if taken != "net" and kept + up_front:
            posting.move_savings(self._payout_account(loan), -(kept + up_front), rule="house")
        self._move_commitment(posting, loan, -min(gross, loan.commitment), "paid_out")
        if first and not posting.dry:
            built = sum(amount for charge, amount in charges if charge.kind == "guarantee")
            posting.after(lambda: self._hold_asked_guarantee(loan, built))
        posting.label = self.env._("Disbursement of the loan %(number)s", number=loan.name)
        posting.values.update(
            amount=gross,
            partner_id=loan.partner_id.id,
            loan_id=loan.id,
            savings_account_id=None if cash else loan.savings_account_id.id,
            bearer=self._check_text(values.get("bearer")),
            note=self._check_text(values.get("note")),
        )
        first_row = next(row for row in schedule.rows if row.due > posting.business_date)
        posting.answer.update(
            member_name=loan.partner_id.name,
            loan_number=loan.name,
            paid_out=net,
            kept=[
                *([charge.name, amount] for charge, amount in charges),
                *([[self.env._("Interest paid in advance"), up_front]] if up_front else []),
            ],
            first_due=fields.Date.to_string(first_row.due),
            first_amount=first_row.total,
        )
        self._show_payout(posting, loan, schedule, charges, up_front, net)

    # ------------------------------------------------------------------ may it be paid out
    def _check_payout(self, posting, loan):
        """Francs to pay out now, or a refusal that says why not."""
        _ = self.env._
        gross = loan._next_payout()
        if loan.state not in ("approved", "active") or gross <= 0:
            raise UserError(_("Nothing is to be paid out on the loan %(number)s.", number=loan.name))
        self.env["kondo.four.eyes"]._check_second_person(
            loan.approved_by_id, _("You granted this loan: another person pays it out.")
        )
        tranche = loan._next_tranche() if loan.state == "active" else None
        if tranche and tranche.on > posting.business_date:
            raise UserError(_("The next tranche is paid out from %(day)s on.", day=format_date(self.env, tranche.on)))
        if tranche and loan.days_late:
            raise UserError(_("The loan %(number)s is late: no further tranche is paid out.", number=loan.name))
        blocking = loan._check_blocking()
        if blocking:
            raise UserError("\n".join(blocking))
        return gross

    def _payout_plan(self, posting, loan):
        """(LoanTerms, LoanSchedule, [(charge record, francs) taken today]) by the real day of the disbursement."""
        day = posting.business_date
        if loan.state == "approved":
            first_due = loan.first_due if loan.first_due and loan.first_due > day else None
            terms = replace(loan._terms(), start=day, first_due=first_due)
            if any(due <= day for due in terms.due_dates):
                raise UserError(self.env._("A due date is over already: enter the dates of the loan again."))
            tranches = tuple(tranche for tranche in terms.tranches if tranche.on > day)
            if len(tranches) != len(terms.tranches):
                raise UserError(self.env._("A tranche is planned before today: enter the tranches of the loan again."))
        else:
            from_json = loan._stored_terms()
            late = loan._next_tranche()
            tranches = loan._tranches_paid_on(day, late, from_json)
            terms = replace(from_json, tranches=tranches, **self._agreed_level(loan, from_json))
        _terms, schedule, _rate = loan._plan(terms)
        charges = [
            (loan.product_id._charge_record(charge.name), charge.amount)
            for charge in schedule.charges
            if charge.due == day and charge.amount
        ]
        return terms, schedule, charges

    def _agreed_level(self, loan, terms):
        """A tranche paid out later than planned leaves the instalment as it was agreed, and so what is past; the last
        instalment takes the difference. Other schedules change after the day only, whatever is said here.
        """
        if terms.level_amount or terms.amortization != "equal_installments" or terms.method != "declining":
            return {}
        return {"level_amount": mode(row.principal + row.interest for row in loan._schedule().rows if row.principal)}

    def _put_in_force(self, posting, loan, terms, schedule, first):
        """The accounts, the state and the schedule of a loan from this disbursement on."""
        product = loan.product_id
        if first:
            term_class = loan._term_class(terms.start, schedule.rows[-1].due)
            loan._set_state(
                "active",
                start_on=posting.business_date,
                disbursed_on=posting.business_date,
                disbursed=terms.first_tranche,
                term_class=term_class,
                stage="performing",
                ledger_account_id=product._account("principal", term_class).id,
                accrued_account_id=product._account("accrued", term_class).id,
            )
            loan._store_schedule("disbursed", terms, schedule, operation_id=posting.operation_id)
            return
        tranche = loan._next_tranche()
        moved = terms.tranches != loan._stored_terms().tranches
        tranche.with_context(kondo_ledger=LEDGER).write(
            {"on": posting.business_date, "disbursed": True, "operation_id": posting.operation_id}
        )
        loan._set(disbursed=loan.disbursed + tranche.amount)
        if moved:
            self._replace_schedule(posting, loan, terms, schedule)

    def _replace_schedule(self, posting, loan, terms, schedule):
        """Put the schedule that follows from another amount paid out in force; payments are allocated anew over it."""
        before = loan.schedule_id.instalment_ids
        payments = self._payments_of(loan).filtered(
            lambda payment: any(row in before for row in self._standing(loan, payment))
        )
        loan._store_schedule(
            "tranche", terms, schedule, operation_id=posting.operation_id, from_on=posting.business_date
        )
        self._replay(posting, loan, payments)

    # ------------------------------------------------------------------ legs
    def _charges_taken(self, loan, values):
        """Whether the charges are taken off what is paid out ("net") or from the member's account ("account")."""
        return loan.product_id.charges_taken

    def _pay_elsewhere(self, posting, loan, net, values):
        """The leg of `net` francs that do not leave a till: to the member's account."""
        posting.move_savings(self._payout_account(loan), net, rule="house")

    def _payout_account(self, loan):
        if not loan.savings_account_id:
            raise UserError(self.env._("Enter the member's account on the loan first."))
        return loan.savings_account_id

    def _charge_legs(self, posting, loan, charges):
        """What is taken at the disbursement, each on its account; savings of guarantee to the guarantee account."""
        for charge, amount in charges:
            if charge.kind == "guarantee":
                posting.move_savings(self._guarantee_account(loan), amount, rule="house")
            else:
                account = loan.product_id._charge_account(charge)
                posting.add_leg(account.id, -amount, partner_id=loan.partner_id.id, label=charge.name)

    def _hold_asked_guarantee(self, loan, built):
        """Hold what the loan asks for on the guarantee account; `built` francs of it came with this operation."""
        holds, reason = self.env["kondo.savings.hold"], self.env._("Guarantee of the loan %(number)s", number=loan.name)
        for guarantor in loan.guarantor_ids.filtered("held"):
            holds._place(guarantor.account_id.sudo(), guarantor.held, "guarantee", reason, origin=loan.name)
        asked = max(loan.guarantee_savings, built)
        account = loan.guarantee_account_id.sudo()
        if not asked or not account:
            return
        account.invalidate_recordset()
        held = min(asked, account.balance - account.blocked)
        if held < asked:
            raise UserError(
                self.env._(
                    "%(asked)s F of guarantee savings are asked for; %(there)s F are free on the account %(number)s.",
                    asked=spaced(asked),
                    there=spaced(max(0, held)),
                    number=account.number,
                )
            )
        self._hold_guarantee(loan, asked)

    # ------------------------------------------------------------------ what the person at the counter sees
    def _show_payout(self, posting, loan, schedule, charges, up_front, net):
        _ = self.env._
        posting.show(_("Loan"), f"{loan.name} · {loan.product_id.name}")
        for charge, amount in charges:
            posting.show(charge.name, -amount if charge.kind != "guarantee" else amount)
        if up_front:
            posting.show(_("Interest paid in advance"), -up_front)
        posting.show(_("Given to the member"), net)
        first = next(row for row in schedule.rows if row.due > posting.business_date)
        posting.show(_("First instalment"), f"{spaced(first.total)} F · {format_date(self.env, first.due)}")
