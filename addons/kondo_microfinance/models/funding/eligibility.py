from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ...engine.words import spaced
from ..loans.loan import OPEN_FILE
from ..loans.product_settings import exact_rate


class KondoLoan(models.Model):
    """Which line pays a loan, and why a line may not."""

    _inherit = "kondo.loan"

    funding_ids = fields.One2many("kondo.loan.funding", "loan_id", string="Financed by")

    def _funding_faults(self):
        shares = self.sudo().funding_ids
        faults = super()._funding_faults()
        if sum((Fraction(exact_rate(share.percent)) for share in shares), Fraction(0)) > 100:
            return [*faults, self.env._("The lines that finance the loan pay more than 100 % of it.")]
        for share in shares:
            faults += [
                self.env._("Line %(line)s: %(fault)s", line=share.line_id.name, fault=fault)
                for fault in self._line_faults(share)
            ]
        return faults

    def _line_faults(self, share):
        """Why this line does not pay its share of the loan: sentences without the line's name."""
        day = self.env.context.get("kondo_funding_day") or self.start_on or self._business_day()
        asked = share._part(self._funding_asked())
        return [*self._line_conditions(share.line_id, day), *self._line_shortage(share.line_id, asked)]

    def _funding_asked(self):
        """Francs that are still to be paid out of this loan: all of it, what is left of it, or what a change adds."""
        added = self.env.context.get("kondo_funding_added")
        if added is not None:
            return added
        return self.amount if self.state in OPEN_FILE else self.commitment

    def _line_conditions(self, line, day):
        """Whom and what the line is not for, on a day; rooms add theirs."""
        _, faults, member = self.env._, [], self.partner_id
        if not line.active or line.company_id != self.company_id.root_id:
            faults.append(_("it is closed."))
        if day < line.date_from or (line.date_to and day > line.date_to):
            faults.append(
                _(
                    "it lends from %(start)s to %(end)s.",
                    start=format_date(self.env, line.date_from),
                    end=format_date(self.env, line.date_to) if line.date_to else "…",
                )
            )
        if not {"individual": line.for_individuals, "group": line.for_groups, "legal": line.for_legal}.get(
            member.member_kind, True
        ):
            faults.append(_("it is not for this kind of member."))
        if line.women_only and member.member_kind == "individual" and member.sex != "female":
            faults.append(_("it is for women."))
        if (
            line.youth_only
            and member.member_kind == "individual"
            and not line._is_young(member.birth_date, self.disbursed_on or day)
        ):
            faults.append(_("it is for young people."))
        if line.purpose_ids and self.purpose_id not in line.purpose_ids:
            faults.append(_("it is not for this purpose."))
        if line.sector_ids and self.sector_id not in line.sector_ids:
            faults.append(_("it is not for this sector."))
        if line.zone_ids and not line.zone_ids._holds(member.village_id):
            zones = ", ".join(line.zone_ids.mapped("name"))
            faults.append(_("the village of the borrower is not in its zone (%(zones)s).", zones=zones))
        if line.maximum_rate and exact_rate(self.annual_rate) > exact_rate(line.maximum_rate):
            faults.append(
                _("the borrower's rate is at most %(rate)s %%.", rate=f"{line.maximum_rate:g}".replace(".", ","))
            )
        return faults

    def _line_shortage(self, line, asked):
        """What is missing on the line for `asked` francs more of this loan, or is too much for the borrower."""
        _, faults, shares = self.env._, [], self.env["kondo.loan.funding"].sudo()
        mine = shares.search([("line_id", "=", line.id), ("loan_id.partner_id", "=", self.partner_id.id)])
        own = mine.filtered(lambda share: share.loan_id == self._origin)
        owed = sum(mine.mapped("outstanding")) + sum(share._promised() for share in mine - own)
        if line.borrower_limit and asked and owed + asked > line.borrower_limit:
            faults.append(_("at most %(limit)s F per borrower.", limit=spaced(line.borrower_limit)))
        left = line.lendable - (line.reserved - sum(share._promised() for share in own))
        if asked > left:
            faults.append(
                _(
                    "%(left)s F are left of it, %(asked)s F are asked for.",
                    left=spaced(max(0, left)),
                    asked=spaced(asked),
                )
            )
        return faults


class KondoOperation(models.Model):
    _inherit = "kondo.operation"

    @api.private
    def _check_payout(self, posting, loan):
        """The lines that pay are asked again on the very day, for later tranches too: the agreement may have ended,
        the borrower may have moved or grown older, the money may have gone.
        """
        gross = super()._check_payout(posting, loan.with_context(kondo_funding_day=posting.business_date))
        if loan.state == "active":
            loan = loan.with_context(kondo_funding_day=posting.business_date, kondo_funding_added=gross)
            faults = loan._funding_faults()
            if faults:
                raise UserError("\n".join(faults))
        return gross
