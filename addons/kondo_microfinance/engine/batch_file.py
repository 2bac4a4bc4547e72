"""Reading a list of payments: who is to get or give how much. Pure Python.

A list is a spreadsheet with one row of headings (within its first rows) and one row for each payment. What is wrong is
returned as `Fault` with the row and the column, never raised and never repaired: a person corrects the file.
"""

import hashlib
import math
import re
from dataclasses import dataclass, field
from datetime import date, datetime, time

from .names import fold
from .spreadsheet import CellError, FileFault, Formula, as_text, column_letter, read_grids

MAX_AMOUNT = 10**12
MAX_ENTRIES = 5_000
HEADING_ROWS = 30
HEADINGS = {
    "account": (
        "compte", "n compte", "no compte", "num compte", "numero compte", "numero de compte", "n de compte",
        "numero du compte", "compte n", "account", "account number", "compte membre ou telephone",
        "compte n de membre ou telephone", "identifiant", "pret", "n pret", "no pret", "numero de pret", "n de pret",
        "numero du pret", "credit", "n credit", "no credit", "numero de credit", "n de credit", "loan", "loan number",
    ),
    "member": (
        "membre", "n membre", "no membre", "numero membre", "numero de membre", "n de membre", "societaire",
        "n societaire", "numero de societaire", "n", "no", "numero", "matricule", "member", "member number",
    ),
    "phone": ("telephone", "tel", "n telephone", "numero de telephone", "portable", "mobile", "phone"),
    "name": (
        "nom", "nom et prenom", "nom et prenoms", "nom prenom", "nom prenoms", "prenom et nom", "prenoms et nom",
        "titulaire", "nom du titulaire", "beneficiaire", "nom du beneficiaire", "noms", "name", "holder",
    ),
    "amount": (
        "montant", "montant fcfa", "montant f cfa", "montant en fcfa", "montant net", "net", "net a payer",
        "salaire", "salaire net", "somme", "versement", "depot", "cotisation", "montant a payer", "montant a verser",
        "montant a prelever", "remboursement", "retenue", "echeance", "amount",
    ),
    "label": ("libelle", "motif", "objet", "observation", "observations", "label", "description"),
}  # fmt: skip
_ROLES = {heading: role for role, headings in HEADINGS.items() for heading in headings}
IDENTIFIERS = ("account", "member", "phone")
_CURRENCY = re.compile(r"(FCFA|F CFA|XOF|CFA|F)\.?$", re.IGNORECASE)
_SPACES = re.compile("[ \u00a0\u202f\u2009']")


@dataclass(frozen=True)
class Fault:
    """What is wrong and where; row 0 is the whole file, column "" the whole row. `value` is what stands there."""

    code: str
    row: int = 0
    column: str = ""
    value: str = ""


@dataclass(frozen=True)
class Entry:
    """One payment as the file says it. `identifiers`: {role: text} of what names the account; `amount` in francs."""

    row: int
    identifiers: dict
    name: str
    amount: int | None
    label: str


@dataclass
class Reading:
    """What a file says, and what is wrong with it. `columns`: {role: letter of the column}."""

    entries: list = field(default_factory=list)
    faults: list = field(default_factory=list)
    columns: dict = field(default_factory=dict)

    @property
    def total(self):
        return sum(entry.amount or 0 for entry in self.entries)


