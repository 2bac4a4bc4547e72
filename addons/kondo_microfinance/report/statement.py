from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.paging import pages
from ..engine.words import amount_in_words, spaced

FIRST_PAGE, NEXT_PAGES, FOOT = 39, 51, 10  # lines
TEXT_WIDTH = 40  # characters of a line


class ReportStatement(models.AbstractModel):
    """The statement of accounts between two dates. Of a period that is over, the second print is a DUPLICATA."""

    _name = "report.kondo_microfinance.report_statement"
    _description = "Account statement"
    _inherit = ["kondo.print"]

    @api.model
    def _get_report_values(self, docids, data=None):
        wizards = self.env["kondo.statement"].browse(docids).exists()
        if not wizards:
            raise UserError(self.env._("Choose the account first."))
        statements = [self._statement(wizard, account) for wizard in wizards for account in wizard._accounts()]
        return {
            "doc_ids": docids,
            "doc_model": "kondo.statement",
            "docs": wizards,
            "title": self.env._("Account statement"),
            "statements": statements,
            "summary": self._summary(wizards[0], statements) if len(statements) > 1 else None,
        }

    def _statement(self, wizard, account):
        statement = self.env["kondo.history"]._statement(account, wizard.date_from, wizard.date_to)
        over = wizard.date_to < (account.company_id.sudo().business_date or fields.Date.context_today(self))
        number = (
            self.env["kondo.print.log"]._record_statement(account, wizard.date_from, wizard.date_to, wizard.charge)
            if over
            else 1
        )
        holder, union = account.partner_id.sudo(), account.company_id.sudo()
        rows = [self._row(row) for row in statement["rows"]]
        events = [
            {**event, "date": self._date(event["date"]), "amount": self._figure(event.get("amount"))}
            for event in sorted(account._next_events(), key=lambda event: event["date"] or fields.Date.today())[:5]
        ]
        return {
            **self._letterhead(union),
            "member": holder.name,
            "member_number": holder.member_number or "",
            "address": " · ".join(filter(None, [holder.street, holder.village_id.name, holder.phone])),
            "account": account.number,
            "product": account.product_id.name,
            "date_from": self._date(wizard.date_from),
            "date_to": self._date(wizard.date_to),
            "opening": self._signed_amount(statement["opening"]),
            "credit": spaced(statement["credit"]),
            "debit": spaced(statement["debit"]),
            "closing": self._signed_amount(statement["closing"]),
            "words": self._in_words(statement["closing"]),
            "interest": spaced(statement["interest"]) if statement["interest"] else "",
            "count": len(rows),
            "pages": pages(rows, FIRST_PAGE, NEXT_PAGES, FOOT + len(events), self._height),
            "events": events,
            "print_number": number,
            "printed": self._time(fields.Datetime.now()),
            "printed_by": self.env.user.name,
            "closing_francs": statement["closing"],
        }

    def _summary(self, wizard, statements):
        """All the accounts of the member on one page."""
        return {**statements[0], "total": self._signed_amount(sum(one["closing_francs"] for one in statements))}

    def _row(self, row):
        return {
            "date": self._date(row["date"]),
            "receipt": row["receipt"],
            "text": row["text"],
            "debit": self._figure(row["debit"]),
            "credit": self._figure(row["credit"]),
            "balance": self._signed_amount(row["balance"]),
        }

    @api.model
    def _height(self, row):
        """Lines that a movement takes on the paper."""
        return 1 + max(0, len(row["text"]) - 1) // TEXT_WIDTH

    @api.model
    def _in_words(self, amount):
        words = amount_in_words(abs(amount))
        return words if amount >= 0 else self.env._("overdrawn by %(amount)s", amount=words)

    @api.model
    def _figure(self, amount):
        return spaced(amount) if amount else ""

    @api.model
    def _signed_amount(self, amount):
        return spaced(amount).replace("-", "\u2212")


class ReportStatementXlsx(models.AbstractModel):
    """The same statement as a spreadsheet, one sheet for each account."""

    _name = "report.kondo_microfinance.statement_xlsx"
    _description = "Account statement (XLSX)"
    _inherit = ["report.report_xlsx.abstract"]

    def generate_xlsx_report(self, workbook, data, objects):
        _ = self.env._
        strong = workbook.add_format({"bold": True, "bg_color": "#E4ECE9", "border": 1})
        title = workbook.add_format({"bold": True, "font_size": 13})
        bold = workbook.add_format({"bold": True})
        figure = workbook.add_format({"num_format": "#,##0"})
        total = workbook.add_format({"num_format": "#,##0", "bold": True, "top": 1})
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        headings = [
            (_("Date"), 12),
            (_("Receipt"), 20),
            (_("Movement"), 48),
            (_("Debit"), 14),
            (_("Credit"), 14),
            (_("Balance"), 14),
        ]
        wizard = self.env["kondo.statement"].browse(objects.ids[:1])
        for account in wizard._accounts():
            statement = self.env["kondo.history"]._statement(account, wizard.date_from, wizard.date_to)
            sheet = workbook.add_worksheet(account.number[:31])
            sheet.write_string(
                0, 0, f"{account.company_id.sudo().name} · {account.number} · {account.product_id.name}", title
            )
            sheet.write_string(1, 0, f"{account.partner_id.name} ({account.partner_id.member_number})")
            for column, (heading, width) in enumerate(headings):
                sheet.set_column(column, column, width)
                sheet.write_string(3, column, heading, strong)
            sheet.write_datetime(4, 0, fields.Datetime.to_datetime(wizard.date_from), day)
            sheet.write_string(4, 2, _("Balance before"), bold)
            sheet.write_number(4, 5, statement["opening"], total)
            for row, movement in enumerate(statement["rows"], 5):
                sheet.write_datetime(row, 0, fields.Datetime.to_datetime(movement["date"]), day)
                sheet.write_string(row, 1, movement["receipt"])
                sheet.write_string(row, 2, movement["text"])
                for column, key in ((3, "debit"), (4, "credit")):
                    if movement[key]:
                        sheet.write_number(row, column, movement[key], figure)
                sheet.write_number(row, 5, movement["balance"], figure)
            last = 5 + len(statement["rows"])
            sheet.write_datetime(last, 0, fields.Datetime.to_datetime(wizard.date_to), day)
            sheet.write_string(last, 2, _("Total and balance after"), bold)
            sheet.write_number(last, 3, statement["debit"], total)
            sheet.write_number(last, 4, statement["credit"], total)
            sheet.write_number(last, 5, statement["closing"], total)
            sheet.freeze_panes(4, 0)
