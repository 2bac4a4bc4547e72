import uuid
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, tagged

from odoo.addons.kondo_microfinance.engine.share_scheme import SCHEMES, share_balances, share_legs

from .test_shares import ShareCase

YEAR = (date(2025, 1, 1), date(2025, 12, 31))


@tagged("post_install", "-at_install")
class TestShareDividend(ShareCase):
    """A year of three holders, then the general meeting."""

    def live_the_year(self):
        """Awa holds 4 shares all year, Issa comes with 2 on 1 July, Fanta leaves with her 3 on 1 October."""
        awa, issa, fanta = (self.make_member(name) for name in ("TRAORÉ Awa", "KONÉ Issa", "SANGARÉ Fanta"))
        accounts = {member: self.make_account(member, self.demand) for member in (awa, issa)}
        self.buy(awa, 4, 20_000)
        self.buy(fanta, 3, 15_000)
        self.move_to(2025, 6, 30)
        refund = self.ask(fanta, shares=3)
        self.as_role(refund, "manager").action_approve()
        self.move_to(2025, 7, 1)
        self.buy(issa, 3, 11_000)  # two paid in full, one begun
        self.move_to(2025, 10, 1)
        self.window("share_refund", fanta, request_id=refund.id, amount=15_000)
        self.move_to(2026, 3, 16)
        return awa, issa, fanta, accounts

    def propose(self, rate=5, role="accountant", **values):
        record = self.as_user(self.users["NIX"][role])["kondo.share.dividend"].create(
            {"product_id": self.share.id, "date_from": YEAR[0], "date_to": YEAR[1], "rate": rate, **values}
        )
        record.action_propose()
        return record

    def approve(self, record, role="manager"):
        mine = self.as_role(record, role)
        mine.write({"decision_date": date(2026, 3, 14), "decision_reference": "AGO 2026, résolution 5"})
        mine.action_approve()
        return mine

    def test_a_year_of_dividends_to_the_franc(self):
        awa, issa, fanta, accounts = self.live_the_year()
        record = self.propose(5)
        # by hand, 5 % a year: Awa 20 000 x 364/365 (from 2 January) = 997,26; Issa 10 000 x 184/365 = 252,05 (1 000 F
        # of the third share do not count); Fanta 15 000 x 272/365 (2 January to 30 September) = 558,90
        expected = {awa: 997, issa: 252, fanta: 559}
        self.assertEqual({line.partner_id.with_env(self.env): line.gross for line in record.line_ids}, expected)
        self.assertEqual((record.gross, record.withheld, record.net, record.holder_count), (1_808, 0, 1_808, 3))
        self.assertEqual(record.line_ids.filtered(lambda line: not line.savings_account_id).partner_id.ids, fanta.ids)

        # The one who proposed does not record the decision, and nothing is decided without its reference.
        with self.assertRaises(UserError):
            self.approve(record, "accountant")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.as_role(record, "manager").write({"decision_reference": False})
            self.as_role(record, "manager").action_approve()
        with self.assertRaises(UserError):
            record.action_pay()
        self.approve(record)
        with self.assertRaises(UserError):
            self.as_role(record, "manager").write({"rate": 6})
        record.action_pay()
        self.assertEqual(record.state, "paid")
        self.assertEqual({member: account.balance for member, account in accounts.items()}, {awa: 997, issa: 252})
        self.assertEqual((self.ledger("591"), self.ledger("2721")), (1_808, -559))
        with self.assertRaises(UserError):
            record.action_pay()
        self.assertEqual(self.ledger("591"), 1_808)

        # Fanta, who left, collects hers at the window; once.
        session = self.session_of(self.nio)
        teller = self.as_user(session.user_id)["kondo.teller"]
        form = next(form for form in teller.other_operations(fanta.id) if form["kind"] == "dividend")
        request = {field["name"]: field["default"] for field in form["fields"]}
        with self.assertRaises(UserError):
            self.window("dividend", fanta, **{**request, "amount": 560})
        with self.assertRaises(UserError):
            self.window("dividend", awa, **request)
        self.window("dividend", fanta, **request)
        self.assertEqual(self.ledger("2721"), 0)
        with self.assertRaises(UserError):
            self.window("dividend", fanta, **request)

    def test_tax_is_withheld_at_the_rate_of_the_day(self):
        self.env["kondo.parameter"].create(
            {"key": "dividend_withholding_rate", "label": "Retenue", "date_from": date(2026, 1, 1), "value": "7"}
        )
        awa, *_others, accounts = self.live_the_year()
        record = self.propose(5)
        # 7 % of 997 = 69,79; of 252 = 17,64; of 559 = 39,13
        self.assertEqual((record.withheld, record.net), (70 + 18 + 39, 1_808 - 127))
        self.approve(record)
        record.action_pay()
        self.assertEqual((accounts[awa].balance, self.ledger("332")), (927, -127))

    def test_francs_of_unfinished_shares_count_where_the_bylaws_say_so(self):
        _awa, issa, *_others = self.live_the_year()
        self.share.dividend_base = "paid"
        record = self.propose(5)
        # 11 000 x 5 % x 184/365 = 277,26
        self.assertEqual(record.line_ids.filtered(lambda line: line.partner_id.id == issa.id).gross, 277)

    def test_a_dividend_goes_to_the_chosen_account_and_waits_when_it_is_closed(self):
        awa, issa, _fanta, accounts = self.live_the_year()
        passbook = self.make_account(awa, self.passbook)
        self.as_role(self.holding(awa), "teller").dividend_savings_id = passbook
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.as_role(self.holding(awa), "teller").dividend_savings_id = accounts[issa]
        record = self.approve(self.propose(5))
        self.as_role(accounts[issa], "manager").action_close()
        self.as_role(record, "accountant").action_pay()
        self.assertEqual((passbook.balance, accounts[awa].balance, self.ledger("2721")), (997, 0, -559 - 252))

    def test_the_rate_stays_under_the_ceiling_and_no_period_is_paid_twice(self):
        self.live_the_year()
        self.share.dividend_ceiling = 6
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.propose(6.5)
        record = self.propose(6)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.propose(3, date_from=date(2025, 12, 1))
        record.action_cancel()
        self.propose(3)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.propose(3, date_from=date(2026, 1, 1), date_to=date(2026, 3, 16))  # not over

    def test_who_may_not(self):
        self.live_the_year()
        record = self.propose(5)
        for role in ("teller", "officer"):
            with self.assertRaises(UserError, msg=role):
                self.propose(5, role=role)
            for action in ("action_propose", "action_approve", "action_pay", "action_cancel", "action_back"):
                with self.assertRaises(UserError, msg=(role, action)):
                    getattr(self.as_role(record, role), action)()
        with self.assertRaises(AccessError):
            record.write({"state": "paid"})
        with self.assertRaises(AccessError):
            record.line_ids[:1].write({"gross": 1})
        with self.assertRaises(UserError):
            record.unlink()
        for role in ("manager", "teller", "accountant"):
            stranger = self.as_user(self.users["SGX"][role])
            self.assertFalse(stranger["kondo.share.dividend"].search([]))
            self.assertFalse(stranger["kondo.share.dividend.line"].search([]))
            with self.assertRaises(UserError):
                record.with_env(stranger).action_approve()
        with self.assertRaises(UserError):
            self.as_user(self.users["NIX"]["teller"])["kondo.operation"].submit(
                "dividend", str(uuid.uuid4()), {"session_id": self.session_of(self.nio).id, "dividend_id": record.id}
            )


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["buy", "buy", "pay", "transfer", "refund", "reverse"]),
        st.integers(0, 2),
        st.integers(0, 2),
        st.integers(0, 4),
        st.integers(1, 4),
    ),
    min_size=4,
    max_size=8,
)


