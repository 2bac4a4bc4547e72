from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ..ledger.key import LEDGER
from .closing import LOCK

READERS = (
    "group_caisse_manager",
    "group_accountant",
    "group_controller",
    "group_network_manager",
    "group_administrator",
)
CLOSERS = ("group_caisse_manager", "group_network_manager")
# Families of steps side by side on the board, each up to a sequence.
FAMILIES = [
    (15, "counter"),
    (33, "payments"),
    (39, "loans"),
    (71, "savings"),
    (79, "month"),
    (84, "savings"),
    (99, "proof"),
]
WAITING = ("wait_dependencies", "pending", "enqueued", "started")


class KondoClosing(models.Model):
    """The board of the evening: where each caisse stands, and the jobs that close them side by side."""

    _inherit = "kondo.closing"

    # ------------------------------------------------------------------ reading
    @api.model
    def board(self):
        """The caisses one may see, with the steps of their closing.

        :return: dict families [{key, label}], steps [{code, label, family}], caisses [dict of `_board_row`], closed, total,
            can_close (this user closes caisses), today
        """
        self.env["kondo.four.eyes"]._check_group(*READERS)
        companies = self._board_companies()
        steps = self._board_steps()
        closings = self._latest(companies)
        jobs = self._waiting_jobs(companies)
        rows = [self._board_row(company, closings.get(company.id), company.id in jobs, steps) for company in companies]
        return {
            "today": format_date(self.env, fields.Date.context_today(self)),
            "families": [{"key": key, "label": label} for key, label in self._families().items()],
            "steps": steps,
            "caisses": rows,
            "closed": sum(row["state"] == "closed" for row in rows),
            "total": len(rows),
            "can_close": any(self.env.user.has_group(f"kondo_microfinance.{group}") for group in CLOSERS),
        }

    @api.model
    def _board_companies(self):
        return self.env.user._kondo_companies().sudo().filtered(lambda one: one.kondo_kind == "caisse").sorted("name")

    @api.model
    def _families(self):
        _ = self.env._
        return {
            "counter": _("Counters"),
            "payments": _("Due dates"),
            "loans": _("Loans"),
            "savings": _("Savings"),
            "month": _("End of month"),
            "proof": _("Proof"),
        }

    @api.model
    def _board_steps(self):
        labels = self.env["kondo.closing.step"]._labels()
        return [
            {
                "code": code,
                "label": labels.get(code, code),
                "family": next(family for limit, family in FAMILIES if sequence <= limit),
            }
            for sequence, code, _model, _method in sorted(self.env["res.company"]._day_end_steps())
        ]

    @api.model
    def _latest(self, companies):
        """{company id: its last closing}."""
        self.env.cr.execute(
            "SELECT DISTINCT ON (company_id) id FROM kondo_closing WHERE company_id = ANY(%s) ORDER BY company_id, date DESC",
            (companies.ids,),
        )
        closings = self.sudo().browse(row_id for (row_id,) in self.env.cr.fetchall())
        return {closing.company_id.id: closing for closing in closings}

    @api.model
    def _waiting_jobs(self, companies):
        keys = {self._job_key(company.id): company.id for company in companies}
        jobs = self.env["queue.job"].sudo()
        jobs = jobs.search([("identity_key", "in", list(keys)), ("state", "in", WAITING)])
        return {keys[key] for key in jobs.mapped("identity_key")}

    def _board_row(self, company, closing, waits, steps):
        """dict id, name, date, state, tone, said (plain words), closing_id, blockers, steps {code: dict}, seconds, can."""
        _ = self.env._
        today = fields.Date.context_today(self)
        day = company.business_date
        of_today = closing and closing.date == day
        state = "closed" if not day or day > today else "open"
        if of_today and closing.state == "running":
            state = "running" if self._is_held(company) else "interrupted"
        elif of_today and closing.state == "stopped":
            state = "stopped"
        if waits and state in ("open", "stopped", "interrupted"):
            state = "queued"
        tills = self._open_tills(company) if state in ("open", "stopped") else []
        late = (today - day).days if day and day < today else 0
        said = {
            "open": _("Late by %(days)s days", days=late) if late else _("Day open"),
            "queued": _("Waits for its turn"),
            "running": _("Under way"),
            "interrupted": _("Interrupted: close again to go on"),
            "stopped": closing.failure if closing else "",
            "closed": _("Day closed"),
        }[state]
        if tills:
            said = _("Tills not closed: %(tills)s", tills=", ".join(tills))
        return {
            "id": company.id,
            "name": company.name,
            "date": format_date(self.env, day) if day else "",
            "state": state,
            "tone": self._tone(state, late, tills),
            "said": said,
            "closing_id": closing.id if closing else False,
            "closed_on": format_date(self.env, closing.date) if closing else "",
            "by": closing.user_id.name if closing else "",
            "seconds": round(closing.seconds, 1) if closing else 0,
            "blocked": bool(tills),
            "steps": self._board_cells(closing if of_today or state == "closed" else None, state, steps),
        }

    def _board_cells(self, closing, state, steps):
        """{code: {state, seconds, text}}; the first step that is not done is the one that runs."""
        known = {step.code: step for step in closing.step_ids} if closing else {}
        cells, running = {}, state == "running"
        for step in steps:
            found = known.get(step["code"])
            if found and found.state == "done":
                cell = {"state": "done", "seconds": round(found.seconds, 1), "text": found.result or ""}
            elif found:
                cell = {"state": "failed", "seconds": round(found.seconds, 1), "text": found.reason or ""}
            else:
                cell = {"state": "running" if running else "waiting", "seconds": 0, "text": ""}
                running = False
            cells[step["code"]] = cell
        return cells

    @staticmethod
    def _tone(state, late, tills):
        if state in ("stopped", "interrupted"):
            return "danger"
        if state == "closed":
            return "success"
        return "warning" if late or tills or state in ("queued", "running") else "secondary"

    def _open_tills(self, company):
        sessions = self.env["kondo.till.session"].sudo()
        return sessions.search([("company_id", "=", company.id), ("state", "!=", "closed")]).till_id.mapped("name")

    def _is_held(self, company):
        """Whether a living connection closes this caisse right now."""
        self.env.cr.execute(
            """SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objid = %s AND objsubid = 2 AND granted
                  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())""",
            (LOCK, company.id),
        )
        return bool(self.env.cr.fetchone())

    # ------------------------------------------------------------------ closing
    @api.model
    def close_caisses(self, company_ids):
        """Hand the closing of caisses to background jobs, one for each; a second click changes nothing.

        Days that were missed are closed one by one up to today; a caisse that stands on today goes to its next business day.

        :raises UserError: a till is open, the day is closed already, not a manager of the caisse; nothing is handed over then
        """
        self.env["kondo.four.eyes"]._check_group(*CLOSERS)
        companies = self.env["res.company"].browse(
            self.env["kondo.operation"]._check_id(company_id) for company_id in company_ids
        )
        for company in companies:
            company._check_visible()
            if company.sudo().kondo_kind != "caisse":
                raise UserError(self.env._("Only caisses close their day."))
            self._target(company)
            tills = self._open_tills(company)
            if tills:
                raise UserError(
                    self.env._(
                        "%(caisse)s: these tills are not closed yet: %(tills)s.",
                        caisse=company.sudo().name,
                        tills=", ".join(tills),
                    )
                )
        for company in companies:
            job = self.with_delay(
                identity_key=self._job_key(company.id),
                description=self.env._("Closing of %(caisse)s", caisse=company.sudo().name),
            )
            job._job_close(company.id)

    @api.model
    def _job_key(self, company_id):
        return f"kondo.closing,{company_id}"

    @api.model
    def _target(self, company):
        """The business day a closing leads to; UserError when the day is closed already."""
        today, current = fields.Date.context_today(self), company.sudo().business_date
        if not current:
            raise UserError(self.env._("No business day is open in this caisse. The manager opens it first."))
        if current > today:
            raise UserError(
                self.env._(
                    "%(caisse)s is closed: its next business day is %(date)s.",
                    caisse=company.sudo().name,
                    date=format_date(self.env, current),
                )
            )
        return today if current < today else company._next_business_day(current)

    @api.model
    def _job_close(self, company_id):
        """The job: close every day up to the target. A refusal is an answer for the board, not a failure of the job."""
        company = self.env["res.company"].browse(company_id)
        try:
            company._close_until(self._target(company))
        except UserError as refusal:
            self._note_refusal(company, str(refusal))
            return str(refusal)
        return self.env._("Day closed")

    @api.model
    def _note_refusal(self, company, reason):
        """What kept the closing from beginning is read on the board too."""
        with self.env["kondo.operation"]._posting_env() as env:
            closings = env["kondo.closing"].sudo().with_context(kondo_ledger=LEDGER)
            company = company.with_env(env).sudo()
            date = company.business_date
            closing = closings.search([("company_id", "=", company.id), ("date", "=", date)])
            values = {"state": "stopped", "failure": reason, "user_id": env.uid}
            if closing:
                closing.filtered(lambda one: one.state != "done").write(values)
            elif date:
                closings.create(
                    {
                        **values,
                        "company_id": company.id,
                        "date": date,
                        "next_date": company._next_business_day(date),
                        "started_at": fields.Datetime.now(),
                    }
                )
