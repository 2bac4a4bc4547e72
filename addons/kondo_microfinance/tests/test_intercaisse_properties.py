import random
import uuid
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.kondo_microfinance.engine.intercaisse import unsettled_since
from odoo.addons.kondo_microfinance.engine.till_model import CashModel, Refused, random_day
from odoo.addons.kondo_microfinance.models.ledger.posting import Posting

from .cash_doors import CashDoors
from .intercaisse_common import IntercaisseCase


class Cut(Exception):
    """A power cut in the middle of a posting."""


@tagged("post_install", "-at_install")
class TestIntercaisseProperties(IntercaisseCase):
    """Operations between caisses always net to zero, whatever is interrupted (R14)."""

    def test_random_operations_and_cuts_leave_both_legs_or_none(self):
        dice = random.Random(1492)
        self.union.write({"remote_withdrawal_ceiling": 40_000})
        self.env["kondo.remote.fee"].create({"company_id": self.union.id, "kind": "remote_withdrawal", "rate": 1})
        accounts = {
            caisse: [
                self.make_account(self.make_member(f"MEMBRE {index}", caisse), self.demand, balance=80_000)
                for index in range(2)
            ]
            for caisse in (self.nio, self.seg)
        }
        sessions = {caisse: self.session_of(caisse) for caisse in accounts}
        posted, seen = [], {"posted": 0, "refused": 0, "cut": 0}
        steps = ("_book", "_guard_savings", "_write_legs", "prove")

        for _round in range(60):
            here, there = dice.sample(list(accounts), 2)
            kind = dice.choice(("remote_deposit", "remote_withdrawal", "remote_transfer", "reversal"))
            if kind == "reversal" and not posted:
                continue
            before = self.picture(accounts, sessions)
            cut = dice.choice((*[None] * 7, *steps))
            try:
                with self.interrupted(cut, dice.randrange(2)):
                    if kind == "reversal":
                        caisse, answer = posted.pop(dice.randrange(len(posted)))
                        self.as_user(self.users[caisse.kondo_code]["manager"])["kondo.operation"].submit(
                            kind, str(uuid.uuid4()), {"operation_id": answer["operation_id"], "reason": "essai"}
                        )
                    else:
                        more = {"account_id": dice.choice(accounts[here]).id} if kind == "remote_transfer" else {}
                        number = dice.choice(accounts[there]).number
                        answer = self.remote(kind, number, dice.randrange(1, 60) * 1_000, caisse=here, **more)
                        if answer.get("needs_approval"):
                            raise UserError("a supervisor")
                        posted.append((here, answer))
                seen["posted"] += 1
            except (UserError, Cut) as why:
                seen["cut" if isinstance(why, Cut) else "refused"] += 1
                self.env.invalidate_all()
                self.assertEqual(self.picture(accounts, sessions), before, "nothing is left of it")
            self.assertEqual(self.env["kondo.intercaisse"]._liaison_gaps(self.union), [])
            uuids = self.env["kondo.operation"].search([("kind", "like", "remote_")]).mapped("uuid")
            self.assertTrue(all(uuids.count(one) == 2 for one in set(uuids)), "both sides or none")
        self.assertGreater(min(seen.values()), 5, seen)

    def picture(self, accounts, sessions):
        self.env.flush_all()
        self.env.invalidate_all()
        return (
            [account.balance for mine in accounts.values() for account in mine],
            [session.till_id.cash for session in sessions.values()],
            self.env["kondo.operation"].search_count([]),
            self.env["kondo.intercaisse"].search_count([]),
        )

    def interrupted(self, step, after):
        """Cut the power before `step` of the posting that is sealed after `after` others; None for no cut."""
        if not step:
            return patch.object(Posting, "label", "", create=True)
        whole, count = getattr(Posting, step), [0]

        def until(posting, *args):
            if count[0] == (0 if step == "prove" else after):
                raise Cut
            count[0] += 1
            return whole(posting, *args)

        return patch.object(Posting, step, until)

    def test_the_age_of_a_balance_in_sql_is_that_of_the_engine(self):
        dice = random.Random(7)
        account = self.make_account(self.make_member("DIALLO Oumou", self.seg), self.demand, balance=500_000)
        movements, day = [], self.nio.business_date
        for _round in range(20):
            kind = dice.choice(("remote_deposit", "remote_withdrawal"))
            amount = dice.choice((5_000, 10_000, 20_000))
            self.remote(kind, account.number, amount)
            movements.append((day, -amount if kind == "remote_deposit" else amount))
            self.env.flush_all()
            row = self.env["kondo.liaison.balance"].search([("company_id", "=", self.nio.id)])
            row.invalidate_recordset()
            since, balance = unsettled_since(movements)
            self.assertEqual((row.since or None, row.balance), (since, balance))


@tagged("post_install", "-at_install")
class TestCashProperties(IntercaisseCase):
    """Theory = opening + in - out, differences posted, tills + vault = ledger (R8)."""

    def test_the_rules_hold_over_two_thousand_days_of_the_model(self):
        dice = random.Random(2026)
        done = refused = differences = 0
        for caisse in range(20):
            model = CashModel()
            for _day in range(100):
                for verb, arguments in random_day(dice, model):
                    before = (dict(model.cash), dict(model.books))
                    try:
                        differences += bool(getattr(model, verb)(*arguments))
                        done += 1
                    except Refused:
                        refused += 1
                        self.assertEqual((model.cash, model.books), before)
                    self.assertEqual(model.faults(), [], f"caisse {caisse}")
                self.assertFalse(model.sessions, "no till stays open over the night")
        self.assertGreater(done, 10_000)
        self.assertGreater(refused, 1_000)
        self.assertGreater(differences, 300)

    def test_the_real_doors_do_what_the_model_says(self):
        doors = CashDoors(self)
        doors.live(random.Random(8), days=8)
        self.assertGreater(doors.compared, 40)
        self.assertGreater(doors.refused, 3)
