from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import OrgCase


@tagged("post_install", "-at_install")
class TestMeetings(OrgCase):
    """A general meeting: who was there, what it decided, and the loan that it asked for."""

    def setUp(self):
        super().setUp()
        self.organisation = self.make_organisation(
            "SCOOPS Benkadi", [("TRAORÉ Fanta",), ("KEITA Sira",), ("DIARRA Ina",)]
        )
        self.president = self.add_person(self.organisation, "COULIBALY Awa", role="president")
        self.today = fields.Date.today()

    def meeting(self, **values):
        return self.as_user(self.officer)["kondo.org.meeting"].create(
            {"organisation_id": self.organisation.id, "agenda": "1. Bilan\n2. Crédit", "kind": "loan", **values}
        )

    def attend(self, meeting, *names):
        for row in meeting.attendance_ids:
            row.status = "present" if row.person_id.name in names else "absent"

    def decide(self, meeting, amount=500_000, votes=(2, 0, 1)):
        meeting.decision_ids = [
            (
                0,
                0,
                {
                    "kind": "borrow",
                    "name": "Demander un crédit de campagne",
                    "amount": amount,
                    "votes_for": votes[0],
                    "votes_against": votes[1],
                    "votes_blank": votes[2],
                },
            )
        ]

    def held(self, amount=500_000, **values):
        meeting = self.meeting(**values)
        self.attend(meeting, "COULIBALY Awa", "TRAORÉ Fanta", "KEITA Sira")
        self.decide(meeting, amount)
        meeting.action_hold()
        return meeting

    def faults(self, loan):
        self.env.invalidate_all()
        return " ".join(loan.sudo()._check_blocking()).replace("\u202f", " ").replace("\xa0", " ")

    # ------------------------------------------------------------------ the meeting
    def test_the_people_of_that_day_are_called(self):
        self.organisation.org_membership_ids.filtered(
            lambda stay: stay.person_id.name == "DIARRA Ina"
        ).date_to = fields.Date.subtract(self.today, days=1)
        meeting = self.meeting()
        self.assertEqual(meeting.people_count, 3)
        self.assertEqual(meeting.signer_ids, self.president)
        roles = {row.person_id.name: row.role for row in meeting.attendance_ids if row.role}
        self.assertEqual(list(roles), ["COULIBALY Awa"])
        self.add_person(self.organisation, "SIDIBÉ Mah")
        meeting.attendance_ids[0].status = "present"
        meeting.action_call_people()
        self.assertEqual((meeting.people_count, meeting.present_count), (4, 1))

    def test_no_quorum_no_minutes(self):
        meeting = self.meeting()
        self.attend(meeting, "COULIBALY Awa")
        self.decide(meeting, votes=(1, 0, 0))
        self.assertEqual((meeting.quorum, meeting.quorum_reached), (2, False))
        with self.assertRaisesRegex(UserError, "quorum"):
            meeting.action_hold()
        absent = meeting.attendance_ids.filtered(lambda row: row.person_id.name == "KEITA Sira")
        absent.write({"status": "represented", "represented_by_id": self.president.id})
        self.assertTrue(meeting.quorum_reached, "who is represented counts")
        meeting.action_hold()
        self.assertEqual(meeting.state, "held")

    def test_whoever_represents_sits_in_the_room(self):
        meeting = self.meeting()
        self.attend(meeting, "COULIBALY Awa", "TRAORÉ Fanta")
        self.decide(meeting)
        rows = {row.person_id.name: row for row in meeting.attendance_ids}
        rows["KEITA Sira"].write({"status": "represented", "represented_by_id": rows["DIARRA Ina"].person_id.id})
        with self.assertRaisesRegex(UserError, "DIARRA Ina"):
            meeting.action_hold()

    def test_no_more_votes_than_people(self):
        meeting = self.meeting()
        self.attend(meeting, "COULIBALY Awa", "TRAORÉ Fanta")
        self.decide(meeting, votes=(2, 1, 0))
        with self.assertRaisesRegex(UserError, "3 vo"):
            meeting.action_hold()

    def test_officers_who_were_there_sign(self):
        meeting = self.meeting()
        self.attend(meeting, "TRAORÉ Fanta", "KEITA Sira")
        self.decide(meeting, votes=(2, 0, 0))
        with self.assertRaisesRegex(UserError, "COULIBALY Awa"):
            meeting.action_hold()
        meeting.signer_ids = meeting.attendance_ids.filtered(lambda row: row.person_id.name == "KEITA Sira").person_id
        with self.assertRaisesRegex(UserError, "KEITA Sira"):
            meeting.action_hold()
        meeting.signer_ids = False
        with self.assertRaises(UserError):
            meeting.action_hold()

    def test_signed_minutes_never_change(self):
        meeting = self.held()
        for change in (
            lambda: meeting.write({"agenda": "autre"}),
            lambda: meeting.attendance_ids[0].write({"status": "absent"}),
            lambda: meeting.decision_ids.write({"amount": 9}),
            lambda: meeting.decision_ids.create({"meeting_id": meeting.id, "name": "x"}),
            lambda: meeting.attendance_ids.unlink(),
            lambda: meeting.unlink(),
            lambda: meeting.action_hold(),
            lambda: meeting.action_call_people(),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                change()
        meeting.write({"signed_paper": b"UEhPVE8=", "signed_paper_name": "pv.jpg"})
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.meeting().sudo().write({"state": "held"})

    def test_only_those_who_keep_files_and_only_their_caisse(self):
        with self.assertRaises(UserError):
            self.as_user(self.users["NIX"]["teller"])["kondo.org.meeting"].create(
                {"organisation_id": self.organisation.id, "agenda": "x"}
            )
        meeting = self.held()
        stranger = self.as_user(self.users["SGX"]["officer"])
        self.assertFalse(stranger["kondo.org.meeting"].search([("id", "=", meeting.id)]))
        self.assertFalse(stranger["kondo.org.decision"].search([("meeting_id", "=", meeting.id)]))
        with self.assertRaises(UserError):
            self.env["report.kondo_farmer_orgs.report_org_minutes"].with_env(stranger)._get_report_values(meeting.ids)

    def test_the_minutes_on_paper(self):
        meeting = self.held()
        report = self.as_user(self.officer)["report.kondo_farmer_orgs.report_org_minutes"]
        values = report._get_report_values(meeting.ids)
        first, attendance = values["pages"]
        self.assertFalse(first["notice"])
        self.assertEqual(first["signs"][0][:13], "COULIBALY Awa")
        self.assertIn("500", str(first["articles"][1][1]))
        self.assertEqual(len(attendance["table"]["rows"]), 4)
        html = self.env["ir.actions.report"]._render_qweb_html(
            "kondo_farmer_orgs.action_report_org_minutes", meeting.ids
        )
        self.assertIn("TRAORÉ Fanta", html[0].decode())

    # ------------------------------------------------------------------ the loan
    def test_a_loan_that_a_meeting_must_ask_for(self):
        self.monthly.meeting_needed = True
        loan = self.file(self.organisation, amount=500_000)
        self.assertIn("SCOOPS Benkadi", self.faults(loan))
        with self.assertRaises(UserError):
            self.grant(loan)
        loan.meeting_id = self.held()
        self.assertFalse(self.faults(loan))
        self.assertFalse(self.faults(self.file(self.make_member(), amount=500_000)), "a person needs no meeting")
        self.grant(loan)
        self.assertEqual(loan.state, "approved")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            loan.meeting_id = False

    def test_not_more_than_the_meeting_decided(self):
        meeting = self.held(amount=500_000)
        loan = self.file(self.organisation, amount=600_000, meeting_id=meeting.id)
        self.assertIn("600 000", self.faults(loan))
        loan.amount = 300_000
        self.assertFalse(self.faults(loan))
        self.grant(loan)
        second = self.file(self.organisation, amount=300_000, meeting_id=meeting.id)
        self.assertIn("600 000", self.faults(second), "300 000 F of the decision are taken")

    def test_a_meeting_that_refused_or_did_not_sign(self):
        meeting = self.meeting()
        loan = self.file(self.organisation, amount=100_000, meeting_id=meeting.id)
        self.assertTrue(self.faults(loan), "not signed")
        self.attend(meeting, "COULIBALY Awa", "TRAORÉ Fanta", "KEITA Sira")
        self.decide(meeting, votes=(1, 1, 1))
        meeting.action_hold()
        self.assertTrue(self.faults(loan), "a tie adopts nothing")
        other = self.make_organisation("SCOOPS Jigiya")
        self.assertTrue(self.faults(self.file(other, amount=100_000, meeting_id=meeting.id)), "another's meeting")
