import base64
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, tagged

from odoo.addons.kondo_farmer_orgs.engine.campaign import merged_tranches, months_of_campaign
from odoo.addons.kondo_farmer_orgs.engine.marketing_sheet import Row, read_sheet, sums_of

from .campaign_common import CampaignCase

AMOUNTS = st.integers(0, 10**7)


class TestMarketingEngine(BaseCase):
    @given(st.lists(st.tuples(st.integers(1, 10**4), st.integers(1, 500), AMOUNTS), min_size=1, max_size=8))
    def test_what_adds_up_has_no_fault(self, rows):
        rows = [(kg, price, min(debt, kg * price)) for kg, price, debt in rows]
        text = "OP;Nom;Kg;Prix;Brut;Retenue;Net\n" + "".join(
            f"B;N{n};{kg};{price};{kg * price};{debt};{kg * price - debt}\n" for n, (kg, price, debt) in enumerate(rows)
        )
        gross, debt = sum(kg * price for kg, price, _debt in rows), sum(debt for *_kg, debt in rows)
        sheet = read_sheet((text + f"TOTAL;;;;{gross};{debt};{gross - debt}\n").encode())
        self.assertEqual(sheet.faults, [])
        self.assertEqual((sheet.total("gross"), sheet.total("debt"), len(sheet.rows)), (gross, debt, len(rows)))
        wrong = read_sheet((text + f"TOTAL;;;;{gross + 1};{debt};{gross - debt}\n").encode())
        self.assertEqual([fault.code for fault in wrong.faults], ["total_differs"])

    @given(AMOUNTS, AMOUNTS, st.integers(-(10**7), 10**7))
    def test_net_is_gross_less_debt_and_never_below_zero(self, gross, debt, net):
        codes = [code for code, _role in sums_of(Row(2, gross=gross, debt=debt, net=net))]
        expected = [] if net == gross - debt >= 0 else ["net_differs"] if net != gross - debt else ["net_negative"]
        self.assertEqual(codes, expected)

    @given(st.dates(), st.lists(st.tuples(st.dates(), st.integers(1, 10**6)), max_size=8))
    def test_tranches_rise_and_lose_nothing_after_the_start(self, start, parts):
        merged = merged_tranches(start, parts)
        days = [day for day, _amount in merged]
        self.assertEqual(days, sorted(set(days)))
        self.assertEqual(sum(amount for _day, amount in merged), sum(amount for day, amount in parts if day > start))

    @given(st.integers(0, 3_000), st.integers(1, 700))
    def test_months_are_the_nearest(self, since, days):
        start = date(2020, 1, 1) + timedelta(days=since)
        months = months_of_campaign(start, start + timedelta(days=days))
        self.assertLess(abs(months - days / 30.4), 1.2)

    def test_what_cannot_be_read(self):
        heading = "OP;Nom;Poids;Prix;Brut;Crédit;Net\n"
        for row, code in (
            ("B;A;1000;300;300000;1;x", "amount_text"),
            ("B;A;mille;300;300000;0;300000", "kg_text"),
            ("B;A;;300;300000;0;300000", "kg_missing"),
            ("B;A;1000;300;300000;400000;-100000", "net_negative"),
            ("B;A;1000;301;300000;0;300000", "gross_differs"),
            ("B;A;1000;300;300000;10;300000", "net_differs"),
            ("B;A;1000;300;300000,5;0;300000", "amount_decimals"),
        ):
            self.assertIn(code, [fault.code for fault in read_sheet((heading + row + "\n").encode()).faults], row)
        self.assertEqual([fault.code for fault in read_sheet(b"%PDF").faults], ["unknown_format"])
        self.assertEqual([fault.code for fault in read_sheet(b"OP;Nom\nB;A\n").faults], ["no_heading"])
        self.assertEqual(read_sheet((heading + "B;A;10,5;300;3150;;3150\n").encode()).rows[0].kg, Decimal("10.5"))


