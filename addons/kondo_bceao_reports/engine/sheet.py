"""A form with its figures, laid out as it is printed: the screen, the paper and the spreadsheet show the same."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Cell:
    """`value` is a number, `text` what was typed; both None: no data."""

    key: str
    kind: str
    value: object = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    code: str
    shown_code: str
    label: str
    level: str
    depth: int
    cells: tuple


@dataclass(frozen=True, slots=True)
class Sheet:
    """A part of a form: `columns` are the engine's, `rows` its lines, then those that a source listed."""

    part: str
    title: str
    unit: int
    columns: tuple
    rows: tuple


def sheets(form, values):
    """The parts of a form with their figures.

    :param values: {(part, line, column): (number or None, text or None)}; lines "#1", "#2"… are rows of a source, whose
        label stands at the column ""
    :return: list of Sheet

    >>> from .form import form_from
    >>> header = {"code": "F", "unit": 1000, "parts": [{"code": "P", "title": "Part", "columns": [{"key": "amount"}]}]}
    >>> rows = [{"part": "P", "code": "T", "label": "Total", "sum_of": "A"},
    ...         {"part": "P", "code": "A", "label": "One", "parent": "T", "amount": "10", "printed": "no"}]
    >>> values = {("P", "T", "amount"): (2500, None), ("P", "#1", ""): (None, "Listed"), ("P", "#1", "amount"): (7, None)}
    >>> [(row.shown_code, row.label, row.depth, row.cells[0].value) for row in sheets(form_from(header, rows), values)[0].rows]
    [('T', 'Total', 0, 2500), ('', 'One', 1, None), ('', 'Listed', 1, 7)]
    """
    return [
        Sheet(
            part.code,
            part.title or part.code,
            part.unit,
            part.columns,
            tuple([*_rows(part, values), *_listed(part, values)]),
        )
        for part in form.parts
    ]


def _rows(part, values):
    for line in part.lines:
        cells = tuple(_cell(part, line.code, column, values) for column in part.columns)
        shown = line.code if line.printed and line.level != "heading" else ""
        yield Row(
            line.code, shown, line.label, line.level, _depth(part, line), cells if line.level != "heading" else ()
        )


def _listed(part, values):
    numbers = {int(line[1:]) for code, line, _key in values if code == part.code and line.startswith("#")}
    for number in sorted(numbers):
        code = f"#{number}"
        label = values.get((part.code, code, ""), (None, None))[1] or str(number)
        yield Row(code, "", label, "detail", 1, tuple(_cell(part, code, column, values) for column in part.columns))


def _cell(part, code, column, values):
    return Cell(column.key, column.kind, *values.get((part.code, code, column.key), (None, None)))


def _depth(part, line):
    """How deep a line stands under the totals it belongs to, three at most.

    A line whose parent stands in no part, or under itself, is at the top.
    """
    depth, seen, parent = 0, {line.code}, line.parent
    while parent in part.by_code and parent not in seen and depth < 3:
        seen.add(parent)
        parent = part.by_code[parent].parent
        depth += 1
    return depth


def in_units(cell, unit):
    """The number of a cell in the unit of its form; counts and per cents have none.

    >>> in_units(Cell("amount", "amount", 2500), 1000), in_units(Cell("count", "count", 12), 1000)
    (Fraction(5, 2), 12)
    """
    if cell.value is None or cell.kind != "amount" or unit == 1:
        return cell.value
    value = Fraction(cell.value) / unit
    return value.numerator if value.denominator == 1 else value


def printed(cell, unit=1):
    """A cell as paper shows it, in French; "" when there is no data.

    >>> printed(Cell("a", "amount", -1234567)), printed(Cell("a", "percent", Fraction(200, 3))), printed(Cell("a", "amount"))
    ('−1\\u202f234\\u202f567', '66,67\\xa0%', '')
    >>> printed(Cell("a", "amount", 1500), 1000), printed(Cell("a", "text", None, "Koutiala"))
    ('2', 'Koutiala')
    """
    if cell.text:
        return cell.text
    value = in_units(cell, unit)
    if value is None:
        return ""
    if cell.kind in ("amount", "count"):
        return _spaced(_rounded(value))
    text = _spaced(_rounded(value * 100), 2)
    return f"{text}\u00a0%" if cell.kind == "percent" else text


def _rounded(value):
    """The nearest integer, halves away from zero.

    >>> _rounded(Fraction(5, 2)), _rounded(Fraction(-5, 2)), _rounded(7)
    (3, -3, 7)
    """
    whole = int(abs(value) + Fraction(1, 2))
    return whole if value >= 0 else -whole


def _spaced(number, decimals=0):
    sign, digits = ("−" if number < 0 else ""), str(abs(number)).rjust(decimals + 1, "0")
    whole, rest = (digits[:-decimals], f",{digits[-decimals:]}") if decimals else (digits, "")
    groups = []
    while whole:
        groups.insert(0, whole[-3:])
        whole = whole[:-3]
    return sign + "\u202f".join(groups) + rest
