import hashlib
import uuid

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...engine.words import spaced
from ..fields import Francs
from ..ledger.key import LEDGER, has_ledger_key

MAKERS = ("group_teller", "group_caisse_manager", "group_accountant")
APPROVERS = ("group_caisse_manager", "group_accountant")
# What the check has read; changing it makes the check worthless.
CHECKED = frozenset(
    {"kind", "file", "control_count", "control_total", "product_id", "counterpart", "account_id", "savings_account_id"}
)
OPEN = ("draft", "faulty", "ready")
# Kinds whose money is counted into the till of whoever prepared the batch; rooms with such lists add theirs.
CASH = {"deposit"}


class KondoBatch(models.Model):
    """Many payments from one spreadsheet: prepared by one person, approved by another, posted as one operation.

    All or nothing: a single faulty row keeps the whole batch from being sent for approval. The totals of control are
    given before the file is read, so that they come from the paper and not from the screen. One file is posted once.
    """

    _name = "kondo.batch"
    _description = "Batch entry"
    _inherit = ["kondo.guarded", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {
            "name", "company_id", "state", "file_hash", "list_hash", "count", "total", "error_count", "warning_count",
            "fault_note", "session_id", "submitted_by_id", "submitted_at", "approved_by_id", "approved_at",
            "operation_id", "line_ids",
        }
    )  # fmt: skip

    name = fields.Char(readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company", string="Caisse", required=True, readonly=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [
            ("credit", "Salaries and payments"),
            ("deposit", "Cash deposits (market day)"),
            ("debit", "Dues and levies"),
        ],
        required=True,
        default="credit",
        tracking=True,
    )
    counterpart = fields.Selection(
        [("ledger", "A ledger account"), ("member", "A member's account")],
        string="Other side",
        required=True,
        default="ledger",
        help="Where the money comes from, or where dues go: the bank or the employer in the books, or an account that "
        "the employer or the cooperative holds in this caisse.",
    )
    account_id = fields.Many2one(
        "account.account",
        string="Ledger account",
        ondelete="restrict",
        domain="[('kondo_control', '=', False), ('account_type', '!=', 'off_balance')]",
        help="1141 when the money has reached the bank, 331 when the employer still owes it, 332 for dues collected for "
        "somebody else.",
    )
    savings_account_id = fields.Many2one(
        "kondo.savings.account", string="Member's account", check_company=True, ondelete="restrict"
    )
    session_id = fields.Many2one("kondo.till.session", string="Till session", readonly=True, check_company=True)
    product_id = fields.Many2one(
        "kondo.savings.product",
        string="Product",
        ondelete="restrict",
        help="Which account of a member, when the file names members or phones and a member has several accounts.",
    )
    label = fields.Char(required=True, tracking=True, help="Stands on every member's statement.")
    date = fields.Date(string="Date of the list", required=True, default=fields.Date.context_today)
    file = fields.Binary(attachment=True, copy=False)
    file_name = fields.Char(copy=False)
    control_count = fields.Integer(string="Rows announced", required=True, default=0, tracking=True)
    control_total = Francs(string="Total announced", tracking=True)
    count = fields.Integer(string="Rows in the file", readonly=True, required=True, default=0)
    total = Francs(string="Total of the file", readonly=True)
    error_count = fields.Integer(string="Errors", readonly=True, required=True, default=0)
    warning_count = fields.Integer(string="To look at", readonly=True, required=True, default=0)
    fault_note = fields.Text(string="What is wrong with the file", readonly=True)
    file_hash = fields.Char(readonly=True, copy=False)
    list_hash = fields.Char(readonly=True, copy=False)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("faulty", "Faulty"),
            ("ready", "Ready"),
            ("submitted", "To approve"),
            ("posted", "Booked"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
        index=True,
    )
    submitted_by_id = fields.Many2one("res.users", string="Prepared by", readonly=True)
    submitted_at = fields.Datetime(readonly=True)
    approved_by_id = fields.Many2one("res.users", string="Approved by", readonly=True)
    approved_at = fields.Datetime(readonly=True)
    operation_id = fields.Many2one("kondo.operation", string="Operation", readonly=True, check_company=True)
    line_ids = fields.One2many("kondo.batch.line", "batch_id", string="Rows", readonly=True)

    _amounts_positive = models.Constraint(
        "CHECK (control_total >= 0 AND control_count >= 0)", "An amount is never negative."
    )
    _one_file_once = models.UniqueIndex(
        "(company_id, file_hash) WHERE state IN ('submitted', 'posted')", "This file has already been sent."
    )
    _approved_by_another = models.Constraint(
        "CHECK (state <> 'posted' OR approved_by_id <> submitted_by_id)", "A batch is approved by a second person."
    )

    # ------------------------------------------------------------------ constraints
    @api.constrains("kind", "counterpart", "account_id", "savings_account_id")
    def _check_counterpart(self):
        for batch in self:
            account = batch.account_id.sudo()
            if account and (account.kondo_control or account.account_type == "off_balance"):
                raise UserError(
                    self.env._(
                        "The account %(account)s is moved by tills and members only: choose the bank (1141) or the "
                        "debtor (331).",
                        account=account.display_name,
                    )
                )
            if account and not batch.company_id.sudo().root_id & account.company_ids.root_id:
                raise UserError(self.env._("This account is not one of your caisse's chart."))

    @api.onchange("file")
    def _onchange_file(self):
        if self.file and not self.label and self.file_name:
            self.label = self.file_name.rsplit(".", 1)[0].replace("_", " ")

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        if not has_ledger_key(self.env):
            for vals in vals_list:
                self._refuse_guarded(name for name in vals if vals[name] and name != "company_id")
        batches = super(KondoBatch, self.with_context(kondo_ledger=LEDGER)).create(vals_list)
        batches = batches.with_context(kondo_ledger=None)
        for batch in batches:
            self.env["kondo.four.eyes"]._check_group(*MAKERS)
            company = batch.company_id
            company._check_visible()
            if company.sudo().kondo_kind != "caisse":
                raise UserError(self.env._("A batch is entered in a caisse, not in the union: change to your caisse."))
            batch.with_context(kondo_ledger=LEDGER).name = f"LOT-{company.sudo().kondo_code}-{batch.id:05d}"
        return batches

    def write(self, vals):
        if not has_ledger_key(self.env):
            frozen = self.filtered(lambda batch: batch.state not in OPEN)
            if frozen and set(vals) - {"message_main_attachment_id"}:
                raise AccessError(self.env._("A batch that was sent no longer changes. Take it back first."))
            if CHECKED.intersection(vals):
                self.filtered(lambda batch: batch.state != "draft")._forget_check()
        return super().write(vals)

    def unlink(self):
        raise AccessError(self.env._("A batch is cancelled, never deleted."))

    def _forget_check(self):
        """Back to a draft whose file has not been read."""
        self.sudo().line_ids.unlink()
        self._set(
            state="draft", count=0, total=0, error_count=0, warning_count=0, fault_note=False, file_hash=False,
            list_hash=False,
        )  # fmt: skip

    def _set(self, **values):
        self.sudo().with_context(kondo_ledger=LEDGER).write(values)

    # ------------------------------------------------------------------ actions
    def action_submit(self):
        """Send a good batch to the second person. A cash batch is bound to the sender's open till."""
        for batch in self:
            batch._guard_maker()
            batch._lock("ready", self.env._("Check the file first: it must be without errors."))
            session = batch.session_id
            if batch.kind in CASH:
                self.env["kondo.four.eyes"]._check_group("group_teller")
                session = batch._own_session()
            twin = batch._sent_before()
            if twin:
                raise UserError(batch._already_sent(twin))
            batch._set(
                state="submitted",
                session_id=session.id,
                submitted_by_id=self.env.uid,
                submitted_at=fields.Datetime.now(),
            )

    def action_take_back(self):
        """Back to a draft: by whoever sent it, or by the approver who does not agree."""
        for batch in self:
            batch._guard_maker()
            batch._lock("submitted", self.env._("This batch is not waiting for approval."))
            batch._set(submitted_by_id=False, submitted_at=False, session_id=False)
            batch._forget_check()

    def action_cancel(self):
        for batch in self:
            batch._guard_maker()
            batch._lock((*OPEN, "submitted"), self.env._("A posted batch is not cancelled."))
            batch._set(state="cancelled")

    def action_approve(self):
        """Post the batch as one operation: by a second person, once; approving again returns the first answer."""
        self.ensure_one()
        self.company_id._check_visible()
        self.check_access("read")
        self.env["kondo.four.eyes"]._check_group(*APPROVERS)
        with self.env["kondo.operation"]._posting_env() as env:
            answer = env[self._name].browse(self.id)._approve_here()
        self.invalidate_recordset()
        return answer

    @api.private
    def _approve_here(self):
        """In a posting's transaction: check the second person, post, mark posted."""
        self.ensure_one()
        self.env.cr.execute("SELECT state FROM kondo_batch WHERE id = %s FOR NO KEY UPDATE", (self.id,))
        self.invalidate_recordset()
        batch = self.sudo()
        if batch.state not in ("submitted", "posted"):
            raise UserError(self.env._("This batch is not waiting for approval."))
        if batch.state == "submitted":
            self.env["kondo.four.eyes"]._check_second_person(
                batch.submitted_by_id | batch.create_uid,
                self.env._("You prepared this batch: another person must approve it."),
            )
        key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"kondo.batch,{batch.id}"))
        answer = self.env["kondo.operation"]._post_here("batch", key, batch.company_id.id, {"batch_id": batch.id}, key)
        if not answer["replayed"]:
            self._set(
                state="posted",
                approved_by_id=self.env.uid,
                approved_at=fields.Datetime.now(),
                operation_id=answer["operation_id"],
            )
        return answer

    def action_open_operation(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "kondo.operation",
            "res_id": self.operation_id.id,
            "views": [(False, "form")],
        }

    def action_open_lines(self):
        """The rows in a list of their own, where they can be searched."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "kondo.batch.line",
            "views": [(self.env.ref("kondo_microfinance.kondo_batch_line_view_list").id, "list")],
            "domain": [("batch_id", "=", self.id)],
        }

    def action_print_template(self):
        """The empty list to fill in, with the accounts of the caisse on its second sheet."""
        self.ensure_one()
        return self.env.ref("kondo_microfinance.action_report_batch_template").report_action(self)

    # ------------------------------------------------------------------ guards
    def _guard_maker(self):
        self.company_id._check_visible()
        self.check_access("write")
        self.env["kondo.four.eyes"]._check_group(*MAKERS)

    def _lock(self, states, message):
        """Lock the row and refuse unless the batch is in one of the states."""
        self.flush_recordset()
        self.env.cr.execute("SELECT state FROM kondo_batch WHERE id = %s FOR NO KEY UPDATE", (self.id,))
        if self.env.cr.fetchone()[0] not in (states if isinstance(states, tuple) else (states,)):
            raise UserError(message)
        self.invalidate_recordset(["state"])

    def _own_session(self):
        """The till that takes the cash: the one that the current user holds open."""
        session = self.env["kondo.till.session"].search(
            [("user_id", "=", self.env.uid), ("company_id", "=", self.company_id.id), ("state", "=", "open")], limit=1
        )
        if not session:
            raise UserError(self.env._("Your till is not open. Open it before any operation."))
        return session

    # ------------------------------------------------------------------ sent before?
    def _file_mark(self):
        """SHA-256 of the file, or an empty text."""
        content = self._file_content()
        return hashlib.sha256(content).hexdigest() if content else ""

    def _sent_before(self):
        """The batch by which the same file was already sent in this caisse, or an empty record."""
        mark = self.file_hash or self._file_mark()
        return (
            self.sudo()
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("file_hash", "=", mark),
                    ("state", "in", ("submitted", "posted")),
                    ("id", "!=", self.id),
                ],
                limit=1,
            )
            .with_env(self.env)
        )

    def _already_sent(self, twin):
        states = dict(self._fields["state"]._description_selection(self.env))
        return self.env._(
            "This very file was already sent: batch %(name)s, “%(label)s”, %(count)s rows, %(total)s F (%(state)s). "
            "Nothing is paid twice.",
            name=twin.name,
            label=twin.label,
            count=twin.count,
            total=spaced(twin.total),
            state=states[twin.state],
        )
