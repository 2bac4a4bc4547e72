import csv
import runpy
from pathlib import Path

from odoo.tests import TransactionCase, tagged

from odoo.addons.l10n_ml_sfd import numbering

ADDON = Path(numbering.__file__).parent

# Odoo's types that may stand for each nature of the RCSSFD.
FAMILIES = {
    "asset": (
        "asset_receivable",
        "asset_cash",
        "asset_current",
        "asset_non_current",
        "asset_prepayments",
        "asset_fixed",
    ),
    "liability": ("liability_payable", "liability_current", "liability_non_current"),
    "equity": ("equity", "equity_unaffected"),
    "income": ("income", "income_other"),
    "expense": ("expense", "expense_other", "expense_depreciation"),
    "off_balance": ("off_balance",),
}


@tagged("post_install", "-at_install")
class TestChart(TransactionCase):
    """The chart as the network's accountant meets it, on a union loaded with Odoo's generic chart by mistake."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.union = cls.env["res.company"].create({"name": "Union of the test"})
        cls.caisse = cls.env["res.company"].create({"name": "Caisse of the test", "parent_id": cls.union.id})
        charts = cls.env["account.chart.template"]
        charts.try_loading("generic_coa", cls.union, install_demo=False)
        charts.try_loading("ml_sfd", cls.union, install_demo=False)
        with (ADDON / "data" / "rcssfd_chart.csv").open(encoding="utf-8", newline="") as source:
            cls.rows = list(csv.DictReader(source))
        with (ADDON / "data" / "subdivisions.csv").open(encoding="utf-8", newline="") as source:
            cls.subdivisions = list(csv.DictReader(source))
        cls.posting = [row for row in cls.rows + cls.subdivisions if row["kind"] == "posting"]

    def accounts_of(self, company):
        model = self.env["account.account"].with_company(company)
        return model.with_context(active_test=False).search(model._check_company_domain(company))

    def account(self, code, company=None):
        company = company or self.union
        return self.accounts_of(company).filtered(lambda account: account.code == code)

    def test_the_template_files_are_what_the_script_writes(self):
        script = runpy.run_path(str(ADDON / "scripts" / "build_chart.py"))
        for path, text in script["build"](numbering).items():
            self.assertEqual(
                path.read_text(encoding="utf-8"), text, f"{path.name} is stale: run scripts/build_chart.py"
            )

    def test_the_chart_holds_the_accounts_of_the_list_and_no_other(self):
        codes = self.accounts_of(self.union).mapped("code")
        self.assertEqual(len(codes), 343)
        self.assertEqual(len(set(codes)), len(codes))
        self.assertEqual(set(codes), {row["code"] for row in self.posting})

    def test_each_account_has_its_label_its_side_and_its_nature(self):
        by_code = {account.code: account for account in self.accounts_of(self.union)}
        for row in self.posting:
            with self.subTest(code=row["code"]):
                account = by_code[row["code"]]
                self.assertEqual(account.sfd_normal_side, row["normal_side"])
                self.assertEqual(account.sfd_nature, row["nature"])
                self.assertIn(account.account_type, FAMILIES[row["nature"]])
                self.assertTrue(row["label_fr"].startswith(account.name))
                self.assertNotRegex(account.name, r"confirmer|supposé|S:|M:")

    def test_accounts_get_the_type_of_what_they_hold(self):
        expected = {
            "1011": "asset_cash",
            "1141": "asset_cash",
            "1146": "liability_current",
            "1751": "liability_current",
            "1781": "liability_non_current",
            "1991": "asset_current",
            "2022": "asset_current",
            "20227": "asset_current",
            "2031": "asset_non_current",
            "2041": "asset_non_current",
            "2511": "liability_current",
            "25117": "asset_current",
            "25212": "liability_current",
            "25213": "liability_non_current",
            "2993": "asset_current",
            "305": "liability_current",
            "331": "asset_receivable",
            "3319": "asset_current",
            "332": "liability_payable",
            "3812": "asset_prepayments",
            "412": "asset_non_current",
            "4428": "asset_fixed",
            "5012": "equity",
            "519": "liability_non_current",
            "57111": "equity",
            "5732": "asset_current",
            "591": "equity",
            "592": "equity_unaffected",
            "602511": "expense",
            "661": "expense_depreciation",
            "671": "expense_other",
            "7021": None,
            "70212": "income",
            "771": "income_other",
            "999": "off_balance",
        }
        types = {account.code: account.account_type for account in self.accounts_of(self.union)}
        self.assertEqual({code: types.get(code) for code in expected}, expected)

    def test_one_account_each_for_receivable_payable_and_unclosed_results(self):
        accounts = self.accounts_of(self.union)
        for account_type, code in (
            ("asset_receivable", "331"),
            ("liability_payable", "332"),
            ("equity_unaffected", "592"),
        ):
            found = accounts.filtered(lambda account, kind=account_type: account.account_type == kind)
            self.assertEqual(found.mapped("code"), [code])

    def test_sides_that_published_lists_get_wrong_are_right(self):
        sides = {account.code: account.sfd_normal_side for account in self.accounts_of(self.union)}
        for code in ("305", "4126", "4319", "4329", "57112", "5712", "6119", "6219", "6229"):
            self.assertEqual(sides[code], "credit", code)
        for code in ("5012", "5731", "5732", "7119"):
            self.assertEqual(sides[code], "debit", code)
        self.assertEqual(sides["3319"], "both")

    def test_accounts_to_confirm_say_so_to_the_accountant_and_the_others_do_not(self):
        notes = {account.code: account.note or "" for account in self.accounts_of(self.union)}
        to_confirm = {row["code"] for row in self.posting if row["status"] == "added: to confirm"}
        self.assertEqual(len(to_confirm), 70)
        self.assertEqual({code for code, note in notes.items() if note.startswith("À confirmer")}, to_confirm)
        self.assertEqual(
            {code for code, note in notes.items() if note} - to_confirm, {row["code"] for row in self.subdivisions}
        )

    def test_headings_are_groups_from_the_class_down(self):
        groups = self.env["account.group"].search([("company_id", "=", self.union.id)])
        expected = {row["code"]: row for row in self.rows if row["kind"] == "group"}
        self.assertEqual(sorted(groups.mapped("code_prefix_start")), sorted(expected))
        for group in groups:
            row = expected[group.code_prefix_start]
            self.assertEqual(group.parent_id.code_prefix_start or "", row["parent_code"])
        parents = {account.code: account.group_id.code_prefix_start for account in self.accounts_of(self.union)}
        headings = set(expected)
        for row in self.posting:
            # An account of two digits, or a subdivision, stands under the next heading above it.
            parent = row["parent_code"]
            while parent not in headings:
                parent = parent[:-1]
            self.assertEqual(parents[row["code"]], parent, row["code"])

    def test_odoo_uses_accounts_of_the_chart_for_its_own_needs(self):
        company = self.union
        self.assertEqual(
            {
                field: company[field].with_company(company).code
                for field, definition in company._fields.items()
                if definition.type == "many2one"
                and definition.comodel_name == "account.account"
                and definition.store
                and company[field]
            },
            {
                "transfer_account_id": "3781",
                "account_journal_suspense_account_id": "3782",
                "default_cash_difference_expense_account_id": "3791",
                "default_cash_difference_income_account_id": "3792",
                "account_journal_early_pay_discount_loss_account_id": "6099",
                "account_journal_early_pay_discount_gain_account_id": "7099",
                "expense_currency_exchange_account_id": "6099",
                "income_currency_exchange_account_id": "7099",
                "expense_account_id": "6239",
                "income_account_id": "729",
                "expense_accrual_account_id": "3825",
                "revenue_accrual_account_id": "3815",
            },
        )
        partner = self.env["res.partner"].with_company(company).create({"name": "Supplier"})
        self.assertEqual(partner.property_account_receivable_id.code, "331")
        self.assertEqual(partner.property_account_payable_id.code, "332")
        bank = self.env["account.journal"].search([("company_id", "=", company.id), ("type", "in", ("bank", "cash"))])
        self.assertEqual(bank.default_account_id.with_company(company).mapped("code"), ["1141"])
        self.assertEqual(bank.suspense_account_id.with_company(company).code, "3782")
        payment = self.env["account.payment"].with_company(company)
        for way in ("inbound", "outbound"):
            outstanding = payment.new({"company_id": company.id})._get_outstanding_account(way)
            self.assertEqual(outstanding.with_company(company).code, "3781")
        fees = self.env["account.chart.template"].with_company(company).ref("bank_fees_reco")
        self.assertEqual(fees.line_ids.account_id.with_company(company).code, "6019")

    def test_money_is_whole_cfa_francs(self):
        for company in self.union + self.caisse:
            self.assertEqual(company.currency_id.name, "XOF")
            self.assertEqual(company.currency_id.decimal_places, 0)
            self.assertTrue(company.currency_id.active)
            self.assertEqual(company.account_fiscal_country_id.code, "ML")

    def test_caisses_share_the_chart_of_their_union(self):
        later = self.env["res.company"].create({"name": "Caisse opened later", "parent_id": self.union.id})
        self.env.cr.precommit.run()
        for caisse in self.caisse + later:
            self.assertEqual(caisse.chart_template, "ml_sfd")
            self.assertEqual(self.accounts_of(caisse), self.accounts_of(self.union))
            self.assertEqual(self.accounts_of(caisse).mapped("code"), self.accounts_of(self.union).mapped("code"))
            found = self.env["account.chart.template"].with_company(caisse).ref("sfd_2511")
            self.assertEqual((found, found.code), (self.account("2511"), "2511"))
            self.assertEqual(caisse.default_cash_difference_income_account_id, self.account("3792"))
            self.assertEqual(caisse.transfer_account_id, self.account("3781"))

    def test_a_caisse_posts_on_the_accounts_of_its_union(self):
        journal = self.env["account.journal"].create(
            {"name": "Operations", "code": "OPE", "type": "general", "company_id": self.caisse.id}
        )
        move = (
            self.env["account.move"]
            .with_company(self.caisse)
            .create(
                {
                    "journal_id": journal.id,
                    "line_ids": [
                        (0, 0, {"account_id": self.account("1011").id, "debit": 25000}),
                        (0, 0, {"account_id": self.account("2511").id, "credit": 25000}),
                    ],
                }
            )
        )
        move.action_post()
        self.assertEqual(move.state, "posted")
        self.assertEqual(move.company_id, self.caisse)

    def test_a_subdivision_takes_the_side_and_the_nature_of_its_official_account(self):
        till = (
            self.env["account.account"]
            .with_company(self.union)
            .create({"code": "101100106", "name": "Till", "account_type": "asset_cash", "company_ids": self.caisse.ids})
        )
        self.assertEqual((till.sfd_normal_side, till.sfd_nature), ("debit", "asset"))
        self.assertEqual(till.with_company(self.union).group_id.code_prefix_start, "101")

    def test_a_new_bank_opens_under_the_account_of_banks(self):
        journals = self.env["account.journal"].with_company(self.union)
        codes = [
            journals.create({"name": name, "type": kind, "company_id": self.union.id}).default_account_id.code
            for name, kind in (("BNDA", "bank"), ("BDM", "bank"), ("Strongbox", "cash"))
        ]
        self.assertEqual(codes, ["114101", "114102", "101101"])
        self.assertEqual(self.account("114102").sfd_normal_side, "both")

    def test_names_are_french_in_english_and_in_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["account.chart.template"]._load_translations(langs=["fr_FR"], companies=self.union)
        account = self.account("2512")
        for lang in ("en_US", "fr_FR"):
            self.assertEqual(account.with_context(lang=lang).name, "Comptes ordinaires sur livret")

    def test_loading_again_changes_nothing(self):
        before = self.accounts_of(self.union)
        before_values = [(account.id, account.code, account.account_type) for account in before]
        self.env["account.chart.template"].try_loading("ml_sfd", self.union, install_demo=False)
        after = self.accounts_of(self.union)
        self.assertEqual([(account.id, account.code, account.account_type) for account in after], before_values)
