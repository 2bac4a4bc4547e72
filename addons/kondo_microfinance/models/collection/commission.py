import uuid
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ...engine.commission import collector_pay, commission_due
from ..fields import Francs
from ..ledger.key import LEDGER, has_ledger_key

APPROVERS = ("group_caisse_manager", "group_accountant")


class KondoCollectionCommission(models.Model):
    """What a collector's round costs and pays: for one sheet as it is received, or for a month.

    A month is prepared by one person and posted by another, once: D the members, C income of the caisse when the members
    pay; D expense, C the collector's account for his share.
    """

    _name = "kondo.collection.commission"
    _description = "Collector's commission"
    _inherit = ["mail.thread"]
    _order = "date_to desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    collector_id = fields.Many2one(
        "kondo.collector", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    scheme_id = fields.Many2one("kondo.collection.scheme", required=True, readonly=True, ondelete="restrict")
    collection_id = fields.Many2one(
        "kondo.collection", string="Sheet", readonly=True, index="btree_not_null", check_company=True
    )
    date_from = fields.Date(string="From", required=True, readonly=True)
    date_to = fields.Date(string="To", required=True, readonly=True)
    payer = fields.Selection(related="scheme_id.payer")
    terms = fields.Char(readonly=True, help="The scheme as it was when the commission was worked out.")
    rate = fields.Float(string="Percentage", digits=(16, 4), readonly=True)
    share = fields.Float(string="Share of the collector", digits=(16, 4), readonly=True)
    collected = Francs(readonly=True)
    due = Francs(string="Commission", readonly=True)
    taken = Francs(string="Taken from the members", readonly=True, help="Before tax.")
    tax = Francs(string="Tax", readonly=True)
    short = Francs(string="Could not be taken", readonly=True)
    pay = Francs(string="To the collector", readonly=True)
    state = fields.Selection(
        [("draft", "To post"), ("posted", "Posted"), ("cancelled", "Cancelled")],
        required=True,
        readonly=True,
        default="draft",
        index=True,
        tracking=True,
    )
    posted_by_id = fields.Many2one("res.users", string="Posted by", readonly=True)
    operation_id = fields.Many2one("kondo.operation", readonly=True, check_company=True, ondelete="restrict")
    line_ids = fields.One2many("kondo.collection.commission.line", "commission_id", string="Members", readonly=True)

    _one_a_month = models.UniqueIndex(
        "(collector_id, date_from) WHERE state <> 'cancelled' AND collection_id IS NULL",
        "The commission of this month is already prepared for this collector.",
    )
    _one_a_sheet = models.UniqueIndex(
        "(collection_id) WHERE state <> 'cancelled' AND collection_id IS NOT NULL",
        "The commission of this sheet is already posted.",
    )
    _second_person = models.Constraint(
        "CHECK (state <> 'posted' OR collection_id IS NOT NULL OR posted_by_id <> create_uid)",
        "A commission is posted by a second person.",
    )

    @api.depends("collector_id", "date_from", "collection_id")
    def _compute_name(self):
        for commission in self:
            what = commission.collection_id.name or f"{commission.date_from:%m/%Y}" if commission.date_from else ""
            commission.name = f"{commission.collector_id.name or ''} · {what}"

    @api.depends("name")
    def _compute_display_name(self):
        for commission in self:
            commission.display_name = commission.name

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        if not has_ledger_key(self.env):
            raise AccessError(self.env._("Commissions are prepared for a month, not typed in."))
        return super().create(vals_list).with_context(kondo_ledger=None)

    def write(self, vals):
        if not has_ledger_key(self.env) and set(vals) - {"message_main_attachment_id"}:
            raise AccessError(self.env._("Commissions are prepared for a month, not typed in."))
        return super().write(vals)

    def unlink(self):
        raise AccessError(self.env._("A commission is cancelled, never deleted."))

    def _set(self, **values):
        self.sudo().with_context(kondo_ledger=LEDGER).write(values)

    # ------------------------------------------------------------------ actions
    def action_post(self):
        """Post a month's commission: by a second person, once; posting again returns the first answer."""
        answers = []
        for commission in self:
            commission._guard()
            with self.env["kondo.operation"]._posting_env() as env:
                answers.append(env[self._name].browse(commission.id)._post_here())
            commission.invalidate_recordset()
        return answers[-1] if len(answers) == 1 else True

    def _post_here(self):
        self.env.cr.execute("SELECT id FROM kondo_collection_commission WHERE id = %s FOR UPDATE", (self.id,))
        self.invalidate_recordset()
        commission = self.sudo()
        if commission.state == "cancelled":
            raise UserError(self.env._("This commission was cancelled."))
        if commission.state == "draft":
            self.env["kondo.four.eyes"]._check_second_person(
                commission.create_uid, self.env._("You prepared this commission: another person must post it.")
            )
        key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self._name},{self.id}"))
        return self.env["kondo.operation"]._post_here(
            "commission", key, commission.company_id.id, {"commission_id": self.id}, key
        )

    def action_cancel(self):
        for commission in self:
            commission._guard()
            self.env.cr.execute(
                "SELECT state FROM kondo_collection_commission WHERE id = %s FOR UPDATE", (commission.id,)
            )
            if self.env.cr.fetchone()[0] != "draft":
                raise UserError(self.env._("Only a commission that is not posted is cancelled."))
            commission._set(state="cancelled")

    def _guard(self):
        self.env["kondo.four.eyes"]._check_group(*APPROVERS)
        self.company_id._check_visible()
        self.check_access("read")

    # ------------------------------------------------------------------ working it out
    @api.model
    def _prepare(self, collector, date_from, date_to, payments, **values):
        """A commission with its rows.

        :param payments: [(account id, partner id, francs collected, usual stake)]
        """
        scheme = collector.scheme_id.sudo()
        rows = [
            {
                "account_id": account_id,
                "partner_id": partner_id,
                "collected": collected,
                "stake": stake,
                "due": commission_due(scheme.base, scheme._rate(), collected, stake),
                "company_id": collector.company_id.id,
            }
            for account_id, partner_id, collected, stake in payments
        ]
        due, collected = sum(row["due"] for row in rows), sum(row["collected"] for row in rows)
        if scheme.payer == "caisse" and scheme.base == "percent":
            due = commission_due("percent", scheme._rate(), collected, 0)  # rounded once, on the whole
        return self.with_context(kondo_ledger=LEDGER).create(
            {
                "company_id": collector.company_id.id,
                "collector_id": collector.id,
                "scheme_id": scheme.id,
                "date_from": date_from,
                "date_to": date_to,
                "terms": scheme.words,
                "rate": scheme.rate,
                "share": scheme.share,
                "collected": collected,
                "due": due,
                "pay": collector_pay(due, scheme._share()),
                "line_ids": [(0, 0, row) for row in rows],
                **values,
            }
        )

    def _of_sheet(self, sheet, posting):
        """The commission taken with the sheet that is being received; an empty record when it is taken by the month."""
        if sheet.collector_id.scheme_id.moment != "collection":
            return self.browse()
        payments = [
            (line.account_id.id, line.partner_id.id, line.amount, line.expected)
            for line in sheet.line_ids.filtered("amount")
        ]
        date = posting.business_date
        commission = self._prepare(sheet.collector_id, date, date, payments, collection_id=sheet.id)
        commission._take(date, {account_id: amount for account_id, _partner, amount, _stake in payments})
        commission._mark_posted(posting)
        return commission

    def _take(self, date, free):
        """Settle what each member gives; `free`: {account id: francs that his account can give}."""
        if self.payer == "member":
            for line in self.line_ids:
                line._take(date, free.get(line.account_id.id, 0))
        lines = self.line_ids
        taken = sum(lines.mapped("taken"))
        base = taken if self.payer == "member" else self.due
        self._set(
            taken=taken,
            tax=sum(lines.mapped("tax")),
            short=self.due - taken if self.payer == "member" else 0,
            pay=collector_pay(base, Decimal(str(self.share))),
        )

    # ------------------------------------------------------------------ legs
    def _label(self):
        return self.env._("Collector's commission, %(date)s", date=format_date(self.env, self.date_to))

    def _rows(self):
        """SQL of what the members give, for `move_many`."""
        return SQL(
            """SELECT l.account_id, -(l.taken + l.tax)::bigint, %s::text, 2 * l.id + 1
                 FROM kondo_collection_commission_line l WHERE l.commission_id = %s AND l.taken > 0""",
            self._label(),
            self.id,
        )

    def _add_house_legs(self, posting):
        """Income and tax of what the members gave; expense and account of what the collector gets."""
        scheme, label = self.scheme_id, self._label()
        if self.taken:
            posting.add_leg(scheme.income_account_id.id, -self.taken, label=label)
        if self.tax:
            posting.add_leg(posting.env["kondo.operation"]._fee_tax_account(scheme).id, -self.tax, label=label)
        if self.pay:
            account = self.collector_id.account_id
            if account.state not in ("active", "inactive"):
                raise UserError(
                    self.env._("The account of %(name)s is not in use: choose another.", name=self.collector_id.name)
                )
            posting.add_leg(scheme.expense_account_id.id, self.pay, label=label)
            posting.move_savings(account, self.pay, rule="house", label=label)

    def _mark_posted(self, posting):
        self._set(state="posted", posted_by_id=posting.env.uid, operation_id=posting.operation_id)

    def _mark_reversed(self):
        self._set(state="cancelled")
