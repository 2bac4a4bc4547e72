import io
from datetime import date

import openpyxl
from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import OrgCase


@tagged("post_install", "-at_install")
class TestReach(OrgCase):
    """A donor's line from its first franc to its report, each number with the names behind it."""

    @classmethod
    def build_network(cls):
        super().build_network()
        cls.accountant = cls.users["NIX"]["accountant"]
        cls.bank = cls.nio.with_user(cls.accountant)._kondo_create_bank_account("BNDA Niono", "ML016 020").sudo()
        cls.group_product = cls.loan_product(
            name="Crédit OP", code="GOP", amortization="in_fine", instalments=1, every=4, annual_rate=12
        )
        cls.line = cls.new_line()

    @classmethod
    def new_line(cls, **values):
        return cls.env["kondo.funding.line"].create(
            {
                "name": "SOS Faim 2017",
                "donor_id": cls.env["res.partner"].create({"name": "SOS Faim", "is_company": True}).id,
                "agreement": "Convention 2017/04",
                "company_id": cls.union.id,
                "amount": 5_000_000,
                "date_from": "2020-01-01",
                **values,
            }
        )

    def receive(self, amount, line=None):
        (line or self.line).with_user(self.accountant).receive(self.bank.id, amount, "Virement 12")
        self.env.invalidate_all()

    def split_loan(self, organisation, parts, line=None, product=None):
        """A file of an organisation: parts are (person, francs)."""
        amount = sum(francs for _person, francs in parts)
        return self.file(
            organisation,
            product=product or self.group_product,
            amount=amount,
            instalments=1,
            funding_ids=[(0, 0, {"line_id": (line or self.line).id, "percent": 100})],
            split_ids=[
                (0, 0, {"person_id": person.id, "requested": francs, "granted": francs}) for person, francs in parts
            ],
        )

    def lend(self, loan):
        self.pay_out(self.grant(loan))
        self.env.invalidate_all()
        return self.env["kondo.loan"].browse(loan.id)

    def report(self, user=None, line=None, **values):
        env = self.as_user(user or self.network_manager, self.union + self.nio + self.seg if not user else None)
        today = self.nio.business_date
        report = env["kondo.donor.report"].create(
            {"line_id": (line or self.line).id, "date_from": today.replace(month=1, day=1), "date_to": today, **values}
        )
        report.action_count()
        return report

    def numbers(self, report, whole=False):
        return {row.name: row.whole if whole else row.value for row in report.row_ids}

    # ------------------------------------------------------------------ the whole life
    def test_the_life_of_a_line_and_the_numbers_of_its_report(self):
        self.receive(1_000_000)
        first = self.make_organisation("SCOOPS Benkadi")
        women = [self.add_person(first, f"DIARRA Awa {n}", born="2000-06-01") for n in range(3)]
        man = self.add_person(first, "DIARRA Adama", sex="male", born="1960-06-01")
        second = self.make_organisation("SCOOPS Jigiya")
        self.env["kondo.org.membership"].create({"organisation_id": second.id, "person_id": women[0].id})
        elder = self.add_person(second, "COULIBALY Sitan", born="1955-01-01")
        one = self.lend(self.split_loan(first, [*((woman, 50_000) for woman in women), (man, 100_000)]))
        self.lend(self.split_loan(second, [(women[0], 40_000), (elder, 60_000)]))
        alone = self.file(
            self.make_member("KEITA Fatou", birth_date="1970-03-03"),
            amount=90_000,
            funding_ids=[(0, 0, {"line_id": self.line.id, "percent": 50})],
        )
        self.lend(alone)
        self.repay(one, 100_000)
        self.env.invalidate_all()
        report = self.report()
        numbers = self.numbers(report)
        self.assertEqual(
            {name: numbers[name] for name in ("organisations", "borrowing_women", "people", "women", "men", "young")},
            {"organisations": 2, "borrowing_women": 1, "people": 6, "women": 5, "men": 1, "young": 3},
        )
        self.assertEqual((numbers["young_women"], numbers["young_men"]), (3, 0))
        # 250 000 + 100 000, and half of 90 000
        self.assertEqual((numbers["loans"], numbers["disbursed"], numbers["average"]), (3, 395_000, 131_667))
        returned = 395_000 - self.line.outstanding
        self.assertEqual((numbers["repaid_principal"], numbers["outstanding"]), (returned, self.line.outstanding))
        self.assertEqual(sum(francs for _label, francs in report._standing()[2:]), self.line.received)
        self.assertEqual(self.numbers(report, whole=True), numbers, "it began this year")

    def test_each_number_opens_the_names_behind_it(self):
        self.receive(1_000_000)
        organisation = self.make_organisation()
        awa = self.add_person(organisation, "COULIBALY Awa", born="2001-01-01")
        adama = self.add_person(organisation, "COULIBALY Adama", sex="male", born="1970-01-01")
        loan = self.lend(self.split_loan(organisation, [(awa, 30_000), (adama, 70_000)]))
        rows = {row.name: row for row in self.report().row_ids}
        action = rows["young_women"].action_open()
        people = rows["women"].env[action["res_model"]].search(action["domain"])
        self.assertEqual((people.mapped("name"), people.organisation_id), (["COULIBALY Awa"], organisation))
        action = rows["outstanding"].action_open_whole()
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), loan)

    def test_who_borrows_himself_and_through_an_organisation_counts_once(self):
        self.receive(1_000_000)
        member = self.make_member("TANGARA Kadia", birth_date="1992-02-02")
        organisation = self.make_organisation()
        person = self.env["kondo.org.person"].create({"partner_id": member.id, "company_id": self.nio.id})
        self.env["kondo.org.membership"].create({"organisation_id": organisation.id, "person_id": person.id})
        self.lend(self.split_loan(organisation, [(person, 50_000)]))
        self.lend(self.file(member, amount=40_000, funding_ids=[(0, 0, {"line_id": self.line.id})]))
        numbers = self.numbers(self.report())
        self.assertEqual((numbers["people"], numbers["women"], numbers["loans"]), (1, 1, 2))

    def test_young_on_the_day_of_the_disbursement_by_the_band_of_the_line(self):
        self.receive(1_000_000)
        self.line.write({"youth_from": 18, "youth_to": 35})
        today = self.nio.business_date
        organisation = self.make_organisation()
        births = {
            "turns 18 today": today - relativedelta(years=18),
            "turns 18 tomorrow": today - relativedelta(years=18) + relativedelta(days=1),
            "turns 36 tomorrow": today - relativedelta(years=36) + relativedelta(days=1),
            "turns 36 today": today - relativedelta(years=36),
        }
        people = [self.add_person(organisation, name, born=born) for name, born in births.items()]
        self.lend(self.split_loan(organisation, [(person, 25_000) for person in people]))
        action = {row.name: row for row in self.report().row_ids}["young"].action_open()
        found = self.env["kondo.reach.person"].search(action["domain"]).mapped("name")
        self.assertEqual(sorted(found), ["turns 18 today", "turns 36 tomorrow"])

    def test_what_is_late_and_what_was_paid_of_what_fell_due(self):
        self.receive(1_000_000)
        organisation = self.make_organisation()
        awa = self.add_person(organisation, "COULIBALY Awa")
        loan = self.lend(self.split_loan(organisation, [(awa, 100_000)]))
        due = loan.instalment_ids.due
        self.move_day(self.nio, due)
        self.repay(loan, 40_000)
        self.move_day(self.nio, due + relativedelta(days=31))
        self.env.invalidate_all()
        numbers = self.numbers(self.report(date_from=due, date_to=due + relativedelta(days=31)))
        asked = sum(loan.instalment_ids.mapped(lambda row: row.principal + row.interest))
        self.assertEqual((numbers["due"], numbers["paid"]), (asked, 40_000))
        self.assertEqual(numbers["recovery"], round(40_000 * 10_000 / asked))
        self.assertEqual((numbers["par_30"], numbers["par_30_rate"], numbers["par_90"]), (loan.principal, 10_000, 0))
        numbers = self.numbers(self.report(date_from=due, date_to=due + relativedelta(days=29)))
        self.assertEqual(numbers["par_30"], 0)
        numbers = self.numbers(self.report(date_from=due, date_to=due + relativedelta(days=30)))
        self.assertEqual(numbers["par_30"], loan.principal, "30 days and more, as in portfolio quality")

    # ------------------------------------------------------------------ whom the line is for
    def test_a_line_for_women_or_for_young_people_looks_behind_the_organisation(self):
        line = self.new_line(name="Femmes et jeunes", women_only=True, youth_only=True)
        self.receive(500_000, line)
        organisation = self.make_organisation()
        awa = self.add_person(organisation, "COULIBALY Awa", born="2000-01-01")
        adama = self.add_person(organisation, "COULIBALY Adama", sex="male", born="1960-01-01")
        loan = self.split_loan(organisation, [(awa, 50_000), (adama, 50_000)], line)
        faults = " ".join(loan._funding_faults())
        self.assertRegex(faults, "1.*2")
        self.assertEqual(len(loan._funding_faults()), 2)
        with self.assertRaises(UserError):
            self.grant(loan)
        loan.split_ids.filtered(lambda part: part.person_id == adama).unlink()
        loan.split_ids.granted = 100_000
        self.assertEqual(loan._funding_faults(), [])

    def test_a_line_for_a_crop_asks_for_its_campaign(self):
        self.receive(500_000)
        self.line.crop_ids = self.onion
        organisation = self.make_organisation()
        loan = self.split_loan(organisation, [(self.add_person(organisation, "COULIBALY Awa"), 50_000)])
        self.assertEqual(len(loan._funding_faults()), 1)
        loan.campaign_id = self.env["kondo.campaign"].create(
            {
                "name": "Oignon",
                "company_id": self.union.id,
                "crop_id": self.onion.id,
                "date_from": date(2026, 1, 1),
                "marketing_on": date(2026, 12, 1),
            }
        )
        self.assertEqual(loan._funding_faults(), [])

    # ------------------------------------------------------------------ papers and doors
    def test_the_spreadsheet_says_what_the_screen_says(self):
        self.receive(1_000_000)
        organisation = self.make_organisation()
        awa = self.add_person(organisation, "COULIBALY Awa", born="2001-01-01")
        self.lend(self.split_loan(organisation, [(awa, 30_000)]))
        report = self.report()
        content, _kind = report.env["ir.actions.report"]._render_xlsx(
            "kondo_farmer_orgs.report_donor_xlsx", report.ids, {}
        )
        sheets = openpyxl.load_workbook(io.BytesIO(content)).worksheets
        cells = {row[0]: row[1:] for row in sheets[0].iter_rows(values_only=True) if row[0]}
        for row in report.row_ids.filtered(lambda row: row.known and not row._is_percent()):
            self.assertEqual(cells[row.label], (row.value, row.whole), row.name)
        names = [row[0] for row in sheets[-1].iter_rows(min_row=2, values_only=True)]
        self.assertEqual(names, ["COULIBALY Awa"])
        html, _kind = report.env["ir.actions.report"]._render_qweb_html("kondo_farmer_orgs.report_donor", report.ids)
        self.assertIn(b"SOS Faim 2017", html)

    def test_a_caisse_reads_its_own_part_and_nobody_elses(self):
        self.receive(1_000_000)
        organisation = self.make_organisation()
        awa = self.add_person(organisation, "COULIBALY Awa")
        self.lend(self.split_loan(organisation, [(awa, 30_000)]))
        own = self.report(self.manager)
        self.assertEqual(self.numbers(own)["people"], 1)
        stranger = self.users["SGX"]["manager"]
        self.assertEqual(self.numbers(self.report(stranger))["people"], 0)
        with self.assertRaises(UserError):
            self.report(stranger, caisse_id=self.nio.id)
        with self.assertRaises(AccessError):
            own.row_ids[:1].with_user(stranger).read(["value"])
        with self.assertRaises(AccessError):
            self.report(self.users["NIX"]["teller"])
        self.assertFalse(self.as_user(stranger)["kondo.reach.person"].search([("person_id", "=", awa.id)]))

    def test_an_organisation_says_whom_a_line_for_women_reaches(self):
        line = self.new_line(name="Femmes", women_only=True)
        self.receive(500_000, line)
        organisation = self.make_organisation()
        awa = self.add_person(organisation, "COULIBALY Awa")
        loan = self.split_loan(organisation, [(awa, 50_000)], line)
        self.assertEqual(loan._funding_faults(), [])
        loan.split_ids.unlink()
        self.assertEqual(len(loan._funding_faults()), 1, "nobody says whom it reaches")
        loan = self.grant(self.split_loan(organisation, [(awa, 50_000)], line))
        awa.sex = "male"
        with self.assertRaisesRegex(UserError, "Femmes"):
            self.pay_out(loan)
