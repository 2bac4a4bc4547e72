"""Reading back a collection sheet that was filled as a spreadsheet. Pure Python.

The file is the one this system wrote: fixed columns, the identifier of the sheet in A1 and that of each row in column A,
which is hidden. What is wrong is returned as `Fault` with the row of the spreadsheet; nothing is guessed or repaired.
"""

from dataclasses import dataclass, field

from odoo.addons.kondo_microfinance.engine.batch_file import read_amount
from odoo.addons.kondo_microfinance.engine.names import fold
from odoo.addons.kondo_microfinance.engine.spreadsheet import FileFault, Formula, as_text, read_grids

MARK = "kondo.sheet:"  # before the sheet's UUID in A1
TOTAL = "total"  # stands in column A of the row of totals
# Columns of the spreadsheet, A is 1.
COLUMNS = {
    "uuid": 1, "number": 2, "name": 3, "place": 4, "loan": 5, "due": 6, "paid": 7, "account": 8, "saved": 9,
    "attendance": 10, "note": 11,
}  # fmt: skip
FIXED = ("name", "loan", "account", "due")  # what nobody may change
FILLED = ("paid", "saved", "attendance", "note")


@dataclass(frozen=True)
class Fault:
    """What is wrong; row 0 is the whole file. `name` is the person of the row, `value` what stands there."""

    code: str
    row: int = 0
    name: str = ""
    value: str = ""


@dataclass
class Filled:
    """What a file says. `rows`: {uuid: {paid, saved (francs), attendance (code or False), note}}."""

    rows: dict = field(default_factory=dict)
    faults: list = field(default_factory=list)


def read(content, sheet, expected, attendance):
    """Read a filled sheet.

    :param content: bytes of the file
    :param sheet: UUID of the sheet it must be
    :param expected: {row UUID: {name, loan, account (texts), due (francs)}} as the sheet was given out
    :param attendance: {label or code, folded: code}
    :return: Filled; with a fault nothing of it may be used
    """
    filled = Filled()
    try:
        grids = read_grids(content)
    except FileFault as fault:
        filled.faults.append(Fault(fault.code, fault.row))
        return filled
    marked = [grid for grid in grids if as_text(grid.cells.get((1, 1))).startswith(MARK)]
    if len(marked) != 1:
        filled.faults.append(Fault("not_a_sheet"))
    elif as_text(marked[0].cells[1, 1]) != MARK + sheet:
        filled.faults.append(Fault("other_sheet"))
    else:
        for number, cells in marked[0].rows.items():
            if number > 1:
                _read_row(number, cells, expected, attendance, filled)
        if not filled.rows and not filled.faults:
            filled.faults.append(Fault("no_row"))
    return filled


def _read_row(number, cells, expected, attendance, filled):
    values = {name: cells.get(column) for name, column in COLUMNS.items()}
    uuid, name = as_text(values["uuid"]), as_text(values["name"])[:60]

    def fault(code, value=None):
        filled.faults.append(Fault(code, number, name, as_text(value)[:40]))

    if uuid == TOTAL:
        return
    if not uuid:
        # titles and headings carry text there, never a number
        if any(isinstance(values[part], int | float) for part in ("paid", "saved")):
            fault("no_identifier")
        return
    if uuid not in expected:
        fault("unknown_row")
        return
    if uuid in filled.rows:
        fault("row_twice")
        return
    known = expected[uuid]
    for part in FIXED:
        if not _same(values[part], known[part]):
            fault(f"changed_{part}", values[part])
    row = {"note": as_text(values["note"])[:200]}
    for part in ("paid", "saved"):
        row[part], code = _francs(values[part])
        if code:
            fault(code, values[part])
    if isinstance(values["note"], Formula):
        fault("formula", values["note"])
    row["attendance"] = attendance.get(fold(as_text(values["attendance"])), None) if values["attendance"] else False
    if row["attendance"] is None:
        fault("attendance", values["attendance"])
    filled.rows[uuid] = row


def _same(value, known):
    """A cell still says what was written into it; an amount of nothing may be an empty cell."""
    if isinstance(known, int):
        return read_amount(value)[0] == known if known else not value
    return as_text(value) == as_text(known)


def _francs(value):
    """(francs, None) or (0, code): an empty cell is nothing.

    >>> _francs(None), _francs(0), _francs("2 500"), _francs("2,5"), _francs(Formula("=A1"))
    ((0, None), (0, None), (2500, None), (0, 'amount_decimals'), (0, 'formula'))
    """
    amount, code = read_amount(value)
    if code in ("amount_missing", "amount_zero"):
        return 0, None
    return (amount, None) if code is None else (0, code)
