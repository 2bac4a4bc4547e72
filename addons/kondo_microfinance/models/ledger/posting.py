"""One operation being written: what a handler collects, and the order in which it reaches the database."""

import json

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.ledger import Leg, leg_faults
from ...engine.words import spaced
from .batch import SavingsBatch
from .entry import LEAN, SharedEntry, entry_line
from .loan_batch import SIDES, LoanBatch
from .savings_guard import guarded_update

# What writing an entry reads of the records around it. Read in one go, because Odoo otherwise reads all hundred columns
# of each. A field missing here is only slower.
READ = {
    "res.company": [
        "account_fiscal_country_id", "account_purchase_receipt_fiscal_position_id", "account_storno", "active",
        "currency_id", "fiscalyear_lock_date", "hard_lock_date", "kondo_code", "parent_path", "quick_edit_mode",
        "tax_calculation_rounding_method", "tax_lock_date",
    ],
    "res.currency": ["active", "decimal_places", "rounding"],
    "account.journal": [
        "active", "code", "company_id", "currency_id", "default_account_id", "is_self_billing", "payment_sequence",
        "refund_sequence", "restrict_mode_hash_table", "sequence_override_regex", "suspense_account_id", "type",
    ],
    "account.account": ["account_type", "active", "company_ids", "currency_id", "reconcile", "tax_ids"],
    "kondo.operation": ["company_id"],
}  # fmt: skip


