from datetime import date

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import OrgCase


@tagged("post_install", "-at_install")
class TestHeadCount(OrgCase):
    """Women, men and young people of organisations at any date."""

    def setUp(self):
        super().setUp()
        self.benkadi = self.make_organisation(
            "SCOOPS Benkadi",
            [
                ("COULIBALY Awa", "female", "1990-05-01"),
                ("TRAORÉ Fanta", "female", "2005-03-10"),
                ("DIARRA Moussa", "male", "2000-01-01"),
            ],
        )
        self.jigiya = self.make_organisation("SCOOPS Jigiya", [("KEITA Issa", "male", "1960-01-01")])

    def count(self, organisation, day):
        return tuple(
            organisation._head_count(fields.Date.to_date(day))[organisation.id][name]
            for name in ("women", "men", "young_women", "young_men", "total")
        )

    def test_counted_at_any_date(self):
        late = self.add_person(self.benkadi, "SANGARÉ Sita", born="1995-01-01", date_from="2025-06-01")
        late.membership_ids.date_to = "2025-12-31"
        self.assertEqual(self.count(self.benkadi, "2023-12-31"), (0, 0, 0, 0, 0))
        self.assertEqual(self.count(self.benkadi, "2025-05-31"), (2, 1, 2, 1, 3))
        self.assertEqual(self.count(self.benkadi, "2025-06-01"), (3, 1, 3, 1, 4))
        self.assertEqual(self.count(self.benkadi, "2025-12-31"), (3, 1, 3, 1, 4))
        self.assertEqual(self.count(self.benkadi, "2026-01-01"), (2, 1, 2, 1, 3))
        # Awa was born on 1 May 1990: 35 until the eve of her 36th birthday
        self.assertEqual(self.count(self.benkadi, "2026-04-30")[2], 2)
        self.assertEqual(self.count(self.benkadi, "2026-05-01")[2], 1)

    def test_a_band_of_the_donor(self):
        day = date(2025, 1, 1)
        narrow = (self.benkadi + self.jigiya)._head_count(day, youth_from=18, youth_to=24)
        self.assertEqual(narrow[self.benkadi.id]["young_women"], 1)
        self.assertEqual(narrow[self.benkadi.id]["young_men"], 0, "Moussa turned 25 that day")
        self.assertEqual(narrow[self.jigiya.id]["total"], 1)

    def test_whoever_is_in_two_organisations_counts_once(self):
        awa = self.benkadi.org_membership_ids.person_id[:1]
        self.env["kondo.org.membership"].create(
            {"organisation_id": self.jigiya.id, "person_id": awa.id, "date_from": "2024-01-01"}
        )
        day, both = date(2025, 1, 1), self.benkadi + self.jigiya
        self.assertEqual(sum(row["total"] for row in both._head_count(day).values()), 5)
        self.assertEqual(both._head_count_together(day)["total"], 4)
        self.assertEqual(len(both._people_on(day)), 4)

    def test_many_organisations_in_one_query(self):
        both = self.benkadi + self.jigiya
        self.env.flush_all()
        both._head_count(date(2025, 1, 1))
        with self.assertQueryCount(5):  # two ages of the dated parameters, and one count for all of them
            both._head_count(date(2025, 1, 1))

    def test_the_numbers_of_the_file_follow_the_names(self):
        self.assertEqual((self.benkadi.women_count, self.benkadi.men_count), (2, 1))
        self.assertEqual(self.benkadi.org_people, 3)
        self.benkadi.org_membership_ids[:1].date_to = fields.Date.today()
        self.assertEqual(self.benkadi.women_count, 2, "her last day is today")
        self.benkadi.org_membership_ids[:1].date_to = fields.Date.subtract(fields.Date.today(), days=1)
        self.assertEqual(self.benkadi.women_count, 1)
        with self.assertRaisesRegex(ValidationError, "SCOOPS Benkadi"), self.env.cr.savepoint():
            self.benkadi.women_count = 12

    def test_typed_numbers_stay_where_nobody_is_named(self):
        group = self.make_organisation("Jamana", women_count=12, men_count=3)
        self.assertEqual((group.women_count, group.men_count, group.org_people), (12, 3, 15))
        self.assertTrue(group.is_women_org)
        self.assertFalse(group.is_youth_org, "nobody knows how old they are")

    def test_days_that_pass_move_the_numbers_of_the_file(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE kondo_org_membership SET date_to = CURRENT_DATE - 1 WHERE organisation_id = %s", [self.benkadi.id]
        )
        self.env.invalidate_all()
        self.assertEqual(self.benkadi.women_count, 2)
        self.assertEqual(self.env["res.partner"]._refresh_group_counts(), 1)
        self.assertEqual((self.benkadi.women_count, self.benkadi.men_count), (0, 0))

    def test_of_women_from_above_the_half(self):
        self.assertTrue(self.benkadi.is_women_org)
        found = self.env["res.partner"].search([("is_women_org", "=", True)])
        self.assertIn(self.benkadi, found)
        self.assertNotIn(self.jigiya, found)
        self.add_person(self.benkadi, "KONÉ Ali", "male", "1970-01-01")
        self.env.invalidate_all()
        self.assertFalse(self.benkadi.is_women_org, "two of four are not more than the half")
        self.env["kondo.parameter"].search([("key", "=", "women_organisation_percent")]).value = "49.5"
        self.env.invalidate_all()
        self.assertTrue(self.benkadi.is_women_org)

    def test_the_names_behind_a_number(self):
        counting = self.env["kondo.org.people.on"].browse((self.benkadi + self.jigiya).action_count_people()["res_id"])
        counting.date = "2025-01-01"
        self.assertEqual((counting.women, counting.men, counting.young, counting.total), (2, 2, 3, 4))
        for which, number in (("women", 2), ("men", 2), ("young_women", 2), ("young_men", 1), ("young", 3), ("all", 4)):
            domain = counting.with_context(people=which).action_names()["domain"]
            self.assertEqual(self.env["kondo.org.person"].search_count(domain), number, which)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            counting.youth_to = 3

    def test_another_caisse_counts_nobody_here(self):
        stranger = self.as_user(self.users["SGX"]["officer"])["kondo.org.people.on"]
        with self.assertRaises(AccessError):
            _ = stranger.new({"organisation_ids": [(6, 0, self.benkadi.ids)], "date": "2025-01-01"}).women
        with self.assertRaises(AccessError):
            self.benkadi.with_env(stranger.env).action_count_people()