def read(content):
    """Read a list of payments.

    :param content: bytes of an XLSX, ODS or CSV file
    :return: Reading; it never raises, and has no entry when the file as a whole is at fault

    >>> reading = read("N° compte;Nom;Montant\\nNIO-LIV-00001;TRAORÉ Awa;25 000\\n".encode())
    >>> reading.entries[0].amount, reading.entries[0].name, reading.faults, reading.columns["amount"]
    (25000, 'TRAORÉ Awa', [], 'C')
    >>> read("Compte;Montant\\nNIO-1;2,5\\nNIO-2;-3\\n;4".encode()).faults
    [Fault(code='amount_decimals', row=2, column='B', value='2,5'), Fault(code='amount_negative', row=3, column='B', value='-3'), Fault(code='identifier_missing', row=4, column='A', value='')]
    >>> read(b"%PDF-1.4").faults
    [Fault(code='unknown_format', row=0, column='', value='')]
    """
    reading = Reading()
    try:
        grids = read_grids(content)
    except FileFault as fault:
        reading.faults.append(Fault(fault.code, fault.row))
        return reading
    lists = [(grid, found) for grid in grids if (found := _headings(grid))]
    if not lists:
        reading.faults.append(Fault("no_heading" if any(grid.cells for grid in grids) else "empty"))
    elif len(lists) > 1:
        reading.faults.append(Fault("several_sheets", value=_short(", ".join(grid.name for grid, _found in lists))))
    else:
        grid, (row, columns, twice) = lists[0]
        for column in twice:
            reading.faults.append(Fault("heading_twice", row, column_letter(column), _short(grid.cells[row, column])))
        reading.columns = {role: column_letter(column) for role, column in columns.items()}
        if not twice:
            _read_entries(grid, row, columns, reading)
    return reading


def list_hash(entries):
    """The mark of what a list says, whatever file it comes in and however its rows are ordered.

    >>> one, two = Entry(2, {"account": "A"}, "", 5, ""), Entry(3, {"account": "B"}, "", 6, "")
    >>> list_hash([one, two]) == list_hash([two, one]) != list_hash([one])
    True
    """
    rows = sorted(f"{sorted(entry.identifiers.items())} {entry.amount}" for entry in entries)
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def read_amount(value):
    """Francs in a cell, and what is wrong with it.

    :return: (int, None) or (None, code of a fault)

    >>> read_amount(25000), read_amount(25000.0), read_amount("25 000 FCFA"), read_amount("1'250'000 F")
    ((25000, None), (25000, None), (25000, None), (1250000, None))
    >>> [read_amount(value)[1] for value in (None, 0.5, "25.000", "-5", 0, "mille", True, 10**58, "9" * 58)]
    ['amount_missing', 'amount_decimals', 'amount_decimals', 'amount_negative', 'amount_zero', 'amount_text', 'amount_text', 'amount_too_large', 'amount_too_large']
    >>> read_amount(Formula("=B2*2")), read_amount(CellError("#REF!")), read_amount(date(2026, 11, 1))
    ((None, 'formula'), (None, 'cell_error'), (None, 'amount_date'))
    >>> read_amount(float("nan")), read_amount("2 50 00"), read_amount("1e5")
    ((None, 'amount_text'), (None, 'amount_text'), (None, 'amount_text'))
    """
    if value is None:
        return None, "amount_missing"
    if isinstance(value, Formula):
        return None, "formula"
    if isinstance(value, CellError):
        return None, "cell_error"
    if isinstance(value, datetime | date | time):
        return None, "amount_date"
    if isinstance(value, bool):
        return None, "amount_text"
    if isinstance(value, str):
        value, code = _number_in(value)
        if code:
            return None, code
    if isinstance(value, float):
        if not math.isfinite(value):
            return None, "amount_text"
        if abs(value) > MAX_AMOUNT:
            return None, "amount_too_large" if value > 0 else "amount_negative"
        if not value.is_integer():
            return None, "amount_decimals"
        value = int(value)
    if type(value) is not int:
        return None, "amount_text"
    if value < 0:
        return None, "amount_negative"
    if value == 0:
        return None, "amount_zero"
    return (value, None) if value <= MAX_AMOUNT else (None, "amount_too_large")


def _number_in(text):
    """A number that was typed as text: (int, None) or (None, code). Dots and commas are never guessed at."""
    text = text.strip()
    if not text:
        return None, "amount_missing"
    text = _CURRENCY.sub("", text).strip()
    sign, text = (text[0], text[1:].strip()) if text[:1] in ("-", "+", "\u2212") else ("", text)
    plain = _SPACES.sub(" ", text)
    if re.fullmatch(r"[0-9 ]+[.,][0-9 ]+([.,][0-9 ]+)*", plain):
        return None, "amount_decimals"
    if not re.fullmatch(r"[0-9]+|[0-9]{1,3}( [0-9]{3})+", plain):
        return None, "amount_text"
    digits = plain.replace(" ", "").lstrip("0") or "0"
    if sign in ("-", "\u2212"):
        return None, "amount_negative"
    return (int(digits), None) if len(digits) <= 15 else (None, "amount_too_large")


