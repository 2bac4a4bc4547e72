"""A form as its regulator lays it out: parts, columns, lines. Read from data, never from code."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from .formula import FormulaError, parse


@dataclass(frozen=True, slots=True)
class Column:
    """`side` is the natural side of its accounts (debit, credit); a `formula` counts it on every line without its own."""

    key: str
    label: str = ""
    side: str = ""
    formula: str = ""
    kind: str = "amount"


@dataclass(frozen=True, slots=True)
class Line:
    code: str
    label: str = ""
    parent: str = ""
    level: str = "detail"
    printed: bool = True
    sum_of: tuple = ()
    formulas: Mapping = field(default_factory=dict)
    confidence: str = "sourced"
    provenance: str = ""
    side: str = ""


@dataclass(frozen=True)
class Part:
    code: str
    title: str = ""
    side: str = "debit"
    main: str = "amount"
    columns: tuple = ()
    lines: tuple = ()
    rows: str = ""
    unit: int = 1

    @cached_property
    def by_code(self):
        return {line.code: line for line in self.lines}

    @cached_property
    def by_key(self):
        return {column.key: column for column in self.columns}

    def side_of(self, line, column):
        """The natural side of the accounts of a cell: that of its line, its column or its part."""
        return line.side or self.by_key[column].side or self.side


@dataclass(frozen=True)
class Form:
    """`covers`: classes of accounts each of which must fall on exactly one line; `outside`: those that never do."""

    code: str
    version: str = ""
    title: str = ""
    parts: tuple = ()
    covers: tuple = ()
    outside: tuple = ()
    unit: int = 1

    def part(self, code):
        for part in self.parts:
            if part.code == code:
                return part
        raise FormulaError("unknown_line", f"{self.code}/{code}")

    def part_of(self, line, near=None):
        """The part that holds a line, looking first in `near`. FormulaError when none does."""
        parts = [near, *self.parts] if near else self.parts
        for part in parts:
            if line in part.by_code:
                return part
        raise FormulaError("unknown_line", f"{self.code}:{line}")


def form_from(header, rows):
    """The form of a header (dict of a JSON file) and of its lines (dicts of a CSV file).

    >>> header = {"code": "F", "parts": [{"code": "P", "side": "debit", "main": "net", "columns": [{"key": "net"}]}]}
    >>> form = form_from(header, [{"part": "P", "code": "A", "net": "10", "sum_of": "B+C"}])
    >>> form.part("P").by_code["A"].sum_of, form.part("P").by_code["A"].formulas
    (('B', 'C'), {'net': '10'})
    """
    lines = {}
    for row in rows:
        lines.setdefault(row["part"], []).append(row)
    parts = []
    for laid_out in header["parts"]:
        columns = tuple(
            Column(
                *(column.get(name) or "" for name in ("key", "label", "side", "formula")), column.get("kind", "amount")
            )
            for column in laid_out["columns"]
        )
        keys = [column.key for column in columns]
        parts.append(
            Part(
                laid_out["code"],
                laid_out.get("title", ""),
                laid_out.get("side", "debit"),
                laid_out.get("main") or keys[0],
                columns,
                tuple(_line(row, keys) for row in lines.get(laid_out["code"], ())),
                laid_out.get("rows") or "",
                laid_out.get("unit") or header.get("unit") or 1,
            )
        )
    return Form(
        header["code"],
        header.get("version", ""),
        header.get("title", ""),
        tuple(parts),
        tuple(header.get("covers", ())),
        tuple(header.get("outside", ())),
        header.get("unit") or 1,
    )


def _line(row, keys):
    return Line(
        row["code"],
        row.get("label", ""),
        row.get("parent") or "",
        row.get("level") or "detail",
        row.get("printed", "yes") != "no",
        tuple(code.strip() for code in (row.get("sum_of") or "").split("+") if code.strip()),
        {key: row[key].strip() for key in keys if (row.get(key) or "").strip()},
        row.get("confidence") or "sourced",
        row.get("provenance") or "",
        row.get("side") or "",
    )


def faults_of(forms):
    """What is wrong with forms that are read together: [(form, part, line, column, FormulaError)], none when all is well.

    Unreadable formulas, lines and columns that do not exist, lines that need themselves.

    >>> column = {"key": "amount"}
    >>> header = {"code": "F", "parts": [{"code": "P", "columns": [column]}]}
    >>> rows = [{"part": "P", "code": "A", "amount": "[B]"}, {"part": "P", "code": "B", "sum_of": "A"},
    ...         {"part": "P", "code": "C", "amount": "[Z]+1("}, {"part": "P", "code": "D", "amount": "[Z]"}]
    >>> [(line, str(error)) for _f, _p, line, _c, error in faults_of({"F": form_from(header, rows)})]
    [('A', 'cycle: F/P:A'), ('B', 'cycle: F/P:B'), ('C', 'syntax: [Z]+1('), ('D', 'unknown_line: F:Z')]
    """
    from .evaluate import Evaluator
    from .facts import Facts

    faults = []
    for form in forms.values():
        for part in form.parts:
            for line in part.lines:
                for column in part.columns:
                    try:
                        for text in (line.formulas.get(column.key), column.formula):
                            if text:
                                parse(text)
                        Evaluator(forms, Facts()).cell(form.code, part.code, line.code, column.key)
                    except FormulaError as error:
                        faults.append((form.code, part.code, line.code, column.key, error))
    return faults
