import uuid
from datetime import date
from fractions import Fraction

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.kondo_bceao_reports.engine.facts import Balance
from odoo.addons.kondo_microfinance.engine.cash import make_up
from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER
from odoo.addons.kondo_microfinance.tests.loan_common import LoanCase

SEPTEMBER, QUARTER, DECEMBER, YEAR_END = date(2025, 9, 15), date(2025, 9, 30), date(2025, 12, 15), date(2025, 12, 31)


@tagged("post_install", "-at_install")
class TestSources(LoanCase):
    """A year's end at Niono: a saver, an overdrawn account, a term deposit, loans of which one is late; and Ségou."""

    @classmethod
    def business_date(cls):
        return SEPTEMBER

    @classmethod
    def build_network(cls):
        super().build_network()
        cls.dat = cls.env["kondo.savings.product"].create(
            {
                "name": "Dépôt à terme",
                "code": "DAT",
                "kind": "term",
                "company_id": cls.union.id,
                "term_months": "6, 12",
                "term_minimum": 50_000,
            }
        )
        cls.env["kondo.term.rate"].create(
            [
                {"product_id": cls.dat.id, "date_from": "2020-01-01", "months_from": months, "rate": months / 3}
                for months in (6, 12)
            ]
        )

    def setUp(self):
        super().setUp()
        self.source = self.env["kondo.return.source"]
        self.awa = self.member("TRAORÉ Awa")
        self.issa = self.member("KONÉ Issa", sex="male")
        self.group = self.member("Benkadi", member_kind="group", sex=False)
        self.saver = self.make_account(self.awa, self.demand, 300_000)
        self.overdrawn = self.make_account(self.issa, self.demand, 10_000)
        self.overdrawn.with_context(kondo_ledger=LEDGER).overdraft_limit = 40_000
        self.submit("withdrawal", self.overdrawn, 35_000)
        self.late = self.running(member=self.awa, amount=120_000)
        self.big = self.running(member=self.issa, amount=600_000, related_party="staff")
        self.grant(self.file(self.group, amount=80_000))
        self.env.flush_all()
        self.abroad = self.make_account(self.member("DIARRA Fanta", self.seg), self.demand, 50_000)
        self.submit_remote(self.abroad, 20_000)
        self.deposit = self.ask_term()
        self.move_to(DECEMBER)
        self.repay(self.big, 55_005)
        self.move_to(YEAR_END)
        self.make_account(self.awa, self.passbook, 5_000)

    # ------------------------------------------------------------------ the story
    def member(self, name, caisse=None, **values):
        member = self.make_member(name, caisse, **values)
        member.with_context(kondo_ledger=LEDGER).membership_date = (
            date(2024, 5, 1) if name == "KONÉ Issa" else SEPTEMBER
        )
        return member

    def submit_remote(self, account, amount):
        session = self.session_of(self.nio)
        self.as_user(session.user_id)["kondo.operation"].submit(
            "remote_deposit",
            str(uuid.uuid4()),
            {"session_id": session.id, "account_number": account.number, "amount": amount, "bearer": "KEITA Modibo"},
        )

    def ask_term(self):
        session = self.session_of(self.nio)
        answer = self.as_user(session.user_id)["kondo.operation"].submit(
            "term_opening",
            str(uuid.uuid4()),
            {
                "session_id": session.id,
                "partner_id": self.awa.id,
                "amount": 200_000,
                "offer": f"{self.dat.id}-12",
                "funding": "cash",
                "interest_mode": "maturity",
                "at_maturity": "payout",
            },
        )
        return self.env["kondo.term.deposit"].browse(answer["deposit_id"])

    def move_to(self, day):
        """Both caisses close and open on that day, the days between taken as one."""
        for caisse in (self.nio, self.seg):
            sessions = self.env["kondo.till.session"].search(
                [("company_id", "=", caisse.id), ("state", "!=", "closed")]
            )
            for session in sessions:
                mine = session.with_env(self.as_user(session.user_id))
                mine.count_till(make_up(session.till_id.cash))
                mine.close_till()
            caisse._open_business_day(day)
        self.env.invalidate_all()

    def facts(self, companies=None, day=YEAR_END, **options):
        return self.source._facts(companies or self.nio, day, **options)

    def items(self, caisses, day, date_from=None):
        """{account code: balance} of the posted items, read by the ORM."""
        domain = [("company_id", "in", caisses.ids), ("parent_state", "=", "posted"), ("date", "<=", day)]
        if date_from:
            domain.append(("date", ">=", date_from))
        groups = self.env["account.move.line"]._read_group(domain, ["account_id"], ["balance:sum"])
        return {account.with_company(self.union).code: int(balance) for account, balance in groups if balance}

    def net(self, balances):
        return {code: balance.net for code, balance in balances.items() if balance.net}

    # ------------------------------------------------------------------ tests
    def test_balances_are_those_of_the_books_each_holder_on_his_side(self):
        facts = self.facts()
        self.assertEqual(self.net(facts.closing), self.items(self.nio, YEAR_END))
        self.assertTrue(facts.annual)
        self.assertEqual(facts.closing["2511"], Balance(debit=25_000, credit=300_000))  # by the legs: no photograph yet
        self.assertEqual(facts.closing["392"].net, self.items(self.nio, YEAR_END)["392"])
        self.assertEqual(
            {code: balance.net for code, balance in facts.movement.items() if balance.net}, self.net(facts.closing)
        )
        self.assertEqual(facts.opening, {})
        self.assertIsNone(facts.previous)
        self.assertIsNone(facts.measure("loans.active"))
        self.assertIsNone(facts.measure("depositors", (("sex", "female"),)))

        self.move_to(date(2026, 1, 2))
        photographed = self.facts()
        self.assertEqual(photographed.closing["2511"], Balance(debit=25_000, credit=300_000))
        self.assertEqual(self.net(photographed.closing), self.items(self.nio, YEAR_END))

        year_after = self.facts(day=date(2026, 12, 31)).previous
        self.assertEqual(year_after.closing, photographed.closing)
        self.assertEqual(year_after.movement, photographed.movement)
        self.assertIsNone(year_after.previous)

        later = self.facts(day=date(2026, 3, 31), frequency="quarter")
        items = self.items(self.nio, date(2026, 3, 31))
        results = sum(net for code, net in items.items() if code[0] in "67")
        self.assertFalse(later.annual)
        self.assertEqual(later.closing["591"].net, results)  # nobody has allocated it
        self.assertFalse([code for code in later.closing if code[0] in "67"])
        self.assertEqual(later.opening["2511"], Balance(debit=25_000, credit=300_000))
        self.assertEqual(later.opening["591"], later.closing["591"])
        self.assertEqual(sum(balance.net for code, balance in later.opening.items() if code[0] != "9"), 0)
        self.assertEqual(later.before.date, YEAR_END)
        self.assertTrue(later.before.annual)
        self.assertEqual(self.net(later.before.closing), self.net(photographed.closing))

    def test_the_network_owes_itself_nothing_and_each_caisse_keeps_its_own(self):
        network = self.union + self.nio + self.seg
        facts, nio, seg = self.facts(network), self.facts(self.nio), self.facts(self.seg)
        liaison = nio.closing["392"], seg.closing["392"]
        self.assertEqual(liaison, (Balance(credit=20_000), Balance(debit=20_000)))
        for balances in (facts.closing, facts.movement):
            self.assertFalse([code for code in balances if code.startswith("39")])
        self.assertEqual(seg.closing["2511"], Balance(credit=70_000))
        self.assertEqual(facts.closing["2511"], Balance(debit=25_000, credit=370_000))
        self.assertEqual(sum(balance.net for balance in facts.closing.values()), 0)
        self.assertEqual(sum(self.items(network, YEAR_END).values()), 0)
        self.move_to(date(2026, 1, 2))
        self.assertEqual([self.facts(one).measure("members") for one in (self.nio, self.seg, network)], [3, 1, 4])
        self.assertEqual(self.facts(self.seg).measure("loans.outstanding"), 0)
        self.assertEqual(self.facts(network).measure("caisses"), 2)
        photographed = self.facts(network).closing
        self.env.cr.execute("DELETE FROM kondo_snapshot_account WHERE company_id = %s", (self.seg.id,))
        self.env.cr.execute("UPDATE kondo_closing SET state = 'stopped' WHERE company_id = %s", (self.seg.id,))
        self.assertIsNone(self.facts(network).measure("loans.outstanding"))  # one caisse lacks its photograph
        self.assertEqual(self.facts(network).closing, photographed)  # by the legs there

    def test_bands_add_up_to_the_balance_and_follow_due_dates(self):
        facts = self.facts()
        for code, bands in facts.bands.items():
            self.assertEqual(sum(bands.values()), facts.closing[code].net, code)
        self.assertEqual(set(facts.bands), set(facts.closing))
        term = self.deposit.account_id.ledger_account_id.with_company(self.union).code
        self.assertEqual(facts.bands[term], {12: -200_000})
        expected = {}
        for loan in (self.late, self.big):
            for row in loan.instalment_ids:
                band = next(
                    (months for months, last in ((1, date(2026, 1, 31)), (3, date(2026, 3, 31)), (6, date(2026, 6, 30)))
                     if row.due <= last),
                    12,
                )  # fmt: skip
                expected[band] = expected.get(band, 0) + row.principal - row.paid_principal
        found = {}
        for code in ("2022", "292"):
            for band, amount in facts.bands.get(code, {}).items():
                found[band] = found.get(band, 0) + amount
        self.assertEqual(found, {band: amount for band, amount in expected.items() if amount})
        self.assertEqual(facts.bands["2511"], {1: facts.closing["2511"].net})

        accountant = self.users["NIX"]["accountant"]
        bank = self.nio.with_user(accountant)._kondo_create_bank_account("BNDA Niono", "ML016 020").sudo()
        line = self.env["kondo.funding.line"].create(
            {
                "name": "SOS Faim 2025",
                "donor_id": self.env["res.partner"].create({"name": "SOS Faim", "is_company": True}).id,
                "agreement": "2025/1",
                "company_id": self.union.id,
                "amount": 1_000_000,
                "date_from": "2025-01-01",
                "repayment_ids": [
                    (0, 0, {"due_on": due, "amount": amount})
                    for due, amount in (("2026-06-30", 300_000), ("2028-01-31", 400_000))
                ],
            }
        )
        line.with_user(accountant).receive(bank.id, 800_000, "Virement")
        facts = self.facts()
        account = line.account_id.with_company(self.union).code
        self.assertEqual(facts.bands[account], {1: -100_000, 6: -300_000, 36: -400_000})
        self.assertEqual(facts.bands["999"], {1: facts.closing["999"].net})
        self.assertEqual([facts.measure(name) for name in ("funds.received", "funds.lent")], [800_000, 0])
        (row,) = self.source._rows(facts.scope, "funding_lines")
        self.assertEqual((row["donor"], row["term"], row["resource"]), ("SOS Faim", "medium", 800_000))

    def test_measures_say_what_was_entered(self):
        self.move_to(date(2026, 1, 2))
        measure = self.facts().measure

        def by(name, **filters):
            return measure(name, tuple(filters.items()))

        self.late.invalidate_recordset()
        self.assertEqual([by("members", sex=sex) for sex in ("female", "male", "none")], [1, 1, 1])
        self.assertEqual((by("members", kind="group"), by("members.joined"), by("members.left")), (1, 2, 0))
        self.assertEqual((by("members.active"), by("members.inactive"), by("members.users")), (2, 1, 0))
        self.assertEqual((by("depositors"), by("depositors", product="term"), by("depositors", sex="male")), (1, 1, 0))
        self.assertEqual(by("deposits.balance"), 505_000)
        self.assertEqual(
            [by("deposits.balance", product=one) for one in ("sight", "term", "plan")], [305_000, 200_000, 0]
        )
        self.assertEqual((by("deposits.accounts"), by("deposits.inactive_accounts")), (4, 0))
        self.assertEqual((by("shares.capital"), by("shares.holders")), (0, 0))
        self.assertEqual((by("loans.active"), by("loans.borrowers"), by("loans.borrowers", sex="female")), (2, 2, 1))
        owed = self.late.principal + self.big.principal
        self.assertEqual((by("loans.outstanding"), by("loans.average")), (owed, Fraction(owed, 2)))
        self.assertEqual(by("loans.outstanding", term="short", sex="male", fund="own"), self.big.principal)
        self.assertEqual(by("loans.outstanding", fund="line"), 0)
        self.assertGreaterEqual(self.late.days_late, 60)
        self.assertEqual(by("loans.late_outstanding", late="60", sex="female"), self.late.principal)
        self.assertEqual(by("loans.late_outstanding", late="400"), 0)
        self.assertEqual(by("loans.provision"), self.late.provision + self.big.provision)
        self.assertEqual((by("loans.granted_number"), by("loans.granted_amount", sex="female")), (2, 120_000))
        self.assertEqual(by("loans.granted_amount", first_time="yes", fund="own"), 720_000)
        self.assertEqual(by("loans.repaid"), 600_000 - self.big.principal)
        due = sum(row.total for loan in (self.late, self.big) for row in loan.instalment_ids if row.due <= YEAR_END)
        paid = sum(
            self.env["kondo.loan.allocation"].search([("loan_id", "in", (self.late + self.big).ids)]).mapped("amount")
        )
        penalties = sum(row.penalty_asked for loan in (self.late, self.big) for row in loan.instalment_ids)
        self.assertEqual(by("loans.due"), due - penalties)
        self.assertAlmostEqual(float(by("loans.recovered_share")), 100 * paid / (due - penalties), places=2)
        self.assertEqual((by("loans.written_off"), by("loans.recovered")), (0, 0))
        self.assertEqual((by("loans.insiders"), by("loans.insiders_commitments")), (self.big.principal, 0))
        self.assertEqual((by("loans.largest_exposure"), by("loans.top10")), (self.big.principal, owed + 80_000))
        self.assertEqual(by("loans.approved_undisbursed"), 80_000)
        self.assertEqual((by("groups.borrowing"), by("officers")), (0, 1))
        self.assertEqual((by("rates.loan_min"), by("rates.savings_max")), (18, 4))
        self.assertGreater(by("rates.teg_average"), 18)
        self.assertEqual(by("parameter", key="related_party_limit"), 10)
        self.assertEqual((by("funds.received"), by("funds.late")), (0, 0))
        self.assertEqual(by("members.in_groups"), 0 if "kondo.org.membership" in self.env else None)

        facts = self.facts(day=QUARTER, frequency="quarter")  # photographed on the 15th, the last day of business
        self.assertEqual(facts.measure("loans.granted_amount_period"), 720_000)
        self.assertEqual(facts.measure("loans.outstanding"), 720_000)
        self.assertEqual(facts.measure("deposits.accounts"), 3)
        self.assertEqual(self.facts(frequency="quarter").measure("loans.granted_amount_period"), 0)

        debtors = self.source._rows(self.facts().scope, "top_debtors", limit=2)
        self.assertEqual([(row["rank"], row["label"]) for row in debtors], [(1, "KONÉ Issa"), (2, "TRAORÉ Awa")])
        evening = [("loan_id", "=", self.late.id), ("date", "=", YEAR_END)]
        self.assertEqual(debtors[1]["days_late"], self.env["kondo.snapshot.loan"].search(evening).days_late)
        (insider,) = self.source._rows(self.facts().scope, "insiders")
        self.assertEqual((insider["number"], insider["outstanding"]), (self.big.name, self.big.principal))
        self.assertEqual(self.source._rows(self.facts().scope, "funding_lines"), [])

        for name, filters in (
            ("loans.unknown", ()),
            ("parameter", (("key", "no_such_key"),)),
            ("members", (("term", "short"),)),
            ("members", (("sex", "feminine"),)),
            ("loans.active", (("purpose", "no_such_purpose"),)),
        ):
            with self.subTest(name=name, filters=filters), self.assertRaises(UserError):
                measure(name, filters)
