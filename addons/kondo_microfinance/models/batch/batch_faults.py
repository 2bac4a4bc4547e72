from odoo import models

from ...engine.batch_file import MAX_AMOUNT, MAX_ENTRIES
from ...engine.spreadsheet import MAX_BYTES
from ...engine.words import spaced


class KondoBatch(models.Model):
    """What is wrong, in words that say what to do in the spreadsheet."""

    _inherit = "kondo.batch"

    def _sentence(self, fault):
        """The reason of a `Fault` of the file, without its place."""
        text = self._fault_sentences().get(fault.code) or self.env._("This cannot be read.")
        return self.env._("%(reason)s (“%(value)s”)", reason=text, value=fault.value) if fault.value else text

    def _fault_sentences(self):
        return {**self._file_sentences(), **self._row_sentences()}

    def _file_sentences(self):
        _ = self.env._
        return {
            "empty": _("The file is empty"),
            "too_large": _("The file is too large: at most %(size)s MB", size=MAX_BYTES // 1_000_000),
            "too_many_rows": _("Too many rows: at most %(rows)s in one file", rows=spaced(MAX_ENTRIES)),
            "old_excel": _("Old Excel file (.xls): save it as XLSX or CSV"),
            "password": _("The file is protected by a password: save it without one"),
            "unknown_format": _("This is no spreadsheet: save the list as XLSX, ODS or CSV"),
            "encoding": _("Unreadable letters: save the file as XLSX, or as CSV in UTF-8"),
            "unreadable": _("The file is damaged: open it in the spreadsheet and save it again as XLSX"),
            "no_heading": _("No headings: one row must name at least “Compte” and “Montant” (see the template)"),
            "several_sheets": _("Several sheets hold a list: keep one in the file"),
            "heading_twice": _("Two columns with the same meaning: keep one"),
            "no_row": _("There is no payment under the headings"),
        }

    def _row_sentences(self):
        _ = self.env._
        return {
            "merged": _("Merged cells: unmerge them, one payment a row"),
            "formula": _("Formula: paste the value instead"),
            "cell_error": _("Error value in the cell"),
            "amount_missing": _("The amount is missing"),
            "amount_text": _("The amount is no whole number"),
            "amount_decimals": _("Amount with a dot or a comma: write whole francs, 25000"),
            "amount_negative": _("The amount is negative"),
            "amount_zero": _("The amount is zero"),
            "amount_too_large": _("The amount is above %(most)s F", most=spaced(MAX_AMOUNT)),
            "amount_date": _("A date stands where the amount should be: check the format of the cell"),
            "identifier_missing": _("No account, member number nor phone"),
            "identifier_long": _("Too long for an account, a member number or a phone"),
            "example": _("The example of the template: replace this row"),
            "after_total": _("Something stands below the total: put it above, or remove it"),
            "total_differs": _("The total of the file is not the sum of its rows"),
        }
