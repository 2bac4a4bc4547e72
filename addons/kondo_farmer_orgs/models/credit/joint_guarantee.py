from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.kondo_microfinance.models.fields import Francs
from odoo.addons.kondo_microfinance.models.ledger.key import has_ledger_key
from odoo.addons.kondo_microfinance.models.loans.loan import OPEN_FILE

STANDING = ("approved", "active", "written_off")


class KondoJointGuarantee(models.Model):
    """Somebody of a group who stands for its loan, or for one person of it, up to a ceiling (caution solidaire).

    On his word and signature; savings of his that are held are those of `kondo.loan.guarantor`.
    """

    _name = "kondo.joint.guarantee"
    _description = "Joint guarantee"
    _inherit = ["kondo.guarded"]
    _order = "loan_id, id"
    _check_company_auto = True

    _guarded_fields = frozenset({"called", "paid"})

    loan_id = fields.Many2one("kondo.loan", required=True, ondelete="cascade", index=True, check_company=True)
    company_id = fields.Many2one(
        related="loan_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    person_id = fields.Many2one(
        "kondo.org.person", string="Who stands", index="btree_not_null", ondelete="restrict", check_company=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Member",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('is_kondo_member', '=', True)]",
        help="Of the caisse: its own file, where this guarantee shows too.",
    )
    name = fields.Char(compute="_compute_name")
    borrower_id = fields.Many2one(related="loan_id.partner_id", string="Borrower")
    loan_state = fields.Selection(related="loan_id.state", string="State of the loan")
    split_id = fields.Many2one(
        "kondo.loan.split",
        string="For",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('loan_id', '=', loan_id)]",
        help="The person whose part is answered for. Empty: for everybody.",
    )
    ceiling = Francs(string="Up to (F)")
    signed_on = fields.Date(string="Signed on")
    called = Francs(string="Called (F)", readonly=True, copy=False)
    paid = Francs(string="Paid for others (F)", readonly=True, copy=False)
    standing = fields.Integer(
        string="Still standing (F)",
        compute="_compute_standing",
        help="What may still be asked for, while the loan is granted, running or written off.",
    )
    held = fields.Integer(string="Savings held (F)", compute="_compute_held", help="On the file, as a guarantor.")

    _sane = models.Constraint(
        "CHECK (ceiling > 0 AND called >= 0 AND paid >= 0 AND paid <= called AND called <= ceiling)",
        "A guarantee is for an amount above zero, and no more is called or paid than that.",
    )
    _somebody = models.Constraint(
        "CHECK (person_id IS NOT NULL OR partner_id IS NOT NULL)", "Choose who stands for the loan."
    )
    _once_person = models.UniqueIndex(
        "(loan_id, person_id, COALESCE(split_id, 0)) WHERE person_id IS NOT NULL", "Entered already on this loan."
    )
    _once_member = models.UniqueIndex(
        "(loan_id, partner_id, COALESCE(split_id, 0)) WHERE partner_id IS NOT NULL",
        "This member stands for this loan already.",
    )

    # ------------------------------------------------------------------ computes, constraints
    @api.depends("person_id.partner_id")
    def _compute_partner_id(self):
        for guarantee in self:
            guarantee.partner_id = guarantee.person_id.partner_id or guarantee.partner_id

    @api.depends("person_id.name", "partner_id.name")
    def _compute_name(self):
        for guarantee in self:
            guarantee.name = guarantee.person_id.name or guarantee.partner_id.name

    @api.depends("name", "loan_id")
    def _compute_display_name(self):
        for guarantee in self:
            guarantee.display_name = f"{guarantee.name} · {guarantee.loan_id.name}"

    @api.depends("ceiling", "paid", "loan_id.state")
    def _compute_standing(self):
        for guarantee in self:
            alive = guarantee.loan_id.state in STANDING
            guarantee.standing = guarantee.ceiling - guarantee.paid if alive else 0

    def _compute_held(self):
        for guarantee in self:
            own = guarantee.loan_id.guarantor_ids.filtered(
                lambda one, member=guarantee.partner_id: member and one.partner_id == member
            )
            guarantee.held = sum(own.mapped("held"))

    @api.constrains("person_id", "partner_id", "split_id", "loan_id")
    def _check_who_stands(self):
        for guarantee in self:
            if guarantee.partner_id and guarantee.partner_id == guarantee.loan_id.partner_id:
                raise ValidationError(self.env._("The borrower does not guarantee his own loan."))
            if guarantee.split_id and guarantee.split_id.loan_id != guarantee.loan_id:
                raise ValidationError(self.env._("The person stood for has a part in this loan."))
            if guarantee.split_id and guarantee.split_id.person_id == guarantee.person_id:
                raise ValidationError(self.env._("Nobody stands for the own part."))

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        guarantees = super().create(vals_list)
        guarantees._check_may_change()
        return guarantees

    def write(self, vals):
        self.check_access("write")
        if "loan_id" in vals:
            raise UserError(self.env._("A guarantor stays with his loan."))
        if set(vals) - self._guarded_fields:
            self._check_may_change(signing=set(vals) == {"signed_on"})
        return super().write(vals)

    def unlink(self):
        self.check_access("unlink")
        self._check_may_change()
        return super().unlink()

    def _check_may_change(self, signing=False):
        """Refuse a change of what the committee has decided on; the deed is signed until the money is paid out."""
        if self.env.su or has_ledger_key(self.env):
            return
        for loan in self.loan_id:
            if loan.state not in OPEN_FILE and not (signing and loan.state == "approved"):
                raise UserError(
                    self.env._(
                        "The loan %(number)s has been decided: who stands for it no longer changes.", number=loan.name
                    )
                )
        if not signing:
            self.loan_id._send_back(self.env._("the joint guarantee"))

    def _left(self):
        """Francs that may still be called: what was called and not paid is asked already."""
        return max(0, self.ceiling - self.called)
