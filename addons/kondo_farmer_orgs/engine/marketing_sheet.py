"""Reading a buyer's payment list (cotton sheet): who delivered how much, what is kept for inputs, what is left. Pure Python.

One row of headings, one row for each producer or organisation. Nothing is repaired: what is wrong is returned as `Fault`
with its row, and a person corrects the list or the files of the caisse.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from odoo.addons.kondo_microfinance.engine.batch_file import HEADING_ROWS, MAX_ENTRIES, Fault, read_amount
from odoo.addons.kondo_microfinance.engine.names import fold
from odoo.addons.kondo_microfinance.engine.rounding import half_up
from odoo.addons.kondo_microfinance.engine.spreadsheet import (
    CellError,
    FileFault,
    Formula,
    as_text,
    column_letter,
    read_grids,
)

HEADINGS = {
    "organisation": (
        "op", "organisation", "organisation paysanne", "cooperative", "scpc", "scoops", "groupement", "n op", "code op",
        "n scpc", "numero op", "village scpc",
    ),
    "person": (
        "n producteur", "numero producteur", "n membre", "no membre", "numero de membre", "code producteur", "membre",
        "matricule",
    ),
    "phone": ("telephone", "tel", "portable", "mobile"),
    "name": ("nom", "nom et prenom", "nom et prenoms", "prenom et nom", "nom prenom", "producteur", "nom du producteur"),
    "kg": ("kg", "poids", "poids kg", "poids net", "poids net kg", "tonnage kg", "quantite", "quantite kg"),
    "price": ("prix", "prix kg", "prix du kg", "prix fcfa kg", "prix unitaire"),
    "gross": ("brut", "montant brut", "valeur", "valeur brute", "montant brut fcfa"),
    "debt": ("credit", "dette", "credit intrants", "dette intrants", "retenue", "retenues", "intrants", "retenue intrants"),
    "net": ("net", "net a payer", "montant net", "net fcfa"),
}  # fmt: skip
_ROLES = {heading: role for role, headings in HEADINGS.items() for heading in headings}
NEEDED = ("gross", "net")
FRANCS = ("price", "gross", "debt", "net")
TEXTS = ("organisation", "person", "phone", "name")
_SPACES = re.compile("[ \u00a0\u202f\u2009']")


@dataclass(frozen=True)
class Row:
    """One row as the buyer wrote it: francs whole, kg a Decimal, texts as they stand; None what could not be read."""

    row: int
    organisation: str = ""
    person: str = ""
    phone: str = ""
    name: str = ""
    kg: Decimal | None = None
    price: int | None = None
    gross: int | None = None
    debt: int | None = None
    net: int | None = None


@dataclass
class Sheet:
    """What a list says and what is wrong with it. `columns`: {role: letter}."""

    rows: list = field(default_factory=list)
    faults: list = field(default_factory=list)
    columns: dict = field(default_factory=dict)

    def total(self, role):
        """Sum of a column: francs, or kg as a Decimal."""
        return sum(getattr(row, role) or 0 for row in self.rows)


def read_sheet(content):
    """Read a buyer's list.

    :param content: bytes of an XLSX, ODS or CSV file
    :return: Sheet; it never raises, and has no row when the file as a whole is at fault

    >>> text = "OP;Nom;Poids;Prix;Brut;Retenue;Net\\nBenkadi;Awa;1 000;300;300000;120000;180000\\n"
    >>> row = read_sheet(text.encode()).rows[0]
    >>> row.organisation, str(row.kg), row.gross, row.debt, row.net
    ('Benkadi', '1000', 300000, 120000, 180000)
    >>> read_sheet((text + "Benkadi;Ali;10;300;2000;0;2000\\n").encode()).faults
    [Fault(code='gross_differs', row=3, column='E', value='2000')]
    """
    sheet = Sheet()
    try:
        grids = read_grids(content)
    except FileFault as fault:
        sheet.faults.append(Fault(fault.code, fault.row))
        return sheet
    lists = [(grid, found) for grid in grids if (found := _headings(grid))]
    if not lists:
        sheet.faults.append(Fault("no_heading" if any(grid.cells for grid in grids) else "empty"))
    elif len(lists) > 1:
        sheet.faults.append(Fault("several_sheets"))
    else:
        grid, (row, columns, twice) = lists[0]
        sheet.columns = {role: column_letter(column) for role, column in columns.items()}
        for column in twice:
            sheet.faults.append(Fault("heading_twice", row, column_letter(column)))
        if not twice:
            _read_rows(grid, row, columns, sheet)
    return sheet


def sums_of(row):
    """Codes of what does not add up in a row: [(code, role)].

    >>> sums_of(Row(2, kg=Decimal("10.5"), price=300, gross=3150, debt=4000, net=-850))
    [('net_negative', 'net')]
    >>> sums_of(Row(2, gross=3150, debt=150, net=3100))
    [('net_differs', 'net')]
    """
    faults = []
    if row.kg is not None and row.price is not None and row.gross is not None:
        if half_up(row.kg * row.price) != row.gross:
            faults.append(("gross_differs", "gross"))
    if None not in (row.gross, row.debt, row.net):
        if row.gross - row.debt != row.net:
            faults.append(("net_differs", "net"))
        elif row.net < 0:
            faults.append(("net_negative", "net"))
    return faults


def _headings(grid):
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
        if all(role in columns for role in NEEDED):
            return row, columns, twice
    return None


def _read_rows(grid, heading, columns, sheet):
    total_row = None
    for number, cells in grid.rows.items():
        wanted = {role: cells.get(column) for role, column in columns.items()}
        if number <= heading or all(as_text(value) == "" for value in wanted.values()):
            continue
        if total_row:
            sheet.faults.append(Fault("after_total", number))
            break
        if _is_total(cells):
            total_row = number
            _check_totals(number, wanted, sheet)
            continue
        if len(sheet.rows) >= MAX_ENTRIES:
            sheet.faults.append(Fault("too_many_rows", number))
            break
        row = _row(number, wanted, sheet)
        sheet.rows.append(row)
        for code, role in sums_of(row):
            sheet.faults.append(Fault(code, number, sheet.columns[role], as_text(wanted[role])[:40]))
    if not sheet.rows and not sheet.faults:
        sheet.faults.append(Fault("no_row", heading))


def _row(number, wanted, sheet):
    values = {}
    for role, value in wanted.items():
        if role in TEXTS:
            if isinstance(value, Formula | CellError):
                sheet.faults.append(Fault("formula", number, sheet.columns[role]))
            else:
                values[role] = as_text(value)[:200]
            continue
        values[role], code = _kg(value) if role == "kg" else _francs(value, role)
        if code:
            sheet.faults.append(Fault(code, number, sheet.columns[role], as_text(value)[:40]))
    return Row(number, **{"debt": 0, **values})


def _francs(value, role):
    """(francs or None, code or None): nothing kept is 0, a net below zero is told as such."""
    if role == "debt" and (value is None or as_text(value) == ""):
        return 0, None
    amount, code = read_amount(value)
    if code == "amount_zero":
        return 0, None
    if code == "amount_negative" and role == "net":
        return None, "net_negative"
    return amount, code


def _kg(value):
    """(Decimal or None, code or None) of a weight of at most three decimals."""
    if value is None or as_text(value) == "":
        return None, "kg_missing"
    if isinstance(value, Formula):
        return None, "formula"
    if isinstance(value, CellError):
        return None, "cell_error"
    text = _SPACES.sub("", as_text(value)).replace(",", ".").lower().removesuffix("kg")
    try:
        weight = Decimal(text)
    except InvalidOperation:
        return None, "kg_text"
    if not weight.is_finite() or not 0 <= weight < 10**9 or weight != round(weight, 3):
        return None, "kg_text"
    return weight.normalize() if weight % 1 else weight.quantize(Decimal(1)), None


def _is_total(cells):
    return any(re.fullmatch(r"(sous )?(total|totaux|montant total)\b.*", fold(value[:60])) for value in cells.values()
               if isinstance(value, str) and not isinstance(value, Formula))  # fmt: skip


def _check_totals(number, wanted, sheet):
    """Totals written as numbers are the sums of the list; formulas and empty cells say nothing."""
    for role in ("gross", "debt", "net"):
        value = wanted.get(role)
        if value is None or isinstance(value, Formula):
            continue
        amount, code = _francs(value, role)
        if code or amount != sheet.total(role):
            sheet.faults.append(Fault("total_differs", number, sheet.columns[role], as_text(value)[:40]))
