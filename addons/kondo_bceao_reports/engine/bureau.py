"""The layout of the file for the credit bureau: which column holds what, under which heading, in which words.

The bureau's own layout is not public; this one stands in `data/bureau_columns.csv`, to be put in the bureau's order and
words without a line of code. Pure Python.
"""

import csv
import io
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

LAYOUT = Path(__file__).resolve().parent.parent / "data" / "bureau_columns.csv"


class Column(NamedTuple):
    """A column: the field of a contract, its heading, the words of its codes."""

    field: str
    heading: str
    words: dict


@cache
def columns():
    """The columns in the order of the file.

    >>> [column.field for column in columns()][:3], columns()[0].heading
    (['caisse', 'member_number', 'kind'], 'Agence')
    >>> next(column for column in columns() if column.field == "stage").words["late_6"]
    '292'
    """
    with LAYOUT.open(encoding="utf-8", newline="") as source:
        return tuple(
            Column(row["field"], row["heading"], dict(pair.split("=", 1) for pair in row["values"].split("|") if pair))
            for row in csv.DictReader(source)
        )


def written(value, words):
    """A value as the file writes it: codes in words, days as 31/12/2026, nothing for what is not known.

    >>> written("late_6", {"late_6": "292"}), written(date(2026, 12, 31), {}), written(None, {}), written(0, {})
    ('292', '31/12/2026', '', '0')
    """
    if value is None:
        return ""
    if str(value) in words:
        return words[str(value)]
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def as_csv(rows):
    """The bytes of the file: semicolons, UTF-8 with its mark so that spreadsheets read the accents.

    :param rows: dicts of the fields of `columns()`

    >>> text = as_csv([{column.field: None for column in columns()}]).decode("utf-8-sig").splitlines()
    >>> text[0][:24], len(text)
    ('Agence;Numéro du membre;', 2)
    """
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow([column.heading for column in columns()])
    for row in rows:
        writer.writerow([_safe(written(row[column.field], column.words)) for column in columns()])
    return stream.getvalue().encode("utf-8-sig")


def _safe(text):
    """A text that no spreadsheet takes for a formula.

    >>> _safe("=1+1"), _safe("+223 76 00 00 00"), _safe("Awa")
    ("'=1+1", '+223 76 00 00 00', 'Awa')
    """
    return f"'{text}" if text[:1] in "=@" or text[:1] in "+-" and not text[1:].replace(" ", "").isdigit() else text
