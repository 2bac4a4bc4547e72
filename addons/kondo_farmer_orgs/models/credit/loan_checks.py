from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.kondo_microfinance.models.loans.loan import OPEN_FILE


class KondoLoan(models.Model):
    """What the parts of a group loan still lack, in words that say what to do."""

    _inherit = "kondo.loan"

    @api.private
    def _check_blocking(self):
        faults = super()._check_blocking()
        if self.state in (*OPEN_FILE, "approved"):
            faults += self.sudo()._split_faults()
        return faults

    def _check_complete(self):
        super()._check_complete()
        gap = self._split_gap_text()
        if gap:
            raise UserError(gap)

    def _split_faults(self):
        _, faults = self.env._, []
        if self.product_id._needs_parts() and not self.split_ids:
            faults.append(_("This product is split: enter the people and the part of each."))
        if not self.split_ids:
            return faults
        if not self.partner_id.is_organisation:
            faults.append(_("Only the loan of an organisation is split among its people."))
        gap = self._split_gap_text()
        if gap:
            faults.append(gap)
        people = self.split_ids.person_id
        strangers = people - self._people_there(people)
        if strangers:
            faults.append(
                _("Not in the organisation on that day: %(names)s.", names=", ".join(strangers.mapped("name")))
            )
        files = people.filtered("partner_id").mapped("partner_id")
        twice = files.filtered(lambda file: len(people.filtered(lambda one: one.partner_id == file)) > 1)
        if twice:
            faults.append(_("In the list twice: %(names)s.", names=", ".join(twice.mapped("name"))))
        return faults + self._late_people_faults(people)

    def _people_there(self, people):
        """Those of `people` who are in the organisation on the day of the loan."""
        day = self.start_on or self._business_day()
        memberships = self.env["kondo.org.membership"].sudo()
        return memberships.search(
            [
                ("organisation_id", "=", self.partner_id.id),
                ("person_id", "in", people.ids),
                ("date_from", "<=", day),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", day),
            ]
        ).person_id

    def _late_people_faults(self, people):
        """Where the network lends nothing to who is late, the part of somebody who is late with another is none either."""
        if not self.company_id.root_id.arrears_block or self.split_mode != "enforced":
            return []
        late = (
            self.env["kondo.loan.split"]
            .sudo()
            .search(
                [
                    ("person_id", "in", people.ids),
                    ("loan_id", "!=", self.id),
                    ("loan_id.state", "=", "active"),
                    ("loan_id.product_id.split_mode", "=", "enforced"),
                    ("days_late", ">", 0),
                ]
            )
        )
        return [
            self.env._(
                "%(name)s is late with the part in the loan %(number)s.",
                name=part.person_id.name,
                number=part.loan_id.name,
            )
            for part in late
        ]
