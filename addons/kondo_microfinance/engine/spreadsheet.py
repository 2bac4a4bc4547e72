"""The cells of a spreadsheet file (XLSX, ODS or CSV), as they were typed. Pure Python.

The kind of the file is found in its content, not in its name. Nothing is calculated: a formula stays a `Formula`, so
that whoever reads can refuse it. What cannot be read raises `FileFault` and nothing else.
"""

import csv
import io
import re
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime, time
from xml.etree import ElementTree

import openpyxl

MAX_BYTES = 5_000_000
MAX_UNPACKED = 40_000_000  # XML of a packed file; more is no list of payments
MAX_COLUMN = 200
MAX_ROW = 20_000

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


class FileFault(ValueError):
    """A file that is no readable spreadsheet; `code` says why, `row` where when it is known."""

    def __init__(self, code, row=0):
        super().__init__(code)
        self.code = code
        self.row = row


class Formula(str):
    """The text of a formula: its value depends on other cells and is never taken."""


class CellError(str):
    """#N/A, #REF!…"""


@dataclass
class Grid:
    """One sheet: values by (row, column), both from 1, empty cells left out; merged ranges (row, column, row, column).

    Values are str, int, float, bool, date, datetime, time, Formula or CellError.
    """

    name: str
    cells: dict = field(default_factory=dict)
    merged: list = field(default_factory=list)

    def put(self, row, column, value):
        if value is None or value == "":
            return
        if row > MAX_ROW:
            raise FileFault("too_many_rows", MAX_ROW)
        if column <= MAX_COLUMN:
            self.cells[row, column] = value

    @property
    def rows(self):
        """{row: {column: value}}, rows in order."""
        rows = {}
        for (row, column), value in sorted(self.cells.items(), key=lambda item: item[0]):
            rows.setdefault(row, {})[column] = value
        return rows


def column_letter(column):
    """The name of a column, 1 is A.

    >>> column_letter(1), column_letter(27), column_letter(0)
    ('A', 'AA', '')
    """
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read_grids(content):
    """The visible sheets of a file.

    :param content: bytes of the file
    :return: list of Grid
    :raises FileFault: empty, too_large, too_many_rows, old_excel, password, unknown_format, encoding, unreadable

    >>> read_grids("Compte;Montant\\nNIO-1;25 000\\n".encode("utf-8"))[0].rows
    {1: {1: 'Compte', 2: 'Montant'}, 2: {1: 'NIO-1', 2: '25 000'}}
    >>> read_grids(b"")
    Traceback (most recent call last):
    ...
    odoo.addons.kondo_microfinance.engine.spreadsheet.FileFault: empty
    """
    if not content.strip():
        raise FileFault("empty")
    if len(content) > MAX_BYTES:
        raise FileFault("too_large")
    try:
        return _reader(content)(content)
    except FileFault:
        raise
    except Exception as error:
        # Whatever a damaged file provokes in the libraries that unpack it, it is one thing to the person who sent it.
        raise FileFault("unreadable") from error


def _reader(content):
    if content.startswith(b"\xd0\xcf\x11\xe0"):  # the old OLE container: Excel 97, or an encrypted XLSX in it
        raise FileFault("password" if "EncryptedPackage".encode("utf-16-le") in content else "old_excel")
    if content.startswith(b"PK"):
        return _packed
    if content.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"{\\rtf", b"GIF8")):
        raise FileFault("unknown_format")
    return _read_csv


def _packed(content):
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = set(package.namelist())
        if sum(info.file_size for info in package.infolist()) > MAX_UNPACKED:
            raise FileFault("too_large")
        if any(info.flag_bits & 1 for info in package.infolist()):
            raise FileFault("password")
        if "xl/workbook.xml" in names:
            return _read_xlsx(content)
        if "content.xml" in names:
            if b"encryption-data" in package.read("META-INF/manifest.xml"):
                raise FileFault("password")
            return _read_ods(package.read("content.xml"))
    raise FileFault("unknown_format")