@tagged("post_install", "-at_install")
class TestShareProperties(ShareCase):
    def test_whatever_members_do_the_register_is_what_they_paid(self):
        """After every step: register = holding = legs = books, and nobody has paid more than he subscribed."""
        self.share.write({"notice_months": 0, "scheme": "called", "minimum_shares": 2})
        members = [self.make_member(f"MEMBRE {index}") for index in range(3)]
        session = self.session_of(self.nio)
        seen = {"accepted": 0, "refused": 0}
        self.make_account(members[0], self.demand)

        def step(kind, first, second, shares, quarters):
            member, other = members[first], members[second]
            holding = self.holding(member)
            if kind in ("buy", "pay"):
                count = shares if kind == "buy" else 0
                due = count * 5_000 + holding.due
                return self.buy(member, count, due * quarters // 4 or 500)
            if kind == "reverse":
                last = self.env["kondo.operation"].search([("kind", "=", "share_payment")], limit=1)
                return self.as_user(self.users["NIX"]["manager"])["kondo.operation"].submit(
                    "reversal", str(uuid.uuid4()), {"operation_id": last.id, "reason": "essai"}
                )
            request = self.ask(member, kind, shares=shares or holding.subscribed or 1, target_id=other.id)
            self.as_role(request, "manager").action_approve()
            if kind == "refund":
                self.window("share_refund", member, request_id=request.id, amount=request.with_env(self.env).amount)
            return request

        @settings(
            max_examples=8, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
        )
        @given(STEPS)
        def life(steps):
            for one in steps:
                try:
                    with self.env.cr.savepoint():
                        step(*one)
                    seen["accepted"] += 1
                except UserError:
                    self.env.invalidate_all()
                    seen["refused"] += 1
                for holding in self.env["kondo.share.holding"].search([]):
                    entries = holding.entry_ids
                    self.assertEqual(sum(entries.mapped("amount")), holding.paid)
                    self.assertEqual(sum(entries.mapped("shares")), holding.subscribed)
                    self.assertLessEqual(holding.paid, holding.subscribed * holding.nominal)
                    if entries:
                        last = entries.sorted("id")[-1]
                        self.assertEqual((last.shares_after, last.paid_after), (holding.subscribed, holding.paid))
            self.assert_books_agree()
            self.assertEqual(session.till_id.cash, session.opening_cash + self.cash_moved(session))

        life()
        self.assertGreater(seen["accepted"], 10)
        self.assertGreater(seen["refused"], 5)

    def cash_moved(self, session):
        legs = session.operation_ids.line_ids.filtered(lambda line: line.till_id == session.till_id)
        return sum(legs.mapped("amount")) - session.opening_cash if legs else 0


@tagged("post_install", "-at_install")
class TestShareEngine(TransactionCase):
    @settings(max_examples=200, deadline=None, database=None, derandomize=True)
    @given(st.sampled_from(SCHEMES), st.lists(st.tuples(st.integers(-50, 50), st.integers(-9_999, 9_999)), max_size=12))
    def test_the_legs_of_many_movements_are_the_balance_of_their_sum(self, scheme, movements):
        totals, subscribed, paid = {}, 0, 0
        for shares, amount in movements:
            subscribed, paid = subscribed + shares * 5_000, paid + amount
            legs = share_legs(scheme, shares * 5_000, 0) + share_legs(scheme, 0, amount)
            self.assertEqual(sum(leg[1] for leg in legs), -amount)
            self.assertEqual(sum(leg[1] for leg in legs if leg[2]), -amount)
            for role, change, _moves in legs:
                totals[role] = totals.get(role, 0) + change
        standing = share_balances(scheme, subscribed, paid)
        self.assertEqual({r: v for r, v in totals.items() if v}, {r: v for r, v in standing.items() if v})
