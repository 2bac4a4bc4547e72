from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .member_common import MemberCase


@tagged("post_install", "-at_install")
class TestMemberDocuments(MemberCase):
    def add_document(self, member, category="biometric", number="ML-123456", **values):
        return self.env["res.partner.id_number"].create(
            {
                "partner_id": member.id,
                "category_id": self.env.ref(f"kondo_microfinance.id_category_{category}").id,
                "name": number,
                **values,
            }
        )

    def states(self, member):
        return {
            state
            for state in ("valid", "expired", "missing")
            if self.env["res.partner"].search([("document_state", "=", state), ("id", "=", member.id)])
        }

    def test_an_unusual_nina_warns_and_is_kept(self):
        member = self.make_member()
        unusual = self.add_document(member, "nina", "12345")
        self.assertTrue(unusual.format_warning)
        self.assertIn("NINA", " ".join(alert["text"] for alert in member._kondo_alerts()))
        usual = self.add_document(member, "nina", "18701 234567890 K")
        self.assertFalse(usual.format_warning)
        self.assertFalse(self.add_document(member, "passport", "12345").format_warning)

    def test_the_form_warns_of_an_unusual_nina_while_it_is_typed(self):
        member = self.make_member()
        document = self.env["res.partner.id_number"].new(
            {
                "partner_id": member.id,
                "category_id": self.env.ref("kondo_microfinance.id_category_nina").id,
                "name": "12",
            }
        )
        self.assertIn("NINA", document._onchange_format()["warning"]["message"])

    def test_identity_is_missing_then_expired_then_valid(self):
        member = self.make_member()
        self.assertEqual((member.document_state, self.states(member)), ("missing", {"missing"}))
        self.add_document(member, "birth", "N° 12")
        self.assertEqual((member.document_state, self.states(member)), ("missing", {"missing"}))
        self.add_document(member, valid_until=self.years_ago(0, days=-1))
        self.assertEqual((member.document_state, self.states(member)), ("expired", {"expired"}))
        self.add_document(member, "voter", "V1", valid_until=self.years_ago(0))
        self.assertEqual((member.document_state, self.states(member)), ("valid", {"valid"}))

    def test_the_card_says_what_to_look_at(self):
        member = self.make_member(is_pep=True)
        self.add_document(member, valid_until=self.years_ago(1))
        texts = {alert["text"]: alert["level"] for alert in member._kondo_card()["alerts"]}
        self.assertEqual(texts.get("Identity document expired"), "amber")
        self.assertEqual(texts.get("Politically exposed"), "amber")
        member.with_user(self.manager).action_leave("deceased")
        self.assertEqual({"level": "red", "text": "Deceased"}, member._kondo_alerts()[0])
        self.assertIn("text-bg-danger", member.alert_badges)

    def test_a_member_s_document_is_archived_and_never_deleted(self):
        document = self.add_document(self.make_member())
        with self.assertRaises(UserError):
            document.unlink()
        document.active = False

    def test_a_document_stays_with_its_holder(self):
        document = self.add_document(self.make_member())
        with self.assertRaises(UserError):
            document.partner_id = self.make_member("AUTRE")

    # ------------------------------------------------------------------ mandataries and heirs
    def test_the_card_shows_mandataries_in_force_only(self):
        member = self.make_member()
        mandates = self.env["kondo.mandate"].create(
            [
                {"partner_id": member.id, "holder_name": "KONÉ Issa", "scope": "together"},
                {"partner_id": member.id, "holder_name": "ANCIEN", "date_from": self.years_ago(2),
                 "date_to": self.years_ago(1)},
                {"partner_id": member.id, "holder_name": "FUTUR", "date_from": self.years_ago(0, days=1)},
            ]
        )  # fmt: skip
        card = member._kondo_card()
        self.assertEqual([mandate["name"] for mandate in card["mandates"]], ["KONÉ Issa"])
        self.assertEqual(card["mandates"][0]["scope"], "Withdraws with another signatory")
        current = self.env["kondo.mandate"].search([("partner_id", "=", member.id), ("is_current", "=", True)])
        self.assertEqual(current, mandates[0])
        mandates[0].action_end()
        self.assertEqual(mandates[0].date_to, mandates[0].date_from)

    def test_a_mandate_is_ended_and_never_deleted(self):
        mandate = self.env["kondo.mandate"].create(
            {"partner_id": self.make_member().id, "holder_name": "KONÉ", "date_from": self.years_ago(1)}
        )
        with self.assertRaises(UserError):
            mandate.unlink()
        mandate.action_end()
        self.assertFalse(mandate.is_current)

    def test_the_shares_of_the_heirs_never_pass_one_hundred(self):
        member = self.make_member()
        heirs = self.env["kondo.heir"].create(
            [{"partner_id": member.id, "name": f"ENFANT {i}", "share": 33.33} for i in range(3)]
        )
        self.assertAlmostEqual(sum(heirs.mapped("share")), 99.99)
        with self.assertRaises(ValidationError):
            self.env["kondo.heir"].create({"partner_id": member.id, "name": "AUTRE", "share": 0.5})
        with self.assertRaises(ValidationError):
            heirs[0].share = 40

    def test_the_heirs_of_two_members_do_not_add_up(self):
        for name in ("UN", "DEUX"):
            self.env["kondo.heir"].create({"partner_id": self.make_member(name).id, "name": "ENFANT", "share": 100})

    def test_a_teller_enters_mandataries_heirs_and_documents_in_the_form(self):
        member = self.make_member()
        form = Form(self.members_as(self.teller).browse(member.id), "kondo_microfinance.kondo_member_view_form")
        with form.heir_ids.new() as heir:
            heir.name = "TRAORÉ Modibo"
            heir.share = 50
        with form.id_numbers.new() as document:
            document.category_id = self.env.ref("kondo_microfinance.id_category_biometric")
            document.name = "ML-998877"
        with form.mandate_ids.new() as mandate:
            mandate.holder_name = "KONÉ Issa"
        form.save()
        self.assertEqual((len(member.heir_ids), len(member.id_numbers), len(member.mandate_ids)), (1, 1, 1))
