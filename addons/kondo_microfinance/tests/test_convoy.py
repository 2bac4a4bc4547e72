from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.kondo_microfinance.engine.cash import make_up

from .intercaisse_common import IntercaisseCase


@tagged("post_install", "-at_install")
class TestConvoy(IntercaisseCase):
    """Niono has too much cash, Ségou too little: a sealed bag goes by road."""

    def setUp(self):
        super().setUp()
        self.fill_vault(self.nio, 20_000_000)
        self.manager = self.users["NIX"]["manager"]
        self.road = self.union._kondo_account("3783")

    def prepare(self, amount=6_000_000, **values):
        convoy = self.as_user(self.manager)["kondo.cash.convoy"].create(
            {
                "vault_id": self.vault(self.nio).id,
                "dest_company_id": self.seg.id,
                "carrier": "KONÉ Issa et DIARRA Moussa, Toyota de l'union",
                "seal": "S-0457",
                "counts": make_up(amount),
                **values,
            }
        )
        convoy.action_prepare()
        return convoy

    def send(self, amount=6_000_000):
        convoy = self.prepare(amount)
        convoy.with_env(self.as_user(self.users["NIX"]["manager2"])).action_send()
        return convoy

    def at_segou(self, convoy, role="manager"):
        return convoy.with_env(self.as_user(self.users["SGX"][role]))

    def on_the_road(self):
        self.env.flush_all()
        lines = self.env["account.move.line"].search(
            [("account_id", "=", self.road.id), ("parent_state", "=", "posted")]
        )
        return sum(lines.mapped("balance"))

    def test_a_bag_leaves_by_two_persons_and_arrives_counted(self):
        convoy = self.prepare()
        with self.assertRaises(UserError):
            convoy.action_send()
        self.assertEqual(self.vault(self.nio).cash, 20_000_000)
        convoy.with_env(self.as_user(self.users["NIX"]["manager2"])).action_send()
        self.assertEqual((convoy.state, self.vault(self.nio).cash, self.on_the_road()), ("road", 14_000_000, 6_000_000))
        self.assertEqual(self.liaison(self.nio, self.seg), 0, "nobody owes anything while the bag is on the road")
        with self.assertRaises(UserError):
            convoy.receive(make_up(6_000_000))
        result = self.at_segou(convoy).receive(make_up(6_000_000))
        self.assertEqual(result["difference"], 0)
        self.assertEqual((convoy.state, self.vault(self.seg).cash, self.on_the_road()), ("received", 6_000_000, 0))
        self.assertEqual(self.liaison(self.nio, self.seg), 6_000_000)
        self.assertEqual(self.liaison(self.seg, self.nio), -6_000_000)
        with self.assertRaises(UserError):
            self.at_segou(convoy).receive(make_up(6_000_000))

    def test_what_is_missing_stays_with_the_sender_in_words_of_two_persons(self):
        convoy = self.send()
        self.at_segou(convoy).receive(make_up(5_990_000))
        self.assertEqual((convoy.state, convoy.difference), ("counted", -10_000))
        self.assertEqual((self.vault(self.seg).cash, self.on_the_road()), (0, 6_000_000), "nothing is booked yet")
        with self.assertRaises(UserError):
            self.at_segou(convoy).confirm_difference("je l'ai vu")
        with self.assertRaises(UserError):
            self.at_segou(convoy, "manager2").confirm_difference("  ")
        self.at_segou(convoy, "manager2").confirm_difference("Liasse de 10 000 F à 99 billets, scellé intact")
        self.assertEqual((convoy.state, self.vault(self.seg).cash, self.on_the_road()), ("received", 5_990_000, 0))
        suspense = self.env["kondo.operation.line"].search(
            [("account_id", "=", self.union._kondo_account("3791").id), ("company_id", "=", self.nio.id)]
        )
        self.assertEqual((suspense.amount, suspense.label), (10_000, "Liasse de 10 000 F à 99 billets, scellé intact"))
        self.assertEqual(self.liaison(self.nio, self.seg), 5_990_000)

    def test_a_difference_may_be_counted_again_and_too_much_goes_to_3792(self):
        convoy = self.send()
        self.at_segou(convoy).receive(make_up(6_100_000))
        self.at_segou(convoy, "manager2").action_recount()
        self.assertEqual((convoy.state, convoy.received_amount), ("road", 0))
        self.at_segou(convoy).receive(make_up(6_000_500))
        self.at_segou(convoy, "manager2").confirm_difference("Pièce de 500 F en trop")
        suspense = self.env["kondo.operation.line"].search(
            [("account_id", "=", self.union._kondo_account("3792").id), ("company_id", "=", self.nio.id)]
        )
        self.assertEqual(suspense.amount, -500)
        self.assertEqual(self.on_the_road(), 0)

    def test_an_empty_bag_is_the_senders_loss(self):
        convoy = self.send()
        self.at_segou(convoy).receive({})
        self.at_segou(convoy, "manager2").confirm_difference("Convoi attaqué à Markala, PV de gendarmerie 112")
        self.assertEqual((self.on_the_road(), self.vault(self.seg).cash), (0, 0))
        self.assertEqual((self.liaison(self.nio, self.seg), self.liaison(self.seg, self.nio)), (0, 0))

    def test_a_bag_that_comes_back_goes_into_its_vault_again(self):
        convoy = self.send()
        with self.assertRaises(UserError):
            convoy.receive(make_up(5_000_000), returned=True)
        convoy.receive(make_up(6_000_000), returned=True)
        self.assertEqual((convoy.state, self.vault(self.nio).cash, self.on_the_road()), ("returned", 20_000_000, 0))

    def test_a_sealed_bag_does_not_change_and_the_vault_must_hold_it(self):
        convoy = self.prepare()
        with self.assertRaises(AccessError):
            convoy.write({"seal": "S-9999"})
        convoy.action_cancel()
        with self.assertRaises(UserError):
            self.send(30_000_000)
        with self.assertRaises(UserError):
            self.prepare(seal=False)
        with self.assertRaises(UserError):
            self.prepare(amount=0)

    def test_bags_on_the_road_are_listed_with_their_age_in_both_caisses_only(self):
        convoy = self.send()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE kondo_cash_convoy SET sent_on = %s WHERE id = %s",
            (fields.Date.subtract(fields.Date.today(), days=4), convoy.id),
        )
        convoy.invalidate_recordset()
        seen = self.at_segou(convoy).search([("state", "=", "road")])
        self.assertEqual((seen.days, seen.mine), (4, "to"))
        third = self.env["res.company"]._kondo_create_caisses(
            self.union, [{"name": "Caisse de Macina", "code": "MCX", "business_date": self.business_date()}]
        )
        stranger = self.build_user("manager_mcx", "group_caisse_manager", third, third)
        self.assertFalse(self.as_user(stranger)["kondo.cash.convoy"].search([]))
        for role in ("teller", "officer"):
            with self.assertRaises(UserError):
                self.at_segou(convoy, role).receive(make_up(6_000_000))

    def test_the_slip_of_the_convoy_prints(self):
        convoy = self.send()
        paper = (
            self.env["report.kondo_microfinance.report_cash_convoy"]
            .with_user(self.manager)
            ._get_report_values(convoy.ids)["slips"][0]
        )
        self.assertEqual(len(paper["signatures"]), 4)
        self.assertIn("S-0457", dict(paper["facts"]).values())
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("kondo_microfinance.report_cash_convoy", convoy.ids)[0]
            .decode()
        )
        self.assertIn("S-0457", html)


