"""A bad file cannot hurt the books (R10): some hundreds here, 10 000 by `python -m tests.faults.files`."""

import io
import zipfile
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import BaseCase, tagged

from odoo.addons.kondo_microfinance.engine.batch_file import MAX_AMOUNT, Entry, read, read_amount
from odoo.addons.kondo_microfinance.engine.spreadsheet import FileFault, Grid

from .batch_files import MUTATIONS, csv, encoded, mutated, xlsx
from .test_batch import BatchCase

PAYMENTS = [(f"NIX-LIV-{index:05d}", f"MAÎTRE{index:02d} Issa", 85_000 + index) for index in range(1, 31)]
ODS = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="Liste">
<table:table-row><table:table-cell><text:p>Compte</text:p></table:table-cell>
<table:table-cell table:number-columns-repeated="2"/><table:table-cell><text:p>Montant</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>
<table:table-row><table:table-cell office:value-type="string"><text:p>NIX-1</text:p></table:table-cell>
<table:table-cell table:number-columns-repeated="2"/>
<table:table-cell office:value-type="float" office:value="%s" %s><text:p>x</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>"""


def ods(amount, more=""):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", ODS % (amount, more))
        package.writestr("META-INF/manifest.xml", "<manifest/>")
    return stream.getvalue()


@tagged("post_install", "-at_install")
class TestBatchFile(BaseCase):
    def test_a_good_list_reads_the_same_from_every_kind_of_file(self):
        rows = [[account, name, amount, None] for account, name, amount in PAYMENTS]
        for content in (xlsx(rows), csv(rows), csv(rows, encoding="cp1252"), csv(rows, encoding="utf-16")):
            reading = read(content)
            self.assertEqual(reading.faults, [])
            self.assertEqual(
                [(entry.identifiers["account"], entry.name, entry.amount) for entry in reading.entries], PAYMENTS
            )
            self.assertEqual([entry.row for entry in reading.entries], list(range(2, 32)))

    def test_a_sheet_of_libreoffice(self):
        self.assertEqual(read(ods("25000")).entries, [Entry(5, {"account": "NIX-1"}, "", 25_000, "")])
        self.assertEqual([fault.code for fault in read(ods("25000.5")).faults], ["amount_decimals"])
        faults = read(ods("25000", 'table:formula="of:=[.A1]"')).faults
        self.assertEqual([(fault.code, fault.row, fault.column) for fault in faults], [("formula", 5, "D")])

    def test_rows_numbered_in_front_are_no_members(self):
        reading = read(csv([[1, "NIX-1", "A", 5], [2, "NIX-2", "B", 6]], ("N°", "Compte", "Nom", "Montant")))
        self.assertEqual([entry.identifiers for entry in reading.entries], [{"account": "NIX-1"}, {"account": "NIX-2"}])

    def test_a_packed_bomb_is_not_unpacked(self):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr("xl/workbook.xml", b"0" * 60_000_000)
        self.assertEqual([fault.code for fault in read(stream.getvalue()).faults], ["too_large"])

    def test_a_sheet_does_not_end_at_the_edge_of_the_world(self):
        with self.assertRaises(FileFault):
            Grid("x").put(1_048_576, 1, "x")

    def test_each_way_to_spoil_a_file_is_seen_or_harmless(self):
        """Every mutation of the list, several times: never a crash, and never another list without a word."""
        for index in range(12 * len(MUTATIONS)):
            random = Random(index)
            name, _spoil, good = MUTATIONS[index % len(MUTATIONS)]
            rows = [[account, holder, amount, None] for account, holder, amount in PAYMENTS]
            reading = read(MUTATIONS[index % len(MUTATIONS)][1](random, rows, "SGX-LIV-00001"))
            said = sorted(
                (entry.identifiers.get("account", ""), str(entry.amount))
                for entry in reading.entries
                if entry.identifiers
            )
            same = said == sorted((account, str(amount)) for account, _name, amount in PAYMENTS)
            if good:
                self.assertTrue(same and not reading.faults, f"{name}: {reading.faults}")
            elif good is False:
                self.assertTrue(reading.faults or not same, name)
            for fault in reading.faults:
                self.assertTrue(fault.row or not fault.column, f"{name}: {fault}")

    @settings(max_examples=300, deadline=None)
    @given(st.one_of(st.none(), st.integers(), st.floats(), st.booleans(), st.text(max_size=80), st.dates()))
    def test_an_amount_is_francs_or_a_fault(self, value):
        amount, code = read_amount(value)
        if code:
            self.assertIsNone(amount)
        else:
            self.assertIs(type(amount), int)
            self.assertTrue(0 < amount <= MAX_AMOUNT)

    @settings(max_examples=300, deadline=None)
    @given(st.binary(max_size=400))
    def test_whatever_bytes_come_in_nothing_breaks(self, content):
        for start in (b"", b"PK\x03\x04", b"Compte;Montant\n", b"\xff\xfe"):
            reading = read(start + content)
            self.assertTrue(reading.faults or reading.entries)

    @settings(max_examples=150, deadline=None)
    @given(st.lists(st.lists(st.text(max_size=30), max_size=5), max_size=8))
    def test_whatever_is_typed_nothing_breaks(self, cells):
        clean = [["".join(c for c in cell if c.isprintable()) for cell in row] for row in cells]
        reading = read(xlsx(clean))
        self.assertTrue(reading.faults or reading.entries)


@tagged("post_install", "-at_install")
class TestSpoiltFiles(BatchCase):
    """The same through the caisse: what is not refused is exactly the list."""

    def test_a_spoilt_file_is_refused_in_words_or_still_says_the_list(self):
        accounts = self.teachers(8)
        foreign = self.make_account(self.make_member("DIALLO Oumou", self.seg)).number
        truth = [(account.number, account.partner_id.name, 10_000 + account.id % 97) for account in accounts]
        total = sum(amount for _account, _name, amount in truth)
        for seed in range(90):
            name, content, good = mutated(Random(seed), truth, foreign)
            batch = self.make_batch(content or b" ", 8, total)
            batch.action_check()
            if batch.state == "ready":
                paid = sorted((line.savings_account_id.number, line.amount) for line in batch.line_ids)
                same = paid == sorted((account, amount) for account, _name, amount in truth)
                self.assertTrue(same or batch.warning_count, name)
                self.assertIsNot(good, False, name)
            else:
                self.assertEqual(batch.state, "faulty", name)
                self.assertIsNot(good, True, f"{name}: {batch.fault_note} {batch.line_ids.mapped('reason')}")
                wrong = batch.line_ids.filtered(lambda line: line.state == "error")
                self.assertTrue(batch.fault_note or wrong, name)
                self.assertTrue(all(line.row and line.reason for line in wrong), name)
                with self.assertRaises(UserError):
                    batch.action_submit()
            batch.file = encoded(b"x")
