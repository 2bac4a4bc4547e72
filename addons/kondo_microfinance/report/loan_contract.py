from odoo import api, models
from odoo.exceptions import UserError

from ..engine.loan_json import terms_from_json
from ..engine.words import spaced


class ReportLoanContract(models.AbstractModel):
    """The loan contract with its amortisation table, every amount in words too.

    It is what was signed: a change of the running loan has its own schedule and never rewrites the contract.
    """

    _name = "report.kondo_microfinance.report_loan_contract"
    _description = "Loan contract"
    _inherit = ["kondo.loan.paper"]

    @api.model
    def _get_report_values(self, docids, data=None):
        title, pages = self.env._("Loan contract"), []
        for loan in self._loans(docids):
            if loan.state not in ("approved", "active", "closed", "written_off"):
                raise UserError(self.env._("A contract is printed once the loan has been granted."))
            pages += self._paper(loan, "contract", self._contract(loan.sudo(), title))
        return self._values(docids, "kondo.loan", title, pages)

    def _signed(self, loan):
        """(schedule record, LoanTerms, LoanSchedule, EffectiveRate) of the contract: as granted, dated by the payment."""
        kept = loan.schedule_ids.filtered(lambda schedule: schedule.reason in ("initial", "disbursed"))
        record = kept.sorted("number")[-1:] or loan.schedule_id
        return record, *loan._plan(terms_from_json(record.terms))

    def _contract(self, loan, title):
        _ = self.env._
        record, terms, schedule, rate = self._signed(loan)
        rows = self._rows_of_schedule(record, penalties=False)
        product = loan.product_id
        proportional = product._teg_method() != "actuarial"
        teg = rate.proportional if proportional else rate.actuarial
        to_pay = sum(row["total"] for row in rows)
        articles = [
            (
                _("Object and amount"),
                _(
                    "The caisse lends the borrower %(amount)s, for: %(purpose)s.",
                    amount=self._francs(terms.amount),
                    purpose=(loan.reason or loan.purpose_id.name or product.name).strip().rstrip("."),
                ),
            ),
            (_("Disbursement"), self._disbursement_text(loan, schedule)),
            (
                _("Repayment"),
                _(
                    "One instalment on %(first)s, by the table annexed. In all the borrower pays back %(total)s.",
                    first=self._date(rows[0]["due"]),
                    total=self._francs(to_pay),
                )
                if len(rows) == 1
                else _(
                    "%(count)s instalments (%(rhythm)s), the first on %(first)s, the last on %(last)s, by the table annexed. In"
                    " all the borrower pays back %(total)s.",
                    count=len(rows),
                    rhythm=self._rhythm(terms),
                    first=self._date(rows[0]["due"]),
                    last=self._date(rows[-1]["due"]),
                    total=self._francs(to_pay),
                ),
            ),
            (
                _("Cost"),
                _(
                    "Interest runs at %(rate)s a year and comes to %(interest)s. The effective rate, fees and compulsory"
                    " insurance included and taxes left out, is %(teg)s a year (TEG), for a rate of the period of %(period)s.",
                    rate=self._percent(terms.annual_rate),
                    interest=self._francs(schedule.total("interest")),
                    teg=self._percent(round(teg, 2)),
                    period=self._percent(round(rate.period, 4)),
                ),
            ),
            *self._charge_article(product, schedule),
            (
                _("Undertakings of the borrower"),
                _(
                    "The borrower uses the loan for what it was asked for, lets the caisse see the activity it pays for, keeps in"
                    " good order what is pledged, and tells the caisse of any change of address, activity or family situation"
                    " that touches the repayment."
                ),
            ),
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
            (
                _("Changes"),
                _("Dates and amounts change only by a new amortisation table, agreed by both and signed."),
            ),
            (
                _("Disagreements"),
                _(
                    "Parties look for an agreement first; failing that, the court of the seat of the caisse decides. Done in two"
                    " originals, one of them for the borrower, with the table annexed."
                ),
            ),
        ]
        borrower = loan.partner_id
        first = {
            "intro": _(
                "Between %(caisse)s, represented by its manager, which lends, and %(borrower)s, member no. %(number)s, who"
                " borrows, the following is agreed.",
                caisse=loan.company_id.name,
                borrower=borrower.name,
                number=borrower.member_number or "",
            ),
            "facts": [
                (_("Borrower"), borrower.name),
                *self._identity(borrower)[1:],
                *((_("Co-borrower"), other.name) for other in loan.coborrower_ids),
            ],
        }
        signs = [
            _("The borrower (read and approved, or thumbprint)"),
            _("The witness, for who cannot sign"),
            *([_("The guarantors")] if loan.guarantor_ids else []),
            _("The caisse"),
        ]
        last = {"signs": signs, "thumb": _("Thumbprint")}
        annex = self._schedule_pages(loan, rows, _("Annex: amortisation table"), rate=rate, terms=terms)
        return self._texts(loan.company_id, title, loan.name, articles, first, last) + annex

    def _disbursement_text(self, loan, schedule):
        _ = self.env._
        (day, amount), *others = schedule.disbursements
        text = _("%(amount)s FCFA on %(day)s", amount=spaced(amount), day=self._date(day))
        parts = [text]
        parts += [_("then %(amount)s FCFA on %(day)s", amount=spaced(sum_), day=self._date(on)) for on, sum_ in others]
        how = _("in cash at the window or to the borrower's account")
        if loan.savings_account_id:
            how = _("in cash at the window or to the account %(number)s", number=loan.savings_account_id.number)
        return f"{', '.join(parts)}, {how}."

    def _charge_article(self, product, schedule):
        _ = self.env._
        parts = [
            f"{product._charge_record(charge.name).name} : {spaced(charge.amount)} FCFA"
            for charge in schedule.charges
            if charge.amount
        ]
        if schedule.interest_up_front:
            parts.append(
                _("interest kept at the disbursement: %(amount)s FCFA", amount=spaced(schedule.interest_up_front))
            )
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
        percent = self._percent(product.early_fee_percent)
        fixed = spaced(product.early_fee_fixed)
        if product.early_fee_percent and product.early_fee_fixed:
            text += " " + _(
                "Fee: %(percent)s of the principal repaid early, plus %(fixed)s FCFA.", percent=percent, fixed=fixed
            )
        elif product.early_fee_percent:
            text += " " + _("Fee: %(percent)s of the principal repaid early.", percent=percent)
        elif product.early_fee_fixed:
            text += " " + _("Fee: %(fixed)s FCFA.", fixed=fixed)
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
        if not parts:
            return _("None.")
        text = ", ".join(parts)
        return f"{text[0].upper()}{text[1:]}."
