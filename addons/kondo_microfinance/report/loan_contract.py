from odoo import api, models
from odoo.exceptions import UserError

from ..engine.words import spaced


class ReportLoanContract(models.AbstractModel):
    """The loan contract with its amortisation table, every amount in words too."""

    _name = "report.kondo_microfinance.report_loan_contract"
    _description = "Loan contract"
    _inherit = ["kondo.loan.paper"]

    @api.model
    def _get_report_values(self, docids, data=None):
        title, pages = self.env._("Loan contract"), []
        for loan in self._loans(docids):
            if loan.state not in ("approved", "active", "closed", "written_off"):
                raise UserError(self.env._("A contract is printed once the loan has been granted."))
            pages.append(self._contract(loan, title))
            pages += self._schedule_pages(
                loan, self._rows_of(loan), self.env._("Annex: amortisation table"), paid=False
            )
            self._note_print(loan, title)
        return self._values(docids, "kondo.loan", title, pages)

    def _contract(self, loan, title):
        _ = self.env._
        loan = loan.sudo()
        partner, product = loan.partner_id, loan.product_id
        rows = self._rows_of(loan)
        articles = [
            (
                _("Object and amount"),
                _(
                    "The caisse lends the borrower %(amount)s, for: %(purpose)s.",
                    amount=self._francs(loan.amount),
                    purpose=loan.reason or loan.purpose_id.name or product.name,
                ),
            ),
            (
                _("Repayment"),
                _(
                    "%(count)s instalments (%(rhythm)s), the first on %(first)s, the last on %(last)s, by the table annexed. In"
                    " all the borrower pays back %(total)s.",
                    count=len(rows),
                    rhythm=self._rhythm(loan),
                    first=self._date(rows[0]["due"]),
                    last=self._date(rows[-1]["due"]),
                    total=self._francs(sum(row["total"] for row in rows)),
                ),
            ),
            (
                _("Cost"),
                _(
                    "Interest runs at %(rate)s a year and comes to %(interest)s. The effective rate, fees and compulsory"
                    " insurance included and taxes left out, is %(teg)s a year (TEG), for a rate of the period of %(period)s.",
                    rate=self._percent(loan.annual_rate),
                    interest=self._francs(sum(row["interest"] for row in rows)),
                    teg=self._percent(round(loan.teg, 2)),
                    period=self._percent(round(loan.teg_period, 4)),
                ),
            ),
            *self._charge_article(loan),
            (_("Late payment"), self._penalty_text(product)),
            (_("Early repayment"), self._early_text(product)),
            (_("Guarantees"), self._guarantee_text(loan)),
            (
                _("Credit bureau"),
                _(
                    "The borrower has agreed that this loan be declared to the credit bureau and that his report be consulted."
                ),
            ),
            (
                _("Default"),
                _(
                    "When an instalment stays unpaid after a formal notice, the caisse may ask for all that is owed and call the"
                    " guarantees."
                ),
            ),
        ]
        return self._page(
            loan.company_id,
            title,
            loan.name,
            intro=_(
                "Between %(caisse)s, which lends, and %(borrower)s, member no. %(number)s, who borrows, the following is agreed.",
                caisse=loan.company_id.name,
                borrower=partner.name,
                number=partner.member_number or "",
            ),
            facts=[
                (_("Borrower"), partner.name),
                (_("Identity"), ", ".join(partner.id_numbers.mapped("name"))),
                (_("Village"), partner.village_id.name),
                (_("Phone"), partner.phone),
                *((_("Co-borrower"), other.name) for other in loan.coborrower_ids),
            ],
            articles=articles,
            signs=[
                _("The borrower (read and approved, or thumbprint)"),
                _("The witness, for who cannot sign"),
                _("The guarantors"),
                _("The caisse"),
            ],
        )

    def _charge_article(self, loan):
        _ = self.env._
        _terms, schedule, _rate = loan._plan(loan._stored_terms() if loan.schedule_id else None)
        product = loan.product_id
        parts = [
            f"{product._charge_record(charge.name).name} : {spaced(charge.amount)} FCFA"
            for charge in schedule.charges
            if charge.amount
        ]
        for record in product.charge_ids.filtered(lambda charge: charge.when == "instalment"):
            parts.append(_("%(name)s: with each instalment", name=record.name))
        return [(_("Fees, insurance and savings"), " · ".join(parts) + ".")] if parts else []

    def _penalty_text(self, product):
        _ = self.env._
        if not product.penalty_rate and not product.penalty_fixed:
            return _("No penalty is charged.")
        per = dict(product._fields["penalty_per"]._description_selection(self.env))
        base = dict(product._fields["penalty_base"]._description_selection(self.env))
        parts = []
        if product.penalty_rate:
            parts.append(
                _(
                    "%(rate)s (%(per)s) of: %(base)s",
                    rate=self._percent(product.penalty_rate),
                    per=per[product.penalty_per].lower(),
                    base=base[product.penalty_base].lower(),
                )
            )
        if product.penalty_fixed:
            parts.append(_("%(amount)s FCFA", amount=spaced(product.penalty_fixed)))
        if product.penalty_grace:
            parts.append(_("after %(days)s days of grace", days=product.penalty_grace))
        return ", ".join(parts) + "."

    def _early_text(self, product):
        _ = self.env._
        interest = dict(product._fields["early_interest"]._description_selection(self.env))
        text = _("Allowed at any time; interest is paid: %(how)s.", how=interest[product.early_interest].lower())
        if product.early_fee_percent or product.early_fee_fixed:
            text += " " + _(
                "Fee: %(percent)s of the principal repaid early, plus %(fixed)s FCFA.",
                percent=self._percent(product.early_fee_percent),
                fixed=spaced(product.early_fee_fixed),
            )
        return text

    def _guarantee_text(self, loan):
        _ = self.env._
        parts = []
        if loan.guarantee_savings:
            parts.append(_("guarantee savings of %(amount)s", amount=self._francs(loan.guarantee_savings)))
        parts += [
            _("guarantee of %(name)s up to %(amount)s", name=one.name, amount=self._francs(one.ceiling))
            for one in loan.guarantor_ids
        ]
        parts += [f"{one.kind_id.name} : {one.name} ({spaced(one.value)} FCFA)" for one in loan.collateral_ids]
        return "; ".join(parts) + "." if parts else _("None.")


