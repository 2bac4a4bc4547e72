from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .loan_common import LoanCase


@tagged("post_install", "-at_install")
class TestLoanSitting(LoanCase):
    """An afternoon of the committee of Niono: three members, the files on the wall, the minutes at the end."""

    def setUp(self):
        super().setUp()
        self.levels = self.env["kondo.loan.approval.level"].create(
            [
                {"company_id": self.union.id, "body": "caisse", "amount_to": 500_000, "quorum": 2},
                {"company_id": self.union.id, "body": "union", "amount_to": 0, "quorum": 1},
            ]
        )
        people = (("DIARRA Moussa", "Président"), ("COULIBALY Fanta", "Secrétaire"), ("KEITA Salif", "Membre"))
        self.seats = self.env["kondo.committee.seat"].create(
            [
                {"company_id": self.nio.id, "body": "caisse", "role": role, "partner_id": self.make_member(name).id}
                for name, role in people
            ]
        )
        self.sitting = self.as_user(self.manager)["kondo.loan.committee"].create({"company_id": self.nio.id})
        self.sitting.attendance_ids.write({"present": True})

    def presented(self, **values):
        loan = self.file(**values)
        loan.sudo()._set_state("committee", submitted_by_id=self.officer.id)
        return loan.with_user(self.manager)

    # ------------------------------------------------------------------ the afternoon
    def test_an_afternoon(self):
        awa = self.presented(member=self.make_member("TRAORÉ Awa"), amount=200_000, reason="Stock de mil")
        issa = self.presented(member=self.make_member("KONÉ Issa", sex="male"), amount=90_000)
        shown = self.sitting.projector()
        self.assertEqual([page["number"] for page in shown["files"]], [awa.name, issa.name])
        page = shown["files"][0]
        self.assertEqual(
            (page["member"], page["amount"], page["reason"]), ("TRAORÉ Awa", "200\u202f000", "Stock de mil")
        )
        self.assertTrue(page["waits"])
        self.assertEqual([card["key"] for card in page["cards"]], ["capacity", "history", "guarantees", "ratios"])

        awa.decide(
            self.sitting.id,
            "changed",
            {"amount": 150_000, "reason": "Capacité", "votes_for": 2, "votes_against": 1, "votes_blank": 0},
        )
        issa.decide(self.sitting.id, "refused", {"reason": "Arriérés ailleurs"})
        self.env.invalidate_all()
        shown = self.sitting.projector()
        self.assertEqual([page["number"] for page in shown["files"]], [awa.name, issa.name], "pages keep their place")
        self.assertFalse(any(page["waits"] for page in shown["files"]))
        self.assertEqual(shown["files"][0]["decision"]["votes"], "2 – 1 – 0")
        self.assertEqual(awa.decision_ids.deciders, "DIARRA Moussa, COULIBALY Fanta, KEITA Salif")
        # what is recorded is the TEG of what was granted, not of what was asked for
        self.assertEqual((awa.decision_ids.amount, awa.decision_ids.teg), (150_000, awa.teg))

        report = self.as_user(self.manager)["report.kondo_microfinance.report_loan_minutes"]
        minutes = report._get_report_values(self.sitting.ids)["pages"][0]
        self.assertTrue(minutes["notice"], "a draft until it is signed")
        self.sitting.action_close()
        self.env.invalidate_all()
        minutes = report._get_report_values(self.sitting.ids)["pages"][0]
        self.assertFalse(minutes["notice"])
        self.assertEqual(len(minutes["articles"]), 2)
        self.assertIn("cent cinquante mille francs CFA", minutes["articles"][0][1])
        self.assertEqual(minutes["signs"][0], "DIARRA Moussa (Président)")

    def test_the_window_starts_from_the_file_and_counts_what_is_typed(self):
        loan = self.presented(amount=120_000)
        context = {"default_loan_id": loan.id, "default_decision": "changed", "default_committee_id": self.sitting.id}
        window = Form(self.as_user(self.manager)["kondo.loan.decide"].with_context(**context))
        self.assertEqual((window.amount, window.instalments, window.annual_rate), (120_000, 12, 18))
        self.assertEqual((window.votes_for, window.instalment_amount), (3, loan.instalment_amount))
        window.amount = 60_000
        self.assertLess(window.instalment_amount, loan.instalment_amount)
        window.reason = "Première demande"
        window.save().action_confirm()
        self.env.invalidate_all()
        self.assertEqual((loan.state, loan.amount, loan.annual_rate, loan.commitment), ("approved", 60_000, 18, 60_000))

    # ------------------------------------------------------------------ votes
    def test_votes_are_those_of_the_members_who_decide(self):
        loan = self.presented()
        for votes in ((3, 1, 0), (1, 0, 0), (1, 2, 0), (4, -1, 0)):
            values = dict(zip(("votes_for", "votes_against", "votes_blank"), votes, strict=True))
            with self.assertRaises(UserError, msg=votes):
                loan.decide(self.sitting.id, "granted", values)
        self.assertEqual(loan.state, "committee")
        loan.decide(self.sitting.id, "granted")
        self.assertEqual(loan.decision_ids.votes_for, 3)

    # ------------------------------------------------------------------ who has a part in it
    def test_a_manager_who_is_a_member_does_not_decide_for_his_wife(self):
        """Staff have a contact and, when they are members, a file of their own: one person all the same."""
        his_file = self.make_member("Manager Nix")
        wife = self.make_member("SIDIBÉ Kadia")
        relations = self.env["kondo.member.relation"]
        relations.create({"partner_id": his_file.id, "other_id": self.manager.partner_id.id, "kind": "same"})
        loan = self.presented(member=wife)
        relations.create({"partner_id": wife.id, "other_id": his_file.id, "kind": "spouse"})
        with self.assertRaises(UserError):
            loan.decide(self.sitting.id, "granted")
        own = self.presented(member=his_file)
        with self.assertRaises(UserError):
            own.decide(self.sitting.id, "refused", {"reason": "Non"})
        self.assertEqual(own.related_party, "staff", "the file knows that he works here")

    def test_the_officer_who_sits_on_the_committee_withdraws(self):
        self.seats[2].user_id = self.officer
        loan = self.presented()
        self.assertEqual(self.sitting.projector()["files"][0]["withdraws"], ["KEITA Salif"])
        loan.decide(self.sitting.id, "granted")
        self.assertEqual((loan.decision_ids.withdrawn, loan.decision_ids.votes_for), ("KEITA Salif", 2))

    def test_who_may_not(self):
        loan = self.presented()
        for role in ("officer", "teller", "accountant"):
            user = self.users["NIX"][role]
            with self.assertRaises(UserError):
                loan.with_user(user).decide(self.sitting.id, "granted")
            with self.assertRaises(UserError):
                self.as_user(user)["kondo.loan.committee"].create({"company_id": self.nio.id})
        with self.assertRaises(UserError):
            self.sitting.with_user(self.users["SGX"]["manager"]).projector()
        with self.assertRaises(AccessError):
            self.env["kondo.loan.decision"].create({"loan_id": loan.id, "decision": "granted"})

    # ------------------------------------------------------------------ what changes meanwhile
    def test_a_file_that_changed_meanwhile_is_read_again(self):
        loan = self.presented(amount=100_000)
        record = {"decision": "granted", "committee_id": self.sitting.id}
        with self.assertRaises(UserError):
            loan.sudo()._grant(90_000, {"decision": record, "terms": {"amount": 90_000}})
        loan.with_user(self.officer).amount = 110_000
        self.assertEqual(loan.state, "draft", "a change sends it back")
        with self.assertRaises(UserError):
            loan.decide(self.sitting.id, "granted")
        with self.assertRaises(UserError):
            loan.sudo()._grant(110_000, {"decision": record, "terms": {"amount": 110_000}})
        self.assertFalse(loan.decision_ids)

    def test_after_the_minutes_are_signed(self):
        loan = self.presented()
        self.sitting.action_close()
        with self.assertRaises(UserError):
            loan.decide(self.sitting.id, "refused", {"reason": "Trop tard"})
        with self.assertRaises(UserError):
            self.sitting.attendance_ids.create({"committee_id": self.sitting.id, "name": "TOURÉ Ali", "present": True})
        with self.assertRaises(UserError):
            self.sitting.attendance_ids[0].unlink()
        self.assertFalse(self.sitting.projector()["files"][0]["waits"])

    # ------------------------------------------------------------------ levels
    def test_levels_rise_with_the_bodies(self):
        with self.assertRaises(ValidationError):
            self.levels[0].amount_to = 0

    def test_without_levels_the_sitting_opens_and_says_so(self):
        loan = self.presented()
        self.levels.unlink()
        self.env.invalidate_all()
        self.assertEqual(self.sitting.waiting_count, 0)
        self.assertTrue(loan.body)
