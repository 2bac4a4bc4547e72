"""The year of the demonstration network, played to its end and declared.

    python -m tests.year DATABASE

On a copy of the demonstration: tills are counted and closed, each caisse closes day after day until the year is over, the
network closes its months, the accountants prepare the annual statements of each caisse and of the network, managers
validate and file them. Prints one JSON line: what was closed, the controls of each return and their outcome.
"""

import json
import sys
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

import odoo.init  # noqa: F401  Odoo's own set-up, before anything else of it
from odoo import SUPERUSER_ID
from odoo.api import Environment
from odoo.modules.registry import Registry
from odoo.tools import config


class Year:
    """Plays the end of a year on a database; `said` tells what came of it."""

    def __init__(self, cr):
        self.env = Environment(cr, SUPERUSER_ID, {"lang": "fr_FR", "tz": "Africa/Bamako"})
        self.union = self.env["res.company"].search([("kondo_kind", "=", "union")])
        self.caisses = self.env["res.company"].search([("kondo_kind", "=", "caisse")])
        self.cr = cr
        self.said = {}

    def user(self, group, company):
        """Somebody of that role who works in that company first."""
        users = self.env.ref(f"kondo_microfinance.{group}").all_user_ids
        return users.filtered(lambda user: user.company_id == company and user.id != SUPERUSER_ID)[:1]

    def as_user(self, user):
        context = {"lang": "fr_FR", "tz": "Africa/Bamako", "allowed_company_ids": user.company_ids.ids}
        return Environment(self.cr, user.id, context)

    # ------------------------------------------------------------------ the books
    def close_tills(self):
        from odoo.addons.kondo_microfinance.engine.cash import make_up  # once Odoo knows where the add-ons are

        for session in self.env["kondo.till.session"].search([("state", "!=", "closed")]):
            teller = session.with_env(self.as_user(session.user_id))
            if session.state == "open":
                teller.count_till(make_up(session.till_id.cash))
            self.cr.commit()
            teller.close_till()
            self.cr.commit()

    def close_days(self, until):
        for caisse in self.caisses:
            if caisse.business_date < until:
                manager = self.user("group_caisse_manager", caisse)
                caisse.with_env(self.as_user(manager))._close_until(until)
                self.cr.commit()

    def close_months(self, first, last):
        manager = self.user("group_network_manager", self.union)
        closes = self.as_user(manager)["kondo.month.close"]
        month = first
        while month <= last:
            known = closes.search([("month", "=", month)])
            if known.state == "closed":
                month += relativedelta(months=1)
                continue
            close = known or closes.create({"company_id": self.union.id, "month": month})
            self.cr.commit()
            close.action_check()
            self.cr.commit()
            failed = close.check_ids.filtered(lambda check: check.state == "fail")
            self.said.setdefault("months", {})[f"{month:%Y-%m}"] = [
                f"{check.sudo().company_id.name} : {check.reason}" for check in failed
            ]
            close.action_close()
            self.cr.commit()
            month += relativedelta(months=1)

    # ------------------------------------------------------------------ the returns
    def declare_all(self, company, date, scope="caisse"):
        """Every return of an institution that ends on a day."""
        for kind in self.env["kondo.return.type"].search([]):
            self.declare(company, date, scope, kind)

    def declare(self, company, date, scope, kind):
        """One return of an institution: prepared by its accountant, validated and filed by a manager."""
        union = company == self.union
        accountant = self.user("group_accountant", company)
        manager = self.user("group_network_manager" if union else "group_caisse_manager", company)
        asked = {"company_id": company.id, "type_id": kind.id, "date": date, "scope": scope}
        record = self.as_user(accountant)["kondo.return"].create(asked)
        record.action_compute()
        self.fill_in(record)
        record.action_compute()
        for explanation in record.explanation_ids:
            explanation.text = "Premier exercice tenu dans ce système."
        record.action_check()
        self.cr.commit()
        self.said.setdefault("returns", {})[f"{kind.code} · {company.name}"] = {
            "checks": {check.code: check.state for check in record.check_ids},
            "failed": {check.label: check.message for check in record.check_ids if check.state == "failed"},
            "balance": self.figure(record, "ACTIF", "E90", "net"),
        }
        decider = record.with_env(self.as_user(manager))
        decider.action_validate()
        decider.action_file()
        self.cr.commit()
        decider.action_verify()
        return record

    def confirm_forms(self):
        """The union's accountant has held every line against the official text."""
        accountant = self.user("group_accountant", self.union)
        lines = self.as_user(accountant)["kondo.form.line"].search(
            [("confidence", "!=", "sourced"), ("confirmed_on", "=", False)]
        )
        lines.action_confirm()
        self.cr.commit()

    def fill_in(self, record):
        """What no ledger knows is typed in: the proposal to the assembly with its document, a nil for the rest."""
        result = int(self.figure(record, "AFFECTATION", "770", "proposal"))
        reserve = max(0, -(-result * 15 // 100))
        proposed = {"772": reserve, "776": result - reserve}
        minutes = record.env["ir.attachment"].create({"name": "pv-conseil.txt", "raw": b"Proposition du conseil"})
        surplus = int(self.figure(record, "R07", "B", "amount"))
        for asked in record.input_ids.filtered(lambda asked: not asked.complete):
            amount = proposed.get(asked.code) if (asked.part, asked.column) == ("AFFECTATION", "proposal") else 0
            if (asked.part, asked.code) == ("R07", "N-DOT"):
                amount = max(0, -(-surplus * 15 // 100))
            asked.write({"value": amount, "document_ids": [(4, minutes.id)]} if amount else {"nil": True})

    def wrong_entry(self, company, date):
        """An accountant posts on an account that must be nil in a statement; the draft says so, opens it, he reverses it."""
        accountant = self.as_user(self.user("group_accountant", company))
        found = {}
        for code in ("595", "6238"):
            found[code] = accountant["account.account"].search([("code", "=", code)], limit=1)
        move = accountant["account.move"].create(
            {
                "move_type": "entry",
                "company_id": company.id,
                "journal_id": accountant["account.journal"]
                .search([("type", "=", "general"), ("company_id", "=", company.id)], limit=1)
                .id,
                "date": date,
                "ref": "Frais divers, compte mal choisi",
                "line_ids": [
                    (0, 0, {"account_id": found["6238"].id, "name": "Frais divers", "debit": 45_000}),
                    (0, 0, {"account_id": found["595"].id, "name": "Frais divers", "credit": 45_000}),
                ],
            }
        )
        move.action_post()
        self.cr.commit()
        statements = self.env["kondo.return.type"].search([("code", "like", "DIMF")], limit=1)
        asked = {"company_id": company.id, "type_id": statements.id, "date": date, "scope": "caisse"}
        draft = accountant["kondo.return"].create(asked)
        draft.action_compute()
        draft.action_check()
        red = draft.check_ids.filtered(lambda check: check.code == "coverage DIMF 2000" and check.state == "failed")
        opened = accountant["account.move.line"].search(red.action_open()["domain"]) if red else move.line_ids[:0]
        self.said["wrong_entry"] = {
            "red": red.message,
            "difference": red.difference,
            "leads_to_it": opened.move_id == move,
        }
        draft.unlink()
        move._reverse_moves([{"date": date, "ref": "Contre-passation : compte mal choisi"}], cancel=True)
        self.cr.commit()

    def figure(self, record, part, code, column):
        key = (part, code, column)
        return record.cell_ids.filtered(lambda cell: (cell.part, cell.code, cell.column) == key)[:1].value


def main(arguments):
    (database,) = arguments
    config.parse_config(["-c", "odoo.conf", "-d", database, "--no-http", "--log-level=warn"], setup_logging=True)
    with Registry(database).cursor() as cr:
        cr.execute("SELECT min(business_date), max(business_date) FROM kondo_operation")
        first, last = cr.fetchone()
        end = date(first.year, 12, 31)
        with freeze_time(datetime.combine(max(end, last) + timedelta(days=2), datetime.min.time()).replace(hour=10),
                         ignore=["odoo.sql_db", "odoo.tools.profiler"]):  # fmt: skip
            year = Year(cr)
            year.close_tills()
            year.close_days(date.today())  # noqa: DTZ011  the frozen day
            year.wrong_entry(year.caisses[-1], end)
            year.close_months(first.replace(day=1), end.replace(day=1))
            year.confirm_forms()
            for caisse in year.caisses:
                year.declare_all(caisse, end)
            year.declare_all(year.union, end, "network")
            print(json.dumps(year.said, ensure_ascii=False))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
