from odoo import fields, models
from odoo.exceptions import UserError

from ....engine.rounding import half_up
from ....engine.words import spaced
from ..product_settings import exact_rate
from .loan import RESTRUCTURING


class KondoLoanChange(models.Model):
    """What forbids a change, in words that say what to do: shown with the request, refused at the decision."""

    _inherit = "kondo.loan.change"

    def _check_request(self):
        """Refuse a change that cannot be carried out as it is asked."""
        _ = self.env._
        loan, others = self.loan_id.sudo(), self.other_ids.sudo()
        day = loan.company_id.business_date
        for one in loan | others:
            if one.state != "active" or not one.principal:
                raise UserError(_("Nothing is owed on the loan %(number)s.", number=one.name))
            if one.tranche_ids.filtered(lambda tranche: not tranche.disbursed):
                raise UserError(
                    _("The loan %(number)s still has a tranche to be paid out: change it afterwards.", number=one.name)
                )
        limit = loan.product_id.change_limit
        if self.kind in RESTRUCTURING and limit and loan.rescheduled_count >= limit:
            raise UserError(
                _("The loan %(number)s was changed %(count)s times already, the product allows no more.",
                  number=loan.name, count=loan.rescheduled_count)
            )  # fmt: skip
        if self.kind == "postponed":
            if not self.months:
                raise UserError(_("Say by how many months the due dates move."))
        elif self.first_due and self.first_due <= day:
            raise UserError(_("The first due date lies after the day of the decision."))
        elif self.grace_principal >= self.instalments:
            raise UserError(_("One instalment at least repays principal: ask for fewer without."))
        if self.kind == "consolidated":
            self._check_others(loan, others)
        elif others:
            raise UserError(_("Other loans are taken over by a consolidation only."))
        if self.kind == "topped_up":
            self._check_extra(loan)
        elif self.extra:
            raise UserError(_("An amount is added by a top-up only."))

    def _check_others(self, loan, others):
        _ = self.env._
        if not others:
            raise UserError(_("Choose the loans that are taken over."))
        if (
            loan in others
            or others.partner_id != loan.partner_id
            or others.company_id != loan.company_id
            or others.product_id.company_id != loan.product_id.company_id
        ):
            raise UserError(_("Only other loans of the same member at the same caisse are consolidated."))

    def _check_extra(self, loan):
        """An added amount is new money: what forbids a loan forbids it."""
        _ = self.env._
        if not self.extra:
            raise UserError(_("Enter the amount that is added."))
        if not loan.savings_account_id or loan.savings_account_id.state == "closed":
            raise UserError(_("The added amount goes to the member's account: enter it on the loan first."))
        if loan.days_late or loan.amount_late:
            raise UserError(_("The loan %(number)s is late: nothing is added to it.", number=loan.name))
        faults = self._extra_faults(loan)
        if faults:
            raise UserError("\n".join(faults))

    def _extra_faults(self, loan):
        _ = self.env._
        product, total = loan.product_id, loan.principal + self.extra
        faults = [*loan._borrower_faults(), *loan._bureau_faults(), *loan._arrears_faults()]
        faults += loan.with_context(kondo_funding_added=self.extra)._funding_faults()
        largest = product._limits(loan.cycle)[1]
        if largest and total > largest:
            faults.append(
                _(
                    "With the added amount %(total)s F are owed; the product lends at most %(amount)s F.",
                    total=spaced(total),
                    amount=spaced(largest),
                )
            )
        asked = half_up(total * exact_rate(product.guarantee_percent) / 100)
        held = sum(self.env["kondo.operation"]._holds_of(loan).mapped("amount"))
        if held < asked:
            faults.append(
                _(
                    "Guarantee savings: %(asked)s F are asked for on %(total)s F, %(held)s F are held.",
                    asked=spaced(asked),
                    total=spaced(total),
                    held=spaced(held),
                )
            )
        limit = loan.company_id._limit_of_own_funds("single_signature_limit", loan.company_id.business_date)
        exposure = loan._exposure_of([("partner_id", "=", loan.partner_id.id)]) + self.extra
        if limit is not None and exposure > limit:
            faults.append(
                _(
                    "All loans of this member would be %(total)s F; a single signature may not be above %(limit)s F.",
                    total=spaced(exposure),
                    limit=spaced(limit),
                )
            )
        return faults

    def _check_level(self):
        """What the caisse's committee may not lend, its manager may not add."""
        levels = self.env["kondo.loan.approval.level"]
        loan = self.loan_id.sudo()
        if self.kind != "topped_up" or not levels.sudo().search_count(
            [("company_id", "=", loan.company_id.root_id.id)], limit=1
        ):
            return
        level = levels._level_for(loan.company_id, loan.principal + self.extra)
        if level.body != "caisse" and not self.env.user.has_group("kondo_microfinance.group_network_manager"):
            raise UserError(
                self.env._("This amount is decided by: %(body)s. The network manager decides.", body=level.display_name)
            )

    def _to_immobilised(self, late):
        """Whether a loan changed while late goes to the immobilised ones, by the dated parameter."""
        day = self.loan_id.sudo().company_id.business_date or fields.Date.context_today(self)
        return (
            bool(late)
            and self.kind in RESTRUCTURING
            and self.env["kondo.parameter"]._get("rescheduled_to_291", day) == "yes"
        )
