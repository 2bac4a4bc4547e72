from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.kondo_microfinance.engine.words import spaced
from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER, has_ledger_key
from odoo.addons.kondo_microfinance.models.loans.loan import OPEN_FILE

from ...engine.parts import largest_remainder


class KondoLoan(models.Model):
    """One contract with the organisation, split among its people: one debtor, one schedule, one exposure."""

    _inherit = "kondo.loan"

    split_mode = fields.Selection(related="product_id.split_mode", string="Split")
    split_ids = fields.One2many("kondo.loan.split", "loan_id", string="Parts")
    borrower_is_org = fields.Boolean(related="partner_id.is_organisation", string="Lent to an organisation")
    split_count = fields.Integer(string="People", compute="_compute_split_total")
    split_total = fields.Integer(string="Parts in all", compute="_compute_split_total")
    split_gap = fields.Char(string="What the parts lack", compute="_compute_split_total")
    split_late_count = fields.Integer(string="People late", compute="_compute_split_total")
    advance_account_id = fields.Many2one(
        "kondo.savings.account",
        string="Advance account",
        compute="_compute_advance_account_id",
        store=True,
        readonly=False,
        check_company=True,
        ondelete="restrict",
        domain="[('partner_id', '=', partner_id), ('kind', 'in', ('demand', 'passbook', 'group')),"
        " ('state', '!=', 'closed')]",
        help="The organisation's account on which waits what a repayment brings beyond the loan, or what nobody's name"
        " is on. Empty: the member's account.",
    )

    # ------------------------------------------------------------------ computes
    @api.depends("split_ids.granted", "split_ids.days_late", "amount")
    def _compute_split_total(self):
        for loan in self:
            loan.split_count = len(loan.split_ids)
            loan.split_total = sum(loan.split_ids.mapped("granted"))
            loan.split_late_count = len(loan.split_ids.filtered(lambda part: part.days_late > 0))
            loan.split_gap = loan._split_gap_text()

    def _split_gap_text(self):
        """The sentence that says by how much the parts differ from the contract; False when they do not."""
        gap = self.amount - sum(self.split_ids.mapped("granted"))
        if not self.split_ids or not gap:
            return False
        values = {
            "total": spaced(self.amount - gap),
            "amount": spaced(self.amount),
            "gap": spaced(abs(gap)),
        }
        if gap > 0:
            return self.env._(
                "The parts make %(total)s F, the contract is %(amount)s F: %(gap)s F are missing.", **values
            )
        return self.env._("The parts make %(total)s F, the contract is %(amount)s F: %(gap)s F are too much.", **values)

    @api.depends("partner_id")
    def _compute_advance_account_id(self):
        for loan in self:
            account = loan.partner_id.sudo().org_advance_account_id
            if loan.advance_account_id.partner_id != loan.partner_id:
                loan.advance_account_id = account if account.state != "closed" else False

    def _overpaid_account(self):
        return self.advance_account_id or super()._overpaid_account()

    # ------------------------------------------------------------------ write
    def write(self, vals):
        result = super().write(vals)
        if "split_ids" in vals and not has_ledger_key(self.env):
            self._check_parts_whole()
        return result

    def _check_parts_whole(self):
        """Refuse, before the database does, a file out of the officer's hands whose parts do not make the contract."""
        for loan in self:
            if loan.state not in ("draft", "refused", "cancelled") and loan._split_gap_text():
                raise UserError(loan._split_gap_text())

    def _check_parts_change(self):
        """Who may change the parts: whoever makes the file; once it is granted, a manager, until it is paid out.

        What the institution's own code does as superuser passes here; the database's rules hold for it too.
        """
        if self.env.su or has_ledger_key(self.env):
            return
        for loan in self:
            if loan.state in OPEN_FILE:
                continue
            if loan.state != "approved":
                raise UserError(
                    self.env._("The loan %(number)s has been paid out: its parts no longer change.", number=loan.name)
                )
            self.env["kondo.four.eyes"]._check_group("group_caisse_manager")
        self._send_back(self.env._("the parts"))

    # ------------------------------------------------------------------ the officer makes the list
    def action_fill_parts(self):
        """Enter everybody who is in the organisation on the day of the loan and has no part yet."""
        for loan in self:
            loan._guard_parts()
            stays = loan.partner_id.org_membership_ids
            there = loan._people_there(stays.person_id) - loan.split_ids.person_id
            if not there and not loan.split_ids:
                raise UserError(self.env._("Enter the people of the organisation on its page first."))
            loan.env["kondo.loan.split"].create(
                [{"loan_id": loan.id, "person_id": person.id} for person in there.sorted("name")]
            )

    def _guard_parts(self):
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group("group_loan_officer", "group_caisse_manager")
        self.company_id.with_env(self.env)._check_visible()
        self.check_access("write")
        self._check_parts_change()

    # ------------------------------------------------------------------ the committee grants less
    def action_adjust_parts(self):
        """Bring the parts to the amount of the contract, in proportion to what was granted, or else asked for."""
        for loan in self:
            loan._guard_parts()
            if not loan.split_ids:
                raise UserError(self.env._("Enter the people and what each asks for first."))
            loan._adjust_parts()

    def _adjust_parts(self):
        """The parts to the franc, in the transaction of whoever changed the amount."""
        parts = self.sudo().with_context(kondo_ledger=LEDGER).split_ids.sorted("id")
        weights = parts.mapped("granted")
        if not any(weights):
            weights = parts.mapped("requested")
        if not any(weights):
            weights = [1] * len(parts)
        for part, granted in zip(parts, largest_remainder(self.amount, weights), strict=True):
            part.granted = granted
        parts.flush_recordset()

    def _decide_grant(self, values):
        before = self.amount
        super()._decide_grant(values)
        if self.split_ids and self.amount != before:
            self._adjust_parts()