@tagged("post_install", "-at_install")
class TestSettlement(IntercaisseCase):
    """What one caisse owes another is paid by bank or compensated by the union, by two persons."""

    def setUp(self):
        super().setUp()
        account = self.make_account(self.make_member("DIALLO Oumou", self.seg), self.demand)
        self.remote("remote_deposit", account.number, 300_000)

    def propose(self, amount=300_000, role="accountant", **values):
        settlement = self.as_user(self.users["NIX"][role])["kondo.liaison.settlement"].create(
            {
                "company_id": self.nio.id,
                "creditor_company_id": self.seg.id,
                "amount": amount,
                "bank_account_id": self.nio._kondo_bank_accounts().id,
                "reference": "OV 12 du 20/11",
                **values,
            }
        )
        settlement.action_propose()
        return settlement

    def test_a_bank_transfer_settles_when_the_caisse_that_is_paid_confirms(self):
        with self.assertRaisesRegex(UserError, "300"):
            self.propose(amount=300_001)
        settlement = self.propose(amount=200_000)
        with self.assertRaises(UserError):
            settlement.with_env(self.as_user(self.users["NIX"]["manager"])).action_confirm()
        segou = settlement.with_env(self.as_user(self.users["SGX"]["accountant"]))
        with self.assertRaises(UserError):
            segou.action_confirm()
        segou.creditor_bank_account_id = self.seg._kondo_bank_accounts()
        segou.action_confirm()
        self.assertEqual(settlement.state, "done")
        self.assertEqual((self.liaison(self.nio, self.seg), self.liaison(self.seg, self.nio)), (-100_000, 100_000))
        items = self.env["account.move.line"].search([("account_id", "=", self.seg._kondo_bank_accounts().id)])
        self.assertEqual(sum(items.mapped("balance")), 200_000)
        with self.assertRaises(AccessError):
            settlement.amount = 1
        with self.assertRaises(UserError):
            segou.action_confirm()

    def test_the_union_compensates_and_keeps_its_own_books(self):
        settlement = self.propose(way="union", bank_account_id=False, reference=False)
        with self.assertRaises(UserError):
            settlement.with_env(self.as_user(self.users["SGX"]["manager"])).action_confirm()
        settlement.with_env(self.as_user(self.network_manager, self.union + self.nio + self.seg)).action_confirm()
        self.assertEqual(self.liaison(self.nio, self.seg), 0)
        self.assertEqual((self.liaison(self.nio, self.union), self.liaison(self.union, self.nio)), (-300_000, 300_000))
        self.assertEqual((self.liaison(self.seg, self.union), self.liaison(self.union, self.seg)), (300_000, -300_000))
        operation = self.env["kondo.operation"].search([("kind", "=", "settlement"), ("company_id", "=", self.nio.id)])
        codes = operation.line_ids.account_id.with_company(self.union).mapped("code")
        self.assertEqual(codes, ["392", "391"], "towards Ségou, then towards the union")

    def test_nobody_settles_alone_or_for_others(self):
        settlement = self.propose(role="manager", way="union")
        self.users["NIX"]["manager"].write(
            {
                "group_ids": [(4, self.env.ref("kondo_microfinance.group_network_manager").id)],
                "company_ids": [(4, self.union.id)],
            }
        )
        with self.assertRaises(UserError):
            settlement.action_confirm()
        with self.assertRaises(UserError):
            self.as_user(self.users["NIX"]["teller"])["kondo.liaison.settlement"].create(
                {"company_id": self.nio.id, "creditor_company_id": self.seg.id, "amount": 1_000}
            )
        settlement.action_cancel()
        self.assertEqual(settlement.state, "cancelled")

    def test_a_balance_older_than_the_unions_days_is_late(self):
        self.env.flush_all()
        balances = self.env["kondo.liaison.balance"].search([("company_id", "in", (self.nio + self.seg).ids)])
        self.assertEqual(sorted(balances.mapped("balance")), [-300_000, 300_000])
        self.assertEqual(balances.mapped("gap"), [0, 0])
        self.assertFalse(any(balances.mapped("overdue")))
        session = self.session_of(self.nio)
        mine = self.as_user(session.user_id)["kondo.till.session"].browse(session.id)
        mine.count_till(make_up(session.till_id.cash))
        mine.close_till()
        self.nio._open_business_day(fields.Date.add(self.nio.business_date, days=6))
        self.env.invalidate_all()
        late = self.env["kondo.liaison.balance"].search([("company_id", "=", self.nio.id)])
        self.assertEqual((late.age, late.overdue), (6, True))
        self.assertTrue(self.env["kondo.liaison.balance"].search([("overdue", "=", True)]))
        other = self.as_user(self.users["SGX"]["manager"])["kondo.liaison.balance"].search([])
        self.assertEqual(other.company_id, self.seg, "each caisse sees its own side")
        action = late.action_settle()
        self.assertEqual(action["context"]["default_company_id"], self.nio.id, "Niono owes")
