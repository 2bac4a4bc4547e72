import uuid

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ...engine.words import spaced
from ..fields import Francs
from ..ledger.key import LEDGER, has_ledger_key

STAFF = ("group_collector", "group_teller", "group_loan_officer", "group_caisse_manager")


class KondoCollection(models.Model):
    """A collector's sheet of one day: who gave how much, the total he announces, and the till that counted it.

    Until a till has received the money the sheet is all there is: no ledger account knows of it.
    """

    _name = "kondo.collection"
    _description = "Collector's sheet"
    _inherit = ["kondo.guarded", "mail.thread"]
    _order = "date desc, id desc"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {
            "name", "company_id", "state", "total", "count", "announced_by_id", "announced_at", "received_by_id",
            "received_on", "session_id", "operation_id", "counts", "correction_note", "sent_back_count", "alerted_on",
        }
    )  # fmt: skip

    name = fields.Char(string="Number", readonly=True, copy=False)
    uuid = fields.Char(required=True, readonly=True, copy=False, default=lambda self: str(uuid.uuid4()))
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    collector_id = fields.Many2one(
        "kondo.collector", required=True, index=True, ondelete="restrict", check_company=True,
        default=lambda self: self._own_collector(),
    )  # fmt: skip
    date = fields.Date(
        string="Day of the round", required=True, index=True, default=lambda self: self.env.company._collection_day()
    )
    line_ids = fields.One2many("kondo.collection.line", "collection_id", string="Members")
    control_total = Francs(
        string="Total announced",
        tracking=True,
        help="What the collector has counted himself, entered apart from the rows.",
    )
    carnet_from = fields.Char(string="Receipts from no.", help="First and last receipt of the collector's own book.")
    carnet_to = fields.Char(string="to no.")
    note = fields.Char()
    total = Francs(string="Total of the rows", readonly=True)
    count = fields.Integer(string="Payments", readonly=True, required=True, default=0)
    difference = fields.Integer(compute="_compute_difference", help="Announced less the rows.")
    difference_words = fields.Char(compute="_compute_difference")
    state = fields.Selection(
        [
            ("draft", "Being entered"),
            ("to_count", "To be counted"),
            ("received", "Received"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        index=True,
        tracking=True,
    )
    announced_by_id = fields.Many2one("res.users", string="Entered by", readonly=True)
    announced_at = fields.Datetime(string="Announced on", readonly=True)
    received_by_id = fields.Many2one("res.users", string="Counted by", readonly=True)
    received_on = fields.Date(readonly=True)
    session_id = fields.Many2one("kondo.till.session", string="Till session", readonly=True, check_company=True)
    counts = fields.Json(string="Notes and coins", readonly=True)
    operation_id = fields.Many2one("kondo.operation", readonly=True, check_company=True, ondelete="restrict")
    correction_note = fields.Char(string="To be corrected", readonly=True, tracking=True)
    sent_back_count = fields.Integer(string="Times sent back", readonly=True, required=True, default=0)
    alerted_on = fields.Date(string="Not counted at the closing of", readonly=True)
    age = fields.Integer(compute="_compute_age", string="Days", help="Days since the round.")

    _uuid_unique = models.UniqueIndex("(company_id, uuid)")
    _one_operation = models.UniqueIndex("(operation_id) WHERE operation_id IS NOT NULL")
    _waiting = models.Index("(company_id, date) WHERE state = 'to_count'")
    _totals_positive = models.Constraint("CHECK (control_total >= 0 AND total >= 0)", "An amount is never negative.")
    _received_as_announced = models.Constraint(
        "CHECK (state NOT IN ('to_count', 'received') OR total = control_total)",
        "The rows of the sheet do not add up to the total announced.",
    )

    # ------------------------------------------------------------------ defaults, computes
    def _own_collector(self):
        return self.env["kondo.collector"].search([("user_id", "=", self.env.uid)], limit=1)

    @api.depends("control_total", "line_ids.amount")
    def _compute_difference(self):
        for sheet in self:
            total = sum(sheet.line_ids.mapped("amount"))
            sheet.difference = sheet.control_total - total
            sheet.difference_words = sheet._difference_in_words(sheet.control_total, total)

    def _compute_age(self):
        for sheet in self:
            sheet.age = sheet.company_id._days_since(sheet.date) if sheet.date else 0

    def _difference_in_words(self, control, total):
        if control == total:
            return False
        values = {"total": spaced(total), "control": spaced(control), "difference": spaced(abs(control - total))}
        if control > total:
            return self.env._(
                "The rows add up to %(total)s F and %(control)s F were announced: %(difference)s F are missing in the rows.",
                **values,
            )
        return self.env._(
            "The rows add up to %(total)s F and %(control)s F were announced: the rows have %(difference)s F too much.",
            **values,
        )

    @api.onchange("collector_id")
    def _onchange_collector_id(self):
        """The book of the collector, in the order of the round."""
        if not self._origin:
            book = self.collector_id.member_ids
            self.line_ids = [
                Command.clear(),
                *(Command.create({"member_id": row._origin.id, "expected": row.stake}) for row in book),
            ]

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        """A sheet comes with a row for each member of the book, in the order of the round."""
        self.env["kondo.four.eyes"]._check_group(*STAFF)
        prepared = []
        for vals in vals_list:
            if not has_ledger_key(self.env):
                self._refuse_guarded(name for name in vals if vals[name])
            collector = self._collector_of(vals)
            prepared.append(
                {
                    **vals,
                    "collector_id": collector.id,
                    "company_id": collector.company_id.id,
                    "date": vals.get("date") or collector.company_id._collection_day(),
                }
            )
        sheets = super(KondoCollection, self.with_context(kondo_ledger=LEDGER)).create(prepared)
        for sheet in sheets:
            sheet.name = f"COL-{sheet.company_id.sudo().kondo_code}-{sheet.id:05d}"
            if not sheet.line_ids:
                sheet._fill()
        return sheets.with_context(kondo_ledger=None)

    def _collector_of(self, vals):
        collector = self.env["kondo.collector"].browse(vals.get("collector_id")) or self._own_collector()
        if not collector.exists():
            raise UserError(self.env._("Choose the collector."))
        collector.check_access("read")
        collector.company_id.sudo().with_env(self.env)._check_visible()
        return collector

    def write(self, vals):
        if not has_ledger_key(self.env):
            if set(vals) - {"message_main_attachment_id"} and any(sheet.state != "draft" for sheet in self):
                raise AccessError(
                    self.env._(
                        "A sheet that was announced no longer changes. The teller sends it back to be corrected."
                    )
                )
            if {"collector_id", "uuid"}.intersection(vals):
                raise UserError(self.env._("A sheet keeps its collector. Cancel it and start another."))
        return super().write(vals)

    def unlink(self):
        raise AccessError(self.env._("A collector's sheet is cancelled, never deleted."))

    # ------------------------------------------------------------------ entering
    def action_fill(self):
        """Add the members of the book who are not on the sheet yet."""
        for sheet in self:
            sheet._guard()
            sheet._lock("draft", self.env._("This sheet is no longer being entered."))
            sheet._fill()

    def action_all_paid(self):
        """Everybody without an amount has given his usual stake; what differs is then corrected row by row."""
        for sheet in self:
            sheet._guard()
            sheet._lock("draft", self.env._("This sheet is no longer being entered."))
            for line in sheet.line_ids:
                if not line.amount:
                    line.amount = line.expected

    def action_announce(self):
        """The collector is back: the rows agree with what he says he carries, and the money waits to be counted."""
        for sheet in self:
            sheet._guard()
            sheet._lock("draft", self.env._("This sheet has already been announced."))
            sheet._refresh_totals()
            if sheet.date > sheet.company_id._collection_day():
                raise UserError(self.env._("The day of the round is still to come."))
            if not sheet.total:
                raise UserError(self.env._("Nobody has paid on this sheet. Enter the amounts first."))
            if sheet.total != sheet.control_total:
                raise UserError(sheet._difference_in_words(sheet.control_total, sheet.total))
            sheet._set(
                state="to_count",
                announced_by_id=self.env.uid,
                announced_at=fields.Datetime.now(),
                correction_note=False,
            )

    def action_print(self):
        """The sheet on paper: to be filled in while it is being entered, with its amounts afterwards."""
        self.ensure_one()
        self.check_access("read")
        return self.env.ref("kondo_microfinance.action_report_collection").report_action(self)

    def action_cancel(self):
        """Nothing was collected, or the sheet was made twice. Announced money is sent back first."""
        for sheet in self:
            sheet._guard()
            sheet._lock("draft", self.env._("Only a sheet that is being entered is cancelled."))
            sheet._set(state="cancelled")

    @api.model
    def send(self, uuid, values):
        """A whole sheet at once, from a telephone: the same UUID sent twice makes one sheet.

        :param uuid: made by the sender
        :param values: {collector_id?, date? (text), control_total, carnet_from?, carnet_to?, note?, lines: [{member_id
            (row of the book), amount, carnet_line?, note?}]}, amounts in whole francs
        :return: {id, name, state, total}
        """
        operations = self.env["kondo.operation"]
        uuid = operations._check_uuid(uuid)
        if not isinstance(values, dict) or not isinstance(values.get("lines"), list):
            raise UserError(self.env._("The request is not readable."))
        collector = self._collector_of(values)
        known = self.search([("company_id", "=", collector.company_id.id), ("uuid", "=", uuid)], limit=1)
        if not known:
            known = self.create(
                {
                    "uuid": uuid,
                    "collector_id": collector.id,
                    "date": values.get("date") or False,
                    "control_total": operations._check_amount(values.get("control_total")),
                    **{name: operations._check_text(values.get(name)) for name in ("carnet_from", "carnet_to", "note")},
                    "line_ids": [(0, 0, self._line_sent(line)) for line in values["lines"]],
                }
            )
            known.action_announce()
        elif known.collector_id != collector or known.control_total != values.get("control_total"):
            raise UserError(self.env._("This sheet number was already used for another sheet. Start again."))
        return {"id": known.id, "name": known.name, "state": known.state, "total": known.total}

    def _line_sent(self, line):
        operations = self.env["kondo.operation"]
        if not isinstance(line, dict):
            raise UserError(self.env._("The request is not readable."))
        return {
            "member_id": operations._check_id(line.get("member_id")),
            "amount": operations._check_amount(line["amount"]) if line.get("amount") else 0,
            "carnet_line": operations._check_text(line.get("carnet_line"), 20),
            "note": operations._check_text(line.get("note")),
        }

    # ------------------------------------------------------------------ helpers
    def _fill(self):
        """Rows for the members of the book who have none."""
        book = self.env["kondo.collector.member"].search([("collector_id", "=", self.collector_id.id)])
        self.env["kondo.collection.line"].create(
            [{"collection_id": self.id, "member_id": row.id} for row in book - self.line_ids.member_id]
        )

    def _refresh_totals(self):
        for sheet in self:
            lines = sheet.line_ids.filtered("amount")
            sheet._set(total=sum(lines.mapped("amount")), count=len(lines))

    def _guard(self):
        self.env["kondo.four.eyes"]._check_group(*STAFF)
        self.company_id._check_visible()
        self.check_access("write")

    def _lock(self, states, message):
        """Lock the row and refuse unless the sheet is in one of the states."""
        self.flush_recordset()
        self.env.cr.execute("SELECT state FROM kondo_collection WHERE id = %s FOR NO KEY UPDATE", (self.id,))
        row = self.env.cr.fetchone()
        if not row or row[0] not in (states if isinstance(states, tuple) else (states,)):
            raise UserError(message)
        self.invalidate_recordset(["state"])

    def _set(self, **values):
        self.sudo().with_context(kondo_ledger=LEDGER).write(values)

    def _open(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }
