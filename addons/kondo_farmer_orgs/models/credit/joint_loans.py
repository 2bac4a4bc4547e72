from odoo import api, fields, models
from odoo.exceptions import UserError


class KondoJointLoans(models.TransientModel):
    """The requests of a group under joint liability, entered at once: a loan for each person, all stand for each."""

    _name = "kondo.joint.loans"
    _description = "Loans of a group under joint liability"

    organisation_id = fields.Many2one(
        "res.partner", string="Group", required=True, domain="[('is_organisation', '=', True)]"
    )
    product_id = fields.Many2one(
        "kondo.loan.product", string="Product", required=True, domain="[('split_mode', '=', 'joint')]"
    )
    purpose_id = fields.Many2one("kondo.loan.purpose", string="Purpose", required=True)
    sector_id = fields.Many2one("kondo.loan.sector", string="Sector", required=True)
    instalments = fields.Integer(compute="_compute_instalments", store=True, readonly=False)
    line_ids = fields.One2many("kondo.joint.loans.line", "wizard_id", string="Who asks for how much")

    @api.depends("product_id")
    def _compute_instalments(self):
        for wizard in self:
            wizard.instalments = wizard.product_id.instalments or 1

    @api.onchange("organisation_id")
    def _onchange_organisation_id(self):
        """The people of the group who have a file of their own: nobody else borrows by himself."""
        people = self.organisation_id.org_membership_ids.filtered(lambda stay: not stay.date_to).person_id
        rows = [(0, 0, {"person_id": person.id}) for person in people.filtered("partner_id").sorted("name")]
        self.line_ids = [(5, 0, 0), *rows]

    def action_make(self):
        """A request for each person with an amount, the others of the group standing for it; shows them.

        :raises UserError: fewer than two people, or somebody without a file
        """
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group("group_loan_officer", "group_caisse_manager")
        self.organisation_id.company_id.with_env(self.env)._check_visible()
        self.organisation_id.check_access("read")
        asking = self.line_ids.filtered("amount")
        if len(asking) < 2:
            raise UserError(self.env._("Two people at least borrow together: enter what each asks for."))
        strangers = asking.filtered(lambda line: not line.person_id.partner_id)
        if strangers:
            raise UserError(
                self.env._(
                    "Not a member of the caisse, and so without a loan of his own: %(names)s.",
                    names=", ".join(strangers.person_id.mapped("name")),
                )
            )
        loans = self.env["kondo.loan"].create(
            [
                {
                    "partner_id": line.person_id.partner_id.id,
                    "product_id": self.product_id.id,
                    "joint_group_id": self.organisation_id.id,
                    "amount": line.amount,
                    "instalments": self.instalments,
                    "purpose_id": self.purpose_id.id,
                    "sector_id": self.sector_id.id,
                }
                for line in asking
            ]
        )
        for loan in loans:
            loan._fill_joint()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Loans of %(group)s", group=self.organisation_id.name),
            "res_model": "kondo.loan",
            "view_mode": "list,form",
            "domain": [("id", "in", loans.ids)],
        }


class KondoJointLoansLine(models.TransientModel):
    """One person of the group and what she asks for."""

    _name = "kondo.joint.loans.line"
    _description = "Person asking for a loan under joint liability"

    wizard_id = fields.Many2one("kondo.joint.loans", required=True, ondelete="cascade")
    person_id = fields.Many2one("kondo.org.person", required=True)
    partner_id = fields.Many2one(related="person_id.partner_id", string="Member")
    amount = fields.Integer(string="Asked for (F)")

    _sane = models.Constraint("CHECK (COALESCE(amount, 0) >= 0)", "An amount is never negative.")
