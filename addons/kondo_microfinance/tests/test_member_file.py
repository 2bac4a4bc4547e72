from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .member_common import MemberCase


@tagged("post_install", "-at_install")
class TestMemberFile(MemberCase):
    # ------------------------------------------------------------------ numbers and caisse
    def test_each_caisse_numbers_its_members_from_one(self):
        numbers = [self.make_member(f"MEMBRE {index}").member_number for index in range(2)]
        self.assertEqual(numbers, ["NIM-00001", "NIM-00002"])
        self.assertEqual(self.make_member("AUTRE", self.seg).member_number, "SGM-00001")

    def test_a_batch_of_files_gets_numbers_of_the_right_caisse_in_order(self):
        caisses = [self.nio, self.seg, self.nio]
        members = self.env["res.partner"].create(
            [{"name": f"M {i}", "is_kondo_member": True, "company_id": c.id} for i, c in enumerate(caisses)]
        )
        self.assertEqual(members.mapped("member_number"), ["NIM-00001", "SGM-00001", "NIM-00002"])

    def test_the_number_sequence_holds_no_lock_between_tellers(self):
        self.make_member()
        sequence = self.env["ir.sequence"].search([("code", "=", f"kondo.member.{self.nio.id}")])
        self.assertEqual((len(sequence), sequence.implementation, sequence.company_id), (1, "standard", self.nio))

    def test_numbers_go_on_after_those_brought_from_another_system(self):
        self.make_member("REPRIS", member_number="NIM-00001")
        self.make_member("REPRIS AUSSI", member_number="NIM-01200")
        self.assertEqual(self.make_member("NOUVEAU").member_number, "NIM-01201")
        self.assertEqual(self.make_member("SUIVANT").member_number, "NIM-01202")

    def test_a_number_exists_once_in_its_caisse(self):
        self.make_member()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.make_member("AUTRE", member_number="NIM-00001")

    def test_a_member_never_belongs_to_the_union(self):
        with self.assertRaises(ValidationError):
            self.make_member(caisse=self.union)

    def test_a_member_without_caisse_is_refused_by_the_database_too(self):
        member = self.make_member()
        self.env.flush_all()
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.cr.execute("UPDATE res_partner SET company_id = NULL WHERE id = %s", [member.id])

    def test_a_contact_becomes_a_member_with_a_number(self):
        contact = self.env["res.partner"].create({"name": "KEÏTA Salif"})
        contact.write({"is_kondo_member": True, "company_id": self.nio.id})
        self.assertEqual((contact.member_number, contact.member_state), ("NIM-00001", "applicant"))

    def test_an_employee_s_contact_is_not_a_member_s_file(self):
        with self.assertRaises(ValidationError):
            self.teller.partner_id.write({"is_kondo_member": True, "company_id": self.nio.id})
        member = self.make_member(email="awa@example.ml")
        with self.assertRaises(UserError):
            self.env["res.users"].create(
                {
                    "login": "awa",
                    "partner_id": member.id,
                    "company_id": self.nio.id,
                    "company_ids": [(6, 0, self.nio.ids)],
                }
            )

    def test_groups_and_legal_persons_are_organisations_for_odoo(self):
        self.assertFalse(self.make_member().is_company)
        group = self.make_member("GIE Benkadi", member_kind="group", sex=False)
        self.assertTrue(group.is_company)
        group.write({"women_count": 12, "men_count": 3})
        self.assertEqual((group.women_count, group.men_count), (12, 3))

    # ------------------------------------------------------------------ who may do what
    def test_a_teller_opens_a_file_in_his_own_caisse(self):
        member = self.members_as(self.teller).create({"name": "DIARRA Moussa", "is_kondo_member": True, "sex": "male"})
        self.assertEqual((member.company_id, member.member_state), (self.nio, "applicant"))
        with self.assertRaises(UserError):
            self.members_as(self.teller).create(
                {"name": "DIARRA Moussa", "is_kondo_member": True, "company_id": self.seg.id}
            )

    def test_only_those_who_keep_files_change_them(self):
        member = self.make_member()
        for user in (self.controller, self.accountant):
            with self.assertRaises(UserError):
                self.members_as(user, self.nio).browse(member.id).write({"profession": "Berger"})
            with self.assertRaises(UserError):
                self.members_as(user, self.nio).create(
                    {"name": "X", "is_kondo_member": True, "company_id": self.nio.id}
                )
        for user in (self.teller, self.officer, self.manager):
            self.members_as(user).browse(member.id).write({"profession": user.login})
            self.assertEqual(member.profession, user.login)

    def test_an_accountant_allowed_to_create_contacts_still_opens_no_file(self):
        self.accountant.group_ids += self.env.ref("base.group_partner_manager")
        contact = self.members_as(self.accountant).create({"name": "Fournisseur"})
        self.assertFalse(contact.is_kondo_member)
        with self.assertRaises(UserError):
            self.members_as(self.accountant).create({"name": "X", "is_kondo_member": True, "company_id": self.nio.id})

    def test_a_teller_changes_nobody_who_is_not_a_member(self):
        with self.assertRaises(UserError):
            self.members_as(self.teller).browse(self.manager.partner_id.id).write({"email": "voleur@example.ml"})
        with self.assertRaises(UserError):
            self.members_as(self.teller).create({"name": "Fournisseur"})

    def test_number_status_and_caisse_do_not_change_by_hand(self):
        member = self.make_member(active=False)
        as_manager = self.members_as(self.manager).browse(member.id)
        for vals in (
            {"member_state": "active"},
            {"member_number": "NIM-99999"},
            {"company_id": self.seg.id},
            {"membership_date": "2001-01-01"},
            {"applied_by_id": self.teller.id},
        ):
            with self.assertRaises(UserError, msg=vals):
                as_manager.write(vals)
        with self.assertRaises(UserError):
            self.members_as(self.teller).create({"name": "X", "is_kondo_member": True, "member_state": "active"})

    def test_a_file_is_never_deleted_nor_archived(self):
        member = self.make_member()
        with self.assertRaises(UserError):
            member.unlink()
        with self.assertRaises(UserError):
            member.active = False

    # ------------------------------------------------------------------ birth and youth
    def test_a_birth_known_by_its_year_shows_the_year_and_stands_in_the_middle(self):
        member = self.make_member(birth_date="1987-02-11", birth_precision="year")
        self.assertEqual(str(member.birth_date), "1987-07-01")
        self.assertEqual((member.birth_label, member.birth_year), ("1987", 1987))
        member.write({"birth_date": "1990-03-02", "birth_precision": "month"})
        self.assertEqual((str(member.birth_date), member.birth_label), ("1990-03-15", "03/1990"))
        member.birth_precision = "year"
        self.assertEqual((str(member.birth_date), member.birth_label), ("1990-07-01", "1990"))
        member.write({"birth_date": "1990-03-02", "birth_precision": "day"})
        self.assertEqual(str(member.birth_date), "1990-03-02")

    def test_typing_only_a_year_of_birth_is_enough(self):
        member = self.make_member(birth_date=False, birth_precision=False, active=False)
        member.birth_year = 1979
        self.assertEqual((str(member.birth_date), member.birth_precision), ("1979-07-01", "year"))
        with self.assertRaises(ValidationError):
            member.birth_year = 79

    def test_youth_goes_from_the_15th_birthday_to_the_eve_of_the_36th(self):
        cases = {
            self.years_ago(15): True,
            self.years_ago(15, days=1): False,
            self.years_ago(36, days=1): True,
            self.years_ago(36): False,
        }
        for born, expected in cases.items():
            member = self.make_member(birth_date=born, birth_precision="day")
            self.assertEqual(member.is_youth, expected, born)
            found = self.env["res.partner"].search([("is_youth", "=", True), ("id", "=", member.id)])
            self.assertEqual(bool(found), expected, born)
            others = self.env["res.partner"].search([("is_youth", "=", False), ("id", "=", member.id)])
            self.assertEqual(bool(others), not expected, born)

    def test_the_youth_band_follows_the_dated_parameter(self):
        member = self.make_member(birth_date=self.years_ago(34), birth_precision="day")
        self.assertTrue(member.is_youth)
        self.env["kondo.parameter"].create(
            {"key": "youth_age_max", "label": "Youth", "date_from": self.years_ago(1), "value": "30"}
        )
        member.invalidate_recordset(["is_youth"])
        self.assertFalse(member.is_youth)
        self.assertFalse(self.env["res.partner"].search([("is_youth", "=", True), ("id", "=", member.id)]))

    def test_a_group_is_never_young(self):
        group = self.make_member("GIE", member_kind="group", birth_date=self.years_ago(20), birth_precision="day")
        self.assertFalse(group.is_youth)

    # ------------------------------------------------------------------ form
    def test_the_member_form_saves_for_a_teller_and_proposes_the_caisse(self):
        members = self.members_as(self.teller).with_context(
            default_is_kondo_member=True, default_member_kind="individual"
        )
        with Form(members, "kondo_microfinance.kondo_member_view_form") as form:
            form.name = "COULIBALY Issa"
            form.sex = "male"
            form.birth_precision = "year"
            form.birth_year = 1994
        member = form.record
        self.assertEqual((member.member_number, str(member.birth_date)), ("NIM-00001", "1994-07-01"))
        self.assertEqual(member.nationality_id, self.env.ref("base.ml"))

    def test_a_member_opens_in_the_member_form_wherever_he_is_clicked(self):
        view = self.env.ref("kondo_microfinance.kondo_member_view_form")
        self.assertEqual(self.make_member().get_formview_id(), view.id)
        self.assertNotEqual(self.teller.partner_id.get_formview_id(), view.id)
