from contextlib import contextmanager

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..ledger.key import LEDGER


class _Undone(Exception):
    """Ends a trial: its transaction is rolled back."""


class UnderWay(UserError):
    """Somebody else closes this caisse at this moment: nothing is wrong with it."""


LAST_LOOK = 85  # steps from here on look at the books as they are when the day really ends: they run at each attempt
LOCK = 0x6B6C  # first key of the advisory lock that one closing of a caisse holds as long as it runs


class KondoClosing(models.Model):
    """The end of a business day of a caisse: its steps in their order, each recorded once, with its time and result.

    A closing that stopped is taken up where it stopped: steps that are done are not run again, and a step that was
    interrupted may run again without doing anything twice.
    """

    _name = "kondo.closing"
    _description = "Closing of a business day"
    _inherit = ["kondo.guarded"]
    _order = "date desc, company_id"
    _rec_name = "date"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {
            "company_id", "date", "next_date", "state", "user_id", "started_at", "ended_at", "book_hash", "failure",
            "current", "current_since",
        }
    )  # fmt: skip

    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True, index=True)
    date = fields.Date(string="Business day", required=True, readonly=True)
    next_date = fields.Date(string="Next business day", required=True, readonly=True)
    state = fields.Selection(
        [("running", "Under way"), ("stopped", "Stopped"), ("done", "Closed")], required=True, readonly=True
    )
    user_id = fields.Many2one("res.users", string="Closed by", required=True, readonly=True)
    started_at = fields.Datetime(required=True, readonly=True)
    ended_at = fields.Datetime(readonly=True)
    seconds = fields.Float(string="Took (s)", compute="_compute_seconds", digits=(16, 1))
    failure = fields.Char(string="Why it stopped", readonly=True)
    current = fields.Char(
        readonly=True, help="Code of the step that runs, written together with the end of the one before."
    )
    current_since = fields.Datetime(readonly=True)
    book_hash = fields.Char(
        readonly=True,
        help="SHA-256 over the legs of the day, chained to that of the day before: equal for equal books.",
    )
    step_ids = fields.One2many("kondo.closing.step", "closing_id", string="Steps", readonly=True)

    _once_a_day = models.UniqueIndex("(company_id, date)")

    @api.depends("step_ids.seconds")
    def _compute_seconds(self):
        for closing in self:
            closing.seconds = sum(closing.step_ids.mapped("seconds"))

    @api.depends("company_id", "date")
    def _compute_display_name(self):
        for closing in self:
            closing.display_name = f"{closing.company_id.sudo().name} · {closing.date:%d/%m/%Y}"

    def unlink(self):
        raise AccessError(self.env._("A closing is never deleted."))

    # ------------------------------------------------------------------ running
    @api.model
    @api.private
    def _close(self, company, next_date):
        """Run what is left of the closing of a caisse's business day.

        What the request has read may be old: everything is read anew here, and by each step, in transactions that begin
        after what went before was committed.

        :return: the day that follows, that of an earlier attempt when one has begun with another
        :raises UserError: a step refuses, in the user's words; the closing is stopped and may be taken up again
        """
        with self._alone(company):
            closing, date, next_date, steps = self._begin(company, next_date)
            following = [code for _sequence, code, _model, _method in steps[1:]] + [False]
            for step, then in zip(steps, following, strict=True):
                closing._run(*step, then, company, date, next_date)
            closing._set(state="done", ended_at=fields.Datetime.now(), failure=False)
        return next_date

    def _run(self, sequence, code, model, method, then, company, date, next_date):
        """Run one step and write down how it ended, and that `then` (a code) comes next."""
        step = self.env["kondo.closing.step"]
        begun = step._clock()
        try:
            with self.env["kondo.operation"]._posting_env() as env:
                result = getattr(env[model].sudo(), method)(company.with_env(env), date, next_date)
        except UserError as refusal:
            self._stop(sequence, code, begun, str(refusal))
            raise
        except psycopg2.Error as fault:
            self._stop(sequence, code, begun, self.env._("The database refused a step: %(fault)s", fault=fault.pgcode))
            raise
        result, remark = result if isinstance(result, tuple) else (result, None)
        step._record(
            self, sequence, code, begun, "done", result=step._said(code, result), reason=remark or False, then=then
        )

    def _stop(self, sequence, code, begun, reason):
        self.env["kondo.closing.step"]._record(self, sequence, code, begun, "failed", reason=reason)
        self._set(state="stopped", failure=reason)

    # ------------------------------------------------------------------ a trial
    @api.model
    @api.private
    def _preview(self, company, next_date):
        """What the closing would post, without posting: every step is run and undone.

        :return: ([(kind, number of operations, francs)], sentence of the step that refuses or None)
        """
        found, refusal = [], None
        try:
            with self.env["kondo.operation"]._posting_env() as env:
                env = env(context={**env.context, "kondo_trial": LEDGER})
                company = company.with_env(env)
                env.cr.execute("SELECT COALESCE(max(id), 0) FROM kondo_operation")
                last = env.cr.fetchone()[0]
                try:
                    company._check_day_may_end(next_date)
                    for _sequence, _code, model, method in sorted(company._day_end_steps()):
                        getattr(env[model].sudo(), method)(company, company.sudo().business_date, next_date)
                except UserError as fault:
                    refusal = str(fault)
                env.flush_all()
                env.cr.execute(
                    """SELECT kind, count(*), sum(amount)::bigint FROM kondo_operation
                        WHERE id > %s AND company_id = %s GROUP BY kind ORDER BY min(id)""",
                    (last, company.id),
                )
                found = [(kind, count, int(amount)) for kind, count, amount in env.cr.fetchall()]
                raise _Undone
        except _Undone:
            self.env.invalidate_all()
        return found, refusal

    # ------------------------------------------------------------------ records, in transactions of their own
    @contextmanager
    def _alone(self, company):
        """Nobody else closes this caisse meanwhile; a server that dies gives the lock back."""
        self.env.cr.execute("SELECT pg_try_advisory_lock(%s, %s)", (LOCK, company.id))
        if not self.env.cr.fetchone()[0]:
            raise UnderWay(
                self.env._("Somebody is closing the day of %(caisse)s right now.", caisse=company.sudo().name)
            )
        try:
            yield
        finally:
            self.env.cr.execute("SELECT pg_advisory_unlock(%s, %s)", (LOCK, company.id))

    def _begin(self, company, next_date):
        """The closing of the caisse's business day, made or taken up: (closing, day, next day, steps to run)."""
        with self.env["kondo.operation"]._posting_env() as env:
            closings = env["kondo.closing"].sudo().with_context(kondo_ledger=LEDGER)
            company = company.with_env(env)
            env.cr.execute("SELECT pg_advisory_xact_lock(%s, %s)", (env["kondo.operation"]._day_lock, company.id))
            company._check_day_may_end(next_date)
            date = company.sudo().business_date
            closing = closings.search([("company_id", "=", company.id), ("date", "=", date)])
            finished = closing.step_ids.filtered(lambda step: step.state == "done" and step.sequence < LAST_LOOK)
            done = set(finished.mapped("code"))
            steps = [step for step in sorted(company._day_end_steps()) if step[1] not in done]
            values = {
                "state": "running",
                "user_id": env.uid,
                "current": steps[0][1],
                "current_since": fields.Datetime.now(),
            }
            if not closing:
                closing = closings.create(
                    {
                        **values,
                        "company_id": company.id,
                        "date": date,
                        "next_date": next_date,
                        "started_at": fields.Datetime.now(),
                    }
                )
            elif done:
                closing.write(values)  # what is done was done up to the day that was to follow then
            else:
                closing.write({**values, "next_date": next_date})
            closing_id, next_date = closing.id, closing.next_date
        return self.sudo().browse(closing_id), date, next_date, steps

    def _set(self, **values):
        with self.env["kondo.operation"]._posting_env() as env:
            env["kondo.closing"].sudo().with_context(kondo_ledger=LEDGER).browse(self.id).write(values)
        self.invalidate_recordset()
