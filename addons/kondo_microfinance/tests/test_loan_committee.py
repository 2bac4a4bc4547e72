from odoo.exceptions import UserError
from odoo.tests import tagged

from .loan_common import LoanCase


@tagged("post_install", "-at_install")
class TestLoanCommittee(LoanCase):
    """The caisse's committee of three decides up to 500 000 F, the union above."""

    def setUp(self):
        super().setUp()
        self.env["kondo.loan.approval.level"].create(
            [
                {"company_id": self.union.id, "body": "caisse", "amount_to": 500_000, "quorum": 2},
                {"company_id": self.union.id, "body": "union", "amount_to": 0, "quorum": 1},
            ]
        )
        self.seats = self.env["kondo.committee.seat"].create(
            [
                {"company_id": self.nio.id, "body": "caisse", "name": name, "role": role, "partner_id": member.id}
                for name, role, member in (
                    ("DIARRA Moussa", "Président", self.make_member("DIARRA Moussa")),
                    ("COULIBALY Fanta", "Secrétaire", self.make_member("COULIBALY Fanta")),
                    ("KEITA Salif", "Membre", self.make_member("KEITA Salif")),
                )
            ]
        )
        self.committee = self.as_user(self.manager)["kondo.loan.committee"].create({"company_id": self.nio.id})
        self.committee.attendance_ids.write({"present": True})

    def presented(self, **values):
        """A file before the committee."""
        loan = self.file(**values)
        loan.sudo()._set_state("committee", submitted_by_id=self.officer.id)
        return loan.with_user(self.manager)

    def test_granted_with_changes(self):
        loan = self.presented(amount=200_000)
        self.assertEqual(self.committee.waiting_count, 1)
        loan.decide(
            self.committee.id,
            "changed",
            {"amount": 150_000, "instalments": 10, "annual_rate": 18, "reason": "Capacité"},
        )
        self.env.invalidate_all()
        self.assertEqual(
            (loan.state, loan.amount, loan.commitment, loan.instalments), ("approved", 150_000, 150_000, 10)
        )
        self.assertEqual(loan.requested_amount, 200_000)
        self.assertEqual((loan.decision_ids.decision, loan.decision_ids.amount), ("changed", 150_000))
        self.assertEqual(len(loan.instalment_ids), 10)

    def test_the_guarantee_asked_for_follows_a_changed_amount(self):
        saved = {"name": "Épargne", "kind": "guarantee", "value": 10, "base": "principal"}
        product = self.loan_product(code="GAP", guarantee_percent=10, charge_ids=[(0, 0, saved)])
        member = self.make_member()
        account = self.env["kondo.savings.account"].create(
            {"partner_id": member.id, "product_id": self.guarantee_product.id}
        )
        values = {"product": product, "member": member, "amount": 200_000, "guarantee_account_id": account.id}
        loan = self.presented(guarantee_savings=20_000, **values)
        loan.decide(self.committee.id, "changed", {"amount": 150_000, "reason": "Capacité"})
        self.env.invalidate_all()
        self.assertEqual((loan.state, loan.guarantee_savings), ("approved", 15_000))

    def test_nobody_decides_on_his_own_file(self):
        loan = self.presented()
        loan.sudo().officer_id = self.manager
        with self.assertRaises(UserError):
            loan.decide(self.committee.id, "granted")

    def test_a_relative_withdraws_and_the_quorum_counts_without_him(self):
        member = self.make_member("DIARRA Awa")
        loan = self.presented(member=member, related_party="relative")
        self.env["kondo.member.relation"].create(
            {"partner_id": member.id, "other_id": self.seats[0].partner_id.id, "kind": "spouse"}
        )
        loan.decide(self.committee.id, "granted")
        self.assertEqual(loan.decision_ids.withdrawn, "DIARRA Moussa")
        other = self.presented(member=member, amount=50_000, related_party="relative")
        self.committee.attendance_ids[2].present = False
        with self.assertRaises(UserError):
            other.decide(self.committee.id, "granted")

    def test_refused_and_looked_at_again(self):
        loan = self.presented()
        with self.assertRaises(UserError):
            loan.decide(self.committee.id, "refused")
        loan.decide(self.committee.id, "refused", {"reason": "Trop endetté"})
        self.assertEqual(loan.state, "refused")
        with self.assertRaises(UserError):
            loan.with_user(self.officer).undo_refusal("Erreur")
        loan.undo_refusal("Nouvelle pièce au dossier")
        self.assertEqual(loan.state, "review")
        self.assertEqual(loan.decision_ids.mapped("decision"), ["refused", "undone"])

    def test_large_loans_are_the_unions(self):
        loan = self.presented(amount=600_000)
        with self.assertRaises(UserError):
            loan.decide(self.committee.id, "granted")
        self.assertEqual(loan.state, "committee")

    def test_nothing_illegal_is_granted(self):
        product = self.loan_product(
            code="CHR", charge_ids=[(0, 0, {"name": "Frais de dossier", "value": 5, "base": "principal"})]
        )
        loan = self.presented(product=product)
        self.assertTrue(loan.teg_over)
        with self.assertRaises(UserError):
            loan.decide(self.committee.id, "granted")
        self.assertFalse(loan.decision_ids)

    def test_given_up_after_it_was_granted(self):
        loan = self.presented()
        loan.decide(self.committee.id, "granted")
        loan.action_cancel("Le membre renonce")
        self.env.invalidate_all()
        self.assertEqual((loan.state, loan.commitment), ("cancelled", 0))
        account = self.union._kondo_account("903")
        self.assertEqual(
            sum(self.env["account.move.line"].search([("account_id", "=", account.id)]).mapped("balance")), 0
        )

    def test_signed_minutes_do_not_change(self):
        loan = self.presented()
        loan.decide(self.committee.id, "deferred", {"reason": "Visite à refaire"})
        self.assertEqual(loan.state, "review")
        self.committee.action_close()
        with self.assertRaises(UserError):
            self.committee.attendance_ids[0].present = False
        with self.assertRaises(UserError):
            self.committee.write({"place": "Niono"})
