"""The pure part of collection sheets: parts that add up, and files that are read back or refused."""

import io
from datetime import date, timedelta

import openpyxl
from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.kondo_microfinance.engine.allocation import COMPONENTS, Due

from ..engine.sheet import difference, parts_of_due
from ..engine.sheet_file import COLUMNS, FILLED, MARK, TOTAL, read

DAY = date(2026, 6, 1)
SHEET = "11111111-1111-4111-8111-111111111111"
MARKS = {"present": "present", "absent": "absent"}
francs = st.integers(0, 10**9)


@st.composite
def dues(draw):
    days = sorted(draw(st.lists(st.integers(-400, 400), max_size=6, unique=True)))
    return [
        Due(number, DAY + timedelta(days), **{name: draw(francs) for name in COMPONENTS})
        for number, days in enumerate(days, 1)
    ]


@tagged("post_install", "-at_install")
class TestSheetEngine(BaseCase):
    @given(dues(), st.integers(0, 365), st.lists(francs, min_size=1, max_size=30))
    def test_the_parts_of_the_people_are_what_is_due(self, unpaid, ahead, weights):
        horizon = DAY + timedelta(ahead)
        parts = parts_of_due(unpaid, DAY, horizon, weights)
        asked = [due for due in unpaid if due.due <= horizon]
        self.assertEqual(len(parts), len(weights))
        self.assertEqual(sum(part.total for part in parts), sum(due.total for due in asked))
        self.assertEqual(sum(part.principal for part in parts), sum(due.principal for due in asked))
        self.assertEqual(sum(part.interest for part in parts), sum(due.interest for due in asked))
        self.assertEqual(sum(part.late for part in parts), sum(due.total for due in unpaid if due.due < DAY))
        for part, weight in zip(parts, weights, strict=True):
            self.assertTrue(0 <= part.late <= part.total)
            if not weight and any(weights):
                self.assertEqual(part.total, 0, "who was granted nothing owes nothing")

    @given(st.integers(0, 10**12), st.integers(0, 10**12))
    def test_a_count_differs_by_what_is_missing_or_too_much(self, counted, total):
        gap = difference(counted, total)
        if not gap:
            self.assertEqual(counted, total)
        else:
            self.assertEqual(counted + (gap[1] if gap[0] == "missing" else -gap[1]), total)

    # ------------------------------------------------------------------ files
    def expected(self, count):
        return {
            f"row-{rank}": {"name": f"PERSONNE {rank}", "loan": f"NIO-C-{rank}", "account": "", "due": 1000 * rank}
            for rank in range(count)
        }

    def file(self, rows, mark=MARK + SHEET):
        book = openpyxl.Workbook()
        page = book.active
        page.cell(1, 1, mark)
        page.cell(4, COLUMNS["name"], "Nom")
        page.cell(4, COLUMNS["paid"], "Remboursé")
        for number, values in enumerate(rows, 5):
            for name, value in values.items():
                page.cell(number, COLUMNS[name], value)
        foot = 5 + len(rows)
        page.cell(foot, 1, TOTAL)
        page.cell(foot, COLUMNS["paid"], f"=SUM(G5:G{foot - 1})")
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    def rows(self, expected, **typed):
        return [{"uuid": uuid, **known, **typed} for uuid, known in expected.items()]

    @given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)), min_size=1, max_size=8))
    def test_what_is_typed_is_what_is_read_and_the_total_is_their_sum(self, amounts):
        expected = self.expected(len(amounts))
        rows = self.rows(expected)
        for row, (paid, saved) in zip(rows, amounts, strict=True):
            row.update(paid=paid or None, saved=saved)
        filled = read(self.file(rows), SHEET, expected, MARKS)
        self.assertEqual(filled.faults, [])
        self.assertEqual([(row["paid"], row["saved"]) for row in filled.rows.values()], amounts)

    def faults(self, rows, expected, **values):
        filled = read(self.file(rows, **values), SHEET, expected, MARKS)
        return [(fault.code, fault.row, fault.name) for fault in filled.faults]

    def test_every_fault_is_named_with_its_row(self):
        expected = self.expected(3)
        for change, code in (
            ({"uuid": "row-9"}, "unknown_row"),
            ({"name": "AUTRE"}, "changed_name"),
            ({"loan": "NIO-C-9"}, "changed_loan"),
            ({"account": "NIO-LIV-1"}, "changed_account"),
            ({"due": 5}, "changed_due"),
            ({"due": None}, "changed_due"),
            ({"paid": "mille"}, "amount_text"),
            ({"paid": -5}, "amount_negative"),
            ({"saved": 12.5}, "amount_decimals"),
            ({"paid": "=A1"}, "formula"),
            ({"attendance": "peut-être"}, "attendance"),
            ({"uuid": None, "paid": 500}, "no_identifier"),
            ({"uuid": "row-0"}, "row_twice"),
        ):
            rows = self.rows(expected)
            rows[2].update(change)
            self.assertIn((code, 7), [fault[:2] for fault in self.faults(rows, expected)], code)

    def test_a_file_that_is_not_the_sheet_is_refused(self):
        expected = self.expected(2)
        rows = self.rows(expected)
        self.assertEqual(self.faults(rows, expected, mark="Liste")[0][0], "not_a_sheet")
        self.assertEqual(self.faults(rows, expected, mark=MARK + "other")[0][0], "other_sheet")
        self.assertEqual(self.faults([], expected)[0][0], "no_row")
        self.assertEqual(read(b"%PDF-1.4", SHEET, expected, MARKS).faults[0].code, "unknown_format")
        self.assertEqual(read(b"", SHEET, expected, MARKS).faults[0].code, "empty")

    def test_a_row_left_out_says_nothing_of_its_person(self):
        expected = self.expected(3)
        filled = read(self.file(self.rows(expected, paid=500)[:2]), SHEET, expected, MARKS)
        self.assertEqual((list(filled.rows), filled.faults), (["row-0", "row-1"], []))
        self.assertEqual(set(filled.rows["row-0"]), set(FILLED))
