import io
import uuid
from datetime import date, timedelta

import openpyxl
import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.kondo_microfinance.tests.collection_common import DayEndCase

MILLION = 1_000_000


@tagged("post_install", "-at_install")
class TestCashOverTheThresholds(DayEndCase):
    """The market day of Niono: large amounts of cash, alone, linked and split, looked at by those who may."""

    @classmethod
    def business_date(cls):
        return date(2026, 3, 10)

    def setUp(self):
        super().setUp()
        self.day = self.nio.business_date
        self.staff = self.users["NIX"]
        self.teller, self.manager, self.manager2 = (self.staff[role] for role in ("teller", "manager", "manager2"))

    def account(self, name, amount=0, **values):
        account = self.make_account(self.make_member(name, **values))
        if amount:
            self.submit("deposit", account, amount)
        return account

    def cases(self, user=None, company=None):
        env = self.as_user(user or self.manager, company)
        return env["kondo.aml.case"].search([("day", "<=", self.nio.business_date)])

    def search_days(self, user=None, caisse=None, **values):
        """The button over a range of days."""
        caisse = caisse or self.nio
        wizard = self.as_user(user or self.manager, caisse)["kondo.aml.search"].create(
            {"caisse_id": caisse.id, "date_from": self.day, "date_to": self.nio.business_date, **values}
        )
        action = wizard.action_search()
        self.env.invalidate_all()
        return self.as_user(user or self.manager, caisse)["kondo.aml.case"].search(action["domain"], order="id")

    def found(self, cases):
        """{members: (kind, thresholds, total)} of cases."""
        return {case.members: (case.kind, case.thresholds, case.total) for case in cases}

    def test_the_closing_finds_what_is_alone_linked_and_split_and_tells_nobody(self):
        self.account("COULIBALY Seydou", 15 * MILLION)
        self.account("MAÏGA Small", 9 * MILLION)  # alone under every threshold for one operation
        # linked: one phone in two writings, one family, one person who brings the money
        self.account("TRAORÉ Awa", 5 * MILLION, phone="+223 76 11 22 33")
        self.account("TRAORÉ Bou", 4_500_000, phone="76112233", sex="male")
        wife, husband = self.account("DIARRA Fanta"), self.account("KONÉ Issa", sex="male")
        self.env["kondo.member.relation"].create(
            {"partner_id": wife.partner_id.id, "other_id": husband.partner_id.id, "kind": "spouse"}
        )
        self.submit("deposit", wife, 6 * MILLION)
        self.submit("deposit", husband, 4 * MILLION)
        first, second = self.account("SIDIBÉ Oumou"), self.account("CISSÉ Ali", sex="male")
        self.submit("deposit", first, 5 * MILLION, bearer="Mamadou Keïta")
        self.submit("deposit", second, 4_600_000, bearer="KEITA Mamadou")
        # two members with nothing in common, and one reversed on its day
        self.account("DEMBÉLÉ Kadia", 5 * MILLION)
        taken_back = self.submit("deposit", self.account("SANGARÉ Moussa", sex="male"), 20 * MILLION)
        self.as_user(self.manager2)["kondo.operation"].submit(
            "reversal", str(uuid.uuid4()), {"operation_id": taken_back["operation_id"], "reason": "Erreur de compte"}
        )
        # split just under: two of 8,5 million, one of them out
        splitter = self.account("HAÏDARA Sira", 8_500_000)
        self.submit("withdrawal", splitter, 8_400_000)

        self.end_day()
        cases = self.cases()
        self.assertEqual(
            self.found(cases),
            {
                "COULIBALY Seydou": ("single", "unusual,report", 15 * MILLION),
                "TRAORÉ Awa, TRAORÉ Bou": ("linked", "linked", 9_500_000),
                "DIARRA Fanta, KONÉ Issa": ("linked", "linked,unusual", 10 * MILLION),
                "CISSÉ Ali, SIDIBÉ Oumou": ("linked", "linked", 9_600_000),
                "HAÏDARA Sira": ("split", "linked,unusual,report", 16_900_000),
            },
        )
        whys = {case.members: set(case.line_ids.mapped("why")) for case in cases}
        self.assertEqual({case.members: len(case.line_ids) for case in cases}["TRAORÉ Awa, TRAORÉ Bou"], 2)
        self.assertNotEqual(whys["TRAORÉ Awa, TRAORÉ Bou"], whys["DIARRA Fanta, KONÉ Issa"])
        split = cases.filtered(lambda case: case.kind == "split")
        self.assertEqual((split.direction, sorted(split.line_ids.mapped("amount"))), ("both", [-8_400_000, 8_500_000]))
        # the closing says that it looked, never what it saw
        step = self.env["kondo.closing.step"].search([("company_id", "=", self.nio.id), ("code", "=", "cash_register")])
        self.assertEqual((step.state, step.result, step.reason), ("done", False, False))

        # again, by the button: nothing twice, nothing changed
        before = self.found(cases)
        lines = cases.line_ids
        again = self.search_days()
        self.assertEqual((again.sorted("id").ids, self.found(again)), (cases.sorted("id").ids, before))
        self.assertEqual(again.line_ids, lines.with_env(again.env))

        # nobody else sees any of it
        for role in ("teller", "officer", "accountant"):
            env = self.as_user(self.staff[role])
            for model in ("kondo.aml.case", "kondo.aml.case.line"):
                with self.assertRaises(AccessError):
                    env[model].search([])
            with self.assertRaises(UserError):
                env["kondo.register"].create({"kind": "cash", "caisse_id": self.nio.id}).action_xlsx()
            menus = env["ir.ui.menu"]._visible_menu_ids()
            self.assertNotIn(self.env.ref("kondo_bceao_reports.menu_aml_case").id, menus)
        self.assertFalse(self.cases(self.users["SGX"]["manager"]))

        # the register as a spreadsheet
        register = self.as_user(self.manager)["kondo.register"].create(
            {"kind": "cash", "caisse_id": self.nio.id, "date_from": self.day, "date": self.day}
        )
        content, _kind = register.env["ir.actions.report"]._render_xlsx(
            "kondo_bceao_reports.register_xlsx", register.ids, data={}
        )
        book = openpyxl.load_workbook(io.BytesIO(content))
        listed, operations = (list(sheet.values) for sheet in book.worksheets)
        head = next(index for index, row in enumerate(listed) if len([cell for cell in row if cell]) > 5)
        self.assertEqual({row[4] for row in listed[head + 1 : -1]}, set(before))
        self.assertEqual(listed[-1][7], sum(total for *_more, total in before.values()))
        self.assertEqual(sum(1 for row in operations if isinstance(row[6], int)), 9)

    def test_days_in_a_row_just_under_the_threshold_are_one_habit(self):
        account = self.account("SAMAKÉ Drissa", 12 * MILLION, sex="male")
        self.end_day()
        self.assertEqual(self.found(self.cases()), {"SAMAKÉ Drissa": ("single", "unusual", 12 * MILLION)})
        self.submit("deposit", account, 14_900_000)
        self.end_day()
        case = self.cases().filtered(lambda one: one.day == self.day + timedelta(days=1))
        self.assertEqual((case.kind, case.total, case.count), ("split", 14_900_000, 1))
        self.assertEqual(case.line_ids.mapped("business_date"), [self.day, self.day + timedelta(days=1)])
        # after seven days it is forgotten; the threshold of the day is what counts
        self.end_days_until(self.day + timedelta(days=9))
        session = self.open_till(amount=0)
        self.submit("deposit", account, 12 * MILLION, session=session)
        self.env["kondo.parameter"].create(
            {"key": "aml_enhanced_unusual", "label": "x", "date_from": "2026-03-12", "value": "13000000"}
        )
        self.end_day()
        self.assertEqual(len(self.cases()), 2)

    def test_a_case_is_reviewed_by_one_and_decided_by_another_and_never_changes_then(self):
        account = self.account("COULIBALY Seydou", 16 * MILLION)
        case = self.search_days()
        self.assertEqual(len(case), 1)
        # it grows while the day goes on
        self.submit("deposit", account, 2 * MILLION)
        self.assertEqual(self.search_days(), case)
        self.assertEqual((case.total, case.count, len(case.line_ids)), (18 * MILLION, 2, 2))

        mine = case.with_env(self.as_user(self.manager))
        # the teller who made it, made a manager since, has no part in it
        self.teller.sudo().group_ids += self.env.ref("kondo_microfinance.group_caisse_manager")
        with self.assertRaisesRegex(UserError, "Vous avez fait|You made"):
            case.with_env(self.as_user(self.teller)).review("Rien à signaler")
        with self.assertRaises(UserError):
            mine.decide("none", "Sans revue")
        with self.assertRaises(UserError):
            mine.review("   ")
        with self.assertRaises(AccessError):
            mine.write({"state": "decided"})
        with self.assertRaises(AccessError):
            mine.sudo().write({"total": 0})
        with self.assertRaises(AccessError):
            mine.create({"company_id": self.nio.id, "day": self.day, "kind": "single"})

        step = mine.action_review()
        wizard = (
            mine.env[step["res_model"]]
            .with_context(**step["context"])
            .create({"note": "Vente de riz", "unusual": True})
        )
        wizard.action_confirm()
        self.env.invalidate_all()
        self.assertEqual((case.state, case.reviewer_id, case.unusual), ("review", self.manager, True))
        with self.assertRaises(UserError):
            mine.decide("none", "Je décide aussi")
        # an operation that is found during the review completes it
        self.submit("deposit", account, 1 * MILLION)
        self.search_days()
        self.assertEqual((case.state, case.total), ("review", 19 * MILLION))

        decider = case.with_env(self.as_user(self.controller, self.union))
        with self.assertRaises(UserError):
            decider.decide("report", "Origine inconnue")
        with self.assertRaises(UserError):
            decider.decide("report", "Origine inconnue", "DOS 12", self.day - timedelta(days=1))
        decider.decide("report", "Origine des fonds non justifiée", "DOS 2026-012", self.day)
        self.env.invalidate_all()
        self.assertEqual(
            (case.state, case.decider_id, case.decision, case.centif_reference, case.centif_on),
            ("decided", self.controller, "report", "DOS 2026-012", self.day),
        )
        for action in (
            lambda: decider.decide("none", "Autre avis"),
            lambda: mine.review("Encore"),
            lambda: case.sudo().write({"reason": "x"}),
            lambda: case.sudo().unlink(),
            lambda: case.line_ids.sudo().unlink(),
        ):
            with self.assertRaises(UserError):
                action()
        for query in (
            "UPDATE kondo_aml_case SET reason = 'x' WHERE id = %s",
            "DELETE FROM kondo_aml_case_line WHERE case_id = %s",
        ):
            with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.Error), self.env.cr.savepoint():
                self.env.cr.execute(query, (case.id,))
        # what comes after a decision makes another case, with the whole group
        self.submit("deposit", account, 500_000)
        new = self.search_days() - case.with_env(self.as_user(self.manager))
        self.assertEqual((case.total, new.total, new.state), (19 * MILLION, 19_500_000, "detected"))

    def test_somebody_who_goes_from_caisse_to_caisse_is_seen_by_the_union_only(self):
        self.account("BAGAYOKO Lassana", 6 * MILLION, sex="male", phone="66 00 11 22")
        there = self.make_account(
            self.make_member("BAGAYOKO Lassana", caisse=self.seg, sex="male", phone="00223 66001122")
        )
        self.submit("deposit", there, 7 * MILLION)
        self.end_day()
        self.assertFalse(self.cases())
        case = self.cases(self.controller, self.union)
        self.assertEqual((case.company_id, case.kind, case.total), (self.union, "linked", 13 * MILLION))
        self.assertEqual(set(case.line_ids.mapped("caisse")), {"Caisse de Niono", "Caisse de Ségou"})
