from datetime import timedelta

from odoo import api, fields, models
from odoo.tools.misc import format_date

from .closing import LAST_LOOK, LOCK

READERS = (
    "group_caisse_manager",
    "group_accountant",
    "group_controller",
    "group_network_manager",
    "group_administrator",
)
CLOSERS = ("group_caisse_manager", "group_network_manager")
PREVIEWERS = (*CLOSERS, "group_accountant")
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
QUEUED = ("wait_dependencies", "pending", "enqueued")
QUIET = timedelta(seconds=30)  # a job that holds no lock and has written nothing for so long is dead


class KondoClosing(models.Model):
    """The board of the evening: where each caisse stands. Read every two seconds while something runs: it asks the
    database the same few questions for forty caisses as for one.
    """

    _inherit = "kondo.closing"

    @api.model
    def board(self):
        """The caisses one may see, with the steps of their closing.

        :return: dict families [{key, label}], steps [{code, label, family}], caisses [dict of `_board_row`], closed, total,
            can_close and can_preview (what this user may do), today
        """
        self.env["kondo.four.eyes"]._check_group(*READERS)
        companies = self._board_companies()
        steps, facts = self._board_steps(), self._board_facts(companies)
        rows = [self._board_row(company, steps, facts) for company in companies]
        return {
            "today": format_date(self.env, fields.Date.context_today(self)),
            "families": [{"key": key, "label": label} for key, label in self._families().items()],
            "steps": steps,
            "caisses": rows,
            "closed": sum(row["state"] == "closed" for row in rows),
            "total": len(rows),
            "can_close": self._board_may(CLOSERS),
            "can_preview": self._board_may(PREVIEWERS),
        }

    @api.model
    def _board_may(self, groups):
        return any(self.env.user.has_group(f"kondo_microfinance.{group}") for group in groups)

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

    # ------------------------------------------------------------------ what the database says of all caisses
    @api.model
    def _board_facts(self, companies):
        """dict closings {id: last closing}, jobs {id: job}, held {id}, tills {id: names}, requests {id: number}."""
        return {
            "closings": self._latest(companies),
            "jobs": self._jobs(companies),
            "held": self._held(companies),
            "tills": self._open_tills(companies),
            "requests": self._open_requests(companies),
        }

    @api.model
    def _latest(self, companies):
        self.env.cr.execute(
            "SELECT DISTINCT ON (company_id) id FROM kondo_closing WHERE company_id = ANY(%s) ORDER BY company_id, date DESC",
            (companies.ids,),
        )
        closings = self.sudo().browse([row_id for (row_id,) in self.env.cr.fetchall()])
        return {closing.company_id.id: closing for closing in closings}

    @api.model
    def _jobs(self, companies):
        """{company id: its jobs that wait or run}: one, or two when a person goes on after a worker died."""
        keys = {self._job_key(company.id): company.id for company in companies}
        jobs = self.env["queue.job"].sudo()
        jobs = jobs.search([("identity_key", "in", list(keys)), ("state", "in", (*QUEUED, "started"))])
        return {keys[identity]: found for identity, found in jobs.grouped("identity_key").items()}

    @api.model
    def _held(self, companies):
        """Ids of the caisses that a living connection closes right now."""
        self.env.cr.execute(
            """SELECT objid::bigint FROM pg_locks
                WHERE locktype = 'advisory' AND classid = %s AND objid::bigint = ANY(%s) AND objsubid = 2 AND granted
                  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())""",
            (LOCK, companies.ids),
        )
        return {company_id for (company_id,) in self.env.cr.fetchall()}

    @api.model
    def _open_tills(self, companies):
        """{company id: names of its tills that are not closed yet}."""
        sessions = self.env["kondo.till.session"].sudo()
        found = sessions._read_group(
            [("company_id", "in", companies.ids), ("state", "!=", "closed")],
            ["company_id"],
            ["till_id:recordset"],
        )
        return {company.id: tills.sorted("name").mapped("name") for company, tills in found}

    @api.model
    def _open_requests(self, companies):
        """{company id: number of requests that nobody has decided yet}; they wait, and keep no caisse from closing."""
        found = (
            self.env["kondo.approval"]
            .sudo()
            ._read_group([("company_id", "in", companies.ids), ("state", "=", "pending")], ["company_id"], ["__count"])
        )
        return {company.id: count for company, count in found}

    # ------------------------------------------------------------------ one caisse
    def _board_row(self, company, steps, facts):
        """dict id, name, day (ISO), date, state, tone, said (plain words), late_days, tills, requests, closing_id,
        closed_on, by, when, seconds, blocked, steps {code: {state, seconds, text}}.
        """
        today, day = fields.Date.context_today(self), company.business_date
        closing = facts["closings"].get(company.id, self.browse())
        tills = facts["tills"].get(company.id, [])
        late = (today - day).days if day and day < today else 0
        state = self._board_state(company, closing, facts, today)
        shown = closing if closing.date == day or state == "closed" else self.browse()
        blocked = bool(tills) and state in ("open", "stopped", "interrupted")
        remark = " ".join(filter(None, closing.step_ids.mapped("reason"))) if state == "closed" else ""
        return {
            "id": company.id,
            "name": company.name,
            "day": fields.Date.to_string(day) if day else False,
            "date": format_date(self.env, day) if day else "",
            "state": state,
            "tone": self._tone(state, late, blocked or remark),
            "said": remark or self._board_words(state, closing, late, tills if blocked else [], steps),
            "late_days": late,
            "tills": tills,
            "requests": facts["requests"].get(company.id, 0),
            "closing_id": closing.id,
            "closed_on": format_date(self.env, closing.date) if closing else "",
            "by": closing.user_id.name or "",
            "when": self._board_hour(closing.ended_at),
            "seconds": round(closing.seconds, 1),
            "blocked": blocked,
            "steps": self._board_cells(shown, state, steps),
        }

    def _board_state(self, company, closing, facts, today):
        day, jobs = company.business_date, facts["jobs"].get(company.id, self.env["queue.job"])
        started = jobs.filtered(lambda job: job.state == "started")
        signs = [job.date_started for job in started]
        if closing.date == day and closing.state == "running":
            signs.append(closing.current_since)
        fresh = fields.Datetime.now() - QUIET
        if company.id in facts["held"] or (started and any(sign and sign > fresh for sign in signs)):
            return "running"
        if jobs - started:
            return "queued"
        if started:
            return "interrupted"
        if not day or day > today:
            return "closed"
        if closing.date == day:
            return "stopped" if closing.state == "stopped" else "interrupted"
        return "open"

    def _board_words(self, state, closing, late, tills, steps):
        _ = self.env._
        codes = [step["code"] for step in steps]
        if state == "running" and closing.current in codes:
            place = codes.index(closing.current)
            return _(
                "%(step)s (step %(place)s of %(total)s)",
                step=steps[place]["label"],
                place=place + 1,
                total=len(steps),
            )
        if tills:
            return _("Tills not closed: %(tills)s", tills=", ".join(tills))
        if state == "open" and late:
            return _("One day late") if late == 1 else _("Late by %(days)s days", days=late)
        return {
            "open": _("Day open"),
            "queued": _("Waits for its turn"),
            "running": _("Under way"),
            "interrupted": _("Interrupted: close again to go on"),
            "stopped": closing.failure or "",
            "closed": _("Day closed"),
        }[state]

    def _board_hour(self, moment):
        return f"{fields.Datetime.context_timestamp(self, moment):%H:%M}" if moment else ""

    def _board_cells(self, closing, state, steps):
        """{code: {state, seconds, text}} of a closing, empty when the day has none yet.

        While it runs, steps after the current one are to come, even those of the last look that an earlier attempt did.
        """
        known = {step.code: step for step in closing.step_ids}
        current = closing.current if state in ("running", "interrupted") else False
        cells, passed = {}, False
        for step in steps:
            code, found = step["code"], known.get(step["code"])
            cell = {"state": "waiting", "seconds": 0, "text": ""}
            if code == current:
                since = (fields.Datetime.now() - closing.current_since).total_seconds()
                cell.update(state="running" if state == "running" else "interrupted", seconds=max(0, round(since)))
                passed = True
            elif found and found.state == "done" and (not passed or found.sequence < LAST_LOOK):
                text = " · ".join(filter(None, (found.result, found.reason)))
                cell.update(state="warned" if found.reason else "done", seconds=round(found.seconds, 1), text=text)
            elif found and not passed:
                cell.update(state="failed", seconds=round(found.seconds, 1), text=found.reason or "")
            cells[code] = cell
        return cells

    @staticmethod
    def _tone(state, late, to_see):
        if state in ("stopped", "interrupted"):
            return "danger"
        if late or to_see or state in ("queued", "running"):
            return "warning"
        return "success" if state == "closed" else "secondary"
