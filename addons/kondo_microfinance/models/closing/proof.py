import hashlib

from odoo import api, models
from odoo.exceptions import UserError

from ...engine.words import spaced
from ..ledger.key import LEDGER

SHOWN = 5


class KondoReconciliation(models.AbstractModel):
    """A caisse whose books do not agree does not close, and says where they part."""

    _inherit = "kondo.reconciliation"

    @api.model
    @api.private
    def _day_end_proof(self, company, date, next_date):
        """Compare legs, journal entries and balances; UserError with account, member and amount of each gap."""
        with self.env["kondo.operation"]._posting_env() as env:
            service = env["kondo.reconciliation"].sudo()
            env.cr.execute("SET LOCAL work_mem = '64MB'")  # sums of each loan and account: in memory, not on disk
            gaps = [
                env._(
                    "account %(code)s: operations %(legs)s F, entries %(items)s F, balances %(balances)s F",
                    code=row["code"],
                    legs=spaced(row["legs"]),
                    items=spaced(row["items"]),
                    balances=spaced(row["balances"]),
                )
                for row in service._reconcile(company.with_env(env))
                if row["gap"]
            ]
            found = service._sub_account_gaps(company.with_env(env))
            members = service._members_of(company, [name for name, _stands, _legs in found])
            gaps += [
                env._(
                    "%(name)s: %(stands)s F, its operations %(legs)s F",
                    name=" · ".join(filter(None, (name, members.get(name)))),
                    stands=spaced(stands),
                    legs=spaced(legs),
                )
                for name, stands, legs in found
            ]
        if gaps:
            raise UserError(
                self.env._("The books of this caisse do not agree: %(gaps)s.", gaps=" ; ".join(gaps[:SHOWN]))
            )

    @api.model
    @api.private
    def _members_of(self, company, numbers):
        """{number: name of the member} of those that are accounts, loans or shares; tills and donors' lines have none."""
        if not numbers:
            return {}
        self.env.cr.execute(
            """
            SELECT s.number, p.name FROM (
                SELECT number, partner_id, company_id FROM kondo_savings_account WHERE number = ANY(%(numbers)s)
                UNION ALL
                SELECT name, partner_id, company_id FROM kondo_loan WHERE name = ANY(%(numbers)s)
                UNION ALL
                SELECT number, partner_id, company_id FROM kondo_share_holding WHERE number = ANY(%(numbers)s)
            ) s JOIN res_partner p ON p.id = s.partner_id WHERE s.company_id = %(company)s
            """,
            {"numbers": numbers, "company": company.id},
        )
        return dict(self.env.cr.fetchall())

    @api.model
    @api.private
    def _day_end_hash(self, company, date, next_date):
        """Seal the day: SHA-256 over its legs, chained to the seal of the closing before."""
        with self.env["kondo.operation"]._posting_env() as env:
            closings = env["kondo.closing"].sudo()
            before = closings.search(
                [("company_id", "=", company.id), ("date", "<", date), ("book_hash", "!=", False)],
                order="date desc",
                limit=1,
            )
            day = env["kondo.reconciliation"].sudo()._book_hash(company.with_env(env), date, date_from=date)
            seal = hashlib.sha256(f"{before.book_hash or ''}{day}".encode()).hexdigest()
            closing = closings.search([("company_id", "=", company.id), ("date", "=", date)])
            closing.with_context(kondo_ledger=LEDGER).book_hash = seal
        return seal[:12]
