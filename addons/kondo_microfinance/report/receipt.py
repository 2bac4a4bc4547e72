import base64
import io
import textwrap

import qrcode

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.image import image_data_uri

from ..engine.words import amount_in_words, spaced


class KondoPrint(models.AbstractModel):
    """What every printed paper shares: letterhead, local time, codes to scan."""

    _name = "kondo.print"
    _description = "Printed paper"

    @api.model
    def _letterhead(self, company):
        """Who speaks: the caisse, the union it belongs to, its agreement, its own logo if it has one."""
        company = company.sudo()
        union = company.root_id
        owner = next((one for one in (company, union) if one.logo and not one.uses_default_logo), None)
        return {
            "caisse": company.name,
            "union": union.name if union != company else "",
            "agreement": company.agreement_number or union.agreement_number or "",
            "place": " · ".join(filter(None, [company.city, company.phone])),
            "logo": image_data_uri(owner.logo) if owner else False,
        }

    @api.model
    def _date(self, date):
        return f"{date:%d/%m/%Y}" if date else ""

    @api.model
    def _time(self, moment, pattern="%d/%m/%Y %H:%M"):
        return fields.Datetime.context_timestamp(self, moment).strftime(pattern) if moment else ""

    @api.model
    def _qr(self, text):
        """A QR code as a data address: nothing to fetch while the page is drawn."""
        stream = io.BytesIO()
        qrcode.make(text, box_size=4, border=0).save(stream, format="PNG")
        return f"data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}"


class ReportReceipt(models.AbstractModel):
    """The receipt of an operation. Its first print is the original; each further one says DUPLICATA."""

    _name = "report.kondo_microfinance.report_receipt"
    _description = "Receipt"
    _inherit = ["kondo.print"]

    _paper = "a5"

    @api.model
    def _get_report_values(self, docids, data=None):
        operations = self.env["kondo.operation"].browse(docids)
        if not operations:
            raise UserError(self.env._("Choose the operation to print."))
        operations.check_access("read")
        operations.company_id._check_visible()
        if any(operation.state != "posted" for operation in operations):
            raise UserError(self.env._("Only a posted operation has a receipt."))
        receipts = [self._receipt(operation) for operation in operations]
        return {
            "doc_ids": docids,
            "doc_model": "kondo.operation",
            "docs": operations,
            "title": self.env._("Receipt"),
            "receipts": receipts,
            "page_height": self._page_height(receipts),
        }

    @api.model
    def _page_height(self, receipts):
        """Height of the page in millimetres where the paper is a roll; None where it is a sheet."""
        return None

    # ------------------------------------------------------------------ one receipt
    def _receipt(self, operation):
        number = self.env["kondo.print.log"]._record(operation, self._paper)
        operation = operation.sudo()
        return {
            **self._letterhead(operation.company_id),
            "title": self._title(operation),
            "number": operation.receipt_number or "",
            "posted": self._time(operation.posted_at),
            "business_date": self._date(operation.business_date),
            "facts": self._fitting(self._facts(operation), 90),
            "amount": spaced(operation.amount),
            "words": amount_in_words(operation.amount),
            "balance": self._balance(operation),
            "people": self._fitting(self._people(operation), 60),
            "note": operation.note or "",
            "reversal_of": operation.reversal_of_id.receipt_number or "",
            "reversed_by": operation.reversed_by_id.receipt_number or "",
            "is_reversed": bool(operation.reversed_by_id),
            "book": operation.move_id.name or "",
            "uuid": operation.uuid,
            "qr": self._qr(operation.uuid),
            "print_number": number,
            "printed": self._time(fields.Datetime.now()),
            "printed_by": self.env.user.name,
            "signatures": self._fitting(self._signatures(operation), 40),
            "thumb": bool(operation.partner_id),
        }

    @api.model
    def _fitting(self, rows, length):
        """The rows that say something, texts cut with an ellipsis where a name would push the page over its end."""
        return [(label, textwrap.shorten(text, length, placeholder="…")) for label, text in rows if text]

    def _title(self, operation):
        _ = self.env._
        titles = {
            "deposit": _("Deposit receipt"),
            "withdrawal": _("Withdrawal receipt"),
            "transfer": _("Transfer receipt"),
            "reversal": _("Reversal receipt"),
            "slip": _("Cash slip receipt"),
            "till_difference": _("Record of a till difference"),
        }
        kinds = dict(operation._fields["kind"]._description_selection(self.env))
        return titles.get(operation.kind) or kinds.get(operation.kind, "")

    def _facts(self, operation):
        """Whose money, on which account: (label, text), empty ones are left out."""
        _ = self.env._
        member, account, other = operation.partner_id, operation.savings_account_id, operation.counter_account_id
        return [
            (_("Member"), member.name),
            (_("Member no."), member.member_number),
            (_("From account") if other else _("Account"), account.number),
            (_("Product"), account.product_id.name),
            (_("To account"), other.number),
            (_("Held by"), other.partner_id.name if other.partner_id != member else ""),
            (_("Till"), operation.till_id.name),
        ]

    def _people(self, operation):
        """Who did what: (role, name)."""
        _ = self.env._
        maker, second = operation.user_id.name, operation.approver_id.name
        if operation.kind == "slip":
            return [(_("Handed over by"), second), (_("Received by"), maker)]
        if operation.kind == "till_difference":
            return [(_("Teller"), second), (_("Closed by"), maker)]
        if operation.kind == "reversal":
            return [(_("Reversed by"), maker), (_("Approved by"), second)]
        return [(_("At the counter"), operation.bearer), (_("Teller"), maker), (_("Approved by"), second)]

    def _balance(self, operation):
        """The member's balance after the operation; the other account's is nobody else's business."""
        if operation.kind not in ("deposit", "withdrawal", "transfer", "reversal"):
            return ""
        leg = operation.line_ids.filtered(
            lambda line: line.savings_account_id and line.savings_account_id == operation.savings_account_id
        )[-1:]
        return spaced(leg.balance_after) if leg else ""

    def _signatures(self, operation):
        """Two places to sign: (role, name printed below)."""
        _ = self.env._
        people = self._people(operation)
        if operation.partner_id:
            role = _("The member") if not operation.bearer else _("The person at the counter")
            teller = _("The manager") if operation.kind == "reversal" else _("The teller")
            return [(role, operation.bearer or operation.partner_id.name), (teller, operation.user_id.name)]
        return people[:2]


