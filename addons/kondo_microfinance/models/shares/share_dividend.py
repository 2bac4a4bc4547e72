import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ...engine.balances import Movement
from ...engine.rounding import exact
from ...engine.shares import dividend, francs_days
from ...engine.words import spaced
from ..fields import Francs
from ..ledger.key import LEDGER


class KondoShareDividend(models.Model):
    """What the shares of a caisse earn for a period: proposed, approved by the general meeting, then paid.

    A holder's part is the rate on his paid-up shares, by the days on which he held them: those who came or left during
    the period have theirs.
    """

    _name = "kondo.share.dividend"
    _description = "Dividend"
    _inherit = ["kondo.guarded", "mail.thread"]
    _order = "date_to desc, id desc"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {
            "state",
            "company_id",
            "proposed_by_id",
            "approved_by_id",
            "approved_on",
            "paid_by_id",
            "paid_on",
            "operation_id",
        }
    )

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company",
        string="Caisse",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        domain="[('kondo_kind', '=', 'caisse')]",
    )
    product_id = fields.Many2one(
        "kondo.share.product",
        string="Share",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env["kondo.share.product"].search([], limit=1),
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(string="From", required=True, default=lambda self: self._last_year(1, 1), tracking=True)
    date_to = fields.Date(string="To", required=True, default=lambda self: self._last_year(12, 31), tracking=True)
    rate = fields.Float(
        string="Rate (%)",
        digits=(16, 6),
        required=True,
        tracking=True,
        help="Of the paid-up shares held during the whole period.",
    )
    withholding_rate = fields.Float(
        string="Tax withheld (%)",
        digits=(16, 6),
        readonly=True,
        help="The dated parameter dividend_withholding_rate in force when the dividend is proposed.",
    )
    days = fields.Integer(compute="_compute_days", string="Days of the period")
    decision_date = fields.Date(string="Meeting of", tracking=True, help="Day of the general meeting that decided.")
    decision_reference = fields.Char(
        string="Decision", tracking=True, help="Number of the resolution or of the minutes of the general meeting."
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("proposed", "Proposed"),
            ("approved", "Approved"),
            ("paid", "Paid"),
            ("cancelled", "Given up"),
        ],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
        index=True,
    )
    line_ids = fields.One2many("kondo.share.dividend.line", "dividend_id", readonly=True)
    holder_count = fields.Integer(compute="_compute_totals", store=True, string="Holders")
    gross = Francs(compute="_compute_totals", store=True, string="Dividend", readonly=True)
    withheld = Francs(compute="_compute_totals", store=True, readonly=True)
    net = Francs(compute="_compute_totals", store=True, string="Paid to members", readonly=True)
    distributable = fields.Integer(
        compute="_compute_distributable", help="Credit of the distributed result account in the books of the caisse."
    )
    proposed_by_id = fields.Many2one("res.users", readonly=True)
    approved_by_id = fields.Many2one("res.users", readonly=True)
    approved_on = fields.Date(readonly=True)
    paid_by_id = fields.Many2one("res.users", readonly=True)
    paid_on = fields.Date(readonly=True)
    operation_id = fields.Many2one("kondo.operation", readonly=True, check_company=True)

    _rates = models.Constraint(
        "CHECK (rate > 0 AND rate <= 100 AND withholding_rate >= 0 AND withholding_rate <= 100)",
        "A rate is a percentage above zero.",
    )
    _dates = models.Constraint("CHECK (date_to >= date_from)", "The period ends after it begins.")

    def _last_year(self, month, day):
        today = self.env.company.sudo().business_date or fields.Date.context_today(self)
        return today.replace(year=today.year - 1, month=month, day=day)

    # ------------------------------------------------------------------ constraints, computes
    @api.constrains("company_id", "product_id", "rate", "date_from", "date_to", "state")
    def _check_terms(self):
        for record in self:
            if record.company_id.kondo_kind != "caisse":
                raise ValidationError(self.env._("A dividend is one caisse's: choose the caisse."))
            if record.product_id.sudo().company_id != record.company_id.sudo().root_id:
                raise ValidationError(self.env._("This caisse offers no shares of that kind."))
            ceiling = record.product_id.dividend_ceiling
            if ceiling and exact(str(record.rate)) > exact(str(ceiling)):
                raise ValidationError(
                    self.env._(
                        "The rate is above the ceiling of %(ceiling)s % of these shares.", ceiling=f"{ceiling:g}"
                    )
                )
            if record.state != "cancelled" and self.search_count(
                [
                    ("id", "!=", record.id),
                    ("company_id", "=", record.company_id.id),
                    ("product_id", "=", record.product_id.id),
                    ("state", "!=", "cancelled"),
                    ("date_from", "<=", record.date_to),
                    ("date_to", ">=", record.date_from),
                ],
                limit=1,
            ):
                raise ValidationError(self.env._("Another dividend already covers part of this period."))

    @api.depends("product_id", "date_from", "date_to")
    def _compute_name(self):
        for record in self:
            dates = [f"{date:%d/%m/%Y}" for date in (record.date_from, record.date_to) if date]
            record.name = f"{record.product_id.name or ''} {' – '.join(dates)}".strip()

    @api.depends("name")
    def _compute_display_name(self):
        for record in self:
            record.display_name = record.name

    @api.depends("date_from", "date_to")
    def _compute_days(self):
        for record in self:
            both = record.date_from and record.date_to
            record.days = (record.date_to - record.date_from).days + 1 if both else 0

    @api.depends("line_ids.gross", "line_ids.withheld")
    def _compute_totals(self):
        sums = {
            record.id: (count, gross, withheld)
            for record, count, gross, withheld in self.env["kondo.share.dividend.line"]._read_group(
                [("dividend_id", "in", self.ids)], ["dividend_id"], ["__count", "gross:sum", "withheld:sum"]
            )
        }
        for record in self:
            count, gross, withheld = sums.get(record.id, (0, 0, 0))
            record.holder_count = count
            record.gross, record.withheld, record.net = gross, withheld, gross - withheld

    @api.depends("company_id", "product_id")
    def _compute_distributable(self):
        for record in self:
            account = record.product_id.sudo().dividend_account_id
            self.env.cr.execute(
                """SELECT COALESCE(-sum(balance), 0)::bigint FROM account_move_line
                    WHERE company_id = %s AND account_id = %s AND parent_state = 'posted'""",
                (record.company_id.id or 0, account.id or 0),
            )
            record.distributable = self.env.cr.fetchone()[0]

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager", "group_accountant")
        prepared = []
        for vals in vals_list:
            company = self.env["res.company"].browse(vals.get("company_id") or self.env.company.id)
            company._check_visible()
            self._refuse_guarded(name for name in vals if name not in ("company_id", "state") and vals[name])
            prepared.append({**vals, "company_id": company.id, "state": "draft"})
        records = super(KondoShareDividend, self.with_context(kondo_ledger=LEDGER)).create(prepared)
        return records.with_env(self.env)

    def write(self, vals):
        terms = {"product_id", "date_from", "date_to", "rate", "withholding_rate"}.intersection(vals)
        decision = {"decision_date", "decision_reference"}.intersection(vals)
        for record in self:
            if (terms and record.state != "draft") or (decision and record.state not in ("draft", "proposed")):
                raise UserError(self.env._("The dividend is proposed: take it back to change it."))
        return super().write(vals)

    def unlink(self):
        if any(record.state != "draft" for record in self):
            raise UserError(self.env._("A dividend that was proposed is kept: give it up."))
        return super().unlink()

    # ------------------------------------------------------------------ actions
    def action_propose(self):
        """Compute what each holder has; the proposal goes to the general meeting."""
        for record in self:
            record._open_transition(("draft",), "group_caisse_manager", "group_accountant")
            day = record.company_id.sudo().business_date
            if not day or record.date_to >= day:
                raise UserError(self.env._("The period is not over yet."))
            record._check_terms()
            rate = self.env["kondo.parameter"]._get("dividend_withholding_rate", day)
            record._set({"withholding_rate": float(rate)})
            record._compute_lines()
            record._set({"state": "proposed", "proposed_by_id": self.env.uid})

    def action_back(self):
        """Take the proposal back to change it."""
        for record in self:
            record._open_transition(("proposed",), "group_caisse_manager", "group_accountant")
            record.sudo().with_context(kondo_ledger=LEDGER).line_ids.unlink()
            record._set({"state": "draft"})

    def action_approve(self):
        """Record the decision of the general meeting, by another person than the one who proposed."""
        for record in self:
            record._open_transition(("proposed",), "group_caisse_manager", "group_accountant", "group_network_manager")
            self.env["kondo.four.eyes"]._check_second_person(
                record.sudo().proposed_by_id,
                self.env._("You proposed this dividend: another person records the decision."),
            )
            if not record.decision_date or not (record.decision_reference or "").strip():
                raise UserError(self.env._("Give the day of the general meeting and the reference of its decision."))
            if record.decision_date > record.company_id.sudo().business_date:
                raise UserError(self.env._("The general meeting is not in the future."))
            record._set(
                {
                    "state": "approved",
                    "approved_by_id": self.env.uid,
                    "approved_on": record.company_id.sudo().business_date,
                }
            )

    def action_cancel(self):
        """The meeting decided otherwise."""
        for record in self:
            record._open_transition(
                ("draft", "proposed", "approved"), "group_caisse_manager", "group_accountant", "group_network_manager"
            )
            record._set({"state": "cancelled"})

    def action_pay(self):
        """Credit every holder at once, in one operation of the caisse."""
        self.env.flush_all()
        for record in self:
            with self.env["kondo.operation"]._posting_env() as env:
                env[self._name].browse(record.id)._pay_here()
        self.invalidate_recordset()

    @api.private
    def _pay_here(self):
        self._open_transition(("approved",), "group_caisse_manager", "group_accountant")
        key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"kondo.share.dividend,{self.id}"))
        company = self.sudo().company_id
        answer = self.env["kondo.operation"]._post_here("dividend", key, company.id, {"dividend_id": self.id}, key)
        self._set(
            {
                "state": "paid",
                "paid_by_id": self.env.uid,
                "paid_on": company.business_date,
                "operation_id": answer["operation_id"],
            }
        )

    def action_open_lines(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "kondo.share.dividend.line",
            "view_mode": "list",
            "domain": [("dividend_id", "=", self.id)],
        }

    # ------------------------------------------------------------------ computing
    def _compute_lines(self):
        """One line for each holder who earned something, from the register."""
        self.ensure_one()
        record = self.sudo()
        histories = record._histories()
        holdings = self.env["kondo.share.holding"].sudo().browse(histories)
        holdings.fetch(["partner_id", "dividend_savings_id"])
        accounts = record._accounts_of(holdings.partner_id)
        rate, tax = exact(str(record.rate)), exact(str(record.withholding_rate))
        end = fields.Date.add(record.date_to, days=1)
        lines = []
        for holding in holdings:
            held = francs_days(histories[holding.id], record.date_from, end)
            part = dividend(held, rate, record.date_from, end, tax)
            if not part.amount:
                continue
            chosen = holding.dividend_savings_id
            account = chosen if chosen and chosen.state != "closed" else accounts.get(holding.partner_id.id)
            lines.append(
                {
                    "dividend_id": record.id,
                    "company_id": record.company_id.id,
                    "holding_id": holding.id,
                    "franc_days": held,
                    "gross": part.amount,
                    "withheld": part.withholding,
                    "savings_account_id": account.id if account else False,
                }
            )
        if not lines:
            raise UserError(self.env._("Nobody held paid-up shares during this period."))
        record.with_context(kondo_ledger=LEDGER).line_ids.unlink()
        self.env["kondo.share.dividend.line"].sudo().with_context(kondo_ledger=LEDGER).create(lines)

    def _histories(self):
        """{holding id: [Movement of the francs that earn]} of the register up to the end of the period, in order."""
        self.env.cr.execute(
            SQL(
                """SELECT e.holding_id, h.nominal, e.date, sum(e.amount)::bigint
                     FROM kondo_share_entry e JOIN kondo_share_holding h ON h.id = e.holding_id
                    WHERE e.company_id = %s AND h.product_id = %s AND e.date <= %s
                    GROUP BY e.holding_id, h.nominal, e.date ORDER BY e.holding_id, e.date""",
                self.company_id.id,
                self.product_id.id,
                self.date_to,
            )
        )
        histories, paid = {}, {}
        for holding_id, nominal, day, change in self.env.cr.fetchall():
            unit = nominal if self.product_id.dividend_base == "full" else 1
            before = paid.get(holding_id, 0)
            paid[holding_id] = before + int(change)
            earning = paid[holding_id] // unit * unit - before // unit * unit
            histories.setdefault(holding_id, []).append(Movement(day, earning))
        return histories

    def _accounts_of(self, partners):
        """{member id: the account his dividend goes to}: his first demand account, else his first passbook."""
        accounts = self.env["kondo.savings.account"].sudo().search(
            [("partner_id", "in", partners.ids), ("kind", "in", ("demand", "passbook")), ("state", "!=", "closed")],
            order="id",
        )  # fmt: skip
        chosen = {}
        for account in accounts.sorted(lambda one: (one.kind != "demand", one.id)):
            chosen.setdefault(account.partner_id.id, account)
        return chosen

    # ------------------------------------------------------------------ helpers
    def _open_transition(self, states, *groups):
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group(*groups)
        self.check_access("read")
        self.company_id._check_visible()
        self.env.flush_all()
        self.env.cr.execute("SELECT state FROM kondo_share_dividend WHERE id = %s FOR UPDATE", (self.id,))
        state = self.env.cr.fetchone()[0]
        self.invalidate_recordset()
        if state not in states:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(self.env._("This dividend is now: %(state)s. Nothing was changed.", state=labels[state]))

    def _set(self, values):
        self.sudo().with_context(kondo_ledger=LEDGER).write(values)

    def _summary(self):
        return self.env._(
            "Dividend %(rate)s %% from %(start)s to %(end)s",
            rate=f"{self.rate:g}".replace(".", ","),
            start=f"{self.date_from:%d/%m/%Y}",
            end=f"{self.date_to:%d/%m/%Y}",
        )

    def _in_words(self):
        return f"{spaced(self.net)} F"
