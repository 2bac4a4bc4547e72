from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from odoo.addons.kondo_microfinance.engine.words import spaced

# What the answer of one repayment says: a sheet has many.
OF_ONE_LOAN = ("paid", "returned", "outstanding", "due_left", "next_due", "next_amount")


class KondoOperation(models.Model):
    """A collection sheet counted at the window: one operation for all its rows, all or nothing."""

    _inherit = "kondo.operation"

    kind = fields.Selection(selection_add=[("sheet", "Collection sheet")], ondelete={"sheet": "cascade"})

    @api.model
    @api.private
    def _counter_kinds(self):
        return super()._counter_kinds() | {"sheet"}

    @api.model
    @api.private
    def _other_kinds(self):
        return [*super()._other_kinds(), "sheet"]

    def _reversible_kinds(self):
        return super()._reversible_kinds() | {"sheet"}

    @api.private
    def _approval_subject(self, kind, values):
        """A sheet is about many members."""
        if kind != "sheet":
            return super()._approval_subject(kind, values)
        return {"amount": self._check_amount(values.get("amount")), "sheet_id": self._org_sheet_of(values)}

    # ------------------------------------------------------------------ booking
    @api.private
    def _execute_sheet(self, posting, values):
        """values: session_id, sheet_id, amount (francs counted), counts? (notes and coins), approval_id?

        D the till; C each savings account, and each loan by its own rule. A sheet that was counted already is booked by
        whoever counted it: the cash lies in his till.
        """
        self.env["kondo.four.eyes"]._check_group("group_teller")
        counted = self._check_amount(values.get("amount"))
        counts = values.get("counts")
        if counts is not None and self.env["kondo.till.session"]._count_total(counts) != counted:
            raise UserError(self.env._("The notes and coins do not make up the amount counted. Count again."))
        sheet = self._lock_org_sheet(posting, values)
        sheet.with_env(self.env)._check_second_counter()
        if sheet.state == "counted" and sheet.counted_by_id.id != self.env.uid:
            raise UserError(
                self.env._(
                    "%(name)s has counted this money: he books it, or you count it again.",
                    name=sheet.counted_by_id.name,
                )
            )
        refusal = sheet._count_refusal(counted)
        if refusal:
            raise UserError(refusal)
        self._check_authorised(posting, values, self.env["kondo.savings.product"], counted)
        session_id = self._check_id(values.get("session_id"))
        till = posting.take_till(session_id, counted)
        posting.add_leg(till["account_id"], counted, till_id=till["id"])
        self._save_from_sheet(posting, sheet)
        self._repay_from_sheet(posting, sheet)
        if not posting.dry:
            sheet.with_env(self.env)._mark_posted(posting, session_id, counted, counts)
        posting.label = f"{sheet.name} {sheet.subject or sheet.officer_id.name}"
        posting.show(self.env._("Loan officer"), sheet.officer_id.name)
        posting.show(self.env._("Repaid"), sheet.paid_total)
        posting.show(self.env._("Saved"), sheet.saved_total)
        posting.values.update(
            amount=counted,
            partner_id=sheet.organisation_id.id or None,
            bearer=sheet.officer_id.name,
            note=" · ".join(filter(None, [sheet.name, sheet.note])),
        )
        posting.answer.update(
            sheet=sheet.name, count=sheet.count, till_cash=till["cash"], cash_after={till["id"]: till["cash"]}
        )

    def _save_from_sheet(self, posting, sheet):
        """Each person's savings, a leg with his name; first, so that the rule of the window holds for the account."""
        day = format_date(self.env, sheet.date)
        for row in sheet.row_ids.filtered("saved"):
            account = row.account_id
            if account.state not in ("active", "inactive") or account.block in ("all", "credit"):
                raise UserError(self._nothing_booked(row.name, account.with_env(self.env)._why_not(row.saved)))
            label = self.env._("%(sheet)s of %(date)s, %(name)s", sheet=sheet.name, date=day, name=row.name)
            posting.move_savings(account, row.saved, label=label)

    def _repay_from_sheet(self, posting, sheet):
        """Each loan once, with what all its people brought; then their names, for a loan that is split among them."""
        repayments = sheet._repayments()
        if not repayments:
            return
        self.env["kondo.loan"].sudo().browse([loan.id for loan in repayments])._lock()
        for loan, rows in repayments.items():
            names = ", ".join(rows.mapped("name"))
            if loan.state != "active" or loan.company_id.id != posting.company_id:
                reason = self.env._("Nothing is owed on the loan %(number)s.", number=loan.name)
                raise UserError(self._nothing_booked(names, reason))
            try:
                self._pay_loan(posting, loan, sum(rows.mapped("paid")))
            except UserError as refusal:
                raise UserError(self._nothing_booked(names, refusal)) from None
            shares = {row.person_id.id: row.paid for row in rows if row.person_id and loan.split_ids}
            if shares:
                self._share_repayment(posting, loan, shares)
        for name in OF_ONE_LOAN:
            posting.answer.pop(name, None)
        posting.shown.clear()

    def _nothing_booked(self, name, reason):
        return self.env._("Row of %(name)s: %(reason)s Nothing was booked.", name=name, reason=reason)

    def _lock_org_sheet(self, posting, values):
        """The sheet that waits in this caisse, as superuser, its row locked."""
        sheet = self._org_sheet_of(values)
        if not sheet or sheet.company_id.id != posting.company_id:
            raise UserError(self.env._("This sheet is not in your caisse."))
        self.env.flush_all()
        self.env.cr.execute("SELECT state FROM kondo_sheet WHERE id = %s FOR NO KEY UPDATE", (sheet.id,))
        sheet.invalidate_recordset()
        sheet.row_ids.invalidate_recordset()
        if sheet.state == "posted":
            raise UserError(
                self.env._(
                    "The sheet %(number)s was already booked (receipt %(receipt)s).",
                    number=sheet.name,
                    receipt=sheet.operation_id.receipt_number,
                )
            )
        if sheet.state not in ("returned", "counted"):
            raise UserError(self.env._("The sheet %(number)s has not been returned yet.", number=sheet.name))
        return sheet

    def _org_sheet_of(self, values):
        return self.env["kondo.sheet"].sudo().browse(self._check_id(values.get("sheet_id"))).exists()

    # ------------------------------------------------------------------ reversal
    @api.private
    def _execute_reversal(self, posting, values):
        """Everything of a booked sheet is undone: savings and till by the mirror image, each loan by its own way back."""
        original = self.browse(self._check_id(values.get("operation_id"))).exists().sudo()
        loans = self.env["kondo.loan"].sudo()
        if original.kind == "sheet":
            allocations = self.env["kondo.loan.allocation"].sudo().search([("payment_id", "=", original.id)])
            loans = allocations.loan_id.sorted("id")
            loans._lock()
            for loan in loans:
                self._check_loan_reversal(original, loan)
        super()._execute_reversal(posting, values)
        for loan in loans:
            self._undo_payment(posting, original, loan)
        if original.kind == "sheet" and not posting.dry:
            sheet = self.env["kondo.sheet"].sudo().search([("operation_id", "=", original.id)])
            sheet._mark_undone(posting.values["note"])

    # ------------------------------------------------------------------ the window
    @api.private
    def _window_form_sheet(self, partner):
        """Sheets that wait to be counted; no member is needed, the officer stands at the counter."""
        company = self.env["kondo.teller"]._company()
        sheets = (
            self.env["kondo.sheet"]
            .sudo()
            .search([("company_id", "=", company.id), ("state", "in", ("returned", "counted"))], order="date, id")
        )
        if partner or not sheets:
            return None
        _ = self.env._
        return {
            "label": _("Collection sheet"),
            "cash": 1,
            "member": False,
            "fields": [
                {
                    "name": "sheet_id",
                    "label": _("Sheet"),
                    "type": "choice",
                    "required": True,
                    "default": sheets[0].id,
                    "options": [
                        {
                            "value": sheet.id,
                            "label": f"{sheet.subject or sheet.officer_id.name} · {format_date(self.env, sheet.date)}",
                            "hint": f"{sheet.name} · {spaced(sheet.total)} F",
                        }
                        for sheet in sheets
                    ],
                },
                {
                    "name": "amount",
                    "label": _("Amount counted"),
                    "type": "amount",
                    "required": True,
                    "default": False,
                    "help": _("Count the notes and coins in front of the officer before you enter it."),
                },
            ],
        }