# ------------------------------------------------------------------ XLSX
def _read_xlsx(content):
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=False, keep_links=False)
    grids = []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        grid = Grid(sheet.title)
        # `iter_rows` would walk through a million empty rows when one stray cell stands at the foot of the sheet.
        for (row, column), cell in sorted(sheet._cells.items()):
            value = cell.value
            if cell.data_type == "f":
                value = Formula(getattr(value, "text", value) or "=")
            elif cell.data_type == "e":
                value = CellError(value)
            grid.put(row, column, value)
        grid.merged = [(span.min_row, span.min_col, span.max_row, span.max_col) for span in sheet.merged_cells.ranges]
        grids.append(grid)
    return grids


# ------------------------------------------------------------------ ODS
def _read_ods(content):
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise FileFault("unreadable")
    body = ElementTree.fromstring(content).find(f"{_OFFICE}body/{_OFFICE}spreadsheet")
    return [_ods_sheet(table) for table in body.iter(f"{_TABLE}table")]


def _ods_sheet(table):
    grid = Grid(table.get(f"{_TABLE}name", ""))
    row = 0
    for line in table.iter(f"{_TABLE}table-row"):
        repeated = int(line.get(f"{_TABLE}number-rows-repeated", 1))
        values = _ods_row(line, row + 1, grid)
        for offset in range(repeated if values else 0):
            for column, value in values.items():
                grid.put(row + 1 + offset, column, value)
        row += repeated
    return grid


def _ods_row(line, row, grid):
    """{column: value} of a row; merged ranges that start in it go to the grid."""
    values, column = {}, 0
    for cell in line:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        repeated = int(cell.get(f"{_TABLE}number-columns-repeated", 1))
        wide = int(cell.get(f"{_TABLE}number-columns-spanned", 1))
        high = int(cell.get(f"{_TABLE}number-rows-spanned", 1))
        if wide > 1 or high > 1:
            grid.merged.append((row, column + 1, row + high - 1, column + wide))
        value = _ods_value(cell)
        if value not in (None, ""):
            for offset in range(min(repeated, MAX_COLUMN)):
                values[column + 1 + offset] = value
        column += repeated
    return values


def _ods_value(cell):
    if cell.get(f"{_TABLE}formula"):
        return Formula(cell.get(f"{_TABLE}formula"))
    kind = cell.get(f"{_OFFICE}value-type")
    if kind in ("float", "currency", "percentage"):
        number = float(cell.get(f"{_OFFICE}value"))
        return int(number) if number.is_integer() and abs(number) < 2**53 else number
    if kind == "boolean":
        return cell.get(f"{_OFFICE}boolean-value") == "true"
    if kind == "date":
        return datetime.fromisoformat(cell.get(f"{_OFFICE}date-value"))
    return "\n".join("".join(part.itertext()) for part in cell.iter(f"{_TEXT}p")).strip()


# ------------------------------------------------------------------ CSV
def _read_csv(content):
    text = _decoded(content)
    lines = text.splitlines()
    sample = "\n".join(lines[:20])
    delimiter = max(";\t,|", key=sample.count)
    grid = Grid("CSV")
    row = 0
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            row += 1
            for column, value in enumerate(record, 1):
                value = value.strip()
                grid.put(row, column, Formula(value) if value.startswith("=") else value)
    except csv.Error as error:
        raise FileFault("unreadable", row + 1) from error
    return [grid]


def _decoded(content):
    """UTF-8, what Excel writes as « Unicode », or the Windows page of Western Europe, in this order.

    >>> _decoded("Keïta;1".encode("cp1252")), _decoded("Keïta;1".encode("utf-8-sig"))
    ('Keïta;1', 'Keïta;1')
    >>> _decoded("Keïta;1".encode("utf-16"))
    'Keïta;1'
    """
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeError:
            continue
        if re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", text):
            break
        return text
    raise FileFault("encoding")


def as_text(value):
    """What a cell says, on one line.

    >>> as_text(76123456.0), as_text(" NIO-LIV-00042\\n"), as_text(True), as_text(None)
    ('76123456', 'NIO-LIV-00042', 'VRAI', '')
    >>> as_text(datetime(2026, 11, 5))
    '05/11/2026'
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "VRAI" if value else "FAUX"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if isinstance(value, datetime | date):
        return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"
    if isinstance(value, time):
        return value.isoformat()
    return " ".join(str(value).split())
