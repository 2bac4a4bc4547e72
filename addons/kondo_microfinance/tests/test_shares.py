import uuid
from datetime import date

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.kondo_microfinance.engine.cash import make_up

from .common import KondoCase

OWN = ["kondo.share.holding", "kondo.share.entry", "kondo.share.request", "kondo.share.certificate"]


class ShareCase(KondoCase):
    """The network with a share of 5 000 F, paid within six months, three months of notice."""

    @classmethod
    def business_date(cls):
        return date(2025, 1, 2)

    @classmethod
    def build_network(cls):
        super().build_network()
        cls.share = cls.env["kondo.share.product"].create(
            {
                "name": "Part sociale",
                "code": "PS",
                "company_id": cls.union.id,
                "nominal": 5_000,
                "minimum_shares": 1,
                "maximum_shares": 20,
                "instalment_months": 6,
                "notice_months": 3,
            }
        )

    # ------------------------------------------------------------------ what people do
    def window(self, kind, member, key=None, session=None, role="teller", **values):
        """An operation of a form of the window, as the teller of the member's caisse; returns the answer."""
        session = session or self.session_of(member.company_id)
        return self.as_user(session.user_id)["kondo.operation"].submit(
            kind, key or str(uuid.uuid4()), {"session_id": session.id, "partner_id": member.id, **values}
        )

    def buy(self, member, shares, amount, **values):
        answer = self.window("share_payment", member, shares=shares, amount=amount, **values)
        return answer

    def holding(self, member):
        self.env.invalidate_all()
        return self.env["kondo.share.holding"].search([("partner_id", "=", member.id)])

    def ask(self, member, kind="refund", role="teller", **values):
        """A request entered and submitted by the teller."""
        user = self.users[member.company_id.kondo_code][role]
        request = self.as_user(user)["kondo.share.request"].create(
            {
                "holding_id": self.holding(member).id,
                "kind": kind,
                "reason": "Part à Sikasso",
                "notice_date": member.company_id.business_date,
                **values,
            }
        )
        request.action_submit()
        return request

    def as_role(self, record, role, caisse=None):
        return record.with_env(self.as_user(self.users[(caisse or self.nio).kondo_code][role]))

    def move_to(self, *days, caisse=None):
        """Close the till, then open the caisse on that day."""
        caisse = caisse or self.nio
        for session in self.env["kondo.till.session"].search(
            [("company_id", "=", caisse.id), ("state", "!=", "closed")]
        ):
            self.close_till(session)
        caisse._open_business_day(date(*days))
        self.env.invalidate_all()

    def close_till(self, session):
        mine = session.with_env(self.as_user(session.user_id))
        mine.count_till(make_up(session.till_id.cash))
        mine.close_till()
        self.env.invalidate_all()

    def ledger(self, code, caisse=None):
        """Debit balance of an account in the books of a caisse."""
        account = self.union._kondo_account(code)
        items = self.env["account.move.line"].search(
            [
                ("account_id", "=", account.id),
                ("company_id", "=", (caisse or self.nio).id),
                ("parent_state", "=", "posted"),
            ]
        )
        return int(sum(items.mapped("balance")))


