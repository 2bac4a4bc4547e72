from fractions import Fraction

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ....engine.charts import rate_text
from ....engine.rounding import half_up
from ....engine.words import spaced
from ..product_settings import exact_rate


class KondoLoan(models.Model):
    """What forbids a loan, in words that say what to do. Warnings on the file, refusals at the decision and the window."""

    _inherit = "kondo.loan"

    @api.private
    def _check_blocking(self):
        """Sentences that forbid granting and paying out this loan, in the order in which one settles them."""
        self.ensure_one()
        loan = self.sudo()
        if loan.state not in ("draft", "review", "committee", "approved"):
            return super()._check_blocking()
        return [
            *super()._check_blocking(),
            *loan._rate_faults(),
            *loan._limit_faults(),
            *loan._borrower_faults(),
            *loan._guarantee_faults(),
            *loan._bureau_faults(),
            *loan._arrears_faults(),
            *loan._exposure_faults(),
            *loan._funding_faults(),
        ]

    def _funding_faults(self):
        """What the donor's line that finances the loan lacks; the rooms that keep such lines extend this."""
        return []

    def _rate_faults(self):
        try:
            _terms, _schedule, rate = self._plan()
        except UserError as fault:
            return [str(fault)]
        product = self.product_id
        ceiling = product._teg_ceiling(self.start_on or self._business_day())
        teg = rate.actuarial if product._teg_method() == "actuarial" else rate.proportional
        if round(teg, 4) <= ceiling:
            return []
        return [
            self.env._(
                "The TEG is %(teg)s %%, above the ceiling of %(ceiling)s %%: lower the rate or the fees.",
                teg=rate_text(half_up(Fraction(teg), 2)),
                ceiling=rate_text(Fraction(ceiling)),
            )
        ]

    def _limit_faults(self):
        _, faults, product = self.env._, [], self.product_id
        smallest, largest, lowest, highest = product._limits(self.cycle)
        if self.amount < max(1, smallest):
            faults.append(_("The product lends %(amount)s F or more.", amount=spaced(max(1, smallest))))
        if largest and self.amount > largest:
            faults.append(
                _(
                    "The product lends at most %(amount)s F for loan no. %(cycle)s.",
                    amount=spaced(largest),
                    cycle=self.cycle,
                )
            )
        if not product.minimum_instalments <= self.instalments <= product.maximum_instalments:
            faults.append(
                _(
                    "The product is repaid in %(least)s to %(most)s instalments.",
                    least=product.minimum_instalments,
                    most=product.maximum_instalments,
                )
            )
        if not exact_rate(lowest) <= exact_rate(self.annual_rate) <= exact_rate(highest):
            faults.append(
                _(
                    "The rate of this product is between %(lowest)s %% and %(highest)s %%.",
                    lowest=rate_text(exact_rate(lowest)),
                    highest=rate_text(exact_rate(highest)),
                )
            )
        if self.tranche_ids and not self._may_be_parted():
            faults.append(_("This product is paid out in one go."))
        return faults

    def _may_be_parted(self):
        """Whether the loan may be paid out in parts."""
        return self.product_id.tranches_allowed

    def _borrower_faults(self):
        _, faults, product, member = self.env._, [], self.product_id, self.partner_id
        if member.member_state in ("applicant", "resigned", "excluded", "deceased"):
            faults.append(_("%(member)s is no active member.", member=member.name))
        offered = {"individual": product.for_individuals, "group": product.for_groups, "legal": product.for_legal}
        if not offered.get(member.member_kind, True):
            faults.append(_("This product is not for this kind of member."))
        if product.women_only and member.member_kind == "individual" and member.sex != "female":
            faults.append(_("This product is for women."))
        if product.youth_only and member.member_kind == "individual" and not member.is_youth:
            faults.append(_("This product is for young people."))
        if product.purpose_ids and self.purpose_id not in product.purpose_ids:
            faults.append(_("This product is not for this purpose."))
        if product.sector_ids and self.sector_id not in product.sector_ids:
            faults.append(_("This product is not for this sector."))
        if product.membership_months:
            since = member.membership_date
            ready = since and since + relativedelta(months=product.membership_months)
            if not ready or ready > self._business_day():
                faults.append(
                    _(
                        "A member for %(months)s months at least%(when)s.",
                        months=product.membership_months,
                        when=_(": from %(day)s on", day=format_date(self.env, ready)) if ready else "",
                    )
                )
        if product.shares_needed and not self._shares_paid():
            faults.append(_("The member's shares are not fully paid up."))
        return faults

    def _shares_paid(self):
        holdings = self.env["kondo.share.holding"].sudo().search([("partner_id", "=", self.partner_id.id)])
        return any(holding.subscribed for holding in holdings) and all(
            holding.paid >= holding.subscribed * holding.nominal for holding in holdings
        )

    def _guarantee_faults(self):
        _, faults, product = self.env._, [], self.product_id
        asked = max(self.guarantee_savings, half_up(self.amount * exact_rate(product.guarantee_percent) / 100))
        if asked > self.guarantee_savings:
            faults.append(
                _(
                    "This product asks for %(amount)s F of guarantee savings: enter them on the file.",
                    amount=spaced(asked),
                )
            )
        if self.guarantee_savings:
            account = self.guarantee_account_id
            built = self._built_at_payout()
            free = account.balance - account.blocked if account else 0
            if not account:
                faults.append(_("Open a guarantee account for the member and enter it on the file."))
            elif free + built < self.guarantee_savings:
                faults.append(
                    _(
                        "Guarantee savings: %(free)s F are free on %(number)s, %(asked)s F are asked for.",
                        free=spaced(max(0, free)),
                        number=account.number,
                        asked=spaced(self.guarantee_savings - built),
                    )
                )
        if len(self.guarantor_ids) < product.guarantor_count:
            faults.append(_("This product asks for %(count)s guarantors.", count=product.guarantor_count))
        for guarantor in self.guarantor_ids.filtered("held"):
            account = guarantor.account_id
            if self.state != "active" and account.balance - account.blocked < guarantor.held:
                faults.append(
                    _(
                        "Guarantor %(name)s: only %(free)s F are free on %(number)s.",
                        name=guarantor.name,
                        free=spaced(max(0, account.balance - account.blocked)),
                        number=account.number,
                    )
                )
        for pledge in self.collateral_ids:
            if pledge.kind_id.document_needed and not (pledge.document or pledge.file):
                faults.append(_("Collateral “%(name)s”: its title or paper is not in the file.", name=pledge.name))
            if pledge.kind_id.insurance_needed and (
                not pledge.insured_until or pledge.insured_until < (self.start_on or self._business_day())
            ):
                faults.append(_("Collateral “%(name)s” is not insured on the day of the loan.", name=pledge.name))
        needed = half_up(self.amount * exact_rate(product.collateral_percent) / 100)
        if self.collateral_total < needed:
            faults.append(
                _(
                    "Collateral: %(there)s F counted, %(needed)s F needed.",
                    there=spaced(self.collateral_total),
                    needed=spaced(needed),
                )
            )
        return faults

    def _built_at_payout(self):
        """Francs of guarantee savings that the disbursement itself deposits."""
        try:
            _terms, schedule, _rate = self._plan()
        except UserError:
            return 0
        first = schedule.disbursements[0][0]
        return sum(charge.amount for charge in schedule.charges if charge.kind == "guarantee" and charge.due == first)

    def _bureau_faults(self):
        if not self.company_id.root_id.bureau_required:
            return []
        _, faults = self.env._, []
        if not self.bureau_consent_on:
            faults.append(_("Credit bureau: the member's consent is not on file."))
        elif not (self.bureau_on and self.bureau_reference):
            faults.append(_("Credit bureau: enter the day and the number of the report."))
        elif self.bureau_consent_on > self.bureau_on:
            faults.append(_("Credit bureau: consent is signed before the report is asked for."))
        return faults

    def _arrears_faults(self):
        if not self.company_id.root_id.arrears_block:
            return []
        people = self.partner_id | self.coborrower_ids | self.guarantor_ids.partner_id
        late = (
            self.env["kondo.loan"]
            .sudo()
            .search(
                [
                    "|",
                    ("partner_id", "in", people.ids),
                    ("coborrower_ids", "in", people.ids),
                    ("id", "!=", self.id),
                    "|",
                    "&",
                    ("state", "=", "active"),
                    ("days_late", ">", 0),
                    ("state", "=", "written_off"),
                ]
            )
        )
        elsewhere = (
            [
                self.env._(
                    "Credit bureau: %(amount)s F late at other institutions. Let the member settle them first.",
                    amount=spaced(self.bureau_late),
                )
            ]
            if self.bureau_late
            else []
        )
        return elsewhere + [
            self.env._(
                "%(member)s: the loan %(number)s is late or was written off.",
                member=loan.partner_id.name,
                number=loan.name,
            )
            for loan in late
        ]

    def _exposure_faults(self):
        _, faults, day, company = self.env._, [], self._business_day(), self.company_id
        if self.related_party == "none" and self._known_tie() != "none":
            faults.append(
                _(
                    "%(member)s, or a relative, sits on a governing body or works here: say so under “Tied to the"
                    " institution”.",
                    member=self.partner_id.name,
                )
            )
        for key, people, text in (
            ("single_signature_limit", [("partner_id", "=", self.partner_id.id)], "single"),
            ("related_party_limit", [("related_party", "!=", "none")], "related"),
        ):
            if text == "related" and self.related_party == "none":
                continue
            limit = company._limit_of_own_funds(key, day)
            if limit is None:
                continue
            total = self._exposure_of(people)
            if total > limit:
                faults.append(
                    _(
                        "All loans of this member would be %(total)s F; a single signature may not be above %(limit)s F.",
                        total=spaced(total),
                        limit=spaced(limit),
                    )
                    if text == "single"
                    else _(
                        "Loans to governing bodies and staff would be %(total)s F; the limit is %(limit)s F.",
                        total=spaced(total),
                        limit=spaced(limit),
                    )
                )
        return faults
