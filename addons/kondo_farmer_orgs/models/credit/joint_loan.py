from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.kondo_microfinance.engine.rounding import half_up
from odoo.addons.kondo_microfinance.engine.words import spaced
from odoo.addons.kondo_microfinance.models.ledger.key import has_ledger_key
from odoo.addons.kondo_microfinance.models.loans.loan import OPEN_FILE
from odoo.addons.kondo_microfinance.models.loans.product_settings import exact_rate


class KondoLoan(models.Model):
    """Who stands for a loan of a group: its joint guarantee, and individual loans linked under one organisation."""

    _inherit = "kondo.loan"

    joint_group_id = fields.Many2one(
        "res.partner",
        string="Group",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        domain="[('is_organisation', '=', True), ('company_id', '=', company_id)]",
        help="The organisation whose people stand for one another, of an individual loan under joint liability.",
    )
    joint_ids = fields.One2many("kondo.joint.guarantee", "loan_id", string="Joint guarantee")
    joint_call_ids = fields.One2many(
        "kondo.joint.call", "loan_id", string="Calls of the joint guarantee", readonly=True
    )
    joint_total = fields.Integer(string="Answered for jointly", compute="_compute_joint_total")
    joint_rule = fields.Selection(related="product_id.joint_rule", string="Joint guarantee asked for")

    @api.depends("joint_ids.ceiling")
    def _compute_joint_total(self):
        for loan in self:
            loan.joint_total = sum(loan.joint_ids.mapped("ceiling"))

    def write(self, vals):
        if "joint_group_id" in vals and not has_ledger_key(self.env):
            self._check_editable()
        return super().write(vals)

    # ------------------------------------------------------------------ who stands for whom
    def action_fill_joint(self):
        """Enter everybody of the group as the product says, those who are not there yet; the officer then corrects."""
        for loan in self:
            self.env["kondo.four.eyes"]._check_group("group_loan_officer", "group_caisse_manager")
            loan.company_id.with_env(self.env)._check_visible()
            loan.check_access("write")
            loan._check_editable()
            added = loan._fill_joint()
            if not added and not loan.joint_ids:
                raise UserError(self.env._("Enter the people of the group first, then who stands for whom."))

    def _fill_joint(self):
        """The guarantees that the product asks of the group's people; returns those that were added."""
        self.ensure_one()
        shares = self._joint_shares()
        there = self.joint_ids.filtered(lambda one: not one.split_id).person_id
        rows = []
        for person, share in shares.items():
            if person in there:
                continue
            ceiling = self.amount
            if self.product_id.joint_rule == "share":
                ceiling = min(self.amount, half_up(share * exact_rate(self.product_id.joint_factor)))
            if ceiling > 0:
                rows.append({"loan_id": self.id, "person_id": person.id, "ceiling": ceiling})
        return self.env["kondo.joint.guarantee"].create(rows)

    def _joint_shares(self):
        """{person: francs of the own share} of everybody who stands for this loan, the borrower left out."""
        if self.split_ids:
            return {part.person_id: part.granted for part in self.split_ids if part.granted}
        if not self.joint_group_id:
            return {}
        day = self.start_on or self._business_day()
        people = self.joint_group_id.org_membership_ids.filtered(
            lambda stay: stay.date_from <= day and (not stay.date_to or stay.date_to >= day)
        ).person_id
        people = people.filtered(lambda one: one.partner_id != self.partner_id)
        own = {
            loan.partner_id: loan.amount
            for loan in self.sudo().search(
                [("joint_group_id", "=", self.joint_group_id.id), ("state", "in", (*OPEN_FILE, "approved", "active"))]
            )
        }
        if any(person.partner_id in own for person in people):
            people = people.filtered(lambda one: one.partner_id in own)
        equal = -(-self.amount // len(people)) if people else 0
        return {person: own.get(person.partner_id, equal) for person in people.sorted("name")}

    # ------------------------------------------------------------------ what it lacks
    @api.private
    def _check_blocking(self):
        faults = super()._check_blocking()
        if self.state in (*OPEN_FILE, "approved"):
            loan = self.sudo()
            faults += [*loan._joint_faults(), *loan._joint_group_faults()]
        return faults

    def _joint_faults(self):
        _, faults = self.env._, []
        if self.product_id.joint_rule == "none" and not self.joint_ids:
            return faults
        if not self.joint_ids:
            faults.append(_("This product asks for the joint guarantee of the group: enter who stands for whom."))
        elif self.joint_total < self.amount:
            faults.append(
                _(
                    "The joint guarantee covers %(total)s F of %(amount)s F.",
                    total=spaced(self.joint_total),
                    amount=spaced(self.amount),
                )
            )
        unsigned = self.joint_ids.filtered(lambda one: not one.signed_on)
        if unsigned and self.state == "approved":
            faults.append(
                _("The joint guarantee is not signed by: %(names)s.", names=", ".join(unsigned.mapped("name")))
            )
        return faults

    def _joint_group_faults(self):
        """An individual loan under joint liability is one of a group, whose other loans are not late."""
        _, faults, product = self.env._, [], self.product_id
        if product.split_mode != "joint":
            return faults
        if self.split_ids:
            faults.append(_("Each person of the group has a loan of her own: this one is not split."))
        if not self.joint_group_id:
            return [*faults, _("Choose the group whose people stand for one another.")]
        day = self.start_on or self._business_day()
        stays = self.joint_group_id.org_membership_ids.filtered(
            lambda stay: (
                stay.person_id.partner_id == self.partner_id
                and stay.date_from <= day
                and (not stay.date_to or stay.date_to >= day)
            )
        )
        if not stays:
            faults.append(
                _(
                    "%(member)s is not in the organisation %(group)s on that day.",
                    member=self.partner_id.name,
                    group=self.joint_group_id.name,
                )
            )
        if product.joint_blocks:
            late = self.sudo().search(
                [
                    ("joint_group_id", "=", self.joint_group_id.id),
                    ("id", "!=", self.id),
                    "|",
                    ("state", "=", "written_off"),
                    "&",
                    ("state", "=", "active"),
                    ("days_late", ">", 0),
                ]
            )
            faults += [
                _(
                    "The loan %(number)s of %(member)s, of the same group, is late: nobody of the group has a new one.",
                    number=loan.name,
                    member=loan.partner_id.name,
                )
                for loan in late
            ]
        return faults
