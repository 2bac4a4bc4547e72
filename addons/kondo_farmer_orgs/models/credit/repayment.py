from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.kondo_microfinance.engine.words import spaced
from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER

from ...engine.parts import largest_remainder, whose_money

LISTS = "split_lists"  # in `posting.kept`: {loan id: {person id: francs}}, and
ADVANCES = "split_advances"  # {loan id: francs for the advance account}


class KondoLoan(models.Model):
    _inherit = "kondo.loan"

    @api.private
    def _pay_by_list(self, posting, by_person, advance=0):
        """Repay a locked loan inside an operation by a list that says whose money it is.

        :param by_person: {kondo.org.person id: francs}, all of them with a part in this loan
        :param advance: francs that nobody's name is on: they wait on the organisation's advance account
        :raises UserError: somebody without a part, or an advance without an account
        """
        self.ensure_one()
        operations = self.env["kondo.operation"]
        operations._name_payers(posting, self, by_person, advance)
        operations._pay_loan(posting, self, sum(by_person.values()) + advance)


class KondoOperation(models.Model):
    """Whatever a split loan receives is shared among its people in the same transaction.

    By the named list that comes with the payment; without one, in proportion to what is due of each. The rows are written
    where the payment is allocated to the loan, so that no way of paying passes them by.
    """

    _inherit = "kondo.operation"

    @api.private
    def _execute_loan_repayment(self, posting, values):
        """values: as ever, and for a loan that is split: split ([[person id, francs], …]) with advance (francs that
        nobody's name is on, for the organisation's advance account): together they are the amount.
        """
        if values.get("split") or values.get("advance"):
            loan = self._loan_of(posting, values)
            by_person = self._read_named_list(values.get("split") or [])
            advance = self._check_amount(values["advance"]) if values.get("advance") else 0
            amount = self._check_amount(values.get("amount"))
            named = sum(by_person.values()) + advance
            if named != amount:
                raise UserError(
                    self.env._(
                        "The list makes %(named)s F, the payment is %(amount)s F: they must be the same.",
                        named=spaced(named),
                        amount=spaced(amount),
                    )
                )
            self._name_payers(posting, loan, by_person, advance)
        super()._execute_loan_repayment(posting, values)

    def _read_named_list(self, rows):
        """{person id: francs} of [[person id, francs], …]; whoever stands twice is refused."""
        by_person = {}
        if not isinstance(rows, list | tuple) or any(
            not isinstance(row, list | tuple) or len(row) != 2 for row in rows
        ):
            raise UserError(self.env._("The request is not readable."))
        for person, francs in rows:
            person_id = self._check_id(person)
            if person_id in by_person:
                name = self.env["kondo.org.person"].sudo().browse(person_id).exists().name
                raise UserError(self.env._("%(name)s is in the list twice.", name=name or ""))
            by_person[person_id] = self._check_amount(francs)
        return by_person

    def _name_payers(self, posting, loan, by_person, advance=0):
        """Keep the list for the moment when the payment is allocated."""
        strangers = set(by_person) - set(loan.split_ids.person_id.ids)
        if strangers:
            people = self.env["kondo.org.person"].sudo().browse(sorted(strangers)).exists()
            people = people.filtered(lambda one: one.company_id.id == posting.company_id)
            raise UserError(
                self.env._(
                    "No part in the loan %(number)s: %(names)s.",
                    number=loan.name,
                    names=", ".join(people.mapped("name")) or "?",
                )
            )
        posting.kept.setdefault(LISTS, {})[loan.id] = by_person
        posting.kept.setdefault(ADVANCES, {})[loan.id] = advance

    @api.private
    def _share_repayment(self, posting, loan, shares):
        """Whose money a payment of this operation is, for the rooms whose sheets name people: {person id: francs}.

        Called before or after `_pay_loan`. Whoever has no part is left out: the money that no part's name is on is shared
        in proportion to what is due.
        """
        people = set(loan.split_ids.person_id.ids)
        by_person = {person: francs for person, francs in shares.items() if person in people and francs}
        if not by_person:
            return
        posting.kept.setdefault(LISTS, {})[loan.id] = by_person
        if posting.dry:
            return
        written = self._paid_of_parts(loan, posting.operation_id, operation_id=posting.operation_id)
        total = sum(written.values())
        if total:  # shared by dues already, under the same operation: taken back and shared by name
            self._write_part_payments(
                posting, loan, posting.operation_id, {part: -francs for part, francs in written.items()}
            )
            self._share_among_parts(posting, loan, posting.operation_id, total)
            loan._refresh_position(posting.business_date)

    # ------------------------------------------------------------------ hooks into the payment of a loan
    @api.private
    def _pay_loan(self, posting, loan, amount, mode="none"):
        advance = posting.kept.get(ADVANCES, {}).pop(loan.id, 0)
        if not advance:
            super()._pay_loan(posting, loan, amount, mode)
            return
        if advance >= amount:
            raise UserError(
                self.env._("Nobody's name is on this money: deposit it on the organisation's account instead.")
            )
        super()._pay_loan(posting, loan, amount - advance, mode)
        self._return_overpaid(posting, loan, advance)
        posting.show(self.env._("Advance, account %(number)s", number=loan._overpaid_account().number), advance)
        posting.answer.update(advance=advance)

    def _write_allocations(self, posting, loan, rows, payment_id=None, fee=0):
        super()._write_allocations(posting, loan, rows, payment_id, fee)
        if not posting.dry:
            amount = fee + sum(sum(parts.values()) for _row, parts in rows)
            self._share_among_parts(posting, loan, payment_id or posting.operation_id, amount)

    def _record(self, posting, loan, rows, payment):
        super()._record(posting, loan, rows, payment)
        if not posting.dry:
            amount = sum(sum(parts.values()) for _row, parts in rows)
            self._share_among_parts(posting, loan, payment.id, amount)

    # ------------------------------------------------------------------ rows
    def _share_among_parts(self, posting, loan, payment_id, amount):
        """Write whose money it is that a payment brings to the loan; below 0 takes back from those who brought it."""
        parts = loan.sudo().split_ids.sorted("id")
        if not parts or not amount:
            return
        if amount < 0:
            paid = self._paid_of_parts(loan, payment_id)
            own = [max(0, paid.get(part.id, 0)) for part in parts]
            shares = [-francs for francs in largest_remainder(-amount, own)]
        else:
            listed = {}
            if payment_id == posting.operation_id:
                listed = posting.kept.get(LISTS, {}).pop(loan.id, {})
            standing = parts._standing(posting.business_date)
            shares = whose_money(
                amount,
                [standing[part.id] for part in parts],
                [listed.get(part.person_id.id, 0) for part in parts],
                parts.mapped("granted"),
            )
        self._write_part_payments(posting, loan, payment_id, dict(zip(parts.ids, shares, strict=True)))

    def _paid_of_parts(self, loan, payment_id, operation_id=None):
        """{part id: francs} that a payment stands for; of those that `operation_id` wrote only, when it is given."""
        domain = [("loan_id", "=", loan.id), ("payment_id", "=", payment_id)]
        if operation_id:
            domain.append(("operation_id", "=", operation_id))
        payments = self.env["kondo.loan.split.payment"].sudo()
        return {part.id: francs for part, francs in payments._read_group(domain, ["split_id"], ["amount:sum"])}

    def _write_part_payments(self, posting, loan, payment_id, shares):
        """Rows of {part id: francs}, those of nothing left out."""
        rows = self.env["kondo.loan.split.payment"].sudo().with_context(kondo_ledger=LEDGER)
        rows.create(
            [
                {
                    "split_id": part_id,
                    "loan_id": loan.id,
                    "company_id": loan.company_id.id,
                    "operation_id": posting.operation_id,
                    "payment_id": payment_id,
                    "amount": francs,
                }
                for part_id, francs in shares.items()
                if francs
            ]
        )
        rows.flush_model()