@tagged("post_install", "-at_install")
class TestPersonsFile(OrgCase):
    """What is kept of a person, and who looks like him."""

    def test_a_year_alone_is_the_middle_of_it(self):
        person = self.add_person(self.make_organisation(), "COULIBALY Awa")
        person.birth_year = 1987
        self.assertEqual((str(person.birth_date), person.birth_precision), ("1987-07-01", "year"))
        person.write({"birth_date": "1988-02-20", "birth_precision": "month"})
        self.assertEqual(str(person.birth_date), "1988-02-15")
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            person.birth_year = 87

    def test_who_looks_like_somebody_of_the_list(self):
        self.add_person(self.make_organisation(), "COULIBALY Awa", born="1987-07-01").village_id = self.village
        values = {"company_id": self.nio.id, "birth_date": "1987-03-01", "village_id": self.village.id}
        same = self.env["kondo.org.person"].create({"name": "Hawa Kulibali", "sex": "female", **values})
        self.assertIn("SCOOPS Benkadi", same.duplicate_note)
        other = self.env["kondo.org.person"].create({"name": "SISSOKO Bintou", "sex": "female", **values})
        self.assertFalse(other.duplicate_note)
        same.action_checked()
        self.assertFalse(same.duplicate_note)

    def test_a_members_file_is_proposed(self):
        member = self.make_member("TRAORÉ Oumou", birth_date="1990-01-01", village_id=self.village.id)
        values = {"company_id": self.nio.id, "birth_date": "1990-01-01", "village_id": self.village.id}
        person = self.env["kondo.org.person"].create({"name": "TRAORE Oumou", "sex": "female", **values})
        self.assertIn(member.member_number, person.duplicate_note)
        person.partner_id = member
        self.assertFalse(person.duplicate_note)

    def test_people_follow_their_organisation_to_another_caisse(self):
        organisation = self.make_organisation("SCOOPS Benkadi", [("COULIBALY Awa",)])
        awa = organisation.org_membership_ids.person_id
        organisation.sudo().company_id = self.seg
        self.assertEqual((awa.company_id, awa.membership_ids.company_id), (self.seg, self.seg))
        second, third = self.make_organisation("SCOOPS Jigiya", [("KEITA Sira",)]), self.make_organisation("Jamana")
        sira = second.org_membership_ids.person_id
        self.env["kondo.org.membership"].create({"organisation_id": third.id, "person_id": sira.id})
        with self.assertRaisesRegex(UserError, "KEITA Sira"), self.env.cr.savepoint():
            second.sudo().company_id = self.seg
        member = self.make_member("TRAORÉ Oumou")
        person = self.env["kondo.org.person"].create({"partner_id": member.id, "company_id": self.nio.id})
        member.sudo().company_id = self.seg
        self.assertEqual((person.name, person.company_id), ("TRAORÉ Oumou", self.nio))
        self.assertFalse(person.partner_id)

    def test_an_individual_has_no_legal_form(self):
        with self.assertRaisesRegex(ValidationError, "KEITA"), self.env.cr.savepoint():
            self.make_member("KEITA Moussa", sex="male").org_form = "scoops"

    def test_only_those_who_keep_files_enter_people(self):
        organisation = self.make_organisation()
        values = {"name": "X", "company_id": self.nio.id}
        with self.assertRaises(AccessError):
            self.as_user(self.users["NIX"]["teller"])["kondo.org.person"].create(values)
        person = self.as_user(self.officer)["kondo.org.person"].create(values)
        stay = self.as_user(self.officer)["kondo.org.membership"].create(
            {"organisation_id": organisation.id, "person_id": person.id}
        )
        self.assertEqual(stay.company_id, self.nio)


