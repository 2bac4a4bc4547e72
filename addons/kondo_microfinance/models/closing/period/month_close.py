from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date

from ...ledger.key import LEDGER

CLOSERS = ("group_network_manager", "group_accountant")
SECOND = ("group_network_manager", "group_accountant", "group_administrator")
SHOWN = 10  # caisses named in a refusal


class KondoMonthClose(models.Model):
    """The close of a month of the whole network: when every caisse is ready, nobody posts in that month any more.

    The lock is Odoo's `fiscalyear_lock_date`, set on the union and on each caisse. Odoo also knows `hard_lock_date`,
    which can never be set back: a month may have to be reopened for a late invoice, so it is the soft date, and what
    makes it firm stands in `locks.py` (no exceptions, no setting back by hand). The hard date comes with the close of
    the year, see `kondo.year.close`. Tax, sale and purchase dates are narrower than the global one: they add nothing.

    Months close in their order. A closed month is reopened by two persons, with a reason, the last one first, and not
    once a caisse has closed the year.
    """

    _name = "kondo.month.close"
    _description = "Close of a month"
    _inherit = ["kondo.guarded", "mail.thread"]
    _order = "month desc, id desc"

    _guarded_fields = frozenset(
        {
            "company_id", "month", "state", "checked_at", "closed_by_id", "closed_at", "reopen_reason",
            "reopen_asked_by_id", "reopened_by_id", "reopened_at",
        }
    )  # fmt: skip

    company_id = fields.Many2one(
        "res.company",
        string="Union",
        required=True,
        index=True,
        default=lambda self: self.env.company.root_id,
        domain="[('kondo_kind', '=', 'union')]",
    )
    month = fields.Date(required=True, default=lambda self: self._default_month())
    date_to = fields.Date(string="Last day", compute="_compute_date_to", store=True)
    state = fields.Selection(
        [("open", "Open"), ("closed", "Month closed"), ("reopened", "Reopened")],
        required=True,
        readonly=True,
        default="open",
        tracking=True,
    )
    check_ids = fields.One2many("kondo.month.check", "month_id", string="Caisses", readonly=True)
    checked_at = fields.Datetime(readonly=True)
    ready_count = fields.Integer(string="Number ready", compute="_compute_counts")
    caisse_count = fields.Integer(string="Caisses and union", compute="_compute_counts")
    ready = fields.Char(string="Caisses ready", compute="_compute_counts")
    is_network = fields.Boolean(compute="_compute_is_network", help="The user works for the union, not for a caisse.")
    closed_by_id = fields.Many2one("res.users", readonly=True)
    closed_at = fields.Datetime(readonly=True)
    reopen_reason = fields.Char(string="Why it is reopened", readonly=True)
    reopen_asked_by_id = fields.Many2one("res.users", string="Asked by", readonly=True)
    reopened_by_id = fields.Many2one("res.users", readonly=True)
    reopened_at = fields.Datetime(readonly=True)

    _once = models.UniqueIndex("(company_id, month)", "This month already stands in the list.")
    _first_day = models.Constraint("CHECK (extract(day FROM month) = 1)", "A month begins on its first day.")

    def _default_month(self):
        """The one after the last that is closed, else the last that has ended."""
        closed = self.sudo()._last_closed(self.env.company)
        if closed:
            return closed.month + relativedelta(months=1)
        return fields.Date.context_today(self).replace(day=1) - relativedelta(months=1)

    @api.depends("month")
    def _compute_date_to(self):
        for record in self:
            record.date_to = record.month and record.month + relativedelta(day=31)

    @api.depends("month")
    def _compute_display_name(self):
        for record in self:
            name = format_date(self.env, record.month, date_format="MMMM y") if record.month else ""
            record.display_name = name[:1].upper() + name[1:]

    @api.depends("check_ids.state")
    def _compute_counts(self):
        """Of the whole network, whoever looks: how many are ready says nothing of any caisse."""
        counts = {}
        for month, state, count in (
            self.env["kondo.month.check"]
            .sudo()
            ._read_group([("month_id", "in", self.ids)], ["month_id", "state"], ["__count"])
        ):
            counts.setdefault(month.id, {})[state] = count
        for record in self:
            mine = counts.get(record.id, {})
            record.caisse_count = sum(mine.values())
            record.ready_count = record.caisse_count - mine.get("fail", 0)
            record.ready = f"{record.ready_count} / {record.caisse_count}"

    def _compute_is_network(self):
        companies = self.env.user.sudo()._kondo_companies()
        for record in self:
            record.is_network = (record.company_id or self.env.company.root_id) in companies

    # ------------------------------------------------------------------ create, unlink
    @api.model_create_multi
    def create(self, vals_list):
        self.env["kondo.four.eyes"]._check_group(*CLOSERS)
        prepared = []
        for vals in vals_list:
            company = self.env["res.company"].browse(vals.get("company_id") or self.env.company.root_id.id)
            company._check_visible()
            if company.sudo().kondo_kind != "union":
                raise UserError(self.env._("A month is closed by the union for all its caisses."))
            self._refuse_guarded(name for name in vals if name not in ("company_id", "month", "state") and vals[name])
            month = fields.Date.to_date(vals.get("month")) or self._default_month()
            prepared.append({**vals, "company_id": company.id, "month": month.replace(day=1), "state": "open"})
        records = super(KondoMonthClose, self.with_context(kondo_ledger=LEDGER)).create(prepared)
        for record in records.with_env(self.env):
            record._check()
        return records.with_env(self.env)

    def unlink(self):
        if any(record.state != "open" or record.reopened_at for record in self):
            raise AccessError(self.env._("A month that was closed is kept."))
        return super().unlink()

    # ------------------------------------------------------------------ actions
    def action_check(self):
        """Look again at the caisses that the user may see."""
        for record in self:
            self.env["kondo.four.eyes"]._check_group(*CLOSERS, "group_caisse_manager", "group_controller")
            record.check_access("read")
            if record.state == "closed":
                raise UserError(self.env._("This month is closed."))
            record._check(self.env.user.sudo()._kondo_companies())

    def action_close(self):
        """Close the month in the union and in every caisse at once, or say which caisse is not ready and why."""
        for record in self:
            with self.env["kondo.operation"]._posting_env() as env:
                refused = env[self._name].browse(record.id)._close_here()
            self.invalidate_recordset()
            if refused:  # what the check has found stays
                raise UserError(refused)

    def _close_here(self):
        """Returns the refusal in words, or nothing when the month is closed."""
        self.ensure_one()
        self._open_transition(("open", "reopened"), *CLOSERS)
        self._check_order()
        self._check()
        faults = self.sudo().check_ids.filtered(lambda row: row.state == "fail")
        if faults:
            words = [f"{row.company_id.name} : {' '.join(row.reason.splitlines())}" for row in faults[:SHOWN]]
            if len(faults) > SHOWN:
                words.append(self.env._("… and %(count)s more", count=len(faults) - SHOWN))
            return self.env._(
                "%(month)s cannot be closed yet.\n\n%(faults)s", month=self.display_name, faults="\n".join(words)
            )
        for row in self.sudo().check_ids.with_context(kondo_ledger=LEDGER):
            company = row.company_id
            row.lock_before = company.fiscalyear_lock_date
            if not company.fiscalyear_lock_date or company.fiscalyear_lock_date < self.date_to:
                company.write({"fiscalyear_lock_date": self.date_to})
        self._set(
            state="closed",
            closed_by_id=self.env.uid,
            closed_at=fields.Datetime.now(),
            reopen_reason=False,
            reopen_asked_by_id=False,
        )
        return None

    def action_ask_reopen(self):
        """Ask for the reason; another person decides."""
        self.ensure_one()
        self._check_may_reopen()
        wizard = self.env["kondo.month.reopen"].create({"month_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reopen %(month)s", month=self.display_name),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.private
    def _ask_reopen(self, reason):
        self._check_may_reopen()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Give the reason."))
        self._set(reopen_reason=reason, reopen_asked_by_id=self.env.uid)
        self._log(self.env._("Reopening asked: %(reason)s", reason=reason))

    def action_keep_closed(self):
        """The month stays closed after all."""
        for record in self:
            record._open_transition(("closed",), *SECOND)
            record._set(reopen_reason=False, reopen_asked_by_id=False)
            record._log(self.env._("The month stays closed."))

    def action_reopen(self):
        """Reopen what another person has asked to reopen; the lock dates go back to what they were."""
        for record in self:
            with self.env["kondo.operation"]._posting_env() as env:
                env[self._name].browse(record.id)._reopen_here()
        self.invalidate_recordset()

    def _reopen_here(self):
        self.ensure_one()
        self._open_transition(("closed",), *SECOND)
        if not self.reopen_asked_by_id:
            raise UserError(self.env._("The network manager asks for it first, with the reason."))
        self.env["kondo.four.eyes"]._check_second_person(
            self.sudo().reopen_asked_by_id, self.env._("You asked for it: another person reopens the month.")
        )
        self._check_nothing_later()
        for row in self.sudo().check_ids.with_context(kondo_ledger=LEDGER):
            if row.company_id.fiscalyear_lock_date == self.date_to:
                row.company_id.write({"fiscalyear_lock_date": row.lock_before})
        self._log(self.env._("Reopened: %(reason)s", reason=self.reopen_reason))
        self._set(state="reopened", reopened_by_id=self.env.uid, reopened_at=fields.Datetime.now())

    # ------------------------------------------------------------------ helpers
    @api.private
    def _check(self, companies=None):
        """Examine the caisses of the network, or those of `companies`."""
        self.ensure_one()
        network = self.sudo()._network()
        if companies is not None:
            network &= companies
        self.env["kondo.month.check"]._examine(self.sudo(), network.with_env(self.env))
        self._set(checked_at=fields.Datetime.now())

    def _network(self):
        """The union and its caisses."""
        return self.env["res.company"].search([("id", "child_of", self.company_id.id)], order="id")

    @api.model
    def _last_closed(self, companies):
        """The last closed month of the network that these companies belong to."""
        return self.search([("company_id", "in", companies.sudo().root_id.ids), ("state", "=", "closed")], limit=1)

    def _check_order(self):
        """The month is over, and no earlier one with entries is still open."""
        if self.date_to >= fields.Date.context_today(self):
            raise UserError(self.env._("%(month)s is not over yet.", month=self.display_name))
        open_months = self.sudo()._open_months(self.sudo()._network(), self.month - timedelta(days=1))
        if open_months:
            raise UserError(
                self.env._(
                    "Close first: %(months)s.",
                    months=", ".join(format_date(self.env, month, date_format="MMMM y") for month in open_months[:3]),
                )
            )

    @api.model
    @api.private
    def _open_months(self, companies, date_to, date_from=None):
        """First days of the months up to `date_to` that hold posted entries of these companies and are not closed."""
        self.env["account.move"].flush_model()
        self.flush_model()
        self.env.cr.execute(
            """
            SELECT DISTINCT date_trunc('month', m.date)::date AS month FROM account_move m
             WHERE m.company_id = ANY(%(companies)s) AND m.state = 'posted' AND m.date <= %(to)s
               AND m.date >= %(from)s
               AND NOT EXISTS (SELECT 1 FROM kondo_month_close c
                                WHERE c.company_id = ANY(%(roots)s) AND c.state = 'closed'
                                  AND c.month = date_trunc('month', m.date)::date)
             ORDER BY 1
            """,
            {
                "companies": companies.ids,
                "roots": companies.sudo().root_id.ids,
                "to": date_to,
                "from": date_from or fields.Date.to_date("0001-01-01"),
            },
        )
        return [month for (month,) in self.env.cr.fetchall()]

    def _check_may_reopen(self):
        self._open_transition(("closed",), "group_network_manager")
        self._check_nothing_later()

    def _check_nothing_later(self):
        """The last closed month is reopened first, and none of a year whose accounts an assembly has approved."""
        later = self.sudo().search(
            [("company_id", "=", self.company_id.id), ("month", ">", self.month), ("state", "=", "closed")],
            order="month desc",
            limit=1,
        )
        if later:
            raise UserError(self.env._("%(month)s is closed: reopen it first.", month=later.display_name))
        year = (
            self.env["kondo.year.close"]
            .sudo()
            .search(
                [
                    ("company_id", "child_of", self.company_id.id),
                    ("year", ">=", self.month.year),
                    ("approved", "=", True),
                ],
                limit=1,
            )
        )
        if year:
            raise UserError(
                self.env._("%(year)s is closed: its months are no longer reopened.", year=year.sudo().display_name)
            )

    def _open_transition(self, states, *groups):
        """Check role, caisse and state, with the row locked."""
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group(*groups)
        self.company_id._check_visible()
        self.check_access("read")
        self.env.cr.execute("SELECT state FROM kondo_month_close WHERE id = %s FOR NO KEY UPDATE", (self.id,))
        self.invalidate_recordset()
        if self.state not in states:
            raise UserError(self.env._("The month is no longer in that state. Reload the page."))

    def _set(self, **values):
        self.sudo().with_context(kondo_ledger=LEDGER).write(values)

    def _log(self, body):
        self.sudo().message_post(body=body, author_id=self.env.user.partner_id.id)
