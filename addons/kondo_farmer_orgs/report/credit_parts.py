from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from odoo.addons.kondo_microfinance.engine.words import amount_in_words, spaced

FIRST_ROWS, ROWS = 16, 22  # people on the first sheet and on the others: a line is high enough to sign in
SIGNATURE = Markup('<div style="height: 8mm; width: 44mm"></div>')  # room for a thumbprint


class ReportLoanParts(models.AbstractModel):
    """The people of a group loan, with room for each to sign: for the contract, then with what each has repaid."""

    _name = "report.kondo_farmer_orgs.report_loan_parts"
    _description = "List of the parts of a loan"
    _inherit = ["kondo.loan.paper"]

    @api.model
    def _get_report_values(self, docids, data=None):
        loans = self._loans(docids)
        title = self.env._("List of the parts")
        pages = []
        for loan in loans:
            if not loan.split_ids:
                raise UserError(self.env._("The loan %(number)s is not split among people.", number=loan.name))
            sheets = self._sheets_of(loan.sudo(), title)
            for number, sheet in enumerate(sheets, 1):
                sheet.update(sheet=number, sheets=len(sheets))
            pages += sheets
        return self._values(docids, "kondo.loan", title, pages)

    def _sheets_of(self, loan, title):
        _ = self.env._
        running = loan.state in ("active", "closed", "written_off")
        parts = loan.split_ids
        if running:
            headers = [_("No."), _("Name"), _("Granted"), _("Repaid"), _("Left to pay"), _("Late")]
            columns = [parts.mapped(name) for name in ("granted", "repaid", "rest", "amount_late")]
        else:
            headers = [_("No."), _("Name"), _("Asked for"), _("Granted"), _("Quantity")]
            columns = [parts.mapped("requested"), parts.mapped("granted"), parts.mapped("measure")]
        headers.append(_("Signature or thumbprint"))
        rows = [
            [str(number), part.person_id.name, *(self._figure(column[number - 1]) for column in columns), SIGNATURE]
            for number, part in enumerate(parts, 1)
        ]
        total = ["", _("Total"), *(self._figure(sum(column)) for column in columns), ""]
        facts = [
            (_("Organisation"), loan.partner_id.name),
            (_("Member no."), loan.partner_id.member_number),
            (_("Village"), loan.partner_id.village_id.name),
            (_("Loan"), loan.name),
            (_("Amount"), f"{spaced(loan.amount)} FCFA"),
            (_("Amount in words"), amount_in_words(loan.amount)),
            (_("People"), str(len(parts))),
            (_("Last due date"), self._date(max(loan.instalment_ids.mapped("due"), default=False))),
        ]
        chunks = [rows[:FIRST_ROWS], *split_every(ROWS, rows[FIRST_ROWS:], list)]
        signs = [_("The president"), _("The treasurer"), _("For the caisse")]
        return [
            self._page(
                loan.company_id,
                title,
                loan.name,
                facts=[(label, text) for label, text in facts if text] if not index else [],
                table={"headers": headers, "rows": chunk, "total": total if index == len(chunks) - 1 else None},
                signs=signs if index == len(chunks) - 1 else [],
            )
            for index, chunk in enumerate(chunks)
        ]

    def _figure(self, value):
        """Francs, or a quantity with the decimals it has."""
        if isinstance(value, float):
            return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",") if value else ""
        return spaced(value)
