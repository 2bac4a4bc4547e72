from psycopg2.errors import UniqueViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from .member_common import MemberCase


@tagged("post_install", "-at_install")
class TestMemberSearch(MemberCase):
    def setUp(self):
        super().setUp()
        self.env["ir.sequence"].search([("code", "=", f"kondo.member.{self.nio.id}")]).unlink()
        self.awa = self.make_member("TRAORÉ Aminata dite Awa", member_number="NIM-00042", phone="+223 76 12 34 56")
        self.issa = self.make_member("COULIBALY Issa", member_number="NIM-00420", phone2="65 42 00 11")
        self.nene = self.make_member("KƆNƐ Ɲɛnɛ", member_number="NIM-00007")
        self.members = self.members_as(self.teller)

    def found(self, query, **kw):
        return [self.env["res.partner"].browse(member["id"]) for member in self.members.member_search(query, **kw)]

    def test_words_come_in_any_order_without_accents_nor_capitals(self):
        for query in ("traore awa", "AWA TRAORÉ", "awa tra", "tr am", "Aminata molodo"):
            self.assertEqual(self.found(query), [self.awa], query)

    def test_french_and_bambara_spellings_meet(self):
        for query, member in (("kulibali", self.issa), ("Koulibaly issa", self.issa), ("kone", self.nene),
                              ("Gnené", self.nene), ("KƆNƐ", self.nene), ("Taraore", None)):  # fmt: skip
            self.assertEqual(self.found(query), [member] if member else [], query)

    def test_a_number_is_found_with_or_without_zeros_and_comes_first(self):
        self.assertEqual(self.found("42"), [self.awa, self.issa])
        self.assertEqual(self.found("00042"), [self.awa])
        self.assertEqual(self.found("NIM-00042"), [self.awa])
        self.assertEqual(self.found("nim 420"), [self.issa])
        self.assertEqual(self.found("7")[0], self.nene)

    def test_a_part_of_a_phone_is_enough(self):
        for query, member in (
            ("76 12", self.awa),
            ("123456", self.awa),
            ("+223 76 12 34 56", self.awa),
            ("4200", self.issa),
        ):
            self.assertIn(member, self.found(query), query)
        self.assertEqual(self.found("+223 76 12 34 56"), [self.awa])

    def test_the_village_finds_its_members(self):
        self.assertEqual(len(self.found("molodo")), 3)
        self.assertEqual(self.found("molodo issa"), [self.issa])

    def test_beginnings_of_words_come_before_middles(self):
        middle = self.make_member("AAA Fatissa")
        self.assertEqual(self.found("iss"), [self.issa, middle])

    def test_nothing_typed_finds_nobody_and_signs_are_not_wildcards(self):
        for query in ("", "  ", "%", "_", "%%", "a", "zzzz", None):
            self.assertEqual(self.found(query), [], query)

    def test_the_answer_is_what_the_teller_window_shows(self):
        (answer,) = self.members.member_search("awa")
        self.assertEqual(
            answer,
            {
                "id": self.awa.id, "number": "NIM-00042", "name": "TRAORÉ Aminata dite Awa", "kind": "individual",
                "sex": "female", "phone": "+223 76 12 34 56", "village": "Molodo des essais", "birth_year": 1987,
                "state": "active", "company": "Caisse de Niono",
            },
        )  # fmt: skip

    def test_the_limit_holds(self):
        self.assertEqual(len(self.found("molodo", limit=2)), 2)

    def test_contacts_who_are_not_members_never_come(self):
        self.env["res.partner"].create({"name": "Awa la fournisseuse"})
        self.assertEqual(self.found("awa"), [self.awa])

    def test_odoo_s_own_search_finds_members_the_same_way(self):
        self.assertEqual([id_ for id_, _name in self.members.name_search("awa trao")], [self.awa.id])
        self.assertEqual([id_ for id_, _name in self.members.name_search("00042")], [self.awa.id])
        self.assertEqual(
            self.members.search([("display_name", "ilike", "kulibali")]), self.issa.with_env(self.members.env)
        )

    def test_the_number_goes_with_the_name(self):
        self.assertEqual(self.awa.display_name, "TRAORÉ Aminata dite Awa (NIM-00042)")

    def test_a_new_phone_or_village_is_found_at_once(self):
        self.awa.phone = "99 00 11 22"
        self.village.name = "Kolodougou"
        self.env.flush_all()
        self.assertEqual(self.found("99001122"), [self.awa])
        self.assertEqual(len(self.found("kolodougou")), 3)
        self.assertEqual(self.found("76123456"), [])

    def test_one_search_costs_few_queries(self):
        self.members.member_search("awa")
        self.env.invalidate_all()
        with self.assertQueryCount(6):
            self.members.member_search("molodo")

    def test_the_search_text_has_its_trigram_index(self):
        self.cr.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'res_partner__kondo_search_trgm'")
        self.assertIn("gin_trgm_ops", self.cr.fetchone()[0])

    def test_a_village_is_found_without_accents_and_never_twice(self):
        village = self.env["kondo.village"].create({"name": "Sélingué des essais"})
        self.assertEqual([id_ for id_, _ in self.env["kondo.village"].name_search("selingue des ess")], [village.id])
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.env["kondo.village"].create({"name": "SELINGUE des essais"})