class Posting:
    """Collects the legs of one operation, then books, guards and seals them.

    A handler calls `take_till`, `move_savings` and `add_leg`; `seal` does the rest in one lock order: the claimed
    UUID, the till, the journal's number, then savings accounts by id. Guards come last, so that a contended account
    is locked for the time of a few statements only.
    """

    def __init__(self, env, operation_id, kind, company_id, business_date, dry=False):
        self.env = env
        self.dry = dry  # a preview: everything is rolled back, and `seal` is never called
        self.operation_id = operation_id
        self.kind = kind
        self.company_id = company_id
        self.business_date = business_date
        self.legs = []
        self.savings = {}  # savings account id -> [change in francs, rule]
        self.shares = {}  # share holding id -> change in francs
        self.loans = {}  # (loan id, component) -> change in francs
        self.many = None  # a batch of savings legs, see batch.py
        self.values = {}  # columns of the operation set at the end
        self.answer = {}
        self.journal_id = None
        self.till_locked = False
        self.label = ""
        self.others = {}  # company id -> posting of another caisse under the same UUID
        self.kept = {}  # what a handler keeps for the moment after the seal
        self.then = []  # what is done in the same transaction once every balance has moved
        self.shown = []  # what a preview tells the person at the counter
        self.missing_approval = None
        company = self._read("res.company", company_id)
        self._read("res.company", *(int(parent) for parent in company.parent_path.split("/")[:-2]))

    # ------------------------------------------------------------------ collecting
    def add_leg(self, account_id, amount, **where):
        """One leg of `amount` francs, debit positive; `where` names sub-account and partner."""
        self.legs.append(Leg(account_id, amount, **where))

    def take_till(self, session_id, change, anybody=False):
        """Lock the till of an open session, move its cash by `change` francs and draw the receipt number.

        :param anybody: a manager works through the till of the session's teller
        :return: dict of the till (id, code, name, cash after, account_id, journal_id)
        :raises UserError: the session is not open, is another's or of another day, or the cash is short
        """
        row = self._one(
            SQL(
                """UPDATE kondo_till t SET cash = t.cash + %(change)s, last_receipt = t.last_receipt + 1
                     FROM kondo_till_session s
                    WHERE s.id = %(session)s AND t.id = s.till_id AND t.open_session_id = s.id AND s.state = 'open'
                      AND (%(anybody)s OR s.user_id = %(user)s) AND s.company_id = %(company)s AND s.business_date = %(date)s
                      AND t.cash + %(change)s >= 0
                RETURNING t.id, t.code, t.name, t.cash, t.account_id, t.journal_id, t.last_receipt""",
                change=change,
                session=session_id,
                user=self.env.uid,
                anybody=anybody,
                company=self.company_id,
                date=self.business_date,
            )
        )
        if not row and anybody:
            raise UserError(
                self.env._("The till of this operation is closed or short of cash: it can no longer be reversed there.")
            )
        if not row:
            self._explain_till(session_id, change)
        self._use_till(row, session_id)
        return row

    def take_cash(self, till_id, change):
        """Move the cash of a vault, or of a till outside its window, by `change` francs; same result as take_till."""
        row = self._one(
            SQL(
                """UPDATE kondo_till SET cash = cash + %(change)s, last_receipt = last_receipt + 1
                    WHERE id = %(till)s AND company_id = %(company)s AND cash + %(change)s >= 0
                RETURNING id, code, name, cash, account_id, journal_id, last_receipt""",
                change=change,
                till=till_id,
                company=self.company_id,
            )
        )
        if not row:
            raise UserError(self.env._("There is not enough cash there for this."))
        if not self.till_locked:
            self._use_till(row, None)
        return row

    def _use_till(self, row, session_id):
        code = self.env["res.company"].sudo().browse(self.company_id).kondo_code
        self.journal_id = row["journal_id"]
        self.till_locked = True
        self.values.update(
            till_id=row["id"],
            session_id=session_id,
            receipt_number=f"{code}-{row['code']}-{row['last_receipt']:06d}",
        )

    def move_savings(self, account, change, rule="window", gl_account=None, label=""):
        """Move a savings account by `change` francs (plus for the member) with its leg on the account's ledger account.

        :param rule: how far it may go down and what may stop it, see `savings_guard.py`; of several movements of one
            account in an operation the first one's rule holds
        :param gl_account: given when the leg belongs on the ledger account of an earlier one
        """
        account.partner_id.sudo().fetch(["name"])
        known = self.savings.setdefault(account.id, [0, rule])
        known[0] += change
        self.add_leg(
            (gl_account or account.ledger_account_id).id,
            -change,
            savings_account_id=account.id,
            partner_id=account.partner_id.id,
            label=label,
        )

    def move_shares(self, holding, change, gl_account=None, label=""):
        """Move the paid-up francs of a share holding by `change` (plus for the member), with its leg."""
        self.shares[holding.id] = self.shares.get(holding.id, 0) + change
        self.add_leg(
            (gl_account or holding.ledger_account_id).id,
            -change,
            share_holding_id=holding.id,
            partner_id=holding.partner_id.id,
            label=label,
        )

    def move_loan(self, loan, change, component="principal", gl_account=None, label=""):
        """Move what a loan stands for by `change` francs, with its leg on the account of the component.

        :param component: ``principal`` outstanding, ``accrued`` interest booked and not yet paid, ``provision`` set aside,
            or ``reserved``: accrued interest that is no income yet; plus is more of it (a debit of the first two, a
            credit of the others)
        :param gl_account: given when the leg belongs on another account than the loan's present one
        """
        key = (loan.id, component)
        self.loans[key] = self.loans.get(key, 0) + change
        self.add_leg(
            (gl_account or loan._component_account(component)).id,
            SIDES[component] * change,
            loan_id=loan.id,
            loan_component=component,
            partner_id=loan.partner_id.id,
            label=label,
        )

    def move_many(self, query, rule="house"):
        """Move as many savings accounts as `query` has rows, one leg each, by set-based SQL; once per operation.

        :param query: SQL whose rows are (savings_account_id, change in francs, label, sequence)
        :return: [(ledger account id, francs)] already on the ledger's side, debit positive; the caller adds the
            counterpart legs that bring the sum to zero
        """
        self.many = SavingsBatch(self, query, rule)
        return self.many.totals

    def move_many_loans(self, query):
        """Move as many loans as `query` has rows, one leg each, by set-based SQL; once per operation.

        :param query: SQL whose rows are (loan_id, component, change in francs, ledger account id, sequence); plus is more
            of the component
        :return: [(ledger account id, francs)] already on the ledger's side, debit positive
        """
        self.many = LoanBatch(self, query)
        return self.many.totals

    def show(self, label, value):
        """A row for the person at the counter: `value` is francs (int) or text."""
        self.shown.append({"label": label, "value": value})

    def after(self, done):
        """Call `done()` in this transaction once every balance has moved: holds on money that has just come, for instance."""
        self.then.append(done)

    def check_savings(self):
        """Refuse, without moving anything, what the guards would refuse."""
        for account_id, (change, rule) in self.savings.items():
            self.env["kondo.savings.account"].sudo().browse(account_id)._check_movement(change, rule)

    # ------------------------------------------------------------------ writing
    def seal(self):
        """Book the entry, guard the balances, write the legs, close the operation. Returns the answer (dict)."""
        faults = leg_faults(self._ledger_legs())
        if faults:
            raise UserError(self.env._("This operation does not balance (%(faults)s).", faults=", ".join(faults)))
        move = self._book()
        balances = self._guard_savings()
        holdings = self._guard_shares()
        loans = self._guard_loans()
        self._write_legs(balances, holdings, loans)
        if self.many:
            self.many.write(len(self.legs))
        self.answer.update(
            operation_id=self.operation_id,
            kind=self.kind,
            receipt_number=self.values.get("receipt_number"),
            amount=self.values["amount"],
            business_date=fields.Date.to_string(self.business_date),
            posted_at=fields.Datetime.to_string(fields.Datetime.now()),
        )
        account_id = self.values.get("savings_account_id")
        if account_id in balances:
            change = self.savings[account_id][0]
            self.answer.update(balance_after=balances[account_id], balance_before=balances[account_id] - change)
        counter_id = self.values.get("counter_account_id")
        if counter_id in balances:
            change = self.savings[counter_id][0]
            self.answer.update(counter_after=balances[counter_id], counter_before=balances[counter_id] - change)
        self.values.update(
            state="posted",
            move_id=move.id,
            posted_at=self.answer["posted_at"],
            answer=json.dumps(self.answer),
        )
        columns = SQL(", ").join(SQL("%s = %s", SQL.identifier(name), value) for name, value in self.values.items())
        self.env.cr.execute(SQL("UPDATE kondo_operation SET %s WHERE id = %s", columns, self.operation_id))
        for done in self.then:
            done()
        if not self.others:
            self.prove()
        self.env["kondo.operation"].browse(self.operation_id).invalidate_recordset()
        return self.answer

    def prove(self):
        """Let the database prove, now and not only at the commit, that every operation of the transaction balances.

        Of operations that belong together (`others`), the last one sealed proves them all.
        """
        self.env.cr.execute(
            "SET CONSTRAINTS kondo_operation_balanced IMMEDIATE; SET CONSTRAINTS kondo_operation_balanced DEFERRED"
        )

    def _ledger_legs(self):
        """What the journal entry says: the legs, those of a batch summed by ledger account."""
        return [*self.legs, *(self.many.ledger_legs() if self.many else [])]

    def _book(self):
        """The journal entry, created and posted with what Odoo would otherwise work out at a cost."""
        shared = self.env.context.get("kondo_entry")
        if isinstance(shared, SharedEntry) and shared.takes(self):
            return shared.draft(self.env)
        company = self.env["res.company"].sudo().browse(self.company_id)
        currency_id = company.currency_id.id
        self._read("res.currency", currency_id)
        legs = self._ledger_legs()
        self._read("account.account", *{leg.account_id for leg in legs})
        self._read("kondo.operation", self.operation_id)
        journal = self._read("account.journal", self.journal_id or company.general_journal_id.id)
        name, context = self._next_name(journal)
        label = self.label or self.values.get("receipt_number") or self.kind
        move = (
            self.env["account.move"]
            .sudo()
            .with_company(company)
            .with_context(**LEAN, **context)
            .create(
                {
                    "move_type": "entry",
                    "company_id": self.company_id,
                    "journal_id": journal.id,
                    "date": self.business_date,
                    "invoice_partner_display_name": self._member_name(),
                    "is_manually_modified": False,
                    **name,
                    "ref": self.values.get("receipt_number"),
                    "kondo_operation_id": self.operation_id,
                    "line_ids": [
                        (
                            0,
                            0,
                            {
                                **entry_line(
                                    leg.account_id,
                                    leg.amount,
                                    leg.label or label,
                                    currency_id,
                                    self.business_date,
                                    index,
                                ),
                                "partner_id": leg.partner_id,
                                "move_name": name.get("name"),
                            },
                        )
                        for index, leg in enumerate(legs, 1)
                    ],
                }
            )
        )
        move._post(soft=False)
        move.env.flush_all()
        return move

    def _member_name(self):
        """Whom the accountant sees beside the entry in Odoo's lists."""
        partner_id = next((leg.partner_id for leg in self.legs if leg.partner_id), None)
        return self.env["res.partner"].sudo().browse(partner_id).name if partner_id else False

    def _next_name(self, journal):
        """The number of the entry after the last one of a till's journal, and what the ORM need no longer look for.

        The till's row is locked by `take_till` or `take_cash` until the commit, and only operations post in its
        journal: nobody can take this number in between, and READ COMMITTED shows the last one. Odoo itself numbers
        the first entry of a year, and those of the general journal, where there is no such lock.

        :return: (values of the entry, its context)
        """
        prefix = f"{journal.code}/{self.business_date.year}/"
        if not self.till_locked or journal.sequence_override_regex or not journal.restrict_mode_hash_table:
            return {}, {}
        last = self._one(
            SQL(
                """SELECT name, sequence_number, inalterable_hash FROM account_move
                    WHERE journal_id = %s AND sequence_prefix = %s AND state = 'posted'
                    ORDER BY sequence_number DESC LIMIT 1""",
                journal.id,
                prefix,
            )
        )
        if not last or not last["inalterable_hash"]:
            return {}, {}
        number = last["sequence_number"] + 1
        name = f"{prefix}{number:0{len(last['name']) - len(prefix)}d}"
        return {"name": name}, {"kondo_chain": (name, last["inalterable_hash"])}

    def _guard_savings(self):
        """Move each account by one guarded UPDATE, in the order of ids. Returns {account id: balance after}."""
        balances = {}
        for account_id in sorted(self.savings):
            change, rule = self.savings[account_id]
            row = self._one(guarded_update(rule, account_id, change, self.company_id, self.business_date))
            if not row:
                account = self.env["kondo.savings.account"].sudo().browse(account_id)
                account.invalidate_recordset()
                account._refuse_movement(change, rule)
            balances[account_id] = row["balance"]
        return balances

    def _guard_shares(self):
        """Move each holding by one guarded UPDATE, in the order of ids. Returns {holding id: paid after}."""
        paid = {}
        for holding_id in sorted(self.shares):
            change = self.shares[holding_id]
            row = self._one(
                SQL(
                    """UPDATE kondo_share_holding SET paid = paid + %(change)s
                        WHERE id = %(holding)s AND company_id = %(company)s AND paid + %(change)s >= 0
                    RETURNING paid""",
                    change=change,
                    holding=holding_id,
                    company=self.company_id,
                )
            )
            if not row:
                raise UserError(self.env._("This member does not have that much in shares."))
            paid[holding_id] = row["paid"]
        return paid

    def _guard_loans(self):
        """Move each loan by one guarded UPDATE, in the order of ids. Returns {(loan id, component): francs after}."""
        after = {}
        for loan_id, component in sorted(self.loans):
            change = self.loans[loan_id, component]
            column = SQL.identifier(component)
            row = self._one(
                SQL(
                    """UPDATE kondo_loan SET %(column)s = %(column)s + %(change)s
                        WHERE id = %(loan)s AND company_id = %(company)s AND %(column)s + %(change)s >= 0
                    RETURNING %(column)s AS francs""",
                    column=column,
                    change=change,
                    loan=loan_id,
                    company=self.company_id,
                )
            )
            if not row:
                raise UserError(self.env._("This loan does not have that much left to pay."))
            after[loan_id, component] = row["francs"]
        if after:
            self.env["kondo.loan"].browse({loan_id for loan_id, _component in after}).invalidate_recordset(
                list(SIDES), flush=False
            )
            changes = {
                loan_id: change for (loan_id, part), change in self.loans.items() if part == "principal" and change
            }
            if changes:
                self.env["kondo.loan"]._principal_moved(self, changes)
        return after

    def _write_legs(self, balances, holdings, loans):
        cash = self.answer.get("cash_after", {})
        columns = [
            "operation_id", "sequence", "company_id", "business_date", "account_id", "amount", "savings_account_id",
            "till_id", "partner_id", "balance_after", "label",
        ]  # fmt: skip
        rows = [
            [
                self.operation_id,
                sequence,
                self.company_id,
                self.business_date,
                leg.account_id,
                leg.amount,
                leg.savings_account_id,
                leg.till_id,
                leg.partner_id,
                balances.get(leg.savings_account_id)
                or cash.get(leg.till_id)
                or holdings.get(leg.share_holding_id)
                or loans.get((leg.loan_id, leg.loan_component))
                or 0,
                leg.label or None,
            ]
            for sequence, leg in enumerate(self.legs, 1)
        ]
        if holdings:
            columns.append("share_holding_id")
            for row, leg in zip(rows, self.legs, strict=True):
                row.append(leg.share_holding_id)
        if loans:
            columns += ["loan_id", "loan_component"]
            for row, leg in zip(rows, self.legs, strict=True):
                row += [leg.loan_id, leg.loan_component]
        self.env.cr.execute_values(f"INSERT INTO kondo_operation_line ({', '.join(columns)}) VALUES %s", rows)
        self.answer.pop("cash_after", None)

    # ------------------------------------------------------------------ helpers
    def _read(self, model, *ids):
        """Records, as superuser, with what an entry reads of them already in the cache."""
        records = self.env[model].sudo().browse(ids)
        records.fetch(READ[model])
        return records

    def _one(self, query):
        self.env.cr.execute(query)
        return self.env.cr.dictfetchone()

    def _explain_till(self, session_id, change):
        """Say in the teller's words why the till did not take the operation."""
        session = self.env["kondo.till.session"].sudo().browse(session_id).exists()
        session.invalidate_recordset()
        session.till_id.invalidate_recordset()
        _ = self.env._
        if not session or session.company_id.id != self.company_id or session.user_id.id != self.env.uid:
            raise UserError(_("This till session is not yours. Open your own till."))
        if session.state != "open" or session.till_id.open_session_id != session:
            raise UserError(_("Your till is not open. Open it before any operation."))
        if session.business_date != self.business_date:
            raise UserError(_("Your till was opened on another business day. Close it and open it again."))
        raise UserError(
            _(
                "The till holds only %(cash)s F. Ask the vault for cash first.",
                cash=spaced(session.till_id.cash),
            )
        )
