import io

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.kondo_microfinance.engine.cash import make_up
from odoo.addons.kondo_microfinance.engine.words import spaced
from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER

from .batch_files import csv, encoded, xlsx
from .test_receipts import PrintCase


class BatchCase(PrintCase):
    def make_batch(self, content, count, total, user=None, name="salaires.xlsx", **values):
        """A batch with its file and the totals of the paper list, entered by the accountant of Niono."""
        user = user or self.users["NIX"]["accountant"]
        return self.as_user(user)["kondo.batch"].create(
            {
                "kind": "credit",
                "label": "Salaires novembre",
                "account_id": self.union._kondo_account("331").id,
                "control_count": count,
                "control_total": total,
                "file": encoded(content),
                "file_name": name,
                **values,
            }
        )

    def approve(self, batch, role="manager"):
        answer = batch.with_env(self.as_user(self.users["NIX"][role])).action_approve()
        self.env.invalidate_all()
        return answer

    def teachers(self, count=30):
        """Accounts of teachers, by name in alphabetical order."""
        return [self.make_account(self.make_member(f"MAÎTRE{index:02d} Issa")) for index in range(count)]

    def rows(self, accounts, amount=85_000):
        return [[account.number, account.partner_id.name, amount, None] for account in accounts]

    def reasons(self, batch):
        return {line.row: line.reason for line in batch.line_ids if line.state == "error"}


