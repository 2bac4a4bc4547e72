from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.paging import pages
from ..engine.words import amount_in_words, spaced
from ..models.batch.batch import CASH

FIRST_PAGE, NEXT_PAGES, FOOT = 38, 51, 10  # lines


class ReportBatch(models.AbstractModel):
    """Who got what: the list of a batch with the persons who answer for it, for the employer's file and the caisse's."""

    _name = "report.kondo_microfinance.report_batch"
    _description = "List of a batch"
    _inherit = ["kondo.print"]

    @api.model
    def _get_report_values(self, docids, data=None):
        batches = self.env["kondo.batch"].browse(docids)
        if not batches:
            raise UserError(self.env._("Choose the batch to print."))
        batches.check_access("read")
        batches.company_id._check_visible()
        return {
            "doc_ids": docids,
            "doc_model": "kondo.batch",
            "docs": batches,
            "title": self.env._("Batch entry"),
            "batches": [self._batch(batch.sudo()) for batch in batches],
        }

    def _batch(self, batch):
        kinds = dict(batch._fields["kind"]._description_selection(self.env))
        states = dict(batch._fields["state"]._description_selection(self.env))
        rows = [self._row(number, line) for number, line in enumerate(batch.line_ids.sorted("row"), 1)]
        other = {"ledger": batch.account_id.display_name, "member": batch.savings_account_id.display_name}
        return {
            **self._letterhead(batch.company_id),
            "name": batch.name,
            "label": batch.label,
            "kind": kinds[batch.kind],
            "not_posted": ""
            if batch.state == "posted"
            else self.env._("Not posted (%(state)s)", state=states[batch.state]),
            "other_side": batch.session_id.till_id.name if batch.kind in CASH else other[batch.counterpart],
            "date": self._date(batch.date),
            "business_date": self._date(batch.operation_id.business_date),
            "book": batch.operation_id.move_id.name or "",
            "count": self.env._("%(count)s payments", count=spaced(len(rows))),
            "total": spaced(batch.total),
            "words": amount_in_words(batch.total),
            "has_labels": any(row["label"] for row in rows),
            "pages": pages(rows, FIRST_PAGE, NEXT_PAGES, FOOT, self._height),
            "maker": batch.submitted_by_id.name or "",
            "approver": batch.approved_by_id.name or "",
            "printed": self._time(fields.Datetime.now()),
            "printed_by": self.env.user.name,
        }

    def _height(self, row):
        """Lines that a row takes on the paper."""
        return 1 + max(len(row["holder"] + row["reason"]) // 34, len(row["label"]) // 28, 0)

    def _row(self, number, line):
        return {
            "number": number,
            "account": line.loan_id.name or line.savings_account_id.number or line.identifier or "",
            "holder": line.partner_id.name or line.file_name or "",
            "member": line.partner_id.member_number or "",
            "label": line.label or "",
            "amount": spaced(line.amount),
            "reason": line.reason if line.state == "error" else "",
        }


class ReportBatchXlsx(models.AbstractModel):
    """The same list as a spreadsheet, with what was wrong: the employer corrects it from there."""

    _name = "report.kondo_microfinance.batch_xlsx"
    _description = "List of a batch (XLSX)"
    _inherit = ["report.report_xlsx.abstract"]

    def generate_xlsx_report(self, workbook, data, objects):
        batches = self.env["kondo.batch"].browse(objects.ids)
        batches.check_access("read")
        batches.company_id._check_visible()
        _ = self.env._
        strong = workbook.add_format({"bold": True, "bg_color": "#E4ECE9", "border": 1, "text_wrap": True})
        title = workbook.add_format({"bold": True, "font_size": 13})
        figure = workbook.add_format({"num_format": "#,##0"})
        total = workbook.add_format({"num_format": "#,##0", "bold": True, "top": 1})
        headings = [
            (_("Row"), 6), (_("Account"), 17), (_("Member no."), 13), (_("Holder"), 32), (_("Name in the file"), 28),
            (_("Amount"), 13), (_("Label"), 30), (_("State"), 12), (_("Reason"), 48),
        ]  # fmt: skip
        for batch in batches:
            states = dict(batch.line_ids._fields["state"]._description_selection(self.env))
            sheet = workbook.add_worksheet(batch.name[:31])
            sheet.write_string(0, 0, f"{batch.company_id.sudo().name} · {batch.name} · {batch.label}", title)
            for column, (heading, width) in enumerate(headings):
                sheet.set_column(column, column, width)
                sheet.write_string(2, column, heading, strong)
            row = 3
            for line in batch.line_ids.sorted("row"):
                holder = line.partner_id.sudo()
                sheet.write_number(row, 0, line.row)
                texts = {
                    1: line.loan_id.name or line.savings_account_id.number or line.identifier, 2: holder.member_number, 3: holder.name,
                    4: line.file_name, 6: line.label or batch.label, 7: states[line.state], 8: line.reason,
                }  # fmt: skip
                for column, text in texts.items():
                    sheet.write_string(row, column, text or "")
                sheet.write_number(row, 5, line.amount, figure)
                row += 1
            sheet.write_string(row, 3, _("Total"), total)
            sheet.write_number(row, 5, batch.total, total)
            sheet.freeze_panes(3, 0)


class ReportBatchTemplate(models.AbstractModel):
    """An empty list with the headings that the check understands, an example, and the accounts of the caisse."""

    _name = "report.kondo_microfinance.batch_template"
    _description = "Template of a batch (XLSX)"
    _inherit = ["report.report_xlsx.abstract"]

    def generate_xlsx_report(self, workbook, data, objects):
        batch = self.env["kondo.batch"].browse(objects.ids[:1])
        batch.check_access("read")
        batch.company_id._check_visible()
        strong = workbook.add_format({"bold": True, "bg_color": "#E4ECE9", "border": 1})
        text = workbook.add_format({"num_format": "@"})
        figure = workbook.add_format({"num_format": "#,##0"})
        accounts = self._accounts(batch)
        sheet = workbook.add_worksheet("Liste")
        # French by nature: these are the headings that `engine.batch_file` reads, whoever downloads the template.
        for column, (heading, width) in enumerate(
            (("Compte, n° de membre ou téléphone", 32), ("Nom", 34), ("Montant", 14), ("Libellé", 36))
        ):
            sheet.set_column(column, column, width, figure if heading == "Montant" else text)
            sheet.write_string(0, column, heading, strong)
        example = accounts[:1]
        sheet.write_string(1, 0, example.number or f"{batch.company_id.kondo_code}-LIV-00001", text)
        sheet.write_string(1, 1, example.partner_id.name or "TRAORÉ Awa", text)
        sheet.write_number(1, 2, 25000, figure)
        sheet.write_string(1, 3, "Exemple : remplacez cette ligne", text)
        sheet.data_validation(
            1, 2, 5000, 2,
            {
                "validate": "integer", "criteria": "between", "minimum": 1, "maximum": 10**9,
                "error_title": "Montant", "error_message": "Un nombre entier de francs, sans virgule ni point.",
            },
        )  # fmt: skip
        sheet.freeze_panes(1, 0)
        if accounts:
            members = workbook.add_worksheet("Membres")
            for column, (heading, width) in enumerate(
                (("N° compte", 18), ("N° membre", 14), ("Nom", 34), ("Produit", 28), ("Téléphone", 16))
            ):
                members.set_column(column, column, width)
                members.write_string(0, column, heading, strong)
            for row, account in enumerate(accounts, 1):
                holder = account.partner_id
                values = (account.number, holder.member_number, holder.name, account.product_id.name, holder.phone)
                for column, value in enumerate(values):
                    members.write_string(row, column, value or "")
            members.freeze_panes(1, 0)

    def _accounts(self, batch):
        """The accounts that a list may pay, in the order of the holders' names."""
        domain = [
            ("company_id", "=", batch.company_id.id),
            ("state", "!=", "closed"),
            ("kind", "in", ("demand", "passbook", "planned", "group")),
        ]
        if batch.product_id:
            domain.append(("product_id", "=", batch.product_id.id))
        return self.env["kondo.savings.account"].sudo().search(domain).sorted(lambda a: (a.partner_id.name, a.number))
