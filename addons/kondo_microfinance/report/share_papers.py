from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from ..engine.words import amount_in_words, spaced

REGISTER_ROWS = 44  # holders on a page
STATEMENT_ROWS = 34


class ReportShareCertificate(models.AbstractModel):
    """The certificate of a member's shares; each print after the first says DUPLICATA."""

    _name = "report.kondo_microfinance.report_share_certificate"
    _description = "Share certificate"
    _inherit = ["kondo.print"]

    @api.model
    def _get_report_values(self, docids, data=None):
        certificates = self.env["kondo.share.certificate"].browse(docids)
        if not certificates:
            raise UserError(self.env._("Choose the certificate to print."))
        certificates.check_access("read")
        certificates.company_id._check_visible()
        self.env["kondo.four.eyes"]._check_group("group_teller", "group_caisse_manager")
        return {
            "doc_ids": docids,
            "doc_model": "kondo.share.certificate",
            "docs": certificates,
            "title": self.env._("Share certificate"),
            "certificates": [self._certificate(certificate) for certificate in certificates],
        }

    def _certificate(self, certificate):
        number = self.env["kondo.print.log"]._record_certificate(certificate)
        certificate = certificate.sudo()
        holding, partner = certificate.holding_id, certificate.partner_id
        return {
            **self._letterhead(certificate.company_id),
            "place": certificate.company_id.city or "",
            "number": certificate.number,
            "issued": self._date(certificate.issued_on),
            "holder": partner.name,
            "member_number": partner.member_number or "",
            "birth": partner.birth_label or "" if partner.member_kind == "individual" else "",
            "village": partner.village_id.name or "",
            "product": holding.product_id.name,
            "holding": holding.number,
            "shares": certificate.shares,
            "shares_words": amount_in_words(certificate.shares).rsplit(" franc", 1)[0],
            "nominal": spaced(holding.nominal),
            "amount": spaced(certificate.amount),
            "words": amount_in_words(certificate.amount),
            "is_replaced": certificate.state == "replaced",
            "is_reversed": False,
            "print_number": number,
            "printed": self._time(fields.Datetime.now()),
            "printed_by": self.env.user.name,
        }


class ReportShareStatement(models.AbstractModel):
    """All that happened to a member's shares."""

    _name = "report.kondo_microfinance.report_share_statement"
    _description = "Statement of shares"
    _inherit = ["kondo.print"]

    @api.model
    def _get_report_values(self, docids, data=None):
        holdings = self.env["kondo.share.holding"].browse(docids)
        if not holdings:
            raise UserError(self.env._("Choose the shares."))
        holdings.check_access("read")
        holdings.company_id._check_visible()
        return {
            "doc_ids": docids,
            "doc_model": "kondo.share.holding",
            "docs": holdings,
            "title": self.env._("Statement of shares"),
            "statements": [self._statement(holding.sudo()) for holding in holdings],
        }

    def _statement(self, holding):
        kinds = dict(holding.entry_ids._fields["kind"]._description_selection(self.env))
        rows = [
            {
                "date": self._date(entry.date),
                "kind": kinds[entry.kind],
                "other": entry.counterpart_id.name or "",
                "receipt": entry.receipt_number or "",
                "shares": f"{entry.shares:+d}".replace("-", "\u2212") if entry.shares else "",
                "amount": spaced(entry.amount).replace("-", "\u2212") if entry.amount else "",
                "shares_after": entry.shares_after,
                "paid_after": spaced(entry.paid_after),
            }
            for entry in holding.entry_ids.sorted("id")
        ]
        return {
            **self._letterhead(holding.company_id),
            "number": holding.number,
            "holder": holding.partner_id.name,
            "member_number": holding.partner_id.member_number or "",
            "product": holding.product_id.name,
            "nominal": spaced(holding.nominal),
            "subscribed": holding.subscribed,
            "full": holding.full_count,
            "paid": spaced(holding.paid),
            "words": amount_in_words(holding.paid),
            "due": spaced(holding.due) if holding.due else "",
            "pay_by": self._date(holding.pay_by),
            "pages": [list(page) for page in split_every(STATEMENT_ROWS, rows)] or [[]],
            "printed": self._time(fields.Datetime.now()),
            "printed_by": self.env.user.name,
        }


