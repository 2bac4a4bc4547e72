from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from ..engine.cash import DENOMINATIONS
from ..engine.words import amount_in_words, spaced

ROWS = 52  # operations on a page of the list


class ReportTillStatement(models.AbstractModel):
    """The statement of a till's day: float, movements, count, difference, and who answers for them."""

    _name = "report.kondo_microfinance.report_till_statement"
    _description = "Till statement"
    _inherit = ["kondo.print"]

    @api.model
    def _get_report_values(self, docids, data=None):
        sessions = self.env["kondo.till.session"].browse(docids)
        if not sessions:
            raise UserError(self.env._("Choose the till session to print."))
        sessions.check_access("read")
        sessions.company_id._check_visible()
        if any(session.state == "open" for session in sessions):
            raise UserError(self.env._("The statement is printed once the till is counted: the count is made blind."))
        return {
            "doc_ids": docids,
            "doc_model": "kondo.till.session",
            "docs": sessions,
            "title": self.env._("Till statement"),
            "statements": [self._statement(session.sudo()) for session in sessions],
        }

    # ------------------------------------------------------------------ one statement
    def _statement(self, session):
        legs = session.operation_ids.line_ids.filtered(lambda line: line.till_id == session.till_id).sorted("id")
        carried = legs[0].balance_after - legs[0].amount if legs else session.opening_cash
        totals = [row for row in session._totals() if row["kind"] != "till_difference"]
        cash_in, cash_out = sum(row["cash_in"] for row in totals), sum(row["cash_out"] for row in totals)
        difference = session.difference
        return {
            **self._letterhead(session.company_id),
            "till": session.till_id.name,
            "till_code": session.till_id.code,
            "teller": session.user_id.name,
            "business_date": self._date(session.business_date),
            "opened": self._time(session.opened_at, "%H:%M"),
            "closed": self._time(session.closed_at, "%H:%M") if session.closed_at else "",
            "is_closed": session.state == "closed",
            "opening": spaced(session.opening_cash),
            "carried": spaced(carried),
            "from_vault": spaced(session.opening_cash - carried) if session.opening_cash != carried else "",
            "totals": [
                {**row, "cash_in": self._amount(row["cash_in"]), "cash_out": self._amount(row["cash_out"])}
                for row in totals
            ],
            "cash_in": spaced(carried + cash_in),
            "cash_out": spaced(cash_out),
            "theoretical": spaced(session.theoretical_cash),
            "counted": spaced(session.counted_cash),
            "words": amount_in_words(session.counted_cash),
            "difference": self._signed(difference),
            "shortage": difference < 0,
            "overage": difference > 0,
            "note": session.difference_note or "",
            "second": session.closed_by_id.name if session.closed_by_id != session.user_id else "",
            "counts": self._counts(session),
            "pages": [list(page) for page in split_every(ROWS, self._operations(session, legs))],
            "printed": self._time(fields.Datetime.now()),
            "printed_by": self.env.user.name,
        }

    def _counts(self, session):
        """The two counts side by side, denomination by denomination."""
        opening, closing = session.opening_counts or {}, session.closing_counts or {}
        rows = []
        for key, value in DENOMINATIONS.items():
            before, after = opening.get(key, 0), closing.get(key, 0)
            rows.append(
                {
                    "note": key.startswith("n"),
                    "value": spaced(value),
                    "opening": before or "",
                    "opening_amount": self._amount(before * value),
                    "closing": after or "",
                    "closing_amount": self._amount(after * value),
                }
            )
        return rows

    def _operations(self, session, legs):
        kinds = dict(session.operation_ids._fields["kind"]._description_selection(self.env))
        cash = {}
        for leg in legs:
            cash[leg.operation_id.id] = cash.get(leg.operation_id.id, 0) + leg.amount
        rows = []
        for operation in session.operation_ids.sorted("id"):
            change = cash.get(operation.id, 0)
            rows.append(
                {
                    "time": self._time(operation.posted_at, "%H:%M"),
                    "receipt": operation.receipt_number or "",
                    "kind": kinds[operation.kind],
                    "member": operation.partner_id.name or "",
                    "account": operation.savings_account_id.number or "",
                    "cash_in": self._amount(max(change, 0)),
                    "cash_out": self._amount(max(-change, 0)),
                    "no_cash": "" if change else spaced(operation.amount),
                    "reversed_by": operation.reversed_by_id.receipt_number or "",
                    "reversal_of": operation.reversal_of_id.receipt_number or "",
                }
            )
        return rows

    @api.model
    def _amount(self, amount):
        return spaced(amount) if amount else ""

    @api.model
    def _signed(self, amount):
        return spaced(amount).replace("-", "\u2212") if amount < 0 else f"+{spaced(amount)}" if amount else "0"
