from fractions import Fraction

from odoo import fields, models
from odoo.tools.misc import format_date

from ...engine.words import spaced
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
        day = self.start_on or self._business_day()
        return [*self._line_conditions(share.line_id, day), *self._line_shortage(share)]

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
        if line.youth_only and member.member_kind == "individual" and not line._is_young(member.birth_date, day):
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

    def _line_shortage(self, share):
        """What is missing on the line for its share, or too much for the borrower."""
        _, faults, line, member = self.env._, [], share.line_id, self.partner_id
        asked = share._part(self.amount)
        elsewhere = sum(line.share_ids.filtered(lambda other: other.partner_id == member).mapped("outstanding"))
        if line.borrower_limit and elsewhere + asked > line.borrower_limit:
            faults.append(_("at most %(limit)s F per borrower.", limit=spaced(line.borrower_limit)))
        own = share._part(self.commitment) if self.commitment else 0
        left = line.lendable - (line.reserved - own)
        if asked > left:
            faults.append(
                _(
                    "%(left)s F are left of it, %(asked)s F are asked for.",
                    left=spaced(max(0, left)),
                    asked=spaced(asked),
                )
            )
        return faults