class ReportShareRegister(models.AbstractModel):
    """The register of holders at the end of a day, on paper."""

    _name = "report.kondo_microfinance.report_share_register"
    _description = "Register of holders"
    _inherit = ["kondo.print"]

    @api.model
    def _get_report_values(self, docids, data=None):
        wizards = self.env["kondo.share.register"].browse(docids).exists()
        if not wizards:
            raise UserError(self.env._("Open the register again."))
        return {
            "doc_ids": docids,
            "doc_model": "kondo.share.register",
            "docs": wizards,
            "title": self.env._("Register of holders"),
            "registers": [self._holders(wizard) for wizard in wizards],
        }

    def _holders(self, wizard):
        rows = wizard._rows()
        shown = [
            {
                **row,
                "value": spaced(row["value"]),
                "paid": spaced(row["paid"]),
                "due": spaced(row["due"]) if row["due"] else "",
                "since": self._date(row["since"]),
            }
            for row in rows
        ]
        return {
            **self._letterhead(wizard.company_id),
            "date": self._date(wizard.date),
            "product": wizard.product_id.name or "",
            "pages": [list(page) for page in split_every(REGISTER_ROWS, shown)] or [[]],
            "holders": len(rows),
            "shares": sum(row["shares"] for row in rows),
            "full": sum(row["full"] for row in rows),
            "value": spaced(sum(row["value"] for row in rows)),
            "paid": spaced(sum(row["paid"] for row in rows)),
            "due": spaced(sum(row["due"] for row in rows)),
            "printed": self._time(fields.Datetime.now()),
            "printed_by": self.env.user.name,
        }


class ShareRegisterXlsx(models.AbstractModel):
    """The same register as a spreadsheet."""

    _name = "report.kondo_microfinance.share_register_xlsx"
    _description = "Register of holders (spreadsheet)"
    _inherit = "report.report_xlsx.abstract"

    def generate_xlsx_report(self, workbook, data, wizards):
        _ = self.env._
        wizards = self.env["kondo.share.register"].browse(wizards.ids).exists()
        bold = workbook.add_format({"bold": True})
        head = workbook.add_format(
            {"bold": True, "bg_color": "#E4ECE9", "border": 1, "text_wrap": True, "valign": "top"}
        )
        money = workbook.add_format({"num_format": "#,##0"})
        total = workbook.add_format({"bold": True, "num_format": "#,##0", "top": 1})
        day = workbook.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
        columns = (
            ("number", _("Number"), 17, None),
            ("member_number", _("Member no."), 13, None),
            ("name", _("Holder"), 34, None),
            ("kind", _("Sex or kind"), 14, None),
            ("shares", _("Shares subscribed"), 12, money),
            ("full", _("Shares paid in full"), 12, money),
            ("value", _("Value subscribed (F)"), 14, money),
            ("paid", _("Paid up (F)"), 14, money),
            ("due", _("Still to pay (F)"), 14, money),
            ("since", _("Holder since"), 13, day),
            ("last", _("Last movement"), 13, day),
        )
        for wizard in wizards:
            rows = wizard._rows()
            sheet = workbook.add_worksheet(wizard.company_id.kondo_code or "Registre")
            sheet.write(0, 0, _("Register of holders"), bold)
            sheet.write(1, 0, wizard.company_id.name)
            sheet.write(2, 0, _("At the end of %(date)s", date=f"{wizard.date:%d/%m/%Y}"))
            for column, (_name, title, width, _format) in enumerate(columns):
                sheet.set_column(column, column, width)
                sheet.write(4, column, title, head)
            for index, row in enumerate(rows, 5):
                for column, (name, _title, _width, style) in enumerate(columns):
                    if style is day:
                        sheet.write_datetime(index, column, fields.Datetime.to_datetime(row[name]), day)
                    elif style is money:
                        sheet.write_number(index, column, row[name], money)
                    else:
                        # written as text: a name that begins with = is a name, not a formula
                        sheet.write_string(index, column, row[name] or "")
            last = 5 + len(rows)
            sheet.write(last, 0, _("Total"), total)
            for column, (name, _title, _width, style) in enumerate(columns[1:], 1):
                sheet.write(last, column, sum(row[name] for row in rows) if style is money else "", total)
            sheet.freeze_panes(5, 3)
            sheet.autofilter(4, 0, max(last - 1, 4), len(columns) - 1)
            sheet.set_landscape()
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)
