from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .member_common import MemberCase


@tagged("post_install", "-at_install")
class TestMemberDuplicates(MemberCase):
    def setUp(self):
        super().setUp()
        self.awa = self.make_member("TRAORÉ Awa", phone="76 12 34 56")
        self.document = self.env["res.partner.id_number"].create(
            {"partner_id": self.awa.id, "category_id": self.env.ref("kondo_microfinance.id_category_nina").id,
             "name": "18701234567890K"}
        )  # fmt: skip

    def candidates(self, user=None, **values):
        return self.members_as(user or self.teller).duplicate_candidates(values)

    def test_the_same_name_year_and_village_in_another_spelling_is_shown(self):
        found = self.candidates(name="Hawa Traore", birth_year=1987, village_id=self.village.id)
        self.assertEqual([candidate["id"] for candidate in found], [self.awa.id])
        self.assertIn("same village", found[0]["reasons"])

    def test_a_common_name_alone_is_not_a_duplicate(self):
        self.assertEqual(self.candidates(name="TRAORÉ Awa"), [])
        self.assertEqual(self.candidates(name="TRAORÉ Awa", birth_year=1960, village_id=self.village.id), [])

    def test_a_phone_with_a_near_name_is_shown_and_a_lone_phone_of_the_family_is_not(self):
        self.assertTrue(self.candidates(name="TRAORE Aoua", phone="+223 76123456"))
        self.assertEqual(self.candidates(name="KEÏTA Boubacar", phone="76 12 34 56"), [])

    def test_a_document_alone_is_enough(self):
        (found,) = self.candidates(name="AUTRE NOM", documents=["187 0123 4567 890 k"])
        self.assertEqual((found["id"], found["reasons"]), (self.awa.id, ["same document"]))

    def test_a_file_is_not_its_own_duplicate(self):
        self.assertEqual(
            self.candidates(
                name="TRAORÉ Awa", birth_year=1987, village_id=self.village.id, documents=["18701234567890K"],
                exclude_id=self.awa.id,
            ),
            [],
        )  # fmt: skip

    def test_another_caisse_only_learns_that_the_document_is_known_and_where(self):
        found = self.candidates(self.seg_teller, name="TRAORÉ Awa", birth_year=1987, village_id=self.village.id,
                                phone="76 12 34 56", documents=["18701234567890K"])  # fmt: skip
        self.assertEqual(found, [{"elsewhere": True, "company": "Caisse de Niono", "reasons": ["same document"]}])
        self.assertEqual(
            self.candidates(self.seg_teller, name="TRAORÉ Awa", birth_year=1987, village_id=self.village.id,
                            phone="76 12 34 56"),
            [],
        )  # fmt: skip

    def test_a_short_number_probes_no_other_caisse(self):
        self.document.name = "12345"
        self.assertEqual(self.candidates(self.seg_teller, documents=["12345"]), [])

    def test_somebody_outside_the_network_asks_nothing(self):
        stranger = new_test_user(self.env, login="mem_stranger", groups="base.group_user", company_id=self.nio.id,
                                 company_ids=[(6, 0, self.nio.ids)])  # fmt: skip
        with self.assertRaises(AccessError):
            self.candidates(stranger, name="TRAORÉ Awa")

    def test_the_form_shows_the_first_file_before_a_second_is_saved(self):
        members = self.members_as(self.teller).with_context(
            default_is_kondo_member=True, default_member_kind="individual"
        )
        form = Form(members, "kondo_microfinance.kondo_member_view_form")
        form.name = "TRAORE Hawa"
        self.assertFalse(form.duplicate_note)
        form.birth_precision = "year"
        form.birth_year = 1987
        form.village_id = self.village
        self.assertIn("NIM-00001", form.duplicate_note)
        self.assertIn(f"/odoo/kondo-membres/{self.awa.id}", form.duplicate_note)

    def test_names_in_the_banner_are_escaped(self):
        self.make_member("<b>TRAORÉ</b> Fanta", phone="70 70 70 70")
        second = self.make_member("b TRAORÉ b Fanta", phone="70 70 70 70", active=False)
        note = str(second.with_user(self.teller).duplicate_note)
        self.assertIn("&lt;b&gt;", note)
        self.assertNotIn("<b>", note)
