from unittest.mock import patch

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .member_common import MemberCase


@tagged("post_install", "-at_install")
class TestMemberTransfer(MemberCase):
    def setUp(self):
        super().setUp()
        self.member = self.make_member("TRAORÉ Awa")
        self.heir = self.env["kondo.heir"].create({"partner_id": self.member.id, "name": "ENFANT"})
        self.make_member("Premier de Ségou", self.seg)
        self.transfer = self.request(self.teller)

    def request(self, user, member=None):
        return (
            self.members_as(user)
            .env["kondo.member.transfer"]
            .create(
                {
                    "partner_id": (member or self.member).id,
                    "destination_choice": str(self.seg.id),
                    "reason": "A déménagé",
                }
            )
        )

    def as_user(self, user, transfer=None):
        return self.members_as(user).env["kondo.member.transfer"].browse((transfer or self.transfer).id)

    def test_two_managers_agree_and_the_member_moves_with_a_new_number(self):
        self.transfer.action_submit()
        self.as_user(self.manager).action_approve_origin()
        self.assertEqual(self.member.company_id, self.nio)
        self.as_user(self.seg_manager).action_approve_destination()
        self.assertEqual((self.member.company_id, self.member.member_number), (self.seg, "SGM-00002"))
        self.assertEqual(self.heir.company_id, self.seg)
        self.assertRecordValues(
            self.transfer.sudo(),
            [{"state": "done", "old_number": "NIM-00001", "new_number": "SGM-00002", "company_id": self.nio.id,
              "origin_approver_id": self.manager.id, "destination_approver_id": self.seg_manager.id}],
        )  # fmt: skip
        self.env.flush_all()
        self.assertFalse(self.members_as(self.teller).member_search("awa"))
        self.assertTrue(self.members_as(self.seg_teller).member_search("awa"))
        self.assertTrue(any("NIM-00001" in (body or "") for body in self.member.message_ids.mapped("body")))

    def test_the_decision_waits_on_the_list_of_the_managers_who_can_take_it(self):
        self.transfer.action_submit()
        self.assertEqual(self.transfer.sudo().activity_ids.user_id, self.manager | self.manager2)
        self.as_user(self.manager).action_approve_origin()
        self.assertEqual(self.transfer.sudo().activity_ids.user_id, self.seg_manager)
        self.as_user(self.seg_manager).action_approve_destination()
        self.assertFalse(self.transfer.sudo().activity_ids)

    def test_nobody_agrees_to_his_own_request(self):
        transfer = self.request(self.manager, self.make_member("AUTRE"))
        transfer.action_submit()
        with self.assertRaises(UserError):
            transfer.action_approve_origin()
        self.as_user(self.manager2, transfer).action_approve_origin()

    def test_one_person_never_agrees_for_both_caisses(self):
        self.manager.company_ids += self.seg
        self.transfer.action_submit()
        self.as_user(self.manager).action_approve_origin()
        both = self.members_as(self.manager, self.nio + self.seg).env["kondo.member.transfer"].browse(self.transfer.id)
        with self.assertRaises(UserError):
            both.action_approve_destination()

    def test_each_step_belongs_to_a_manager_of_its_caisse(self):
        self.transfer.action_submit()
        for user in (self.teller, self.officer, self.seg_manager, self.controller):
            with self.assertRaises(UserError, msg=user.login):
                self.as_user(user).action_approve_origin()
        self.as_user(self.manager).action_approve_origin()
        for user in (self.manager2, self.seg_teller, self.controller):
            with self.assertRaises(UserError, msg=user.login):
                self.as_user(user).action_approve_destination()
        self.assertEqual(self.member.company_id, self.nio)

    def test_the_steps_keep_their_order(self):
        with self.assertRaises(UserError):
            self.as_user(self.manager).action_approve_origin()
        self.transfer.action_submit()
        with self.assertRaises(UserError):
            self.as_user(self.seg_manager).action_approve_destination()

    def test_the_receiving_caisse_reads_the_request_and_not_the_file(self):
        self.transfer.action_submit()
        self.env.flush_all()
        self.env.invalidate_all()
        request = self.as_user(self.seg_manager)
        self.assertEqual((request.member_name, request.old_number), ("TRAORÉ Awa", "NIM-00001"))
        self.assertIn("1987", request.member_identity)
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self.members_as(self.seg_manager).browse(self.member.id).read(["phone"])

    def test_a_third_caisse_sees_no_transfer(self):
        third = self.make_caisse("Caisse de Bla", "BLM")
        stranger = self.make_user("mem_third", "group_caisse_manager", third)
        self.assertFalse(self.members_as(stranger).env["kondo.member.transfer"].search([("id", "=", self.transfer.id)]))

    def test_a_member_with_open_accounts_stays(self):
        with patch.object(self.env.registry["res.partner"], "_kondo_blocking_accounts", lambda self: ["NIM-DAV-00001"]):
            with self.assertRaisesRegex(UserError, "NIM-DAV-00001"):
                self.transfer.action_submit()
        self.transfer.action_submit()
        self.as_user(self.manager).action_approve_origin()
        with patch.object(self.env.registry["res.partner"], "_kondo_blocking_accounts", lambda self: ["NIM-DAV-00001"]):
            with self.assertRaisesRegex(UserError, "NIM-DAV-00001"):
                self.as_user(self.seg_manager).action_approve_destination()
        self.assertEqual(self.member.company_id, self.nio)

    def test_one_transfer_at_a_time(self):
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.request(self.officer)

    def test_a_refused_transfer_changes_nothing_and_a_new_one_may_follow(self):
        self.transfer.action_submit()
        with self.assertRaises(UserError):
            self.as_user(self.seg_manager).action_refuse()
        self.as_user(self.manager).action_refuse("Litige en cours")
        self.assertEqual((self.transfer.state, self.member.company_id), ("refused", self.nio))
        self.request(self.officer)

    def test_approvals_do_not_come_from_outside(self):
        for vals in (
            {"state": "approved_origin"},
            {"origin_approver_id": self.manager.id},
            {"company_id": self.seg.id},
        ):
            with self.assertRaises(UserError):
                self.transfer.write(vals)
        forged = (
            self.members_as(self.officer)
            .env["kondo.member.transfer"]
            .create(
                {"partner_id": self.make_member("AUTRE").id, "destination_choice": str(self.seg.id), "reason": "x",
                 "state": "approved_origin", "requested_by_id": self.teller.id}
            )
        )  # fmt: skip
        self.assertEqual((forged.state, forged.requested_by_id), ("draft", self.officer))

    def test_a_submitted_transfer_no_longer_changes_nor_disappears(self):
        self.transfer.action_submit()
        with self.assertRaises(UserError):
            self.transfer.write({"reason": "autre"})
        with self.assertRaises(UserError):
            self.transfer.unlink()

    def test_a_member_goes_to_another_caisse_only(self):
        transfers = self.members_as(self.teller).env["kondo.member.transfer"]
        values = {"partner_id": self.make_member("X").id, "reason": "x"}
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            transfers.create({**values, "destination_company_id": self.nio.id})
        with self.assertRaises(ValidationError):
            transfers.create({**values, "destination_company_id": self.union.id})

    def test_staff_who_no_longer_see_the_member_stop_following_him(self):
        self.member.message_subscribe((self.teller | self.controller).partner_id.ids)
        self.transfer.action_submit()
        self.as_user(self.manager).action_approve_origin()
        self.as_user(self.seg_manager).action_approve_destination()
        followers = self.member.message_follower_ids.partner_id
        self.assertNotIn(self.teller.partner_id, followers)
        self.assertIn(self.controller.partner_id, followers)
