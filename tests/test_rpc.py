"""What a client can reach by RPC: nobody rewrites the past or steps over a caisse's border (R5, R6)."""

import json
import uuid

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.kondo_microfinance.tests.common import KondoHttpCase


@tagged("post_install", "-at_install")
class TestRpc(KondoHttpCase):
    def setUp(self):
        super().setUp()
        self.account = self.make_account(balance=10_000)
        self.operation_id = self.env["kondo.operation"].search([("savings_account_id", "=", self.account.id)]).id
        self.theirs = self.make_account(self.make_member("DIALLO Oumou Canari", self.seg), balance=20_000)

    def call(self, model, method, *args, **kwargs):
        """The raw answer of one call, as the client sees it."""
        answer = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            data=json.dumps({"params": {"model": model, "method": method, "args": args, "kwargs": kwargs}}),
            headers={"Content-Type": "application/json"},
        )
        return answer.json(), answer.text

    def everybody(self):
        return [*self.users["NIX"].values(), self.controller, self.network_manager]

    def test_no_role_rewrites_the_past_by_rpc(self):
        operation = self.env["kondo.operation"].browse(self.operation_id)
        session = self.session_of(self.nio)
        attempts = [
            ("kondo.operation", "write", [operation.id], {"amount": 1}),
            ("kondo.operation", "unlink", [operation.id]),
            ("kondo.operation", "create", [{"amount": 1}]),
            ("kondo.operation", "web_save", [operation.id], {"amount": 1}, {}),
            ("kondo.operation", "load", ["id", "amount"], [[str(operation.id), "1"]]),
            ("kondo.operation.line", "write", operation.line_ids.ids, {"amount": 1}),
            ("kondo.operation.line", "unlink", operation.line_ids.ids),
            ("kondo.savings.account", "write", [self.account.id], {"balance": 1}),
            ("kondo.till", "write", [session.till_id.id], {"cash": 1}),
            ("kondo.till.session", "write", [session.id], {"state": "closed"}),
            ("account.move", "button_draft", [operation.move_id.id]),
            ("account.move", "unlink", [operation.move_id.id]),
            ("account.move", "write", [operation.move_id.id], {"ref": "x"}),
            ("account.move.line", "write", operation.move_id.line_ids.ids, {"debit": 1}),
            # Helpers of the ledger are not reachable at all.
            ("kondo.operation", "_submit", "deposit", str(uuid.uuid4()), {}),
            ("kondo.operation", "_execute_deposit", {}, {}),
            ("kondo.operation", "_post_here", "deposit", str(uuid.uuid4()), self.nio.id, {}, "x"),
            ("kondo.approval", "_use", [1], {}, {}),
            ("res.company", "_open_business_day", [self.nio.id], "2030-01-01"),
            ("kondo.reconciliation", "_reconcile", self.nio.id),
            ("kondo.parameter", "_get", "youth_age_min", "2026-01-01"),
        ]
        before = self.state()
        for user in self.everybody():
            self.authenticate(user.login, user.login)
            answer, _text = self.call("kondo.operation", "read", [operation.id], ["amount"])
            self.assertEqual(
                answer.get("result", [{}])[0].get("amount"), 10_000, "reading works, so a refusal means something"
            )
            for model, method, *args in attempts:
                with mute_logger("odoo.http", "odoo.sql_db", "odoo.addons.base.models.ir_rule"):
                    answer, _text = self.call(model, method, *args, context={"kondo_ledger": True})
                refused = "error" in answer or (method == "load" and not answer["result"]["ids"])
                self.assertTrue(refused, f"{user.login}: {model}.{method} answered {answer}")
        self.env.invalidate_all()
        self.assertEqual(self.state(), before)
        self.assert_books_agree()

    def state(self):
        operation = self.env["kondo.operation"].browse(self.operation_id)
        session = self.session_of(self.nio)
        return (
            operation.amount,
            operation.line_ids.mapped("amount"),
            operation.move_id.state,
            operation.move_id.ref,
            operation.move_id.line_ids.mapped("balance"),
            self.account.balance,
            session.till_id.cash,
            session.state,
        )

    def test_no_answer_ever_speaks_of_another_caisse(self):
        """A name, a number and an amount of Ségou are looked for in every byte that Niono's people receive."""
        canaries = ["Canari", self.theirs.number, self.theirs.partner_id.member_number]
        operation = self.env["kondo.operation"].search([("savings_account_id", "=", self.theirs.id)])
        forged = {"allowed_company_ids": [self.seg.id]}
        everything = {"allowed_company_ids": [self.nio.id, self.seg.id, self.union.id]}
        reads = [
            ("res.partner", "search_read", [["name", "ilike", "Canari"]], ["name"]),
            ("res.partner", "name_search", "Canari"),
            ("res.partner", "member_search", "canari"),
            ("res.partner", "web_read", [self.theirs.partner_id.id], {"name": {}}),
            ("res.partner", "read", [self.theirs.partner_id.id], ["name", "display_name"]),
            ("res.partner", "formatted_read_group", [["name", "ilike", "Canari"]], ["name"], ["__count"]),
            ("kondo.savings.account", "search_read", [], ["number", "partner_id"]),
            (
                "kondo.savings.account",
                "web_search_read",
                [],
                {"number": {}, "partner_id": {"fields": {"display_name": {}}}},
            ),
            ("kondo.savings.account", "read", [self.theirs.id], ["number"]),
            ("kondo.savings.account", "formatted_read_group", [], ["partner_id"], ["balance:sum"]),
            ("kondo.operation", "search_read", [], ["partner_id", "savings_account_id"]),
            ("kondo.operation", "read", [operation.id], ["partner_id"]),
            ("kondo.operation", "export_data", [operation.id], ["partner_id/name"]),
            ("kondo.operation.line", "search_read", [], ["partner_id"]),
            ("kondo.till.session", "search_read", [], ["user_id", "till_id"]),
            ("kondo.approval", "search_read", [], ["partner_id"]),
            ("kondo.teller", "member_card", self.theirs.partner_id.id),
            ("kondo.teller", "find_account", "LIV"),
            ("kondo.teller", "preview", "deposit", {"account_id": self.theirs.id, "amount": 500}),
            ("kondo.reconciliation", "book_hash", self.seg.id),
            ("kondo.reconcile", "create", [{"company_id": self.seg.id}]),
            ("account.move.line", "search_read", [["account_id.code", "=", "2512"]], ["partner_id", "name"]),
        ]
        for user in self.users["NIX"].values():
            self.authenticate(user.login, user.login)
            _answer, text = self.call("kondo.savings.account", "search_read", [], ["number"])
            self.assertIn(self.account.number, text, "his own caisse he does see")
            for model, method, *args in reads:
                for context in ({}, forged, everything):
                    with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"):
                        _answer, text = self.call(model, method, *args, context=context)
                    for canary in canaries:
                        self.assertNotIn(canary, text, f"{user.login}: {model}.{method} with {context}")
            with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"):
                for address in (
                    f"/report/html/kondo_microfinance.report_receipt_80/{operation.id}",
                    f"/web/image/res.partner/{self.theirs.partner_id.id}/image_128",
                    f"/odoo/kondo-membres/{self.theirs.partner_id.id}",
                ):
                    text = self.url_open(address).text
                    for canary in canaries:
                        self.assertNotIn(canary, text, f"{user.login}: {address}")

    def test_no_model_and_no_paper_of_the_institution_passes_the_border(self):
        """Every model that belongs to a caisse, every paper it prints, and what the teller window answers."""
        canaries = ["Canari", self.theirs.number, self.theirs.partner_id.member_number]
        contexts = ({}, {"allowed_company_ids": [self.seg.id]}, {"allowed_company_ids": [self.nio.id, self.seg.id]})
        models = [
            name
            for name, model in self.env.registry.items()
            if name.startswith("kondo.") and model._auto and not model._abstract and "company_id" in model._fields
        ]
        self.assertGreater(len(models), 30)
        teller = self.users["NIX"]["teller"]
        asked = [
            ("other_operations", self.theirs.partner_id.id),
            ("find_remote_account", "Canari"),
            ("find_remote_account", "DIALLO Oumou Canari"),
            ("preview", "fee", {"partner_id": self.theirs.partner_id.id, "account_id": self.theirs.id}),
            ("preview", "account_closing", {"partner_id": self.theirs.partner_id.id, "account_id": self.theirs.id}),
            ("preview", "share_payment", {"partner_id": self.theirs.partner_id.id, "amount": 5_000}),
            ("preview", "transfer", {"account_id": self.account.id, "counter_account_id": self.theirs.id, "amount": 5}),
            ("request_approval", "withdrawal", {"account_id": self.theirs.id, "amount": 5}, "urgent"),
        ]
        papers = self.env["ir.actions.report"].search([("report_name", "=like", "kondo_microfinance.%")])
        papers = papers.filtered(lambda paper: "company_id" in self.env[paper.model]._fields)
        addresses = []
        for paper in papers:
            records = self.env[paper.model].search([("company_id", "=", self.seg.id)], limit=3)
            kind = {"qweb-pdf": "html", "qweb-html": "html"}.get(paper.report_type, "xlsx")
            addresses += [f"/report/{kind}/{paper.report_name}/{record.id}" for record in records]
        self.assertTrue(addresses)
        for role in ("teller", "officer", "manager", "accountant"):
            user = self.users["NIX"][role]
            self.authenticate(user.login, user.login)
            with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"):
                for model in models:
                    for context in contexts:
                        _answer, text = self.call(model, "search_read", [], context=context)
                        self.assert_no_canary(canaries, text, f"{user.login}: {model} with {context}")
                for address in addresses:
                    self.assert_no_canary(canaries, self.url_open(address).text, f"{user.login}: {address}")
                for method, *args in asked if user == teller else []:
                    answer, text = self.call("kondo.teller", method, *args)
                    sent = [text.replace(str(value), "") for value in args if isinstance(value, str)] or [text]
                    self.assert_no_canary(canaries[1:], text, f"{method}{args}")
                    self.assertTrue("error" in answer or "DIALLO Oumou" not in sent[0], f"{method}{args}: {text}")

    def assert_no_canary(self, canaries, text, where):
        for canary in canaries:
            self.assertNotIn(canary, text, where)
