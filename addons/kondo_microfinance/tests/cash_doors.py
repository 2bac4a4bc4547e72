"""The days of `engine/till_model.py` played through the real doors, and compared with it after each step."""

import uuid

from odoo import fields
from odoo.exceptions import UserError

from odoo.addons.kondo_microfinance.engine.cash import make_up
from odoo.addons.kondo_microfinance.engine.till_model import CashModel, Refused, random_day


class CashDoors:
    """The caisse of Niono, its staff and one member who holds everybody's money.

    :param case: a `KondoFixture` with unittest's assertions
    :param commit: called between two steps of different persons; nothing inside a test's transaction
    """

    def __init__(self, case, commit=lambda: None):
        self.case, self.model, self.commit = case, CashModel(), commit
        self.caisse = case.nio
        self.staff = case.users["NIX"]
        self.account = case.env["kondo.savings.account"].create(
            {"partner_id": case.make_member("MEMBRE Tout").id, "product_id": case.demand.id}
        )
        self.vault = case.nio.till_ids.filtered(lambda till: till.kind == "vault")
        self.commit()
        self.tills = {till.code: till for till in case.nio.till_ids if till.kind == "till"}
        self.tellers = {"G1": self.staff["teller"], "G2": self.staff["teller2"]}
        self.compared = self.refused = 0

    def live(self, dice, days):
        for _day in range(days):
            for verb, arguments in random_day(dice, self.model):
                try:
                    expected = getattr(self.model, verb)(*arguments)
                except Refused:
                    self.refused += 1
                    with self.case.assertRaises(UserError):
                        getattr(self, verb)(*arguments)
                else:
                    self.case.assertEqual(getattr(self, verb)(*arguments), expected, (verb, arguments))
                self.compare()

    def compare(self):
        """Cash, ledger and session of each place against the model."""
        self.compared += 1
        env, case = self.case.env, self.case
        env.flush_all()
        self.commit()
        env.invalidate_all()
        for code, cash in self.model.cash.items():
            place = self.vault if code == "vault" else self.tills[code]
            [(ledger,)] = env["account.move.line"]._read_group(
                [("account_id", "=", place.account_id.id), ("parent_state", "=", "posted")], [], ["balance:sum"]
            )
            case.assertEqual((place.cash, ledger or 0), (cash, self.model.books.get(code, 0)), code)
        case.assertEqual(self.account.balance, -self.model.books.get("members", 0))
        for account in ("3791", "3792"):
            legs = env["kondo.operation.line"].search(
                [("account_id", "=", case.union._kondo_account(account).id), ("company_id", "=", self.caisse.id)]
            )
            case.assertEqual(sum(legs.mapped("amount")), self.model.books.get(account, 0), account)

    # ------------------------------------------------------------------ the doors
    def slip(self, kind, amount, sender, receiver, till=None):
        slip = self.case.as_user(sender)["kondo.cash.slip"].create(
            {
                "kind": kind,
                "vault_id": self.vault.id,
                "till_id": till and till.id,
                "bank_account_id": self.caisse._kondo_bank_accounts().id,
                "counts": make_up(amount),
            }
        )
        self.commit()
        try:
            slip.action_send()
            self.commit()
            slip.with_env(self.case.as_user(receiver)).action_receive()
        except UserError:
            slip.with_env(self.case.as_user(self.staff["manager"])).action_cancel()
            self.commit()
            raise

    def from_bank(self, amount):
        self.slip("bank_to_vault", amount, self.staff["manager"], self.staff["manager2"])

    def to_bank(self, amount):
        self.slip("vault_to_bank", amount, self.staff["manager"], self.staff["manager2"])

    def session(self, till):
        session = self.tills[till].open_session_id
        return self.case.as_user(self.tellers[till])["kondo.till.session"].browse(session.id)

    def open(self, till, supply=0):
        place = self.tills[till]
        if supply and not place.open_session_id:
            slip = self.case.as_user(self.staff["manager"])["kondo.cash.slip"].create(
                {"kind": "vault_to_till", "vault_id": self.vault.id, "till_id": place.id, "counts": make_up(supply)}
            )
            slip.action_send()
            self.commit()
        self.case.as_user(self.tellers[till])["kondo.till.session"].open_till(place.id, make_up(place.cash + supply))

    def supply(self, till, amount):
        self.slip("vault_to_till", amount, self.staff["manager"], self.tellers[till], self.tills[till])

    def to_vault(self, till, amount):
        self.slip("till_to_vault", amount, self.tellers[till], self.staff["manager"], self.tills[till])

    def submit(self, kind, till, amount):
        self.case.as_user(self.tellers[till])["kondo.operation"].submit(
            kind,
            str(uuid.uuid4()),
            {
                "session_id": self.tills[till].open_session_id.id or 0,
                "account_id": self.account.id,
                "amount": amount,
            },
        )

    def deposit(self, till, amount):
        self.submit("deposit", till, amount)

    def withdraw(self, till, amount):
        self.submit("withdrawal", till, amount)

    def close(self, till, counted):
        session = self.session(till)
        result = session.count_till(make_up(counted))
        self.commit()
        totals = [row for row in session.sudo()._totals() if row["kind"] != "till_difference"]
        opened = self.model_opening(session)
        theory = opened + sum(row["cash_in"] - row["cash_out"] for row in totals)
        self.case.assertEqual(result["theoretical"], theory, "theory = opening + in - out")
        closer = self.case.as_user(self.staff["manager"])["kondo.till.session"].browse(session.id)
        (closer if result["difference"] else session).close_till("Écart du jour")
        return result["difference"]

    def model_opening(self, session):
        """What lay in the till before the session: its float less what the vault handed over at the opening."""
        legs = session.sudo().operation_ids.line_ids.filtered(lambda leg: leg.till_id == session.till_id).sorted("id")
        return legs[0].balance_after - legs[0].amount if legs else session.sudo().opening_cash

    def end_day(self):
        self.caisse._open_business_day(fields.Date.add(self.caisse.business_date, days=1))
