from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import OrgCase


@tagged("post_install", "-at_install")
class TestPeople(OrgCase):
    """One row per person, whatever the number of organisations and of the stays in each."""

    def test_a_person_in_two_organisations_is_one_person(self):
        first, second = self.make_organisation(), self.make_organisation("SCOOPS Jigiya")
        awa = self.add_person(first, "COULIBALY Awa", role="president")
        self.env["kondo.org.membership"].create({"organisation_id": second.id, "person_id": awa.id})
        self.assertEqual(awa.membership_ids.organisation_id, first + second)
        self.assertTrue(first.is_organisation)

    def test_who_comes_back_has_two_stays_that_do_not_overlap(self):
        organisation = self.make_organisation()
        awa = self.add_person(organisation, "COULIBALY Awa", date_to="2024-12-31")
        memberships = self.env["kondo.org.membership"]
        with self.assertRaisesRegex(ValidationError, "COULIBALY Awa"), self.env.cr.savepoint():
            memberships.create({"organisation_id": organisation.id, "person_id": awa.id, "date_from": "2024-06-01"})
        back = memberships.create({"organisation_id": organisation.id, "person_id": awa.id, "date_from": "2025-02-01"})
        self.assertEqual(len(organisation.org_membership_ids), 2)
        self.assertFalse(back.date_to)

    def test_the_file_of_a_member_says_who_he_is(self):
        member = self.make_member("KEITA Moussa", sex="male", birth_date="1999-03-02")
        person = self.env["kondo.org.person"].create({"partner_id": member.id, "company_id": self.nio.id})
        self.assertEqual((person.name, person.sex, str(person.birth_date)), ("KEITA Moussa", "male", "1999-03-02"))
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env["kondo.org.person"].create({"partner_id": member.id, "company_id": self.nio.id})

    def test_people_are_those_of_ones_own_caisse(self):
        awa = self.add_person(self.make_organisation(), "COULIBALY Awa")
        stranger = self.as_user(self.users["SGX"]["officer"])
        self.assertFalse(stranger["kondo.org.person"].search([("id", "=", awa.id)]))
        self.assertFalse(stranger["kondo.org.membership"].search([("person_id", "=", awa.id)]))