@tagged("post_install", "-at_install")
class TestShareDay(ShareCase):
    """The life of a member's shares, from the first payment to the refund."""

    def test_the_shares_of_a_member_from_subscription_to_refund(self):
        awa, issa = self.make_member("TRAORÉ Awa"), self.make_member("KONÉ Issa", sex="male")
        session = self.session_of(self.nio)
        cash = session.till_id.cash
        teller = self.as_user(session.user_id)["kondo.teller"]

        # Awa subscribes 4 shares of 5 000 F and pays 12 000 F at once. The window says what it does.
        form = next(form for form in teller.other_operations(awa.id) if form["kind"] == "share_payment")
        self.assertEqual([field["name"] for field in form["fields"]], ["shares", "amount", "source"])
        request = {"partner_id": awa.id, "shares": 4, "amount": 12_000, "source": "cash"}
        preview = teller.preview("share_payment", request)
        self.assertEqual((preview["problems"], preview["till_after"]), ([], cash + 12_000))
        self.assertIn(8_000, [line["value"] for line in preview["lines"]])
        self.assertFalse(self.holding(awa), "a preview writes nothing")
        answer = self.buy(awa, 4, 12_000)
        holding = self.holding(awa)
        self.assertEqual((holding.subscribed, holding.paid, holding.full_count, holding.due), (4, 12_000, 2, 8_000))
        self.assertEqual(holding.pay_by, date(2025, 7, 2))
        self.assertEqual(holding.number, "NIX-PS-00001")
        self.assertEqual((self.ledger("57111"), session.till_id.cash), (-12_000, cash + 12_000))
        self.assertTrue(answer["receipt_number"])

        # The second instalment comes from her account; more than what remains is refused.
        account = self.make_account(awa, self.demand, balance=50_000)
        with self.assertRaisesRegex(UserError, "8.000"):
            self.buy(awa, 0, 9_000)
        self.buy(awa, 0, 8_000, source=str(account.id))
        holding = self.holding(awa)
        self.assertEqual((holding.paid, holding.due, holding.pay_by, account.balance), (20_000, 0, False, 42_000))
        card = teller.member_card(awa.id)["shares"]
        self.assertEqual(
            [(one["number"], one["subscribed"], one["paid"], one["nominal"], one["due"]) for one in card],
            [("NIX-PS-00001", 4, 20_000, 5_000, 0)],
        )

        # She hands one share to Issa: the teller enters it, the manager agrees, the books move from one to the other.
        transfer = self.ask(awa, "transfer", shares=1, target_id=issa.id)
        with self.assertRaises(UserError):
            self.as_role(transfer, "teller").action_approve()
        self.as_role(transfer, "manager").action_approve()
        self.assertEqual((self.holding(awa).subscribed, self.holding(awa).paid), (3, 15_000))
        self.assertEqual((self.holding(issa).subscribed, self.holding(issa).paid), (1, 5_000))
        self.assertEqual(self.ledger("57111"), -20_000)

        # She leaves: not before her shares are refunded, and these wait for the notice.
        with self.assertRaisesRegex(UserError, "NIX-PS-00001"):
            self.as_role(awa, "manager").action_leave("resigned")
        refund = self.ask(awa, shares=3, payment="cash")
        self.assertEqual(refund.payable_from, date(2025, 4, 2))
        self.assertEqual(self.holding(awa).state, "leaving")
        with self.assertRaises(UserError):
            self.buy(awa, 1, 5_000)
        self.as_role(refund, "manager").action_approve()
        with self.assertRaisesRegex(UserError, "02/04/2025"):
            self.window("share_refund", awa, request_id=refund.id, amount=15_000)
        self.move_to(2025, 4, 2)
        session = self.session_of(self.nio)
        cash = session.till_id.cash
        form = next(
            form
            for form in self.as_user(session.user_id)["kondo.teller"].other_operations(awa.id)
            if form["kind"] == "share_refund"
        )
        self.assertEqual((form["cash"], form["fields"][1]["default"]), (-1, 15_000))
        self.window("share_refund", awa, request_id=form["fields"][0]["default"], amount=15_000)
        self.assertEqual(
            (self.holding(awa).subscribed, self.holding(awa).paid, self.holding(awa).state), (0, 0, "closed")
        )
        self.assertEqual((session.till_id.cash, self.ledger("57111")), (cash - 15_000, -5_000))
        self.assertEqual(refund.with_env(self.env).state, "done")
        self.assertEqual(
            self.holding(awa).entry_ids.mapped("kind"), ["subscription", "payment", "payment", "transfer_out", "refund"]
        )
        self.submit("withdrawal", account, 42_000)
        self.as_role(account, "manager").action_close()
        self.as_role(awa, "manager").action_leave("resigned")

        # The register of holders on both days.
        rows = {day: self.register(day) for day in (date(2025, 1, 2), date(2025, 4, 2))}
        self.assertEqual(
            [(row["name"], row["shares"], row["paid"]) for row in rows[date(2025, 1, 2)]],
            [("TRAORÉ Awa", 3, 15_000), ("KONÉ Issa", 1, 5_000)],
        )
        self.assertEqual([row["name"] for row in rows[date(2025, 4, 2)]], ["KONÉ Issa"])

    def register(self, day):
        wizard = self.as_user(self.users["NIX"]["manager"])["kondo.share.register"].create({"date": day})
        return wizard._rows()

    # ------------------------------------------------------------------ entries by scheme
    def test_a_subscription_is_a_claim_where_the_accountant_chose_so(self):
        self.share.scheme = "called"
        self.assertEqual(self.share.with_company(self.union).receivable_account_id.code, "5732")
        awa = self.make_member()
        self.buy(awa, 4, 12_000)
        self.assertEqual([self.ledger(code) for code in ("5732", "57112", "57111")], [8_000, -8_000, -12_000])
        self.assert_books_agree()
        self.buy(awa, 0, 8_000)
        self.assertEqual([self.ledger(code) for code in ("5732", "57112", "57111")], [0, 0, -20_000])

    def test_the_refund_of_shares_half_paid_clears_the_claim(self):
        self.share.write({"scheme": "called", "notice_months": 0})
        awa = self.make_member()
        account = self.make_account(awa, self.demand)
        self.buy(awa, 4, 12_000)
        refund = self.ask(awa, shares=4, payment="account", savings_account_id=account.id)
        self.as_role(refund, "manager").action_approve()
        self.as_role(refund, "teller").action_pay()
        self.assertEqual([self.ledger(code) for code in ("5732", "57112", "57111")], [0, 0, 0])
        self.assertEqual(account.balance, 12_000)

    def test_the_subdivided_capital_needs_its_accounts_and_then_balances(self):
        with self.assertRaisesRegex(ValidationError, "571111"):
            self.share.scheme = "subdivided"
        accounts = self.env["account.account"].with_company(self.union)
        for code in ("571111", "571121"):
            accounts.create(
                {"code": code, "name": code, "account_type": "equity", "company_ids": [(6, 0, self.union.ids)]}
            )
        self.share.scheme = "subdivided"
        awa, issa = self.make_member(), self.make_member("KONÉ Issa")
        self.buy(awa, 4, 12_000)
        self.assertEqual([self.ledger(code) for code in ("571111", "571121")], [-20_000, 8_000])
        self.assert_books_agree()
        transfer = self.ask(awa, "transfer", shares=2, target_id=issa.id)
        self.as_role(transfer, "manager").action_approve()
        self.assertEqual([self.ledger(code) for code in ("571111", "571121")], [-20_000, 8_000])

    def test_no_hand_made_entry_touches_the_capital(self):
        self.assertEqual(self.share.account_id.kondo_control, "shares")
        accountant = self.as_user(self.users["NIX"]["accountant"])
        with self.assertRaises(UserError):
            accountant["account.move"].create(
                {
                    "journal_id": self.nio.general_journal_id.id,
                    "line_ids": [
                        (0, 0, {"account_id": self.share.account_id.id, "debit": 100}),
                        (0, 0, {"account_id": self.union._kondo_account("332").id, "credit": 100}),
                    ],
                }
            ).action_post()

    def test_the_proof_holds_at_a_past_day(self):
        awa = self.make_member()
        self.buy(awa, 4, 12_000)
        self.move_to(2025, 2, 3)
        self.buy(awa, 0, 8_000)
        rows = {row["code"]: row for row in self.env["kondo.reconciliation"]._reconcile(self.nio, date(2025, 1, 31))}
        self.assertEqual((rows["57111"]["balances"], rows["57111"]["gap"]), (-12_000, 0))

    # ------------------------------------------------------------------ rules of the counter
    def test_the_entrance_fee_is_paid_once_on_top_of_the_first_shares(self):
        self.share.entrance_fee = 1_000
        awa = self.make_member()
        answer = self.buy(awa, 1, 5_000)
        self.assertEqual((answer["amount"], self.ledger("70291"), self.ledger("57111")), (6_000, -1_000, -5_000))
        self.assertEqual(self.buy(awa, 1, 5_000)["amount"], 5_000)

    def test_what_the_rules_of_the_share_refuse(self):
        awa = self.make_member()
        self.share.write({"minimum_shares": 2, "maximum_shares": 5, "first_payment": 2_000})
        for shares, amount in (
            (0, 5_000),
            (1, 5_000),
            (6, 30_000),
            (3, 5_999),
            (2, 10_001),
            (-1, 500),
            (2, 0),
            ("x", 500),
        ):
            with self.assertRaises(UserError, msg=(shares, amount)):
                self.buy(awa, shares, amount)
        self.buy(awa, 2, 10_000)
        with self.assertRaises(UserError):
            self.buy(awa, 0, 500)
        with self.assertRaises(UserError):
            self.buy(awa, 4, 20_000)
        self.share.instalment_months = 0
        with self.assertRaises(UserError):
            self.buy(awa, 2, 5_000)
        self.buy(awa, 2, 10_000)

    def test_an_unpaid_instalment_is_seen_when_its_day_has_passed(self):
        awa = self.make_member()
        self.buy(awa, 2, 5_000)
        self.assertFalse(self.holding(awa).is_late)
        self.move_to(2025, 7, 3)
        self.assertTrue(self.holding(awa).is_late)
        self.assertEqual(self.env["kondo.share.holding"].search([("is_late", "=", True)]), self.holding(awa))
        self.assertIn("amber", [alert["level"] for alert in awa._kondo_alerts()])

    def test_the_same_request_sent_twice_is_one_payment(self):
        awa, key = self.make_member(), str(uuid.uuid4())
        first = self.buy(awa, 2, 10_000, key=key)
        self.assertTrue(self.buy(awa, 2, 10_000, key=key)["replayed"])
        self.assertEqual((self.holding(awa).subscribed, first["shares"]), (2, 2))

    def test_the_reversal_of_a_payment_gives_back_the_shares_too(self):
        awa = self.make_member()
        first = self.buy(awa, 2, 10_000)
        answer = self.buy(awa, 3, 9_000)
        manager = self.as_user(self.users["NIX"]["manager"])["kondo.operation"]
        manager.submit("reversal", str(uuid.uuid4()), {"operation_id": answer["operation_id"], "reason": "Erreur"})
        holding = self.holding(awa)
        self.assertEqual((holding.subscribed, holding.paid, holding.due, holding.pay_by), (2, 10_000, 0, False))
        manager.submit("reversal", str(uuid.uuid4()), {"operation_id": first["operation_id"], "reason": "Erreur"})
        self.assertEqual((self.holding(awa).state, self.holding(awa).paid), ("closed", 0))
        self.buy(awa, 2, 10_000)
        holding = self.holding(awa)
        self.assertEqual((holding.state, holding.subscribed), ("active", 2))
        kinds = ["subscription", "payment"]
        self.assertEqual(holding.entry_ids.mapped("kind"), [*kinds, *kinds, *["cancellation"] * 2, *kinds])
        self.assertEqual(self.ledger("57111"), -10_000)

    def test_a_payment_is_not_reversed_once_the_shares_have_moved(self):
        awa, issa = self.make_member(), self.make_member("KONÉ Issa")
        answer = self.buy(awa, 2, 10_000)
        transfer = self.ask(awa, "transfer", shares=1, target_id=issa.id)
        self.as_role(transfer, "manager").action_approve()
        manager = self.as_user(self.users["NIX"]["manager"])["kondo.operation"]
        with self.assertRaises(UserError):
            manager.submit("reversal", str(uuid.uuid4()), {"operation_id": answer["operation_id"], "reason": "Erreur"})

    def test_an_applicant_is_admitted_once_his_shares_are_paid(self):
        self.union.kondo_minimum_shares = 2
        applicant = self.make_member(
            "SANGARÉ Fanta", member_state="applicant", birth_date="1990-01-01", phone="76123456"
        )
        applicant.applied_by_id = self.users["NIX"]["teller"]
        self.buy(applicant, 2, 6_000)
        with self.assertRaisesRegex(UserError, "2"):
            self.as_role(applicant, "manager").action_activate()
        self.buy(applicant, 0, 4_000)
        self.as_role(applicant, "manager").action_activate()
        self.assertEqual(applicant.member_state, "active")

    # ------------------------------------------------------------------ refunds and transfers
    def test_a_refund_waits_while_the_member_owes(self):
        self.share.notice_months = 0
        awa = self.make_member()
        account = self.make_account(awa, self.demand)
        self.buy(awa, 2, 10_000)
        refund = self.ask(awa, shares=2, payment="account", savings_account_id=account.id)
        self.as_role(refund, "manager").action_approve()
        self.patch(type(self.env["res.partner"]), "_share_refund_obstacles", lambda self: ["Il reste devoir 5 000 F."])
        with self.assertRaisesRegex(UserError, "reste devoir"):
            self.as_role(refund, "teller").action_pay()
        self.assertIn("reste devoir", self.as_role(refund, "manager").obstacles)

    def test_three_people_between_the_request_and_the_money(self):
        self.share.notice_months = 0
        awa = self.make_member()
        account = self.make_account(awa, self.demand)
        self.buy(awa, 2, 10_000)
        refund = self.ask(awa, role="manager", shares=2, payment="account", savings_account_id=account.id)
        with self.assertRaises(UserError):
            self.as_role(refund, "manager").action_approve()
        with self.assertRaises(UserError):
            self.as_role(refund, "teller").action_pay()
        self.as_role(refund, "manager2").action_approve()
        with self.assertRaises(UserError):
            self.as_role(refund, "manager2").action_pay()
        self.as_role(refund, "teller").action_pay()
        with self.assertRaises(UserError):
            self.as_role(refund, "teller").action_pay()
        self.assertEqual(account.balance, 10_000)

    def test_a_refused_or_withdrawn_request_leaves_the_shares_as_they_were(self):
        awa = self.make_member()
        self.buy(awa, 2, 10_000)
        for action, role in (("action_refuse", "manager"), ("action_cancel", "teller")):
            request = self.ask(awa, shares=2)
            self.assertEqual(self.holding(awa).state, "leaving")
            getattr(self.as_role(request, role), action)()
            self.assertEqual((self.holding(awa).state, self.holding(awa).subscribed), ("active", 2))

    def test_only_shares_paid_in_full_are_handed_over_within_the_rules(self):
        awa, issa = self.make_member(), self.make_member("KONÉ Issa")
        stranger = self.make_member("DIALLO Oumou", self.seg)
        self.share.write({"minimum_shares": 2, "maximum_shares": 6})
        self.buy(awa, 4, 12_000)
        self.buy(issa, 3, 15_000)
        for shares in (3, 5):  # two are paid in full; she would keep one
            with self.assertRaises(UserError, msg=shares), self.env.cr.savepoint():
                self.ask(awa, "transfer", shares=shares, target_id=issa.id)
        self.buy(awa, 0, 8_000)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.ask(awa, "transfer", shares=4, target_id=issa.id)  # Issa would have 7
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.ask(awa, "transfer", shares=2, target_id=stranger.id)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.ask(awa, "transfer", shares=2, target_id=awa.id)
        request = self.ask(awa, "transfer", shares=2, target_id=issa.id)
        self.as_role(request, "manager").action_approve()
        self.assertEqual((self.holding(awa).subscribed, self.holding(issa).subscribed), (2, 5))

    def test_the_shares_of_the_dead_are_refunded_without_notice(self):
        awa = self.make_member()
        self.buy(awa, 2, 10_000)
        self.as_role(awa, "manager").action_leave("deceased")
        refund = self.ask(awa, shares=2)
        self.as_role(refund, "manager").action_approve()
        self.window("share_refund", awa, request_id=refund.id, amount=10_000, bearer="TRAORÉ Moussa, fils")
        self.assertEqual(self.holding(awa).state, "closed")

    # ------------------------------------------------------------------ papers
    def test_the_certificate_follows_the_shares_and_its_second_print_is_a_duplicate(self):
        awa = self.make_member()
        self.buy(awa, 2, 4_000)
        teller = self.as_user(self.users["NIX"]["teller"])
        mine = self.holding(awa).with_env(teller)
        with self.assertRaises(UserError):
            mine.action_print_certificate()
        self.buy(awa, 0, 6_000)
        self.holding(awa).with_env(teller).action_print_certificate()
        certificate = self.holding(awa).certificate_ids
        self.assertEqual((certificate.number, certificate.shares, certificate.amount), ("NIX-CPS-00001", 2, 10_000))
        report = teller["report.kondo_microfinance.report_share_certificate"]
        numbers = [report._get_report_values(certificate.ids)["certificates"][0]["print_number"] for _print in range(2)]
        self.assertEqual(numbers, [1, 2])
        self.holding(awa).with_env(teller).action_print_certificate()
        self.assertEqual(len(self.holding(awa).certificate_ids), 1)
        self.buy(awa, 1, 5_000)
        self.holding(awa).with_env(teller).action_print_certificate()
        states = self.holding(awa).certificate_ids.sorted("id").mapped("state")
        self.assertEqual(states, ["replaced", "valid"])

    def test_the_papers_are_drawn(self):
        awa = self.make_member()
        answer = self.buy(awa, 2, 7_000)
        self.buy(awa, 0, 3_000)
        env = self.as_user(self.users["NIX"]["manager"])
        holding = self.holding(awa).with_env(env)
        holding.action_print_certificate()
        wizard = env["kondo.share.register"].create({})
        reports = env["ir.actions.report"]
        for name, ids in (
            ("report_share_certificate", holding.certificate_ids.ids),
            ("report_share_statement", holding.ids),
            ("report_share_register", wizard.ids),
        ):
            html = reports._render_qweb_html(f"kondo_microfinance.{name}", ids)[0].decode()
            self.assertIn("TRAORÉ Awa", html, name)
        xlsx, kind = reports._render("kondo_microfinance.share_register_xlsx", wizard.ids)
        self.assertEqual((kind, xlsx[:2]), ("xlsx", b"PK"))
        receipt = reports._render_qweb_html("kondo_microfinance.report_receipt_a5", [answer["operation_id"]])[
            0
        ].decode()
        self.assertIn("NIX-PS-00001", receipt)

    # ------------------------------------------------------------------ who may not
    def test_the_register_and_the_shares_are_nobodys_to_write(self):
        awa = self.make_member()
        self.buy(awa, 2, 7_000)
        holding = self.holding(awa)
        for user in (*self.users["NIX"].values(), self.controller, self.network_manager):
            mine = holding.with_env(
                self.as_user(user, self.union if user in (self.controller, self.network_manager) else None)
            )
            for values in ({"subscribed": 9}, {"paid": 10_000}, {"state": "closed"}, {"pay_by": False}):
                with self.assertRaises(AccessError, msg=user.login):
                    mine.write(values)
            with self.assertRaises(AccessError):
                mine.unlink()
            with self.assertRaises(AccessError):
                mine.entry_ids[:1].write({"amount": 1})
            with self.assertRaises(AccessError):
                mine.env["kondo.share.entry"].create({})
            with self.assertRaises(AccessError):
                mine.env["kondo.share.holding"].create({"partner_id": awa.id, "product_id": self.share.id})
        with self.assertRaises(psycopg2.Error), self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
            self.env.cr.execute("UPDATE kondo_share_entry SET amount = 1")
        with self.assertRaises(psycopg2.Error), self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
            self.env.cr.execute("UPDATE kondo_share_holding SET paid = paid + 1")
            self.env.cr.execute("SET CONSTRAINTS kondo_share_register IMMEDIATE")

    def test_a_caisse_sees_no_shares_of_another(self):
        oumou = self.make_member("DIALLO Oumou", self.seg)
        self.buy(oumou, 2, 10_000)
        self.ask(oumou, shares=1)
        awa = self.make_member()
        self.buy(awa, 1, 5_000)
        theirs = self.holding(oumou)
        for user in self.users["NIX"].values():
            env = self.as_user(user)
            for model in OWN:
                self.assertFalse(env[model].search([]).company_id - self.nio, model)
            with self.assertRaises(AccessError):
                theirs.with_env(env).read(["paid"])
        session = self.session_of(self.nio)
        for kind, values in (
            ("share_payment", {"partner_id": oumou.id, "shares": 1, "amount": 5_000}),
            ("share_payment", {"partner_id": awa.id, "shares": 0, "amount": 5_000, "source": "999999"}),
            ("share_refund", {"partner_id": awa.id, "request_id": theirs.request_ids.id, "amount": 5_000}),
        ):
            with self.assertRaises(UserError):
                self.as_user(session.user_id)["kondo.operation"].submit(
                    kind, str(uuid.uuid4()), {"session_id": session.id, **values}
                )
        with self.assertRaises(UserError):
            self.as_user(self.users["NIX"]["manager"])["kondo.share.register"].create(
                {"company_id": self.seg.id}
            )._rows()

    def test_only_tellers_and_managers_touch_members_shares(self):
        awa = self.make_member()
        self.buy(awa, 2, 10_000)
        session = self.session_of(self.nio)
        for role in ("officer", "accountant", "manager"):
            with self.assertRaises(UserError, msg=role):
                self.as_user(self.users["NIX"][role])["kondo.operation"].submit(
                    "share_payment",
                    str(uuid.uuid4()),
                    {"session_id": session.id, "partner_id": awa.id, "shares": 1, "amount": 5_000},
                )
        for role in ("officer", "accountant"):
            with self.assertRaises(UserError, msg=role):
                self.ask(awa, role=role, shares=1)
        request = self.ask(awa, shares=1)
        for role in ("teller", "teller2", "officer", "accountant"):
            with self.assertRaises(UserError, msg=role):
                self.as_role(request, role).action_approve()
        with self.assertRaises(UserError):
            request.with_env(self.as_user(self.users["NIX"]["teller"])).write({"shares": 2})
        with self.assertRaises(AccessError):
            self.as_role(request, "manager").write({"state": "approved"})
        for role in ("teller", "manager", "accountant"):
            with self.assertRaises(AccessError):
                self.as_role(self.share, role).write({"notice_months": 0})

    def test_the_value_of_the_share_no_longer_changes_once_members_hold_some(self):
        self.share.nominal = 2_500
        self.buy(self.make_member(), 2, 5_000)
        for values in ({"nominal": 5_000}, {"scheme": "called"}, {"account_id": self.union._kondo_account("5712").id}):
            with self.assertRaises(UserError):
                self.share.write(values)
        self.share.notice_months = 6

    def test_a_payment_above_the_limit_waits_for_a_supervisor(self):
        self.env["kondo.operation.limit"].create(
            {"company_id": self.union.id, "role": "group_teller", "kind": "share_payment", "amount": 40_000}
        )
        awa = self.make_member()
        session = self.session_of(self.nio)
        request = {"session_id": session.id, "partner_id": awa.id, "shares": 10, "amount": 50_000, "source": "cash"}
        operations = self.as_user(session.user_id)["kondo.operation"]
        self.assertTrue(operations.submit("share_payment", str(uuid.uuid4()), request)["needs_approval"])
        asked = self.as_user(session.user_id)["kondo.teller"].request_approval("share_payment", request, "Groupement")
        approval = self.env["kondo.approval"].browse(asked["approval_id"])
        approval.with_env(self.as_user(self.users["NIX"]["manager"])).action_approve()
        operations.submit("share_payment", str(uuid.uuid4()), {**request, "approval_id": approval.id})
        self.assertEqual(self.holding(awa).paid, 50_000)
