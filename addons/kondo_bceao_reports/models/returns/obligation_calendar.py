from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER

from ...engine.obligations import periods
from .kondo_return import PREPARERS

AHEAD = relativedelta(months=4)
BACK = relativedelta(months=13)
ACTIVITY = "kondo_bceao_reports.mail_activity_return_due"


class KondoReturnObligation(models.Model):
    """Who owes what by when, from the profile of each institution, and a task for its accountant in good time."""

    _inherit = "kondo.return.obligation"

    def action_refresh(self):
        """Bring the calendar of the user's caisses up to date; whatever rows are ticked."""
        self.env["kondo.four.eyes"]._check_group(*PREPARERS, "group_administrator")
        companies = self.env.user.sudo()._kondo_companies().filtered("kondo_kind")
        self.sudo()._lay_out(companies)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    @api.model
    @api.private
    def _run_calendar(self):
        """Each night: the rows of the coming months, and the tasks of those that fall due."""
        companies = self.env["res.company"].sudo().search([("kondo_kind", "!=", False)])
        self.sudo()._lay_out(companies)
        self.sudo()._remind()

    @api.model
    @api.private
    def _lay_out(self, companies):
        """Enter what is owed; what a changed profile no longer asks for goes, unless somebody has begun it."""
        today = fields.Date.context_today(self)
        known = {
            (row.company_id.id, row.type_id.id, row.scope, row.frequency, row.date): row
            for row in self.search([("company_id", "in", companies.ids)])
        }
        owed = self._owed(companies, today)
        accountants = self._accountants_of(companies)
        keyed = self.with_context(kondo_ledger=LEDGER, mail_create_nolog=True, tracking_disable=True)
        keyed.create(
            [
                {**values, "user_id": accountants.get(values["company_id"])}
                for key, values in owed.items()
                if key not in known and values["due_date"] >= today
            ]
        )
        gone = self.browse(
            row.id
            for key, row in known.items()
            if key not in owed and row.due_date >= today and not row.return_id and not row.filed_on
        )
        gone.unlink()

    @api.model
    def _owed(self, companies, today):
        """{key: values} of the returns whose period ended within the last year or ends in the coming months."""
        found, types = {}, self.env["kondo.return.type"].sudo().search([])
        due = {}
        for company in companies.sudo():
            for kind in types:
                frequency = kind._frequency_on(company, today)
                for scope in kind._scopes_of(company):
                    for start, end in periods(frequency, today - BACK, today + AHEAD):
                        if (kind, end) not in due:
                            due[kind, end] = kind._due_on(end)
                        found[company.id, kind.id, scope, frequency, end] = {
                            "company_id": company.id,
                            "type_id": kind.id,
                            "scope": scope,
                            "frequency": frequency,
                            "date_from": start,
                            "date": end,
                            "due_date": due[kind, end],
                        }
        return found

    @api.model
    def _accountants_of(self, companies):
        """{company id: user id} of whom is asked: the accountant who works there, else one who may act there."""
        group = self.env.ref("kondo_microfinance.group_accountant").sudo()
        users = group.all_user_ids.filtered(lambda user: user.active and not user.share).sorted("id")
        found, elsewhere = {}, {}
        for user in users:
            found.setdefault(user.company_id.id, user.id)
            for company in user._kondo_companies():
                elsewhere.setdefault(company.id, user.id)
        return {company.id: found.get(company.id) or elsewhere.get(company.id) for company in companies}

    @api.model
    @api.private
    def _remind(self):
        """One task for each return that falls due; it is done when the return is filed."""
        today = fields.Date.context_today(self)
        days = int(self.env["kondo.parameter"]._get("return_reminder_days", today))
        rows = self.search(
            [
                ("filed_on", "=", False),
                ("reminded_on", "=", False),
                ("date", "<", today),
                ("due_date", "<=", today + timedelta(days=days)),
            ]
        ).with_context(mail_activity_quick_update=True)
        missing = rows.filtered(lambda row: not row.user_id)
        found = self._accountants_of(missing.company_id)
        for row in missing:
            row.user_id = found.get(row.company_id.id)
        asked = rows.filtered("user_id")
        for row in asked:
            row.activity_schedule(
                ACTIVITY,
                row.due_date,
                summary=row.with_context(lang=row.user_id.lang).type_id.name,
                user_id=row.user_id.id,
            )
        asked._set(reminded_on=today)
