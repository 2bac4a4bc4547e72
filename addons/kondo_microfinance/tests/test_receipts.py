import io
import uuid

from lxml import html as lxml_html
from pypdf import PdfReader

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.kondo_microfinance.engine.cash import make_up
from odoo.addons.kondo_microfinance.engine.words import spaced

from .common import KondoCase

MODULE = "kondo_microfinance."
DUPLICATE = "DUPLICAT[AE]"  # as the source and as the translation write it
REVERSED = "REVERSED|CONTRE-PASSÉ"


class PrintCase(KondoCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.union.agreement_number = "ML-2009-014"

    def render(self, report, records, user=None):
        """The page as an element tree, rendered as `user` (default: the teller of Niono)."""
        env = self.as_user(user or self.users["NIX"]["teller"])
        content, _kind = env["ir.actions.report"]._render_qweb_html(MODULE + report, records.ids)
        return lxml_html.fromstring(content)

    def text(self, *args, **kwargs):
        """What a reader of the page reads, spaces made plain."""
        page = self.render(*args, **kwargs)
        return " ".join(page.xpath("//main")[0].text_content().split())

    def pdf(self, report, records, user=None):
        env = self.as_user(user or self.users["NIX"]["teller"])
        reports = env["ir.actions.report"].with_context(force_report_rendering=True)
        content, kind = reports._render_qweb_pdf(MODULE + report, records.ids)
        self.assertEqual(kind, "pdf")
        return [(page, " ".join(page.extract_text().split())) for page in PdfReader(io.BytesIO(content)).pages]

    def prints(self, operation):
        return self.env["kondo.print.log"].search([("operation_id", "=", operation.id)], order="id")

    def plain(self, amount):
        return " ".join(spaced(amount).split())


@tagged("post_install", "-at_install")
class TestReceipts(PrintCase):
    """What the member takes home: complete, original once, and of his own caisse."""

    def test_the_first_print_is_the_original_and_the_next_a_duplicate(self):
        operation = self.operation(self.submit("deposit", self.make_account(), 25_000))
        self.assertNotRegex(self.text("action_report_receipt_80", operation), DUPLICATE)
        second = self.render("action_report_receipt_a5", operation)
        self.assertRegex(second.xpath("//div[contains(@class, 'across')]")[0].text_content(), DUPLICATE)
        self.assertRegex(self.text("action_report_receipt_80", operation), DUPLICATE)
        self.assertEqual(self.prints(operation).mapped("number"), [1, 2, 3])
        self.assertEqual(self.prints(operation).mapped("paper"), ["80", "a5", "80"])
        self.assertEqual(self.prints(operation).user_id, self.users["NIX"]["teller"])
        self.assertEqual(self.prints(operation).company_id, self.nio)

    def test_a_receipt_says_all_of_a_deposit(self):
        account = self.make_account(self.make_member("KEÏTA Salif"))
        operation = self.operation(
            self.submit("deposit", account, 1_250_500, bearer="Oumar KEÏTA", note="Vente de riz")
        )
        expected = [
            "Caisse de Niono", "Union Test", "ML-2009-014", operation.receipt_number, "KEÏTA Salif", account.number,
            "Compte sur livret", f"{self.plain(1_250_500)} FCFA",
            "un million deux cent cinquante mille cinq cents francs CFA", "Oumar KEÏTA", "Vente de riz",
            operation.user_id.name, operation.move_id.name, operation.uuid, f"{operation.business_date:%d/%m/%Y}",
        ]  # fmt: skip
        for report in ("action_report_receipt_80", "action_report_receipt_a5"):
            text = self.text(report, operation)
            for part in expected:
                self.assertIn(part, text, report)
            # Once as the amount, once as the balance that it made.
            self.assertEqual(text.count(self.plain(1_250_500)), 2, report)

    def test_a_transfer_does_not_tell_the_balance_of_the_other_account(self):
        source, target = self.make_account(balance=50_000), self.make_account(self.make_member("COULIBALY Moussa"))
        self.submit("deposit", target, 777_000)
        operation = self.operation(self.submit("transfer", source, 20_000, counter_account_id=target.id))
        for report in ("action_report_receipt_80", "action_report_receipt_a5"):
            text = self.text(report, operation)
            for part in (source.number, target.number, "COULIBALY Moussa", self.plain(20_000), self.plain(30_000)):
                self.assertIn(part, text)
            self.assertNotIn(self.plain(797_000), text)

    def test_a_reversal_and_what_it_reversed_name_each_other(self):
        account = self.make_account()
        wrong = self.operation(self.submit("deposit", account, 90_000))
        manager = self.users["NIX"]["manager"]
        answer = self.as_user(manager)["kondo.operation"].submit(
            "reversal", str(uuid.uuid4()), {"operation_id": wrong.id, "reason": "Mauvais compte"}
        )
        reversal = self.operation(answer)
        text = self.text("action_report_receipt_a5", reversal, manager)
        self.assertIn(wrong.receipt_number, text)
        self.assertIn("Mauvais compte", text)
        self.assertFalse(self.render("action_report_receipt_80", wrong).xpath("//div[contains(@class, 'second')]"))
        page = self.render("action_report_receipt_80", wrong)
        across = [node.text_content() for node in page.xpath("//div[contains(@class, 'across')]")]
        self.assertEqual(len(across), 2)
        self.assertRegex(across[0], REVERSED)
        self.assertRegex(across[1], DUPLICATE)
        self.assertIn(reversal.receipt_number, page.text_content())

    def test_the_slip_and_the_difference_of_a_till_print_too(self):
        session = self.open_till(amount=10_000)
        slip = self.env["kondo.cash.slip"].search([("till_id", "=", session.till_id.id)]).operation_id
        text = self.text("action_report_receipt_a5", slip)
        self.assertIn(self.users["NIX"]["manager"].name, text)
        self.assertIn(session.user_id.name, text)
        mine = self.as_user(session.user_id)["kondo.till.session"].browse(session.id)
        mine.count_till(make_up(9_500))
        mine.with_user(self.users["NIX"]["manager"]).close_till("Pièce égarée")
        difference = self.env["kondo.operation"].search(
            [("session_id", "=", session.id), ("kind", "=", "till_difference")]
        )
        self.assertIn("Pièce égarée", self.text("action_report_receipt_80", difference))

    def test_another_caisses_user_prints_nothing_and_leaves_no_trace(self):
        operation = self.operation(self.submit("deposit", self.make_account(), 5_000))
        for report in ("action_report_receipt_80", "action_report_receipt_a5"):
            with self.assertRaises(AccessError):
                self.render(report, operation, self.users["SGX"]["manager"])
        self.assertFalse(self.prints(operation))

    def test_nobody_writes_the_list_of_prints(self):
        operation = self.operation(self.submit("deposit", self.make_account(), 5_000))
        self.render("action_report_receipt_80", operation)
        manager = self.as_user(self.users["NIX"]["manager"])
        prints = self.prints(operation).with_env(manager)
        with self.assertRaises(AccessError):
            prints.write({"number": 2})
        with self.assertRaises(AccessError):
            prints.unlink()
        with self.assertRaises(AccessError):
            prints.create({"operation_id": operation.id, "company_id": self.nio.id, "paper": "80"})

    def test_a_page_fetches_nothing(self):
        operation = self.operation(self.submit("deposit", self.make_account(), 5_000))
        for report in ("action_report_receipt_80", "action_report_receipt_a5"):
            page = self.render(report, operation)
            self.assertFalse(page.xpath("//link | //script | //@href"))
            self.assertTrue(page.xpath("//img"))
            for source in page.xpath("//img/@src"):
                self.assertTrue(source.startswith("data:image/"), source[:60])

    def test_the_papers_are_in_the_print_menu(self):
        for name, model in (
            ("receipt_80", "operation"),
            ("receipt_a5", "operation"),
            ("till_statement", "till.session"),
        ):
            report = self.env.ref(f"{MODULE}action_report_{name}")
            self.assertEqual((report.binding_model_id.model, report.binding_type), (f"kondo.{model}", "report"))

    def test_pdf_of_one_receipt_and_of_several(self):
        account = self.make_account()
        operations = self.env["kondo.operation"]
        for amount in (5_000, 6_000, 7_000):
            operations |= self.operation(self.submit("deposit", account, amount))
        for report, width in (("action_report_receipt_80", 80), ("action_report_receipt_a5", 148)):
            one = self.pdf(report, operations[0])
            self.assertEqual(len(one), 1)
            page, text = one[0]
            self.assertAlmostEqual(float(page.mediabox.width) * 25.4 / 72, width, delta=1)
            self.assertIn(operations[0].receipt_number, text)
            several = self.pdf(report, operations)
            self.assertEqual(len(several), 3)
            for (_page, text), operation in zip(several, operations, strict=True):
                self.assertIn(operation.receipt_number, text)
        # Each of the prints was recorded once.
        self.assertEqual([len(self.prints(operation)) for operation in operations], [4, 2, 2])

    def test_the_longest_receipt_stays_on_one_page(self):
        holder = self.make_member("COOPÉRATIVE SIMPLIFIÉE DES PRODUCTRICES DE RIZ ÉTUVÉ DE MOLODO-BAMANA ET ENVIRONS")
        account = self.make_account(holder)
        operation = self.operation(
            self.submit(
                "deposit", account, 999_999_999, bearer="NomDeFamille " * 15, note="Versement du groupement " * 9
            )
        )
        self.render("action_report_receipt_80", operation)
        for report in ("action_report_receipt_80", "action_report_receipt_a5"):
            self.assertEqual(len(self.pdf(report, operation)), 1, report)


@tagged("post_install", "-at_install")
class TestTillStatement(PrintCase):
    """The paper of the evening: printed after the blind count, complete, signed by two."""

    def test_no_statement_while_the_till_is_open(self):
        session = self.open_till(amount=10_000)
        for user in ("teller", "manager"):
            with self.assertRaises(UserError):
                self.render("action_report_till_statement", session, self.users["NIX"][user])

    def test_another_caisses_user_prints_no_statement(self):
        session = self.open_till(amount=10_000)
        self.as_user(session.user_id)["kondo.till.session"].browse(session.id).count_till(make_up(10_000))
        with self.assertRaises(AccessError):
            self.render("action_report_till_statement", session, self.users["SGX"]["manager"])

    def test_a_statement_adds_up(self):
        session = self.open_till(amount=100_000)
        account = self.make_account(self.make_member("DIARRA Fanta"))
        self.submit("deposit", account, 40_000)
        self.submit("withdrawal", account, 15_000)
        self.submit("transfer", account, 1_500, counter_account_id=self.make_account(product=self.demand).id)
        mine = self.as_user(session.user_id)["kondo.till.session"].browse(session.id)
        mine.count_till(make_up(124_500))
        text = self.text("action_report_till_statement", session)
        # 100 000 from the vault and 40 000 in, 15 000 out, 125 000 there should be, 124 500 there are.
        for amount in (100_000, 140_000, 15_000, 125_000, 124_500, 1_500):
            self.assertIn(self.plain(amount), text)
        self.assertIn("\N{MINUS SIGN}500 FCFA", text)
        self.assertIn("cent vingt-quatre mille cinq cents francs CFA", text)
        self.assertIn("DIARRA Fanta", text)
        self.assertRegex(text, "Provisional|Provisoire")
        manager = self.users["NIX"]["manager"]
        mine.with_user(manager).close_till("Pièce de 500 F manquante")
        text = self.text("action_report_till_statement", session)
        self.assertNotRegex(text, "Provisional|Provisoire")
        self.assertIn("Pièce de 500 F manquante", text)
        self.assertIn(manager.name, text)
        # The difference is booked after the count: it does not change what the day's movements add up to.
        self.assertIn(self.plain(140_000), text)

    def test_a_float_left_overnight_is_not_counted_twice(self):
        session = self.open_till(amount=50_000)
        mine = self.as_user(session.user_id)["kondo.till.session"].browse(session.id)
        mine.count_till(make_up(50_000))
        mine.close_till()
        session = self.open_till(amount=20_000)
        self.submit("deposit", self.make_account(), 5_000)
        mine = self.as_user(session.user_id)["kondo.till.session"].browse(session.id)
        mine.count_till(make_up(75_000))
        statement = self.env[f"report.{MODULE}report_till_statement"]._get_report_values(session.ids)["statements"][0]
        self.assertEqual(
            [statement[key] for key in ("carried", "from_vault", "opening", "cash_in", "cash_out", "theoretical")],
            [spaced(amount) for amount in (50_000, 20_000, 70_000, 75_000, 0, 75_000)],
        )

    def test_pdf_of_a_statement(self):
        session = self.open_till(amount=100_000)
        account = self.make_account()
        receipts = [self.submit("deposit", account, 1_000)["receipt_number"] for _number in range(60)]
        mine = self.as_user(session.user_id)["kondo.till.session"].browse(session.id)
        mine.count_till(make_up(160_000))
        mine.close_till()
        pages = [text for _page, text in self.pdf("action_report_till_statement", session)]
        self.assertEqual(len(pages), 3)
        self.assertIn("Caisse de Niono", pages[0])
        for receipt in receipts:
            self.assertIn(receipt, pages[1] + pages[2])
