from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date

from ....engine.words import spaced
from ...fields import Francs
from ...ledger.key import LEDGER

KINDS = [
    ("call", "Call"),
    ("visit", "Visit"),
    ("letter_1", "Reminder"),
    ("letter_2", "Second reminder"),
    ("letter_3", "Formal notice"),
    ("promise", "Promise to pay"),
    ("other", "Other"),
]
LETTERS = ("letter_1", "letter_2", "letter_3")


class KondoLoanFollowup(models.Model):
    """What was done to have a loan paid, and what the borrower answered or promised."""

    _name = "kondo.loan.followup"
    _description = "Follow-up of a loan"
    _inherit = ["kondo.guarded"]
    _order = "day desc, id desc"
    _check_company_auto = True

    _guarded_fields = frozenset({"promise_state", "late_then", "days_then", "user_id"})

    loan_id = fields.Many2one("kondo.loan", required=True, ondelete="restrict", index=True, check_company=True)
    partner_id = fields.Many2one(related="loan_id.partner_id", string="Member", store=True)
    company_id = fields.Many2one(
        related="loan_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    kind = fields.Selection(KINDS, required=True, default="call")
    day = fields.Date(
        required=True, default=lambda self: self.env.company.sudo().business_date or fields.Date.context_today(self)
    )
    user_id = fields.Many2one(
        "res.users", string="By", required=True, readonly=True, default=lambda self: self.env.user
    )
    note = fields.Text()
    reached = fields.Boolean(string="Spoke to the borrower")
    promise_on = fields.Date(string="Promised for")
    promise_amount = Francs(string="Amount promised")
    promise_state = fields.Selection(
        [("waiting", "Waiting"), ("kept", "Promise kept"), ("broken", "Promise broken")],
        string="Outcome of the promise",
        readonly=True,
    )
    deadline = fields.Date(help="Last day that a letter gives.")
    next_on = fields.Date(string="Next step on", help="A reminder for the officer.")
    late_then = Francs(string="Late then", readonly=True)
    days_then = fields.Integer(string="Days late then", readonly=True)

    _promise = models.Constraint(
        "CHECK (kind <> 'promise' OR (promise_on IS NOT NULL AND promise_amount > 0))",
        "A promise has a day and an amount.",
    )
    _waiting = models.Index("(company_id, promise_on) WHERE promise_state = 'waiting'")

    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for followup in self:
            followup.display_name = f"{followup.loan_id.name} · {kinds.get(followup.kind, '')}"

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        self.env["kondo.four.eyes"]._check_group("group_loan_officer", "group_caisse_manager")
        prepared = []
        for vals in vals_list:
            loan = self.env["kondo.loan"].browse(vals.get("loan_id")).exists()
            if not loan:
                raise UserError(self.env._("Choose the loan."))
            loan.check_access("read")
            loan.company_id.with_env(self.env)._check_visible()
            prepared.append(
                {
                    **vals,
                    "late_then": loan.amount_late,
                    "days_then": loan.days_late,
                    "promise_state": "waiting" if vals.get("kind") == "promise" else False,
                    "user_id": self.env.uid,
                }
            )
        followups = super(KondoLoanFollowup, self.with_context(kondo_ledger=LEDGER)).create(prepared)
        for followup in followups:
            followup._tell()
        return followups.with_context(kondo_ledger=None)

    def unlink(self):
        raise AccessError(self.env._("What was done stays in the file."))

    def _tell(self):
        """A note in the file, and a reminder for the officer."""
        _ = self.env._
        loan = self.loan_id
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        parts = [kinds[self.kind], self.note or ""]
        if self.kind == "promise":
            parts.append(
                _(
                    "%(amount)s F for %(day)s",
                    amount=spaced(self.promise_amount),
                    day=format_date(self.env, self.promise_on),
                )
            )
        loan.sudo().message_post(body=" · ".join(filter(None, parts)), author_id=self.env.user.partner_id.id)
        remind = self.next_on or (self.promise_on if self.kind == "promise" else False) or self.deadline
        if remind:
            loan.sudo().activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=remind,
                summary=_("Follow up: %(kind)s", kind=kinds[self.kind]),
                user_id=(loan.officer_id or self.env.user).id,
            )

    # ------------------------------------------------------------------ actions
    def action_print_letter(self):
        self.ensure_one()
        if self.kind not in LETTERS:
            raise UserError(self.env._("Only letters are printed."))
        return self.env.ref("kondo_microfinance.action_report_loan_letter").report_action(self)
