from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .member_common import MemberCase


@tagged("post_install", "-at_install")
class TestMemberState(MemberCase):
    def opened_by(self, user, **values):
        return self.members_as(user).create(
            {
                "name": "TRAORÉ Awa", "is_kondo_member": True, "sex": "female", "birth_date": "1987-07-01",
                "birth_precision": "year", "village_id": self.village.id, **values,
            }
        )  # fmt: skip

    def test_a_manager_admits_the_member_whose_file_a_teller_opened(self):
        member = self.opened_by(self.teller)
        member.with_user(self.manager).action_activate()
        self.assertEqual(member.member_state, "active")
        self.assertEqual(member.membership_date, fields.Date.context_today(member))

    def test_nobody_admits_the_member_whose_file_he_opened(self):
        member = self.opened_by(self.manager)
        with self.assertRaises(UserError):
            member.with_user(self.manager).action_activate()
        self.assertEqual(member.member_state, "applicant")
        member.with_user(self.manager2).action_activate()
        self.assertEqual(member.member_state, "active")

    def test_only_a_manager_of_the_caisse_admits(self):
        member = self.opened_by(self.teller)
        for user in (self.teller, self.officer, self.accountant, self.controller, self.seg_manager):
            with self.assertRaises(UserError, msg=user.login):
                self.members_as(user).browse(member.id).action_activate()
        self.assertEqual(member.member_state, "applicant")

    def test_a_file_without_what_the_figures_need_is_not_admitted(self):
        for lacking in ({"sex": False}, {"birth_date": False}, {"village_id": False}):
            member = self.opened_by(self.teller, **lacking)
            with self.assertRaises(UserError, msg=lacking):
                member.with_user(self.manager).action_activate()

    def test_a_second_click_changes_nothing(self):
        member = self.opened_by(self.teller)
        member.with_user(self.manager).action_activate()
        with self.assertRaises(UserError):
            member.with_user(self.manager).action_activate()

    def test_a_resignation_is_dated_and_said_in_the_history(self):
        member = self.make_member()
        member.with_user(self.manager).action_leave("resigned", reason="Part à Abidjan")
        self.assertEqual((member.member_state, member.exit_date), ("resigned", fields.Date.context_today(member)))
        self.assertTrue(any("Abidjan" in (body or "") for body in member.message_ids.mapped("body")))

    def test_nobody_leaves_with_open_accounts_but_the_dead(self):
        member = self.make_member()
        with patch.object(self.env.registry["res.partner"], "_kondo_blocking_accounts", lambda self: ["NIM-DAV-00001"]):
            for state in ("resigned", "excluded"):
                with self.assertRaisesRegex(UserError, "NIM-DAV-00001"):
                    member.with_user(self.manager).action_leave(state, reason="essai")
            member.with_user(self.manager).action_leave("deceased")
        self.assertEqual(member.member_state, "deceased")

    def test_an_exclusion_says_why(self):
        member = self.make_member()
        with self.assertRaises(UserError):
            member.with_user(self.manager).action_leave("excluded")
        wizard = (
            self.env(user=self.manager)["kondo.member.leave"]
            .with_context(allowed_company_ids=self.nio.ids)
            .create({"partner_id": member.id, "state": "excluded", "reason": "Faux documents"})
        )
        wizard.action_confirm()
        self.assertEqual(member.member_state, "excluded")

    def test_nobody_leaves_before_he_came_or_tomorrow(self):
        member = self.make_member()
        for date in (self.years_ago(1), self.years_ago(0, days=1)):
            with self.assertRaises(UserError):
                member.with_user(self.manager).action_leave("resigned", date)

    def test_whoever_comes_back_is_admitted_again_by_another(self):
        member = self.make_member()
        member.with_user(self.manager).action_leave("resigned")
        member.with_user(self.manager).action_reopen()
        with self.assertRaises(UserError):
            member.with_user(self.manager).action_activate()
        member.with_user(self.manager2).action_activate()
        self.assertEqual((member.member_state, member.exit_date), ("active", False))

    def test_the_history_keeps_each_change_of_status(self):
        member = self.opened_by(self.teller).with_user(self.manager)
        self.flush_tracking()
        member.action_activate()
        self.flush_tracking()
        values = member.sudo().message_ids.tracking_value_ids.filtered(lambda v: v.field_id.name == "member_state")
        self.assertEqual(len(values), 1)

    def flush_tracking(self):
        self.env.flush_all()
        self.cr.flush()
