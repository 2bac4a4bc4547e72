import psycopg2

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import KondoCase


@tagged("post_install", "-at_install")
class TestNetwork(KondoCase):
    def test_a_new_caisse_has_its_journals_its_vault_and_its_tills(self):
        self.assertEqual(self.nio.parent_id, self.union)
        self.assertEqual(self.nio.currency_id.name, "XOF")
        journals = self.env["account.journal"].search([("company_id", "=", self.nio.id)])
        self.assertEqual(sorted(journals.mapped("code")), ["COF", "G1", "G2", "LIA", "OD"])
        self.assertTrue(all(journal.restrict_mode_hash_table for journal in journals if journal.type == "cash"))
        self.assertEqual(sorted(self.nio.till_ids.mapped("code")), ["COF", "G1", "G2"])
        for till in self.nio.till_ids:
            self.assertRegex(till.account_id.with_company(self.union).code, r"^1011\d{5}$")
            self.assertEqual(till.account_id.company_ids, self.nio)
            self.assertEqual(till.journal_id.default_account_id, till.account_id)
            self.assertEqual(till.account_id.kondo_control, "till")

    def test_no_stranger_opens_an_account_on_the_login_page(self):
        self.assertEqual(self.env["ir.config_parameter"].sudo().get_param("auth_signup.invitation_scope"), "b2b")

    def test_caisses_share_the_chart_and_keep_their_own_tills(self):
        codes = self.env["account.account"].with_company(self.union).search([("code", "=like", "1011%")])
        self.assertEqual(len(set(codes.mapped("code"))), len(codes))
        self.assertEqual(self.nio._kondo_account("2511"), self.seg._kondo_account("2511"))

    def test_two_caisses_never_have_one_code(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.UniqueViolation), self.cr.savepoint():
            self.env["res.company"]._kondo_create_caisses(self.union, [{"name": "Autre", "code": "NIX"}])

    def test_a_caisse_code_is_capital_letters(self):
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.env["res.company"]._kondo_create_caisses(self.union, [{"name": "Autre", "code": "ni1"}])

    def test_only_network_roles_create_caisses(self):
        for user in (self.users["NIX"]["manager"], self.users["NIX"]["accountant"], self.controller):
            with self.assertRaises(UserError):
                self.as_user(user)["kondo.caisse.create"].create(
                    {"company_id": self.union.id, "line_ids": [(0, 0, {"name": "Caisse de Bla", "code": "BLA"})]}
                ).action_create()

    def test_the_wizard_creates_caisses_for_the_network_manager(self):
        wizard = self.as_user(self.network_manager)["kondo.caisse.create"].create(
            {"company_id": self.union.id, "line_ids": [(0, 0, {"name": "Caisse de Bla", "code": "BLA", "tills": 3})]}
        )
        wizard.action_create()
        caisse = self.env["res.company"].search([("kondo_code", "=", "BLA")])
        self.assertEqual(len(caisse.till_ids), 4)
        self.assertIn(caisse, self.network_manager.company_ids)

    def test_the_business_date_only_moves_by_opening_the_next_day(self):
        tomorrow = fields.Date.add(self.nio.business_date, days=1)
        with self.assertRaises(UserError):
            self.nio.business_date = tomorrow
        self.nio._open_business_day(tomorrow)
        self.assertEqual(self.nio.business_date, tomorrow)
        with self.assertRaises(UserError):
            self.nio._open_business_day(tomorrow)

    def test_a_manager_opens_the_day_of_his_caisse_only(self):
        with self.assertRaises(UserError):
            self.as_user(self.users["SGX"]["manager"])["res.company"].browse(self.nio.id)._open_business_day(
                fields.Date.add(self.nio.business_date, days=1)
            )

    def test_a_parameter_keeps_its_past(self):
        parameters = self.env["kondo.parameter"]
        parameters.create({"key": "essai", "label": "Essai", "date_from": "2020-01-01", "value": "10"})
        parameters.create({"key": "essai", "label": "Essai", "date_from": "2024-01-01", "value": "12"})
        self.assertEqual(parameters._get("essai", fields.Date.to_date("2023-12-31")), "10")
        self.assertEqual(parameters._get("essai", fields.Date.to_date("2024-01-01")), "12")
        with self.assertRaises(UserError):
            parameters._get("essai", fields.Date.to_date("2019-12-31"))