# ------------------------------------------------------------------ headings
def _headings(grid):
    """(row, {role: column}, columns of roles named twice) of the first row that names an account and an amount."""
    for row, cells in grid.rows.items():
        if row > HEADING_ROWS:
            return None
        columns, twice = {}, []
        for column, value in cells.items():
            role = _ROLES.get(fold(as_text(value)[:60]))
            if role in columns:
                twice.append(column)
            elif role:
                columns[role] = column
        if "amount" in columns and any(role in columns for role in IDENTIFIERS):
            # « N° » alone, beside a column that names the account, numbers the rows.
            if "member" in columns and ("account" in columns or "phone" in columns):
                if fold(as_text(cells[columns["member"]])) in ("n", "no", "numero"):
                    del columns["member"]
            return row, columns, twice
    return None


# ------------------------------------------------------------------ entries
def _read_entries(grid, heading, columns, reading):
    for top, left, bottom, _right in grid.merged:
        if bottom >= heading and left <= max(columns.values()):
            reading.faults.append(Fault("merged", max(top, heading), column_letter(left)))
    total_row = None
    for row, cells in grid.rows.items():
        wanted = {role: cells.get(column) for role, column in columns.items()}
        if row <= heading or all(as_text(value) == "" for value in wanted.values()):
            continue
        if total_row:
            reading.faults.append(Fault("after_total", row))
            break
        if _is_total(cells, columns):
            total_row = row
            _check_total(row, wanted["amount"], columns, reading)
            continue
        if len(reading.entries) >= MAX_ENTRIES:
            reading.faults.append(Fault("too_many_rows", row))
            break
        reading.entries.append(_entry(row, wanted, columns, reading.faults))
    if not reading.entries and not reading.faults:
        reading.faults.append(Fault("no_row", heading))


def _entry(row, wanted, columns, faults):
    def fault(code, role):
        faults.append(Fault(code, row, column_letter(columns[role]), _short(wanted[role])))

    texts = {}
    for role, value in wanted.items():
        if role == "amount":
            continue
        if isinstance(value, Formula) or (isinstance(value, str) and value.lstrip().startswith("=")):
            fault("formula", role)
        elif isinstance(value, CellError):
            fault("cell_error", role)
        elif "\ufffd" in as_text(value):
            fault("encoding", role)
        elif role in IDENTIFIERS and len(as_text(value)) > 64:
            fault("identifier_long", role)
        else:
            texts[role] = as_text(value)
    amount, code = read_amount(wanted["amount"])
    if code:
        fault(code, "amount")
    identifiers = {role: texts[role] for role in IDENTIFIERS if texts.get(role)}
    asked = [role for role in IDENTIFIERS if role in columns]
    if texts.get("label", "").startswith("Exemple :"):
        fault("example", "label")
    if not identifiers and all(role in texts for role in asked):
        fault("identifier_missing", asked[0])
    return Entry(row, identifiers, texts.get("name", "")[:200], amount, texts.get("label", "")[:100])


def _is_total(cells, columns):
    """Whether a row is the total at the foot of the list: it says so, and names nobody in the account's column.

    The word may stand in the account's column itself.
    """
    identifiers = [fold(as_text(cells.get(columns[role]))) for role in IDENTIFIERS if role in columns]
    words = [fold(as_text(value)[:60]) for value in cells.values() if isinstance(value, str)]
    total = re.compile(r"(sous )?(total|totaux|montant total)\b.*")
    return any(total.fullmatch(word) for word in words) and all(
        not text or total.fullmatch(text) for text in identifiers
    )


def _check_total(row, value, columns, reading):
    """A total written as a number is the sum of the list; a formula or nothing says nothing."""
    if value is None or isinstance(value, Formula):
        return
    amount, code = read_amount(value)
    if code or amount != reading.total:
        reading.faults.append(Fault("total_differs", row, column_letter(columns["amount"]), _short(value)))


def _short(value):
    text = as_text(value)
    return text if len(text) <= 40 else f"{text[:39]}…"
