import uuid

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.kondo_microfinance.engine.words import spaced
from odoo.addons.kondo_microfinance.models.fields import Francs
from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER, has_ledger_key

STAFF = ("group_loan_officer", "group_caisse_manager", "group_teller")
OPEN = ("draft", "out")
# What says who stands on the sheet: changing it is for a sheet that nobody has taken out yet.
SCOPE = frozenset({"kind", "organisation_id", "organisation_ids", "village_ids", "days_ahead", "date", "officer_id"})


class KondoSheet(models.Model):
    """Who owes, who paid, who saved and who came: the sheet that an officer takes to an organisation or on his round.

    Until a till has counted the money the sheet is all there is: no ledger account knows of it. It is posted as one
    operation when the count is its total to the franc, or not at all.
    """

    _name = "kondo.sheet"
    _description = "Collection sheet"
    _inherit = ["kondo.guarded", "mail.thread"]
    _order = "date desc, id desc"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {
            "name", "uuid", "company_id", "state", "total", "paid_total", "saved_total", "due_total", "count", "counted",
            "counts", "out_at", "returned_by_id", "returned_at", "counted_by_id", "posted_on", "session_id",
            "operation_id", "correction_note", "sent_back_count", "reversals",
        }
    )  # fmt: skip

    name = fields.Char(string="Number", readonly=True, copy=False)
    uuid = fields.Char(required=True, readonly=True, copy=False, default=lambda self: str(uuid.uuid4()))
    company_id = fields.Many2one(
        "res.company", string="Caisse", required=True, readonly=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [("organisation", "An organisation"), ("round", "A round")], string="Sheet for", required=True,
        default="organisation",
    )  # fmt: skip
    organisation_id = fields.Many2one(
        "res.partner", string="Organisation", index="btree_not_null", ondelete="restrict", check_company=True,
        domain="[('is_organisation', '=', True), ('company_id', '=', company_id)]",
    )  # fmt: skip
    organisation_ids = fields.Many2many(
        "res.partner", string="Organisations", check_company=True,
        domain="[('is_organisation', '=', True), ('company_id', '=', company_id)]",
    )  # fmt: skip
    village_ids = fields.Many2many("kondo.village", string="Villages")
    subject = fields.Char(string="Organisation or villages", compute="_compute_subject", search="_search_subject")
    days_ahead = fields.Integer(
        string="Due within (days)", default=7, help="What falls due so many days after the day of the sheet is on it."
    )
    date = fields.Date(string="Day of collection", required=True, index=True, default=lambda self: self._today())
    officer_id = fields.Many2one(
        "res.users", string="Loan officer", required=True, index=True, ondelete="restrict",
        default=lambda self: self.env.user, domain="[('company_ids', 'in', company_id), ('share', '=', False)]",
        tracking=True,
    )  # fmt: skip
    row_ids = fields.One2many("kondo.sheet.row", "sheet_id", string="Rows")
    control_total = Francs(
        string="Cash brought back",
        tracking=True,
        help="What the officer has counted himself, entered apart from the rows.",
    )
    note = fields.Char()
    due_total = Francs(string="Due", readonly=True)
    paid_total = Francs(string="Repaid", readonly=True)
    saved_total = Francs(string="Saved", readonly=True)
    total = Francs(string="Total of the sheet", readonly=True)
    count = fields.Integer(string="Who gave", readonly=True, required=True, default=0)
    people = fields.Integer(compute="_compute_people")
    present = fields.Integer(compute="_compute_people")
    entered = fields.Integer(compute="_compute_difference", string="The rows add up to")
    difference = fields.Integer(compute="_compute_difference", help="Cash brought back less the rows.")
    difference_words = fields.Char(compute="_compute_difference")
    state = fields.Selection(
        [
            ("draft", "Being prepared"),
            ("out", "In the field"),
            ("returned", "To be counted"),
            ("counted", "Counted"),
            ("posted", "Booked"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        index=True,
        tracking=True,
    )
    out_at = fields.Datetime(string="Given out on", readonly=True)
    returned_by_id = fields.Many2one("res.users", string="Returned by", readonly=True)
    returned_at = fields.Datetime(string="Returned on", readonly=True)
    counted = Francs(string="Cash counted", readonly=True)
    counts = fields.Json(string="Notes and coins", readonly=True)
    counted_by_id = fields.Many2one("res.users", string="Counted by", readonly=True)
    session_id = fields.Many2one("kondo.till.session", string="Till session", readonly=True, check_company=True)
    operation_id = fields.Many2one("kondo.operation", readonly=True, check_company=True, ondelete="restrict")
    posted_on = fields.Date(string="Booked on", readonly=True)
    correction_note = fields.Char(string="To be corrected", readonly=True, tracking=True)
    sent_back_count = fields.Integer(string="Times sent back", readonly=True, required=True, default=0)
    reversals = fields.Integer(string="Times reversed", readonly=True, required=True, default=0)

    _uuid_unique = models.UniqueIndex("(company_id, uuid)")
    _one_operation = models.UniqueIndex("(operation_id) WHERE operation_id IS NOT NULL")
    _waiting = models.Index("(company_id, date) WHERE state IN ('returned', 'counted')")
    _sane = models.Constraint(
        "CHECK (control_total >= 0 AND days_ahead >= 0 AND total = paid_total + saved_total)",
        "An amount is never negative.",
    )
    _counted_as_written = models.Constraint(
        "CHECK (state NOT IN ('counted', 'posted') OR total = counted)",
        "The cash counted is not the total of the sheet: nothing is booked.",
    )
    _has_its_organisation = models.Constraint(
        "CHECK (kind <> 'organisation' OR organisation_id IS NOT NULL)", "Choose the organisation of the sheet."
    )

    # ------------------------------------------------------------------ defaults, computes
    def _today(self):
        return self.env.company.sudo().business_date or fields.Date.context_today(self)

    @api.depends("organisation_id.name", "organisation_ids.name", "village_ids.name")
    def _compute_subject(self):
        for sheet in self:
            names = [*sheet.village_ids.mapped("name"), *sheet.organisation_ids.mapped("name")]
            sheet.subject = sheet.organisation_id.name or ", ".join(names)

    def _search_subject(self, operator, value):
        fields_read = ("organisation_id.name", "organisation_ids.name", "village_ids.name")
        return Domain.OR([(name, operator, value)] for name in fields_read)

    @api.depends("row_ids.attendance", "row_ids.person_id", "row_ids.partner_id")
    def _compute_people(self):
        for sheet in self:
            people = {}
            for row in sheet.row_ids:
                key = (row.person_id.id, row.partner_id.id)
                people[key] = people.get(key) or row.attendance == "present"
            sheet.people = len(people)
            sheet.present = sum(people.values())

    @api.depends("control_total", "row_ids.paid", "row_ids.saved")
    def _compute_difference(self):
        for sheet in self:
            total = sum(row.paid + row.saved for row in sheet.row_ids)
            sheet.entered = total
            sheet.difference = sheet.control_total - total
            sheet.difference_words = sheet._difference_in_words(sheet.control_total, total)

    def _difference_in_words(self, control, total):
        if control == total:
            return False
        values = {"total": spaced(total), "control": spaced(control), "difference": spaced(abs(control - total))}
        if control > total:
            return self.env._(
                "The rows add up to %(total)s F and %(control)s F were brought back: %(difference)s F are missing in the "
                "rows.",
                **values,
            )
        return self.env._(
            "The rows add up to %(total)s F and %(control)s F were brought back: the rows have %(difference)s F too much.",
            **values,
        )

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        self.env["kondo.four.eyes"]._check_group(*STAFF)
        prepared = []
        for vals in vals_list:
            if not has_ledger_key(self.env):
                self._refuse_guarded(name for name in vals if vals[name])
            organisation = self.env["res.partner"].browse(vals.get("organisation_id") or [])
            if organisation:
                organisation.check_access("read")
            company = organisation.sudo().company_id or self.env.company
            company.with_env(self.env)._check_visible()
            if company.sudo().kondo_kind != "caisse":
                raise UserError(
                    self.env._("A collection sheet is made in a caisse, not in the union: change to your caisse.")
                )
            prepared.append({**vals, "company_id": company.id})
        sheets = super(KondoSheet, self.with_context(kondo_ledger=LEDGER)).create(prepared)
        for sheet in sheets:
            sheet.name = f"FC-{sheet.company_id.sudo().kondo_code}-{sheet.id:05d}"
        return sheets.with_context(kondo_ledger=None)

    def write(self, vals):
        if not has_ledger_key(self.env):
            for sheet in self:
                if set(vals) - {"message_main_attachment_id"} and sheet.state not in OPEN:
                    raise AccessError(
                        self.env._(
                            "A sheet that was returned no longer changes. The teller sends it back to be corrected."
                        )
                    )
                if SCOPE.intersection(vals) and sheet.state != "draft":
                    raise UserError(self.env._("This sheet is in the field: who stands on it no longer changes."))
                if sheet.row_ids and {"kind", "organisation_id"}.intersection(vals):
                    raise UserError(
                        self.env._("People stand on this sheet already: cancel it and make another for somebody else.")
                    )
        return super().write(vals)

    def unlink(self):
        raise AccessError(self.env._("A collection sheet is cancelled, never deleted."))

    # ------------------------------------------------------------------ helpers
    def _refresh_totals(self):
        """The totals of the rows, in one query for all the sheets."""
        totals = {
            sheet.id: values
            for sheet, *values in self.env["kondo.sheet.row"]
            .sudo()
            ._read_group([("sheet_id", "in", self.ids)], ["sheet_id"], ["due:sum", "paid:sum", "saved:sum"])
        }
        givers = dict(
            self.env["kondo.sheet.row"]
            .sudo()
            ._read_group(
                [("sheet_id", "in", self.ids), "|", ("paid", ">", 0), ("saved", ">", 0)], ["sheet_id"], ["__count"]
            )
        )
        for sheet in self:
            due, paid, saved = (int(amount) for amount in totals.get(sheet.id) or (0, 0, 0))
            sheet._set(
                due_total=due,
                paid_total=paid,
                saved_total=saved,
                total=paid + saved,
                count=givers.get(sheet.sudo(), 0),
            )

    def _guard(self):
        self.env["kondo.four.eyes"]._check_group(*STAFF)
        self.company_id._check_visible()
        self.check_access("write")

    def _lock(self, states, message):
        """Lock the row and refuse unless the sheet is in one of the states."""
        self.flush_recordset()
        self.env.cr.execute("SELECT state FROM kondo_sheet WHERE id = %s FOR NO KEY UPDATE", (self.id,))
        row = self.env.cr.fetchone()
        if not row or row[0] not in (states if isinstance(states, tuple) else (states,)):
            raise UserError(message)
        self.invalidate_recordset(["state"])

    def _set(self, **values):
        self.sudo().with_context(kondo_ledger=LEDGER).write(values)
