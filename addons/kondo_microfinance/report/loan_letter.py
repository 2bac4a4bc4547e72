from odoo import api, models
from odoo.exceptions import UserError

from ..engine.words import amount_in_words, spaced


class ReportLoanLetter(models.AbstractModel):
    """The three letters to a late borrower, each firmer than the one before."""

    _name = "report.kondo_microfinance.report_loan_letter"
    _description = "Letter to a borrower"
    _inherit = ["kondo.loan.paper"]

    @api.model
    def _get_report_values(self, docids, data=None):
        letters = self.env["kondo.loan.followup"].browse(docids).exists()
        if not letters:
            raise UserError(self.env._("Choose the letter."))
        letters.check_access("read")
        pages = [self._letter(letter) for letter in letters]
        return self._values(docids, "kondo.loan.followup", self.env._("Letter"), pages)

    def _letter(self, letter):
        _ = self.env._
        letter.company_id.with_env(self.env)._check_visible()
        letter = letter.sudo()
        loan, partner = letter.loan_id, letter.partner_id
        kinds = dict(letter._fields["kind"]._description_selection(self.env))
        late = letter.late_then
        rows = loan.instalment_ids.filtered(lambda row: row.rest and row.due < letter.day).sorted("number")
        opening = {
            "letter_1": _(
                "We have not received what was due on your loan. It may be an oversight: please come to the caisse."
            ),
            "letter_2": _("In spite of our first letter, what is due on your loan has still not been paid."),
            "letter_3": _(
                "Our letters have remained without effect. We give you formal notice to pay what is due on your loan."
            ),
        }.get(letter.kind, "")
        closing = {
            "letter_1": _("If you have paid in the meantime, please take no notice of this letter."),
            "letter_2": _("Penalties run for each day. Our officer is at your disposal to find a way with you."),
            "letter_3": _(
                "Failing payment by then, all that is owed may be asked for, and the guarantees and guarantors called,"
                " without further notice."
            ),
        }.get(letter.kind, "")
        return self._page(
            loan.company_id,
            kinds[letter.kind],
            loan.name,
            facts=[
                (label, text)
                for label, text in (
                    (_("To"), partner.name),
                    (_("Member no."), partner.member_number),
                    (_("Village"), partner.village_id.name),
                    (_("Loan"), _("%(number)s of %(day)s", number=loan.name, day=self._date(loan.disbursed_on))),
                    (_("Days late"), str(letter.days_then)),
                    (_("To be paid by"), self._date(letter.deadline)),
                )
                if text
            ],
            intro=opening,
            articles=[
                (_("Amount late"), f"{spaced(late)} FCFA ({amount_in_words(late)})"),
                (_("What we ask"), closing),
            ],
            table={
                "headers": [_("No."), _("Due on"), _("Instalment"), _("Paid so far"), _("Left to pay")],
                "rows": [
                    [str(row.number), self._date(row.due), spaced(row.total), spaced(row.paid), spaced(row.rest)]
                    for row in rows
                ],
                "total": None,
            }
            if rows
            else None,
            signs=[_("The manager of the caisse"), _("Received (date and signature)")],
        )