@tagged("post_install", "-at_install")
class TestOfficers(OrgCase):
    """The officers who sign have a face at the teller window, as long as they are in office."""

    def setUp(self):
        super().setUp()
        self.organisation = self.make_organisation("SCOOPS Benkadi", [("TRAORÉ Fanta", "female", "2000-01-01")])
        self.president = self.add_person(self.organisation, "COULIBALY Awa", role="president").membership_ids
        self.today = fields.Date.today()

    def sign(self, stay):
        mine = stay.with_env(self.as_user(self.officer))
        mine.action_make_signatory()
        self.env.invalidate_all()
        return stay.mandate_id

    def test_an_officer_who_signs_is_shown_to_the_teller(self):
        mandate = self.sign(self.president)
        self.assertEqual((mandate.holder_name, mandate.scope), ("COULIBALY Awa", "together"))
        card = self.organisation._kondo_card()
        self.assertEqual([row["name"] for row in card["mandates"]], ["COULIBALY Awa"])
        self.assertEqual(card["organisation"]["people"], 2)
        self.assertEqual(
            [(row["name"], row["signs"]) for row in card["organisation"]["officers"]], [("COULIBALY Awa", True)]
        )
        self.assertEqual(self.sign(self.president), mandate, "a second click makes no second mandate")
        self.assertFalse(self.make_member()._kondo_card()["organisation"])

    def test_the_mandate_ends_with_the_office(self):
        mandate = self.sign(self.president)
        self.president.date_to = fields.Date.add(self.today, days=5)
        self.assertEqual(mandate.date_to, fields.Date.add(self.today, days=5))
        self.assertTrue(mandate.is_current)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.president.unlink()

    def test_another_president_is_elected(self):
        mandate = self.sign(self.president)
        mandate.date_from = fields.Date.subtract(self.today, days=10)
        change = self.as_user(self.officer)["kondo.org.role.change"].create(
            {"membership_id": self.president.id, "role": "member", "date": self.today}
        )
        stay = change.action_apply()
        self.env.invalidate_all()
        self.assertEqual((stay.role, stay.date_from), ("member", self.today))
        self.assertFalse(mandate.is_current)
        self.assertEqual(self.organisation._kondo_card()["mandates"], [])
        self.assertEqual(self.organisation.org_people, 2, "she stays in the organisation")

    def test_a_plain_member_does_not_sign(self):
        plain = self.organisation.org_membership_ids - self.president
        with self.assertRaises(UserError):
            plain.with_env(self.as_user(self.officer)).action_make_signatory()
        with self.assertRaises(UserError):
            self.president.with_env(self.as_user(self.users["NIX"]["teller"])).action_make_signatory()

    def test_an_officer_of_another_caisse_cannot(self):
        stranger = self.as_user(self.users["SGX"]["officer"])
        with self.assertRaises(UserError):
            self.president.with_env(stranger).action_make_signatory()
        self.assertFalse(self.president.mandate_id)