@tagged("post_install", "-at_install")
class TestMarketingSheet(CampaignCase):
    def setUp(self):
        super().setUp()
        self.enter_needs(self.benkadi, urea=10, npk=0 + 1, cash=100_000)
        self.loan = self.env["kondo.loan"].browse(self.grant(self.request_loans()).id)
        self.go_to("vouchers")
        self.pay_out(self.loan)
        self.loan.with_env(self.as_user(self.manager)).action_drop_rest()
        self.go_to("marketing")
        self.env.invalidate_all()
        self.move_day(self.nio, self.loan.instalment_ids.due)
        self.rows = [("SCPC Benkadi", "", 1_000, 80_000)]
        self.bank_before = self.bank_balance()

    def post(self, sheet):
        sheet.action_check()
        sheet.action_submit()
        sheet.with_env(self.as_user(self.manager)).action_approve()
        self.env.invalidate_all()

    def test_control_totals_are_compared_first(self):
        for wrong in ({"control_count": 2}, {"control_gross": 299_999}, {"control_net": 1}, {"control_kg": 1}):
            sheet = self.make_sheet(self.rows, reference=str(wrong), **wrong)
            sheet.action_check()
            self.assertEqual((sheet.state, sheet.error_count), ("faulty", 0), wrong)
            self.assertTrue(sheet.fault_note)
            with self.assertRaises(UserError):
                sheet.action_submit()
        with self.assertRaises(UserError):
            self.make_sheet(self.rows, control_count=0).action_check()
        self.assertEqual(self.bank_balance(), self.bank_before)

    def test_the_same_list_twice(self):
        sheet = self.make_sheet(self.rows)
        self.post(sheet)
        self.assertEqual((self.loan.state, self.bank_balance() - self.bank_before), ("active", 300_000))
        twin = self.make_sheet(self.rows, reference="L-119", file=sheet.file)
        with self.assertRaisesRegex(UserError, sheet.name):
            twin.action_check()
        with self.assertRaises(AccessError):
            sheet.write({"reference": "L-120"})
        with self.assertRaises(UserError):
            sheet.action_cancel()

    def test_part_of_the_debt_is_repaid(self):
        owed = self.loan.rest
        self.post(self.make_sheet(self.rows))
        self.assertEqual((self.loan.rest, self.account_of(self.benkadi).balance), (owed - 80_000, 220_000))

    def test_exceptions_are_told_row_by_row(self):
        other = self.make_organisation("SCPC Sigui Bis")
        rows = [
            ("SCPC Inconnue", "", 100, 0),
            ("SCPC Benkadi", "Personne", 100, 0),
            ("SCPC Benkadi", "SCPC Benkadi Awa", 100, 0),
            ("SCPC Benkadi", "", 100, 40_000),
            (other.name, "", 100, 10_000),
            ("", "", 100, 0),
        ]
        sheet = self.make_sheet(rows)
        sheet.action_check()
        lines = sheet.line_ids.sorted("row")
        self.assertEqual((sheet.state, lines.mapped("state")), ("faulty", ["error"] * 6))
        for line, part in zip(
            lines, ("caisse", "SCPC Benkadi", "compte|account", "Net|net", "loan|crédit|prêt|compte", ""), strict=True
        ):
            self.assertRegex(line.reason, part or ".")
        with self.assertRaises(UserError):
            sheet.action_submit()

    def test_a_person_is_paid_on_his_own_account(self):
        member = self.make_member("KEITA Oumou")
        account = self.make_account(member, product=self.demand)
        person = self.env["kondo.org.person"].create({"partner_id": member.id, "company_id": self.nio.id})
        self.env["kondo.org.membership"].create(
            {"organisation_id": self.benkadi.id, "person_id": person.id, "date_from": "2024-01-01"}
        )
        self.post(self.make_sheet([("SCPC Benkadi", "KEITA Oumou", 500, 50_000)]))
        self.assertEqual(account.balance, 100_000)

    def test_only_in_its_phase_and_its_bank(self):
        sheet = self.make_sheet(self.rows)
        sheet.action_check()
        sheet.action_submit()
        self.campaign.with_user(self.network_manager).action_next_phase()
        with self.assertRaises(UserError):
            sheet.with_env(self.as_user(self.manager)).action_approve()
        sheet.action_take_back()
        self.assertEqual((sheet.state, len(sheet.line_ids)), ("draft", 0))
        elsewhere = self.seg.with_user(self.users["SGX"]["accountant"])._kondo_create_bank_account("BDM Ségou", "ML1")
        with self.assertRaises(UserError):
            self.make_sheet(self.rows, reference="X", journal_id=elsewhere.id)

    def test_another_caisse_sees_nothing(self):
        sheet = self.make_sheet(self.rows)
        sheet.action_check()
        stranger = self.users["SGX"]["manager"]
        for model in ("kondo.marketing.sheet", "kondo.marketing.sheet.line"):
            self.assertTrue(self.as_user(self.officer)[model].search_count([]))
            self.assertFalse(self.as_user(stranger)[model].search_count([]))
        sheet.action_submit()
        with self.assertRaises(UserError):
            sheet.with_env(self.as_user(stranger)).action_approve()
        with self.assertRaises(UserError):
            self.as_user(self.teller)["kondo.marketing.sheet"].create({"campaign_id": self.campaign.id})

    def test_a_list_as_the_buyer_types_it(self):
        text = "OP;Poids;Prix;Brut;Retenue;Net à payer\nSCPC  BENKADI;1 000,0;300;300 000;80 000 F;220 000\n"
        sheet = self.make_sheet(self.rows, file=base64.b64encode(text.encode()), file_name="liste.csv")
        self.post(sheet)
        self.assertEqual((sheet.state, sheet.kg), ("posted", 1_000))
