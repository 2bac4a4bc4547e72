from odoo import api, models
from odoo.exceptions import UserError


class ReportLoanGuarantee(models.AbstractModel):
    """The deed by which each guarantor answers for the loan."""

    _name = "report.kondo_microfinance.report_loan_guarantee"
    _description = "Guarantee deed"
    _inherit = ["kondo.loan.paper"]

    @api.model
    def _get_report_values(self, docids, data=None):
        title, pages = self.env._("Guarantee deed"), []
        for loan in self._loans(docids):
            if not loan.guarantor_ids and not loan.guarantee_savings:
                raise UserError(
                    self.env._("The file %(number)s has neither a guarantor nor guarantee savings.", number=loan.name)
                )
            for guarantor in loan.sudo().guarantor_ids:
                pages += self._paper(loan, "guarantee", [self._deed(loan.sudo(), guarantor, title)], guarantor)
            if loan.guarantee_savings:
                pages += self._paper(loan, "pledge", [self._pledge(loan.sudo())])
        return self._values(docids, "kondo.loan", title, pages)

    def _pledge(self, loan):
        """The deed of the guarantee savings that the borrower leaves with the caisse."""
        _ = self.env._
        articles = [
            (
                _("Savings given in guarantee"),
                _(
                    "For the loan of %(amount)s that %(caisse)s makes to me, I leave %(savings)s as guarantee savings.",
                    amount=self._francs(loan.amount),
                    caisse=loan.company_id.name,
                    savings=self._francs(loan.guarantee_savings),
                ),
            ),
            (
                _("Account"),
                _("The account %(number)s.", number=loan.guarantee_account_id.number)
                if loan.guarantee_account_id
                else _("A guarantee account opened in my name when the loan is paid out."),
            ),
            (
                _("Term"),
                _(
                    "These savings stay blocked until the loan is wholly repaid, and are mine again that day, with what they"
                    " earn."
                ),
            ),
            (
                _("Default"),
                _("After a formal notice without effect, the caisse may use them for what stays unpaid."),
            ),
        ]
        return self._page(
            loan.company_id,
            _("Deed of guarantee savings"),
            loan.name,
            facts=self._identity(loan.partner_id),
            articles=articles,
            signs=[_("The borrower (read and approved, or thumbprint)"), _("The witness"), _("The caisse")],
            thumb=_("Thumbprint"),
        )

    def _deed(self, loan, guarantor, title):
        _ = self.env._
        articles = [
            (
                _("Undertaking"),
                _(
                    "I answer, jointly with the borrower, for the loan of %(amount)s that %(caisse)s makes to %(borrower)s, up to"
                    " %(ceiling)s, principal, interest, fees and penalties together.",
                    amount=self._francs(loan.amount),
                    caisse=loan.company_id.name,
                    borrower=loan.partner_id.name,
                    ceiling=self._francs(guarantor.ceiling),
                ),
            ),
            (_("Term"), _("Until the loan is wholly repaid, whatever changes of its due dates are agreed.")),
        ]
        if guarantor.held:
            articles.append(
                (
                    _("Savings held"),
                    _(
                        "Of my account %(number)s, %(amount)s stay blocked until then; the caisse may use them for what stays"
                        " unpaid.",
                        number=guarantor.account_id.number,
                        amount=self._francs(guarantor.held),
                    ),
                )
            )
        return self._page(
            loan.company_id,
            title,
            loan.name,
            facts=[
                (label, text)
                for label, text in (
                    (_("Guarantor"), guarantor.name),
                    (_("Member no."), guarantor.partner_id.member_number),
                    (_("Identity"), guarantor.identity or ", ".join(guarantor.partner_id.id_numbers.mapped("name"))),
                    (_("Phone"), guarantor.phone or guarantor.partner_id.phone),
                    (_("Village"), guarantor.address or guarantor.partner_id.village_id.name),
                    (_("Loan"), loan.name),
                )
                if text
            ],
            articles=articles,
            signs=[_("The guarantor (in his own hand: good for a guarantee)"), _("The witness"), _("The caisse")],
            thumb=_("Thumbprint"),
        )


class ReportLoanConsent(models.AbstractModel):
    """The member's consent to the credit bureau, signed before anything is asked of it."""

    _name = "report.kondo_microfinance.report_loan_consent"
    _description = "Consent to the credit bureau"
    _inherit = ["kondo.loan.paper"]

    @api.model
    def _get_report_values(self, docids, data=None):
        title, pages = self.env._("Consent to the credit bureau"), []
        for loan in self._loans(docids):
            for person in loan.sudo().partner_id | loan.sudo().coborrower_ids:
                pages += self._paper(loan, "consent", [self._consent(loan.sudo(), person, title)], person)
        return self._values(docids, "kondo.loan", title, pages)

    def _consent(self, loan, person, title):
        _ = self.env._
        return self._page(
            loan.company_id,
            title,
            loan.name,
            facts=self._identity(person),
            articles=[
                (
                    _("What I agree to"),
                    _(
                        "%(caisse)s may declare my loans to the credit bureau (BIC) licensed in the UMOA, and consult the report"
                        " that the bureau keeps on me, for this request and for as long as I owe it anything.",
                        caisse=loan.company_id.name,
                    ),
                ),
                (
                    _("What is declared"),
                    _("Loans, balances, late payments, guarantees and schedules; never my savings."),
                ),
                (
                    _("My rights"),
                    _(
                        "I may ask the bureau for my report, and have it put right; what is declared is shown for five years."
                    ),
                ),
            ],
            signs=[_("The member (or thumbprint)"), _("The witness, for who cannot sign"), _("The caisse")],
            thumb=_("Thumbprint"),
        )
