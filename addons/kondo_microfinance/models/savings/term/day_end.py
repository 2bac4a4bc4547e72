import logging
import uuid
from datetime import timedelta

import psycopg2

from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from ...ledger.key import LEDGER

_logger = logging.getLogger(__name__)
DAY = timedelta(days=1)


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model
    @api.private
    def _day_end_steps(self):
        return [*super()._day_end_steps(), (20, "term_maturities", "kondo.term.deposit", "_day_end")]


class KondoTermDeposit(models.Model):
    """What falls due, done at the end of each business day and, on a manager's word, during it."""

    _inherit = "kondo.term.deposit"

    @api.model
    @api.private
    def _day_end(self, company, date, next_date):
        """Pay interest and carry out maturities due up to `date`. One deposit that cannot stops no other."""
        label = self.env._("Term deposits that mature")
        with self.env["kondo.operation"]._one_entry(company, date, label) as env:
            due = self.with_env(env).search(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", "open"),
                    "|",
                    ("maturity", "<=", date),
                    (
                        "event_ids",
                        "any",
                        [("due", "<=", date), ("operation_id", "=", False), ("cancelled", "=", False)],
                    ),
                ]
            )
            for deposit in due:
                deposit._settle_due(date)

    def _settle_due(self, date):
        """Everything due on this deposit up to `date`; a failure is noted on it and tried again the next day.

        A renewed deposit may be due itself when a caisse was closed for long: its renewals follow.
        """
        deposit = self
        try:
            while deposit and deposit.state == "open":
                for event in deposit._owed_events(min(date, deposit.maturity - DAY)):
                    self._post_due(deposit.company_id, "term_interest", event, {"event_id": event.id})
                if deposit.maturity > date:
                    break
                self._post_due(deposit.company_id, "term_maturity", deposit, {"deposit_id": deposit.id})
                deposit = deposit.renewed_to_id
        except (UserError, ValidationError) as refusal:
            deposit._note_failure(str(refusal))
        except psycopg2.Error:
            _logger.exception("term deposit %s", deposit.id)
            deposit._note_failure(self.env._("The database refused the operation. Call the administrator."))
        else:
            self.filtered("failure")._note_failure(False)

    def _post_due(self, company, kind, record, values):
        """One operation of the house in its own transaction; its identifier makes it happen once."""
        key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{record._name},{record.id},{kind}"))
        self.env["kondo.operation"]._submit(kind, key, values, company=company)
        self.env.invalidate_all()

    def _note_failure(self, reason):
        with self.env["kondo.operation"]._posting_env() as env:
            env[self._name].browse(self.ids).with_context(kondo_ledger=LEDGER).write({"failure": reason})
        self.invalidate_recordset(["failure"])
