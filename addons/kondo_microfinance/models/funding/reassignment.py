import uuid

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..fields import Francs
from ..ledger.key import LEDGER

ASKERS = ("group_accountant", "group_network_manager")


class KondoFundingReassignment(models.Model):
    """A loan that goes from one donor's line to another: asked by one person, approved by another.

    What the borrower still owes of the one line is given back to it and lent by the other; nothing changes for him, and
    the donor's report of the first keeps whom it reached.
    """

    _name = "kondo.funding.reassignment"
    _description = "Move of a loan between lines"
    _inherit = ["kondo.guarded"]
    _order = "id desc"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {
            "loan_id",
            "line_id",
            "to_line_id",
            "reason",
            "state",
            "asked_by_id",
            "decided_by_id",
            "operation_id",
            "amount",
        }
    )

    loan_id = fields.Many2one("kondo.loan", required=True, ondelete="restrict", index=True, check_company=True)
    company_id = fields.Many2one(
        related="loan_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    line_id = fields.Many2one("kondo.funding.line", string="From the line", required=True, ondelete="restrict")
    to_line_id = fields.Many2one("kondo.funding.line", string="To the line", required=True, ondelete="restrict")
    reason = fields.Char(required=True)
    state = fields.Selection(
        [("asked", "To be approved"), ("done", "Done"), ("refused", "Refused")],
        required=True,
        readonly=True,
        default="asked",
    )
    asked_by_id = fields.Many2one("res.users", required=True, readonly=True, default=lambda self: self.env.user)
    decided_by_id = fields.Many2one("res.users", readonly=True)
    operation_id = fields.Many2one("kondo.operation", string="Operation", readonly=True, check_company=True)
    amount = Francs(string="Moved", readonly=True)
    outstanding = fields.Integer(string="Owed of the line", compute="_compute_outstanding")

    _two_lines = models.Constraint("CHECK (line_id <> to_line_id)", "A loan goes from one line to another one.")

    @api.depends("loan_id", "line_id")
    def _compute_outstanding(self):
        for move in self:
            move.outstanding = move._share().outstanding

    def _share(self):
        self.ensure_one()
        return self.loan_id.sudo().funding_ids.filtered(lambda share: share.line_id == self.line_id)

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        self.env["kondo.four.eyes"]._check_group(*ASKERS)
        names = ("loan_id", "line_id", "to_line_id", "reason")
        moves = super(KondoFundingReassignment, self.with_context(kondo_ledger=LEDGER)).create(
            [{**{name: vals.get(name) for name in names}, "asked_by_id": self.env.uid} for vals in vals_list]
        )
        for move in moves:
            move.company_id.with_env(self.env)._check_visible()
            move._check_possible()
        return moves.with_context(kondo_ledger=None)

    def unlink(self):
        raise AccessError(self.env._("A move between lines is refused, never deleted."))

    def _check_possible(self, deciding=False):
        """UserError when the loan owes nothing of the first line, or is not one that the other may pay.

        :param deciding: also when the other line has not the money now, or lends too much to this borrower
        """
        loan = self.loan_id.sudo()
        if loan.state != "active" or not self._share().outstanding:
            raise UserError(
                self.env._(
                    "Nothing is owed of the line %(line)s on the loan %(number)s.",
                    line=self.line_id.name,
                    number=loan.name,
                )
            )
        day = loan.company_id.business_date
        line = self.to_line_id.sudo()
        faults = loan._line_conditions(line, day)
        if deciding:
            faults += loan._line_shortage(line, self._share().outstanding + self._share()._promised())
        if faults:
            raise UserError(self.env._("Line %(line)s: %(fault)s", line=self.to_line_id.name, fault=" ".join(faults)))

    # ------------------------------------------------------------------ actions
    def action_approve(self):
        """Move what is owed, by a second person."""
        for move in self:
            move._check_decider()
            key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"kondo.funding.reassignment,{move.id}"))
            self.env["kondo.operation"]._submit(
                "funding_reassignment", key, {"reassignment_id": move.id}, company=move.sudo().company_id
            )
        self.invalidate_recordset()

    def action_refuse(self):
        for move in self:
            move._check_decider()
            move.with_context(kondo_ledger=LEDGER).write({"state": "refused", "decided_by_id": self.env.uid})

    def _check_decider(self):
        self.env["kondo.four.eyes"]._check_group(*ASKERS)
        self.sudo().company_id.with_env(self.env)._check_visible()
        if self.state != "asked":
            raise UserError(self.env._("This has been decided."))
        self.env["kondo.four.eyes"]._check_second_person(self.asked_by_id)


class KondoOperation(models.Model):
    _inherit = "kondo.operation"

    def _check_loan_reversal(self, original, loan):
        """What was done on the line before is not undone on the one that pays the loan now."""
        super()._check_loan_reversal(original, loan)
        moved = self.env["kondo.funding.reassignment"].sudo()
        if moved.search_count([("loan_id", "=", loan.id), ("operation_id", ">", original.id)], limit=1):
            raise UserError(
                self.env._(
                    "The loan %(number)s has gone to another donor's line since: correct it by a new operation with the"
                    " accountant.",
                    number=loan.name,
                )
            )

    @api.private
    def _execute_funding_reassignment(self, posting, values):
        """values: reassignment_id. The legs say on the loan's own account which francs change hands."""
        move = self.env["kondo.funding.reassignment"].browse(self._check_id(values.get("reassignment_id"))).exists()
        if not move or move.sudo().company_id.id != posting.company_id:
            raise UserError(self.env._("This record is not in your caisse."))
        move._check_decider()
        move = move.sudo()
        move.loan_id._lock()
        move._check_possible(deciding=True)
        amount = move._share().outstanding
        for sign, line in ((-1, move.line_id), (1, move.to_line_id)):
            posting.move_loan(move.loan_id, sign * amount, label=line.name)

        def hand_over():
            move._share()._hand_over(posting, move.to_line_id)
            move.with_context(kondo_ledger=LEDGER).write(
                {
                    "state": "done",
                    "decided_by_id": self.env.uid,
                    "operation_id": posting.operation_id,
                    "amount": amount,
                }
            )

        posting.after(hand_over)
        posting.label = self.env._(
            "Loan %(number)s: from %(line)s to %(other)s",
            number=move.loan_id.name,
            line=move.line_id.name,
            other=move.to_line_id.name,
        )
        posting.values.update(
            amount=amount,
            partner_id=move.loan_id.partner_id.id,
            loan_id=move.loan_id.id,
            approver_id=self.env.uid,
            user_id=move.asked_by_id.id,
            note=move.reason,
        )
