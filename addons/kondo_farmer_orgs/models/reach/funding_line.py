from odoo import fields, models


class KondoFundingLine(models.Model):
    """What a line asks of organisations, judged by the people of their contract; whom it has reached."""

    _inherit = "kondo.funding.line"

    crop_ids = fields.Many2many("kondo.crop", string="Crops", help="Empty: every crop.")

    def action_donor_report(self):
        """The donor's report of this line, from its beginning to today."""
        self.ensure_one()
        return self.env["kondo.donor.report"]._open(self)


class KondoLoan(models.Model):
    _inherit = "kondo.loan"

    def _line_conditions(self, line, day):
        """Also the crop, and the people behind an organisation: all of them must be those the line is for."""
        _, faults = self.env._, super()._line_conditions(line, day)
        if line.crop_ids and self.crop_id not in line.crop_ids:
            faults.append(_("it is not for this crop."))
        parts = self.sudo().split_ids
        people = (parts.filtered("granted") or parts).person_id  # whom nothing was granted to is not reached
        if not people and self.partner_id.is_organisation and (line.women_only or line.youth_only):
            faults.append(_("enter the part of each person in the loan, to see whom it reaches."))
        if line.women_only and (men := people.filtered(lambda person: person.sex != "female")):
            faults.append(
                _("it is for women: %(count)s of the %(all)s people are not.", count=len(men), all=len(people))
            )
        if line.youth_only and people:
            others = people.filtered(lambda person: not line._is_young(person.birth_date, self.disbursed_on or day))
            if others:
                faults.append(
                    _(
                        "it is for young people: %(count)s of the %(all)s people are not, or their birth is not known.",
                        count=len(others),
                        all=len(people),
                    )
                )
        return faults
