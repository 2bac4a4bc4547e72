"""Spreadsheet files for tests of batches."""

import base64
import io
from datetime import date

import openpyxl

HEADINGS = ("N° compte", "Nom", "Montant", "Libellé")


def xlsx(rows, headings=HEADINGS, change=None):
    """An XLSX file (bytes) with `headings` in its first row; `change(sheet)` may spoil it."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Liste"
    for row in [headings, *rows]:
        sheet.append(row)
    if change:
        change(sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def csv(rows, headings=HEADINGS, encoding="utf-8"):
    """A CSV file (bytes) as a French spreadsheet writes it."""
    lines = [";".join("" if cell is None else str(cell) for cell in row) for row in [headings, *rows]]
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


def encoded(content):
    """Bytes as a Binary field takes them."""
    return base64.b64encode(content).decode()


# ------------------------------------------------------------------ spoilt files
def mutated(random, payments, foreign="SGX-LIV-00001"):
    """A list of payments as somebody may have spoilt it on the way.

    :param payments: [(account number, name, francs)]
    :param foreign: number of an account of another caisse
    :return: (name of what was done, content in bytes, whether the file still says exactly the payments: True, False, or
        None when luck decides)
    """
    name, spoil, still_good = random.choice(MUTATIONS)
    rows = [[account, holder, amount, None] for account, holder, amount in payments]
    return name, spoil(random, rows, foreign), still_good


def _cell(column, value):
    """Another value in a column of a random row, in a file of either kind."""

    def spoil(random, rows, foreign):
        row = random.choice(rows)
        row[column] = value(row, foreign) if callable(value) else value
        return random.choice((xlsx, csv))(rows)

    return spoil


def _sheet(change):
    """A change of the sheet itself; `change(sheet, random)`."""

    def spoil(random, rows, _foreign):
        return xlsx(rows, change=lambda sheet: change(sheet, random))

    return spoil


def _bytes(change):
    """A change of the bytes of a file of either kind."""

    def spoil(random, rows, _foreign):
        return change(random.choice((xlsx, csv))(rows), random)

    return spoil


def _flip(content, random):
    content = bytearray(content)
    for _index in range(random.choice((1, 3, 40))):
        content[random.randrange(len(content))] = random.randrange(256)
    return bytes(content)


def _half(content, random):
    return content[: random.randrange(1, len(content))]


def _half_of_the_rows(random, rows, _foreign):
    return random.choice((xlsx, csv))(rows[: len(rows) // 2])


def _twice(random, rows, _foreign):
    return random.choice((xlsx, csv))([*rows, random.choice(rows)])


def _shuffled(random, rows, _foreign):
    random.shuffle(rows)
    return random.choice((xlsx, csv))(rows)


def _with_total(add, formula=False):
    def spoil(random, rows, _foreign):
        total = sum(row[2] for row in rows) + add
        return xlsx([*rows, ["TOTAL", None, "=SUM(C2:C99)" if formula else total, None]])

    return spoil


def _below_total(random, rows, _foreign):
    return xlsx([*rows[:-1], ["Total", None, sum(row[2] for row in rows[:-1]), None], rows[-1]])


def _headings(*headings):
    def spoil(random, rows, _foreign):
        return random.choice((xlsx, csv))(rows, headings)

    return spoil


def _titled(random, rows, _foreign):
    return xlsx([[], list(HEADINGS), *rows], ("ÉTAT DES SALAIRES",), lambda sheet: sheet.merge_cells("A1:D1"))


def _merge(sheet, random):
    row = random.randrange(2, sheet.max_row)
    sheet.merge_cells(
        start_row=row, end_row=row + 1, start_column=(column := random.choice((1, 2, 3))), end_column=column
    )


def _second_sheet(sheet, _random):
    other = sheet.parent.create_sheet("Octobre")
    for row in sheet.iter_rows(values_only=True):
        other.append(row)


def _far_below(sheet, _random):
    sheet.cell(row=60_000, column=3, value=5)


def _shifted(sheet, random):
    sheet.insert_cols(1, random.randrange(1, 4))


def _encoding(encoding):
    def spoil(_random, rows, _foreign):
        return csv(rows, encoding=encoding)

    return spoil


MUTATIONS = [
    ("nothing", _bytes(lambda content, random: content), True),
    ("decimals", _cell(2, 85000.5), False),
    ("a dot in the amount", _cell(2, "85.000"), False),
    ("a comma in the amount", _cell(2, "85000,00"), False),
    ("spaces in the amount", _cell(2, lambda row, foreign: f"{row[2]:,}".replace(",", "\u00a0")), True),
    ("the currency in the amount", _cell(2, lambda row, foreign: f"{row[2]} FCFA"), True),
    ("words", _cell(2, "quatre-vingt mille"), False),
    ("negative", _cell(2, -85000), False),
    ("zero", _cell(2, 0), False),
    ("58 digits", _cell(2, int("7" * 58)), False),
    ("58 digits as text", _cell(2, "7" * 58), False),
    ("no amount", _cell(2, None), False),
    ("another amount", _cell(2, lambda row, foreign: row[2] + 1), False),
    ("formula", _cell(2, "=80000+5000"), False),
    ("formula as an account", _cell(0, "=A1"), False),
    ("error value", _cell(2, "#REF!"), False),
    ("no account", _cell(0, None), False),
    ("unknown account", _cell(0, "NIX-LIV-98765"), False),
    ("account of another caisse", _cell(0, lambda row, foreign: foreign), False),
    ("letters lost", _cell(1, "TRAOR\ufffd Awa"), False),
    ("duplicate row", _twice, False),
    ("half of the rows", _half_of_the_rows, False),
    ("half of the file", _bytes(_half), False),
    ("bytes flipped", _bytes(_flip), None),
    ("zeros in it", _bytes(lambda content, random: content[:50] + b"\x00" * 20 + content[50:]), None),
    ("empty", _bytes(lambda content, random: b""), False),
    ("only blanks", _bytes(lambda content, random: b" \r\n;;\r\n"), False),
    ("no packed file", _bytes(lambda content, random: b"PK\x03\x04" + content[:200]), False),
    ("not a list", _bytes(lambda content, random: b"%PDF-1.4 " + content[:100]), False),
    ("rows in another order", _shuffled, True),
    ("total", _with_total(0), True),
    ("total as a formula", _with_total(0, formula=True), True),
    ("wrong total", _with_total(1), False),
    ("a row below the total", _below_total, False),
    ("no headings", _headings("a", "b", "c", "d"), False),
    ("two amounts", _headings("Compte", "Montant net", "Montant", "Libellé"), False),
    ("other headings", _headings("COMPTE", "Nom et prénoms", "Net à payer", "Motif"), True),
    ("title above", _titled, True),
    ("merged cells", _sheet(_merge), False),
    ("two sheets", _sheet(_second_sheet), False),
    ("a cell far below", _sheet(_far_below), False),
    ("a column before", _sheet(_shifted), True),
    ("a date as amount", _cell(2, date(2026, 11, 30)), False),
    ("UTF-16", _encoding("utf-16"), True),
    ("Windows letters", _encoding("cp1252"), True),
    ("UTF-8 with a mark", _encoding("utf-8-sig"), True),
]
