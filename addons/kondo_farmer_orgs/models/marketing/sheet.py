import hashlib
import uuid

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.kondo_microfinance.models.fields import Francs
from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER, has_ledger_key

MAKERS = ("group_loan_officer", "group_caisse_manager", "group_accountant")
APPROVERS = ("group_caisse_manager", "group_accountant")
OPEN = ("draft", "faulty", "ready")


class KondoMarketingSheet(models.Model):
    """The buyer's payment list of a campaign, paid through the caisse: net to each account, input debt to the loans.

    The totals are typed from the buyer's paper before the file is read. All or nothing: one exception keeps the whole list
    from being posted; a second person posts it. One list is posted once.
    """

    _name = "kondo.marketing.sheet"
    _description = "Marketing sheet"
    _inherit = ["kondo.guarded", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {
            "name", "company_id", "state", "file_hash", "row_count", "kg", "gross", "debt", "net", "error_count",
            "warning_count", "fault_note", "submitted_by_id", "approved_by_id", "approved_on", "operation_id", "line_ids",
        }
    )  # fmt: skip

    name = fields.Char(string="Number", readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company", string="Caisse", required=True, readonly=True, index=True, default=lambda self: self.env.company
    )
    campaign_id = fields.Many2one("kondo.campaign", required=True, ondelete="restrict", index=True, tracking=True)
    crop_id = fields.Many2one(related="campaign_id.crop_id")
    buyer_id = fields.Many2one(
        "res.partner",
        string="Buyer",
        required=True,
        ondelete="restrict",
        domain="[('is_kondo_member', '=', False)]",
        tracking=True,
    )
    reference = fields.Char(string="List no.", required=True, tracking=True, help="Number of the list at the buyer's.")
    date = fields.Date(string="Date of the list", required=True, default=fields.Date.context_today)
    organisation_id = fields.Many2one(
        "res.partner",
        string="Organisation of the list",
        check_company=True,
        ondelete="restrict",
        domain="[('is_organisation', '=', True)]",
        help="When the whole list is of one organisation and does not name it on each row.",
    )
    journal_id = fields.Many2one(
        "account.journal",
        string="Received on",
        required=True,
        ondelete="restrict",
        domain="[('type', '=', 'bank'), ('company_id', '=', company_id)]",
        help="The bank account on which the buyer has paid the whole list.",
    )
    without_account = fields.Selection(
        [("exception", "It is an exception"), ("organisation", "His net goes to the organisation's account")],
        string="Producer without account",
        required=True,
        default="exception",
        tracking=True,
    )
    file = fields.Binary(attachment=True, copy=False)
    file_name = fields.Char(copy=False)
    control_count = fields.Integer(string="Rows announced", required=True, default=0, tracking=True)
    control_kg = fields.Float(string="Kg announced", digits=(16, 3), tracking=True)
    control_gross = Francs(string="Gross announced", tracking=True)
    control_net = Francs(string="Net announced", tracking=True)
    row_count = fields.Integer(string="Rows in the file", readonly=True, required=True, default=0)
    kg = fields.Float(string="Kg", digits=(16, 3), readonly=True)
    gross = Francs(string="Gross", readonly=True)
    debt = Francs(string="Input debt", readonly=True)
    net = Francs(string="Net", readonly=True)
    error_count = fields.Integer(string="Exceptions", readonly=True, required=True, default=0)
    warning_count = fields.Integer(string="To look at", readonly=True, required=True, default=0)
    fault_note = fields.Text(string="What is wrong with the file", readonly=True)
    file_hash = fields.Char(readonly=True, copy=False)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("faulty", "With exceptions"),
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
    approved_by_id = fields.Many2one("res.users", string="Approved by", readonly=True)
    approved_on = fields.Date(string="Approved on", readonly=True)
    operation_id = fields.Many2one("kondo.operation", string="Operation", readonly=True, check_company=True)
    line_ids = fields.One2many("kondo.marketing.sheet.line", "sheet_id", string="Rows", readonly=True)

    _positive = models.Constraint(
        "CHECK (control_count >= 0 AND control_gross >= 0 AND control_net >= 0 AND COALESCE(control_kg, 0) >= 0)",
        "Totals are not negative.",
    )
    _one_file_once = models.UniqueIndex(
        "(company_id, file_hash) WHERE state IN ('submitted', 'posted')", "This file has already been sent."
    )
    _one_list_once = models.UniqueIndex(
        "(company_id, campaign_id, buyer_id, reference) WHERE state <> 'cancelled'",
        "This list of the buyer has been entered already.",
    )
    _approved_by_another = models.Constraint(
        "CHECK (state <> 'posted' OR approved_by_id <> submitted_by_id)", "A list is posted by a second person."
    )

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        self.env["kondo.four.eyes"]._check_group(*MAKERS)
        if not has_ledger_key(self.env):
            for vals in vals_list:
                self._refuse_guarded(
                    name for name in vals if vals[name] and name != "company_id" and vals[name] != "draft"
                )
        sheets = super(KondoMarketingSheet, self.with_context(kondo_ledger=LEDGER)).create(vals_list)
        for sheet in sheets:
            company = sheet.company_id
            company.with_env(self.env)._check_visible()
            if company.sudo().kondo_kind != "caisse" or sheet.campaign_id.sudo().company_id != company.sudo().root_id:
                raise UserError(self.env._("A list is entered in a caisse, for a campaign of its network."))
            sheet._check_bank()
            sheet.name = f"{company.sudo().kondo_code}-COM-{sheet.id:05d}"
        return sheets.with_context(kondo_ledger=None)

    def write(self, vals):
        asked = [name for name in vals if name in self._fields and not name.startswith(("message_", "activity_"))]
        if asked and not has_ledger_key(self.env):
            if any(sheet.state not in OPEN for sheet in self):
                raise AccessError(self.env._("A list that was sent no longer changes. Take it back first."))
            self.filtered(lambda sheet: sheet.state != "draft")._forget_check()
        result = super().write(vals)
        if "journal_id" in vals:
            for sheet in self:
                sheet._check_bank()
        return result

    def unlink(self):
        raise AccessError(self.env._("A list is cancelled, never deleted."))

    def _check_bank(self):
        journal = self.sudo().journal_id
        if journal.type != "bank" or journal.company_id != self.sudo().company_id or not journal.default_account_id:
            raise UserError(self.env._("Choose a bank account of your caisse."))

    def _forget_check(self):
        self.sudo().line_ids.unlink()
        self._set(
            state="draft", row_count=0, kg=0, gross=0, debt=0, net=0, error_count=0, warning_count=0, fault_note=False,
            file_hash=False,
        )  # fmt: skip

    def _set(self, **values):
        self.sudo().with_context(kondo_ledger=LEDGER).write(values)

    # ------------------------------------------------------------------ actions
    def action_submit(self):
        """Send a list without exceptions to the second person."""
        for sheet in self:
            sheet._guard_maker()
            sheet._lock_sheet("ready", self.env._("Check the file first: it must be without exceptions."))
            sheet._refuse_twin()
            sheet._set(state="submitted", submitted_by_id=self.env.uid)

    def action_take_back(self):
        """Back to a draft: by whoever sent it, or by the approver who does not agree."""
        for sheet in self:
            sheet._guard_maker()
            sheet._lock_sheet("submitted", self.env._("This list is not waiting for approval."))
            sheet._set(submitted_by_id=False)
            sheet._forget_check()

    def action_cancel(self):
        for sheet in self:
            sheet._guard_maker()
            sheet._lock_sheet((*OPEN, "submitted"), self.env._("A list that was booked is not cancelled."))
            sheet._set(state="cancelled")

    def action_approve(self):
        """Post the list as one operation: by a second person, once; approving again returns the first answer."""
        self.ensure_one()
        self.company_id.with_env(self.env)._check_visible()
        self.check_access("read")
        self.env["kondo.four.eyes"]._check_group(*APPROVERS)
        with self.env["kondo.operation"]._posting_env() as env:
            answer = env[self._name].browse(self.id)._post_sheet()
        self.invalidate_recordset()
        return answer

    @api.private
    def _post_sheet(self):
        self.env.cr.execute("SELECT state FROM kondo_marketing_sheet WHERE id = %s FOR NO KEY UPDATE", (self.id,))
        self.invalidate_recordset()
        sheet = self.sudo()
        if sheet.state not in ("submitted", "posted"):
            raise UserError(self.env._("This list is not waiting for approval."))
        if sheet.state == "submitted":
            self.env["kondo.four.eyes"]._check_second_person(
                sheet.submitted_by_id | sheet.create_uid,
                self.env._("You prepared this list: another person must approve it."),
            )
            sheet.campaign_id._check_phase("harvest", "marketing")
        key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"kondo.marketing.sheet,{sheet.id}"))
        answer = self.env["kondo.operation"]._post_here(
            "marketing_sheet", key, sheet.company_id.id, {"sheet_id": sheet.id}, key
        )
        if not answer["replayed"]:
            self._set(
                state="posted",
                approved_by_id=self.env.uid,
                approved_on=sheet.company_id.business_date,
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
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "kondo.marketing.sheet.line",
            "view_mode": "list",
            "domain": [("sheet_id", "=", self.id)],
        }

    def action_print_result(self):
        self.ensure_one()
        return self.env.ref("kondo_farmer_orgs.action_report_marketing_xlsx").report_action(self)

    # ------------------------------------------------------------------ guards
    def _guard_maker(self):
        self.company_id.with_env(self.env)._check_visible()
        self.check_access("write")
        self.env["kondo.four.eyes"]._check_group(*MAKERS)

    def _lock_sheet(self, states, message):
        """Lock the row and refuse unless the list is in one of the states."""
        self.flush_recordset()
        self.env.cr.execute("SELECT state FROM kondo_marketing_sheet WHERE id = %s FOR NO KEY UPDATE", (self.id,))
        if self.env.cr.fetchone()[0] not in (states if isinstance(states, tuple) else (states,)):
            raise UserError(message)
        self.invalidate_recordset(["state"])

    def _refuse_twin(self):
        """Refuse the very file that another list of the caisse was sent with."""
        content = self._file_content()
        mark = self.file_hash or hashlib.sha256(content).hexdigest()
        twin = self.sudo().search(
            [
                ("company_id", "=", self.company_id.id),
                ("file_hash", "=", mark),
                ("state", "in", ("submitted", "posted")),
                ("id", "!=", self.id),
            ],
            limit=1,
        )
        if twin:
            raise UserError(
                self.env._(
                    "This very file was already sent: list %(name)s no. %(reference)s. Nothing is paid twice.",
                    name=twin.name,
                    reference=twin.reference,
                )
            )
