from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ..ledger.key import LEDGER
from .board import CLOSERS
from .closing import UnderWay


class KondoClosing(models.Model):
    """Closings in the background, one job for each caisse.

    A job carries the business day it leads to and does nothing when the caisse stands there already: queue_job may start a
    job again after its worker died, and two clicks may make two jobs when the first has begun. Neither closes a day more.
    """

    _inherit = "kondo.closing"

    @api.model
    def close_caisses(self, company_ids, seen=None):
        """Hand the closing of caisses to background jobs, one for each; a second click changes nothing.

        Days that were missed are closed one by one up to today; a caisse that stands on today goes to its next business day.

        :param seen: business day (ISO) of each caisse as the person saw it, in the order of `company_ids`
        :raises UserError: a till is open, the day is closed already or another one than was seen, not a manager of the
            caisse; nothing is handed over then
        """
        self.env["kondo.four.eyes"]._check_group(*CLOSERS)
        check = self.env["kondo.operation"]._check_id
        companies = self.env["res.company"].browse([check(one) for one in company_ids or []])
        companies._check_visible()
        targets = [self._target(company) for company in companies]
        if seen is not None:
            self._check_seen(companies, seen)
        self._check_tills(companies)
        for company, target in zip(companies, targets, strict=True):
            job = self.with_delay(
                identity_key=self._job_key(company.id),
                description=self.env._("Closing of %(caisse)s", caisse=company.sudo().name),
            )
            job._job_close(company.id, fields.Date.to_string(target))

    @api.model
    def _check_seen(self, companies, seen):
        days = [str(day) for day in seen] if isinstance(seen, list) else []
        if days != [fields.Date.to_string(company.business_date) for company in companies.sudo()]:
            raise UserError(self.env._("The day has changed since the board was shown. Look at it again."))

    @api.model
    def _check_tills(self, companies):
        tills = self._open_tills(companies)
        refusals = [
            self.env._(
                "%(caisse)s: these tills are not closed yet: %(tills)s.",
                caisse=company.sudo().name,
                tills=", ".join(tills[company.id]),
            )
            for company in companies
            if company.id in tills
        ]
        if refusals:
            raise UserError("\n".join(refusals))

    @api.model
    def _job_key(self, company_id):
        return f"kondo.closing,{company_id}"

    @api.model
    def _target(self, company):
        """The business day a closing leads to: the first one from today on; the next one when today is what is closed."""
        today, current = fields.Date.context_today(self), company.sudo().business_date
        if company.sudo().kondo_kind != "caisse":
            raise UserError(self.env._("Only caisses close their day."))
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
        return company._next_business_day(max(current, today - timedelta(days=1)))

    @api.model
    def _job_close(self, company_id, target):
        """The job: close every day up to `target`. A refusal is an answer for the board, not a failure of the job."""
        company, target = self.env["res.company"].browse(company_id), fields.Date.to_date(target)
        if company.sudo().business_date < target:
            try:
                company._close_until(target)
            except UnderWay as other:
                return str(other)
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
            else:
                closings.create(
                    {
                        **values,
                        "company_id": company.id,
                        "date": date,
                        "next_date": company._next_business_day(date),
                        "started_at": fields.Datetime.now(),
                    }
                )