class ReportLoanGuarantee(models.AbstractModel):
    """The deed by which each guarantor answers for the loan."""

    _name = "report.kondo_microfinance.report_loan_guarantee"
    _description = "Guarantee deed"
    _inherit = ["kondo.loan.paper"]

    @api.model
    def _get_report_values(self, docids, data=None):
        title, pages = self.env._("Guarantee deed"), []
        for loan in self._loans(docids):
            if not loan.guarantor_ids:
                raise UserError(self.env._("No guarantor is on the file %(number)s.", number=loan.name))
            pages += [self._deed(loan.sudo(), guarantor.sudo(), title) for guarantor in loan.guarantor_ids]
            self._note_print(loan, title)
        return self._values(docids, "kondo.loan", title, pages)

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
            people = loan.sudo().partner_id | loan.sudo().coborrower_ids
            pages += [self._consent(loan.sudo(), person, title) for person in people]
            self._note_print(loan, title)
        return self._values(docids, "kondo.loan", title, pages)

    def _consent(self, loan, person, title):
        _ = self.env._
        return self._page(
            loan.company_id,
            title,
            loan.name,
            facts=[
                (label, text)
                for label, text in (
                    (_("Name"), person.name),
                    (_("Member no."), person.member_number),
                    (_("Born"), person.birth_label),
                    (_("Identity"), ", ".join(person.id_numbers.mapped("name"))),
                    (_("Village"), person.village_id.name),
                    (_("Phone"), person.phone),
                )
                if text
            ],
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
        )