@tagged("post_install", "-at_install")
class TestPayDay(BatchCase):
    """Salaries of the teachers of a lycée arrive by a file from the bank."""

    def test_a_months_salaries(self):
        accounts = self.teachers(30)
        rows = self.rows(accounts)
        wrong = [list(row) for row in rows]
        wrong[11][2] = "85.000"
        batch = self.make_batch(xlsx(wrong), 30, 30 * 85_000)

        # One wrong row, and nobody is paid.
        batch.action_check()
        self.assertEqual(batch.state, "faulty")
        self.assertEqual(list(self.reasons(batch)), [13])
        self.assertEqual(batch.line_ids.filtered(lambda line: line.row == 13).column, "C")
        self.assertIn("25000", self.reasons(batch)[13])
        with self.assertRaises(UserError):
            batch.action_submit()
        with self.assertRaises(UserError):
            self.approve(batch)
        self.assertFalse(any(account.balance for account in accounts))

        # The corrected file is good; its maker cannot approve it.
        batch.file = encoded(xlsx(rows))
        self.assertEqual(batch.state, "draft")
        batch.action_check()
        self.assertEqual((batch.state, batch.count, batch.total), ("ready", 30, 2_550_000))
        batch.action_submit()
        with self.assertRaisesRegex(UserError, "prepar|prépar"):
            batch.action_approve()
        answer = self.approve(batch)
        self.assertEqual(batch.state, "posted")
        self.assertEqual([account.balance for account in accounts], [85_000] * 30)
        operation = self.operation(answer)
        self.assertEqual((operation.kind, operation.amount), ("batch", 2_550_000))
        self.assertEqual(operation.user_id, self.users["NIX"]["accountant"])
        self.assertEqual(operation.approver_id, self.users["NIX"]["manager"])
        debit = operation.move_id.line_ids.filtered("debit")
        self.assertEqual((debit.account_id.with_company(self.union).code, debit.balance), ("331", 2_550_000))
        self.assertEqual(len(operation.line_ids), 31)
        self.assertEqual(accounts[0].line_ids.label, "Salaires novembre")

        # Approving again, and sending the same file again, pay nobody twice.
        self.assertTrue(self.approve(batch)["replayed"])
        again = self.make_batch(xlsx(rows), 30, 30 * 85_000, file=batch.with_context(bin_size=False).file.decode())
        action = again.action_check()
        self.assertEqual(action["params"]["next"]["res_id"], batch.id)
        self.assertIn(batch.name, action["params"]["message"])
        self.assertEqual(again.state, "draft")
        self.assertEqual([account.balance for account in accounts], [85_000] * 30)

    def test_the_same_people_and_amounts_in_another_file_are_pointed_out(self):
        accounts = self.teachers(2)
        batch = self.make_batch(csv(self.rows(accounts)), 2, 170_000)
        batch.action_check()
        batch.action_submit()
        self.approve(batch)
        again = self.make_batch(xlsx(self.rows(accounts)), 2, 170_000)
        again.action_check()
        self.assertEqual(again.state, "ready")
        self.assertIn(batch.name, again.fault_note)

    def test_two_batches_of_one_file_are_not_both_sent(self):
        content = csv(self.rows(self.teachers(2)))
        first, second = self.make_batch(content, 2, 170_000), self.make_batch(content, 2, 170_000)
        first.action_check()
        second.action_check()
        first.action_submit()
        with self.assertRaisesRegex(UserError, first.name):
            second.action_submit()

    def test_the_totals_of_the_paper_come_before_the_preview(self):
        batch = self.make_batch(csv(self.rows(self.teachers(2))), 0, 0)
        with self.assertRaises(UserError):
            batch.action_check()
        batch.write({"control_count": 2, "control_total": 170_500})
        batch.action_check()
        self.assertEqual(batch.state, "faulty")
        self.assertIn(spaced(170_500), batch.fault_note)
        self.assertIn(spaced(170_000), batch.fault_note)
        batch.control_total = 170_000
        batch.action_check()
        self.assertEqual(batch.state, "ready")

    def test_every_fault_has_its_row_its_column_and_its_reason(self):
        accounts = self.teachers(12)
        foreign = self.make_account(self.make_member("DIALLO Oumou", self.seg))
        accounts[1].with_context(kondo_ledger=LEDGER).write({"state": "closed"})
        accounts[2].with_context(kondo_ledger=LEDGER).write({"block": "credit"})
        accounts[10].with_context(kondo_ledger=LEDGER).write({"state": "dormant"})
        rows = self.rows(accounts)
        rows[0][1] = "KONATÉ Autre"
        rows[3][2] = 1000.5
        rows[4][2] = -5000
        rows[5][2] = int("9" * 58)
        rows[6][2] = "mille"
        rows[7][2] = "=1+1"
        rows[8][0] = None
        rows[9][0] = rows[0][0]
        rows += [[foreign.number, "DIALLO Oumou", 1000, None], ["NIX-LIV-99999", "Personne", 1000, None]]
        batch = self.make_batch(xlsx(rows), 14, 1)
        batch.action_check()
        reasons = self.reasons(batch)
        self.assertEqual(sorted(reasons), [3, 4, 5, 6, 7, 8, 9, 10, 11, 14, 15])
        self.assertIn(accounts[1].number, reasons[3])
        self.assertIn("Caisse de Ségou", reasons[14])
        columns = {line.row: line.column for line in batch.line_ids}
        self.assertEqual([columns[row] for row in (3, 4, 5, 6, 7, 8, 9, 10, 11)], [*"AACCCCCAA"])
        states = {line.row: line.state for line in batch.line_ids}
        self.assertEqual([states[row] for row in (2, 12, 13)], ["warning", "warning", "ok"])
        self.assertEqual(batch.error_count, 11)

    def test_a_merged_cell_and_a_damaged_file_are_refused(self):
        accounts = self.teachers(2)
        batch = self.make_batch(xlsx(self.rows(accounts), change=lambda sheet: sheet.merge_cells("B2:B3")), 2, 170_000)
        batch.action_check()
        self.assertEqual(batch.state, "faulty")
        self.assertEqual(batch.line_ids.filtered("reason").mapped("column"), ["B"])
        good = xlsx(self.rows(accounts))
        for content in (good[: len(good) // 2], b"%PDF-1.7 rien", b"\x00\x01\x02", b"bonjour"):
            batch.file = encoded(content)
            batch.action_check()
            self.assertEqual(batch.state, "faulty")
            self.assertTrue(batch.fault_note)
            self.assertFalse(batch.line_ids)

    def test_members_are_found_by_number_and_by_phone(self):
        awa = self.make_account(self.make_member("TRAORÉ Awa", phone="+223 76 12 34 56"))
        salif = self.make_account(self.make_member("KEÏTA Salif"))
        rows = [
            [76123456, "Traore Awa", 5000, None],
            [salif.partner_id.member_number, "KEITA Salif", "6 000 F", "Prime"],
        ]
        batch = self.make_batch(xlsx(rows, ("Téléphone", "Nom", "Montant", "Libellé")), 2, 11_000)
        batch.action_check()
        self.assertEqual(batch.state, "ready", batch.line_ids.mapped("reason"))
        self.assertEqual(batch.line_ids.savings_account_id, awa + salif)
        self.make_account(awa.partner_id, self.demand)
        batch.action_check()
        self.assertEqual(list(self.reasons(batch)), [2])
        batch.product_id = self.demand
        batch.action_check()
        self.assertEqual(list(self.reasons(batch)), [3])

    def test_a_block_put_after_the_check_holds(self):
        accounts = self.teachers(3)
        batch = self.make_batch(csv(self.rows(accounts)), 3, 255_000)
        batch.action_check()
        batch.action_submit()
        accounts[2].with_context(kondo_ledger=LEDGER).block = "all"
        with self.assertRaisesRegex(UserError, accounts[2].number):
            self.approve(batch)
        self.assertEqual(batch.state, "submitted")
        self.assertFalse(any(account.balance for account in accounts))


@tagged("post_install", "-at_install")
class TestMarketDay(BatchCase):
    """Cash collected in the market, and dues taken from members' accounts."""

    def test_cash_of_the_market_enters_the_till_of_the_person_who_collected_it(self):
        session = self.open_till(amount=100_000)
        teller = self.users["NIX"]["teller"]
        accounts = self.teachers(4)
        batch = self.make_batch(csv(self.rows(accounts, 2_500)), 4, 10_000, teller, kind="deposit", account_id=False)
        batch.action_check()
        batch.action_submit()
        self.assertEqual(batch.session_id.id, session.id)
        answer = self.approve(batch)
        self.assertEqual(session.till_id.cash, 110_000)
        self.assertEqual(answer["till_cash"], 110_000)
        self.assertEqual([account.balance for account in accounts], [2_500] * 4)
        self.assertEqual(set(accounts[0].mapped("last_movement_on")), {self.nio.business_date})
        self.assertIn(answer["receipt_number"], self.text("action_report_receipt_80", self.operation(answer)))

    def test_a_closed_till_takes_no_batch(self):
        session = self.open_till(amount=100_000)
        teller = self.users["NIX"]["teller"]
        accounts = self.teachers(2)
        batch = self.make_batch(csv(self.rows(accounts, 2_500)), 2, 5_000, teller, kind="deposit", account_id=False)
        batch.action_check()
        batch.action_submit()
        mine = self.as_user(teller)["kondo.till.session"].browse(session.id)
        mine.count_till(make_up(100_000))
        mine.close_till()
        with self.assertRaises(UserError):
            self.approve(batch)
        batch.action_take_back()
        self.assertEqual(batch.state, "draft")
        with self.assertRaises(UserError):
            batch.action_check()

    def test_a_deposit_obeys_the_rules_of_the_window(self):
        self.open_till(amount=100_000)
        self.passbook.minimum_operation = 500
        accounts = self.teachers(2)
        accounts[1].with_context(kondo_ledger=LEDGER).write({"state": "dormant"})
        rows = self.rows(accounts, 2_500)
        rows[0][2] = 400
        teller = self.users["NIX"]["teller"]
        batch = self.make_batch(csv(rows), 2, 2_900, teller, kind="deposit", account_id=False)
        batch.action_check()
        self.assertEqual(sorted(self.reasons(batch)), [2, 3])

    def test_dues_leave_only_accounts_that_hold_them(self):
        rich, poor = self.make_account(balance=50_000), self.make_account(self.make_member("KEÏTA Salif"), balance=900)
        rows = self.rows((rich, poor), 1_000)
        dues = self.union._kondo_account("332")
        batch = self.make_batch(csv(rows), 2, 2_000, kind="debit", account_id=dues.id, label="Cotisation")
        batch.action_check()
        self.assertEqual(list(self.reasons(batch)), [3])
        batch.write({"file": encoded(csv(rows[:1])), "control_count": 1, "control_total": 1_000})
        batch.action_check()
        batch.action_submit()
        self.submit("withdrawal", rich, 48_500)
        self.approve(batch)
        self.assertEqual(rich.balance, 500)

    def test_a_cooperative_pays_its_members_from_its_own_account(self):
        cooperative = self.make_account(self.make_member("COOPÉRATIVE Faso"), balance=40_000)
        accounts = self.teachers(3)
        batch = self.make_batch(
            csv(self.rows(accounts, 10_000)), 3, 30_000, account_id=False, counterpart="member",
            savings_account_id=cooperative.id, label="Paddy",
        )  # fmt: skip
        batch.action_check()
        batch.action_submit()
        self.approve(batch)
        self.assertEqual(cooperative.balance, 10_000)
        self.assertEqual([account.balance for account in accounts], [10_000] * 3)


@tagged("post_install", "-at_install")
class TestBatchRoles(BatchCase):
    def test_who_may_not(self):
        content = csv(self.rows(self.teachers(1)))
        for user in (self.users["NIX"]["officer"], self.controller):
            with self.assertRaises(UserError):
                self.make_batch(content, 1, 85_000, user)
        batch = self.make_batch(content, 1, 85_000)
        batch.action_check()
        batch.action_submit()
        for user in (self.users["NIX"]["teller"], self.users["SGX"]["manager"], self.users["SGX"]["accountant"]):
            with self.assertRaises(UserError):
                batch.with_env(self.as_user(user)).action_approve()
        stranger = self.as_user(self.users["SGX"]["manager"])
        self.assertFalse(stranger["kondo.batch"].search([]))
        self.assertFalse(stranger["kondo.batch.line"].search([]))
        with self.assertRaises(AccessError):
            batch.with_env(stranger).read(["total"])

    def test_what_was_sent_no_longer_changes(self):
        batch = self.make_batch(csv(self.rows(self.teachers(1))), 1, 85_000)
        batch.action_check()
        batch.action_submit()
        for values in ({"label": "Autre"}, {"file": encoded(b"x")}, {"state": "posted"}, {"control_total": 1}):
            with self.assertRaises(AccessError):
                batch.write(values)
        with self.assertRaises(AccessError):
            batch.line_ids.write({"amount": 1})
        with self.assertRaises(AccessError):
            batch.unlink()

    def test_the_other_side_is_no_account_of_tills_or_members(self):
        for code in ("2511", "2512"):
            with self.assertRaises(UserError):
                self.make_batch(csv([]), 1, 1, account_id=self.union._kondo_account(code).id)

    def test_a_batch_is_of_a_caisse(self):
        with self.assertRaises(UserError):
            self.make_batch(csv([]), 1, 1, self.users["SGX"]["accountant"], company_id=self.nio.id)


@tagged("post_install", "-at_install")
class TestBatchPapers(BatchCase):
    def test_the_template_is_read_by_the_check(self):
        account = self.make_account(self.make_member("TRAORÉ Awa"))
        batch = self.make_batch(b"", 1, 25_000, file=False)
        template = self.sheet("action_report_batch_template", batch)
        sheet = template["Liste"]
        self.assertEqual(template["Membres"]["A2"].value, account.number)
        batch.file = encoded(self.saved(template))
        batch.action_check()
        self.assertEqual(list(self.reasons(batch)), [2])
        sheet["D2"] = "Salaire"
        batch.file = encoded(self.saved(template))
        batch.action_check()
        self.assertEqual(batch.state, "ready", batch.line_ids.mapped("reason"))

    def test_the_list_says_who_got_what(self):
        accounts = self.teachers(45)
        batch = self.make_batch(csv(self.rows(accounts, 1_500)), 45, 67_500)
        batch.action_check()
        batch.action_submit()
        self.approve(batch)
        pages = [text for _page, text in self.pdf("action_report_batch", batch, self.users["NIX"]["accountant"])]
        self.assertEqual(len(pages), 2)
        whole = " ".join(pages)
        for account in accounts:
            self.assertEqual(whole.count(account.number), 1)
        for text in (batch.name, self.plain(67_500), "soixante-sept mille cinq cents francs CFA", "Manager Nix", "331"):
            self.assertIn(text, whole)
        rows = list(self.sheet("action_report_batch_xlsx", batch).active.iter_rows(values_only=True))
        self.assertEqual(rows[3][1], accounts[0].number)
        self.assertEqual(rows[-1][5], 67_500)

    def sheet(self, report, records):
        env = self.as_user(self.users["NIX"]["accountant"])
        content, kind = (
            env["ir.actions.report"]
            .with_context(active_model=records._name)
            ._render_xlsx(f"kondo_microfinance.{report}", records.ids, data={})
        )
        self.assertEqual(kind, "xlsx")
        return openpyxl.load_workbook(io.BytesIO(content))

    def saved(self, book):
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()
