from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .member_common import MemberCase


@tagged("post_install", "-at_install")
class TestMemberIsolation(MemberCase):
    def setUp(self):
        super().setUp()
        self.ours = self.make_member("TRAORÉ Awa", phone="76 12 34 56")
        self.theirs = self.make_member("KANARI Secret", self.seg, phone="66 99 88 77", phone2="55 44 33 22")
        self.document = self.env["res.partner.id_number"].create(
            {"partner_id": self.theirs.id, "category_id": self.env.ref("kondo_microfinance.id_category_nina").id,
             "name": "18701234567890K"}
        )  # fmt: skip
        self.mandate = self.env["kondo.mandate"].create({"partner_id": self.theirs.id, "holder_name": "KANARI Mandat"})
        self.heir = self.env["kondo.heir"].create({"partner_id": self.theirs.id, "name": "KANARI Fils"})
        self.env.flush_all()

    def test_the_parts_of_a_file_belong_to_the_member_s_caisse(self):
        for part in (self.document, self.mandate, self.heir):
            self.assertEqual(part.company_id, self.seg)

    def test_another_caisse_finds_neither_the_member_nor_his_parts(self):
        members = self.members_as(self.teller)
        for model, canary in (
            ("res.partner", self.theirs), ("res.partner.id_number", self.document), ("kondo.mandate", self.mandate),
            ("kondo.heir", self.heir),
        ):  # fmt: skip
            self.assertFalse(members.env[model].search([("id", "=", canary.id)]), model)
            self.env.invalidate_all()
            with self.assertRaises(AccessError, msg=model):
                members.env[model].browse(canary.id).read(["display_name"])
        self.assertFalse(members.name_search("kanari"))
        self.assertEqual(members.search_count([("phone2", "ilike", "55")]), 0)

    def test_member_search_shows_the_user_s_caisses_only(self):
        for query in ("kanari", "66998877", "SGM", "secret"):
            self.assertEqual(self.members_as(self.teller).member_search(query), [], query)
        self.assertEqual([m["id"] for m in self.members_as(self.seg_teller).member_search("kanari")], [self.theirs.id])

    def test_a_forged_context_opens_no_other_caisse(self):
        with self.assertRaises(AccessError):
            self.members_as(self.teller, self.seg).member_search("kanari")
        with self.assertRaises(AccessError):
            self.members_as(self.teller, self.nio + self.seg).member_search("kanari")
        without = self.env(user=self.teller, context={})["res.partner"]
        self.assertEqual(without.member_search("kanari"), [])

    def test_who_works_at_the_union_sees_every_caisse_below(self):
        for user in (self.controller, self.unionist):
            found = self.members_as(user, self.union).member_search("kanari")
            self.assertEqual([member["company"] for member in found], ["Caisse de Ségou"], user.login)

    def test_parts_cannot_be_hung_on_another_caisse_s_member(self):
        env = self.members_as(self.teller).env
        for model, vals in (
            ("kondo.mandate", {"holder_name": "Voleur"}),
            ("kondo.heir", {"name": "Voleur"}),
            ("res.partner.id_number", {"name": "X", "category_id": self.document.category_id.id}),
        ):
            with self.assertRaises(UserError, msg=model), self.cr.savepoint():
                env[model].create({"partner_id": self.theirs.id, **vals})
                self.env.flush_all()
        own = env["kondo.mandate"].create({"partner_id": self.ours.id, "holder_name": "KONÉ"})
        with self.assertRaises(UserError):
            own.write({"partner_id": self.theirs.id})

    def test_the_controller_reads_parts_and_changes_none(self):
        env = self.members_as(self.controller, self.seg).env
        self.assertEqual(env["kondo.heir"].browse(self.heir.id).name, "KANARI Fils")
        for record, vals in (
            (self.heir, {"name": "X"}), (self.mandate, {"holder_name": "X"}), (self.document, {"name": "X"}),
        ):  # fmt: skip
            with self.assertRaises(UserError):
                env[record._name].browse(record.id).write(vals)

    def test_documents_of_partners_without_company_stay_as_odoo_has_them(self):
        supplier = self.env["res.partner"].create({"name": "Fournisseur"})
        document = self.env["res.partner.id_number"].create(
            {"partner_id": supplier.id, "category_id": self.document.category_id.id, "name": "F-1"}
        )
        self.assertEqual(self.members_as(self.teller).env["res.partner.id_number"].browse(document.id).name, "F-1")