class ReportReceiptA5(models.AbstractModel):
    _name = "report.kondo_microfinance.report_receipt_a5"
    _description = "Receipt on A5"
    _inherit = ["report.kondo_microfinance.report_receipt"]


class ReportReceipt80(models.AbstractModel):
    _name = "report.kondo_microfinance.report_receipt_80"
    _description = "Receipt on an 80 mm roll"
    _inherit = ["report.kondo_microfinance.report_receipt"]

    _paper = "80"

    @api.model
    def _page_height(self, receipts):
        """As long as the longest receipt needs: the roll is cut where the page ends."""
        return max(self._height(receipt) for receipt in receipts)

    @api.model
    def _height(self, receipt):
        """An upper estimate in millimetres, line by line, of what `report_receipt_80` draws."""

        def lines(text, columns):
            return len(textwrap.wrap(text, columns)) or 1

        line = 3.75
        heights = [12, 5 * 3.6, 16, 19]  # margins and reserve, rules, signatures, code
        heights.append(12 if receipt["logo"] else 0)
        heights += [5 * lines(receipt[key], 30) for key in ("caisse", "title", "number")]
        heights += [line * lines(receipt[key], 40) for key in ("union", "agreement", "place") if receipt[key]]
        heights.append(2 * line)  # moment, business day
        heights.append(7 * ((receipt["print_number"] > 1) + bool(receipt["reversal_of"]) + receipt["is_reversed"]))
        rows = [*receipt["facts"], *receipt["people"], ("", receipt["note"]), ("", receipt["balance"])]
        heights += [line * max(lines(label, 13), lines(text, 25)) for label, text in rows if text]
        heights += [7, line * lines(receipt["words"], 38)]
        heights += [line * (max(lines(role, 18) for role, _name in receipt["signatures"]) - 1)]
        return round(sum(heights))
