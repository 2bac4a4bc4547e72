"""Spreadsheet files for tests of batches."""

import base64
import io

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
