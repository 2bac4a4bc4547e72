from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import KondoCase

OWN = [
    "kondo.operation",
    "kondo.operation.line",
    "kondo.savings.account",
    "kondo.till",
    "kondo.till.session",
    "kondo.cash.slip",
    "kondo.approval",
    "kondo.print.log",
    "kondo.point.of.service",
]


@tagged("post_install", "-at_install")
class TestRoles(KondoCase):
    """What each role sees and may do, and that another caisse never shows."""

    def setUp(self):
        super().setUp()
        self.mine = self.make_account(balance=10_000)
        self.theirs = self.make_account(self.make_member("DIALLO Oumou", self.seg), balance=20_000)

    def test_every_model_of_the_caisse_has_a_global_rule_on_its_company(self):
        """A new model without one fails here."""
        for name, model in self.env.registry.items():
            if (
                not name.startswith("kondo.")
                or model._transient
                or model._abstract
                or "company_id" not in model._fields
            ):
                continue
            rules = self.env["ir.rule"].sudo().search([("model_id.model", "=", name), ("global", "=", True)])
            self.assertTrue(any("company_id" in (rule.domain_force or "") for rule in rules), name)
            self.assertTrue(model._fields["company_id"].required, name)

    def test_a_caisse_sees_nothing_of_another(self):
        for role, user in self.users["NIX"].items():
            env = self.as_user(user)
            for model in OWN:
                found = env[model].search([])
                self.assertFalse(found.company_id - self.nio, f"{role} {model}")
                everywhere = self.env[model].search([("company_id", "=", self.seg.id)])
                with_forged = everywhere.with_env(env(context={"allowed_company_ids": self.nio.ids}))
                for record in with_forged:
                    with self.assertRaises(AccessError):
                        record.read(["company_id"])
            with self.assertRaises(AccessError):
                env["kondo.savings.account"].with_context(allowed_company_ids=self.seg.ids).search([])
            self.assertEqual(env["kondo.savings.account"].search([("number", "=", self.theirs.number)]).ids, [])
            self.assertFalse(env["res.partner"].search([("name", "=", "DIALLO Oumou")]))

    def test_the_union_sees_the_caisses_below_it(self):
        for user in (self.controller, self.network_manager):
            accounts = self.as_user(user, self.union)["kondo.savings.account"].search([])
            self.assertIn(self.mine, accounts.with_env(self.env))
            self.assertIn(self.theirs, accounts.with_env(self.env))

    def test_the_controller_changes_nothing(self):
        env = self.as_user(self.controller, self.union)
        for model in [*OWN, "kondo.parameter", "kondo.savings.product", "kondo.operation.limit", "kondo.region"]:
            for operation in ("write", "create", "unlink"):
                self.assertFalse(env[model].has_access(operation), f"{model} {operation}")
        for change in (
            lambda: self.mine.with_env(env).action_block(),
            lambda: self.mine.partner_id.with_env(env).write({"name": "X"}),
            lambda: env["kondo.teller"].current_session(),
            lambda: env["res.company"].browse(self.nio.id).action_open_next_day(),
            lambda: env["account.move"].create({}),
        ):
            with self.assertRaises(UserError):
                change()

    def test_tellers_and_officers_hold_no_accounting_right(self):
        for role in ("teller", "officer", "manager"):
            user = self.users["NIX"][role]
            self.assertFalse(user.has_group("account.group_account_readonly"), role)
            self.assertFalse(user.has_group("account.group_account_invoice"), role)
            with self.assertRaises(AccessError):
                self.as_user(user)["account.move"].search([])

    def test_the_accountant_finds_the_operation_in_the_books(self):
        operation = self.env["kondo.operation"].search([("savings_account_id", "=", self.mine.id)])
        env = self.as_user(self.users["NIX"]["accountant"])
        items = env["account.move.line"].search([("partner_id", "=", self.mine.partner_id.id)])
        self.assertEqual(items.move_id.ids, operation.move_id.ids)
        self.assertEqual(items.account_id.mapped("code"), ["2512"])

    def test_a_teller_cannot_manage_products_limits_or_tills(self):
        env = self.as_user(self.users["NIX"]["teller"])
        for model in (
            "kondo.savings.product",
            "kondo.operation.limit",
            "kondo.till",
            "kondo.parameter",
            "kondo.till.session",
        ):
            self.assertFalse(env[model].has_access("write"), model)
            self.assertFalse(env[model].has_access("create"), model)
        with self.assertRaises(UserError):
            self.mine.with_env(env).action_block()

    def test_the_proof_is_shown_to_those_who_answer_for_it(self):
        for user in (self.users["NIX"]["accountant"], self.users["NIX"]["manager"]):
            wizard = self.as_user(user)["kondo.reconcile"].create({"company_id": self.nio.id})
            self.assertEqual(wizard.gap, 0)
            self.assertTrue(wizard.line_ids)
            self.assertEqual(len(wizard.book_hash), 64)
        with self.assertRaises(UserError):
            self.as_user(self.users["NIX"]["accountant"])["kondo.reconcile"].create({"company_id": self.seg.id})
