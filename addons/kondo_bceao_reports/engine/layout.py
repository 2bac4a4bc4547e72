"""A form as a return keeps it: plain data with its labels and formulas, from which it is read again years later."""

from .evaluate import read
from .form import form_from
from .formula import FormulaError, Measure, Ref, walk


def packed(form, **more):
    """The form as a dict that JSON can hold; `more` (reference, signatures…) is kept beside it.

    >>> header = {"code": "F", "parts": [{"code": "P", "columns": [{"key": "net", "label": "Net"}]}]}
    >>> form = form_from(header, [{"part": "P", "code": "A", "net": "10", "sum_of": "B+C"}])
    >>> unpacked(packed(form, legal_reference="Instruction")) == form
    True
    """
    return {
        **more,
        "code": form.code,
        "version": form.version,
        "title": form.title,
        "unit": form.unit,
        "covers": list(form.covers),
        "outside": list(form.outside),
        "parts": [
            {
                "code": part.code,
                "title": part.title,
                "side": part.side,
                "main": part.main,
                "rows": part.rows,
                "unit": part.unit,
                "columns": [
                    {"key": c.key, "label": c.label, "side": c.side, "formula": c.formula, "kind": c.kind}
                    for c in part.columns
                ],
            }
            for part in form.parts
        ],
        "lines": [
            {
                **line.formulas,
                "part": part.code,
                "code": line.code,
                "label": line.label,
                "parent": line.parent,
                "level": line.level,
                "printed": "yes" if line.printed else "no",
                "sum_of": "+".join(line.sum_of),
                "side": line.side,
                "confidence": line.confidence,
                "provenance": line.provenance,
            }
            for part in form.parts
            for line in part.lines
        ],
    }


def unpacked(data):
    """The engine's form of what `packed` made."""
    return form_from(data, data["lines"])


def formulas_of(form):
    """(part, line, column, text) of every formula of a form, those of its columns on each line included."""
    for part in form.parts:
        for line in part.lines:
            if line.level == "heading":
                continue
            for column in part.columns:
                own = line.formulas.get(column.key)
                text = own if own is not None else column.formula
                if text:
                    yield part, line, column, text


def manual_cells(form):
    """(part, line, column) of the cells that no ledger knows.

    >>> header = {"code": "F", "parts": [{"code": "P", "columns": [{"key": "net"}]}]}
    >>> form = form_from(header, [{"part": "P", "code": "A", "net": "?"}, {"part": "P", "code": "B", "net": "10"}])
    >>> [(part.code, line.code, column.key) for part, line, column in manual_cells(form)]
    [('P', 'A', 'net')]
    """
    return [(part, line, column) for part, line, column, text in formulas_of(form) if text == "?"]


def reached(forms, codes):
    """Codes of the forms that the forms `codes` read, directly or through others, themselves included; in order.

    >>> header = {"parts": [{"code": "P", "columns": [{"key": "net"}]}]}
    >>> def form(code, formula):
    ...     return form_from({**header, "code": code}, [{"part": "P", "code": "A", "net": formula}])
    >>> forms = {"F": form("F", "[G:A]"), "G": form("G", "[H:A] + 10"), "H": form("H", "20"), "I": form("I", "30")}
    >>> reached(forms, ["F"])
    ['F', 'G', 'H']
    """
    found, waiting = [], list(codes)
    while waiting:
        code = waiting.pop(0)
        if code in found or code not in forms:
            continue
        found.append(code)
        for _part, _line, _column, text in formulas_of(forms[code]):
            waiting.extend(node.form for node in nodes(text) if isinstance(node, Ref) and node.form)
    return found


def nodes(text):
    """Every node of a formula; none when it cannot be read: the fault is told elsewhere."""
    try:
        return list(walk(read(text)))
    except FormulaError:
        return []


def measures_of(forms, form, part, line, column):
    """Measures (name, filters) behind a cell, through the lines it adds up; each once, in order.

    >>> header = {"code": "F", "parts": [{"code": "P", "columns": [{"key": "net"}]}]}
    >>> rows = [{"part": "P", "code": "A", "net": "{members:sex=female}"}, {"part": "P", "code": "T", "sum_of": "A"}]
    >>> measures_of({"F": form_from(header, rows)}, "F", "P", "T", "net")
    [('members', (('sex', 'female'),))]
    """
    found, seen = {}, set()

    def visit(form, part, code, key):
        if (form.code, part.code, code, key) in seen or code not in part.by_code or key not in part.by_key:
            return
        seen.add((form.code, part.code, code, key))
        row = part.by_code[code]
        own = row.formulas.get(key)
        for node in nodes(own if own is not None else part.by_key[key].formula):
            if isinstance(node, Measure):
                found[(node.name, node.filters)] = True
            elif isinstance(node, Ref):
                follow(node, form, part, code)
        if own is not None or not part.by_key[key].formula:
            for below in row.sum_of:
                visit(form, part, below, key)

    def follow(ref, form, part, code):
        other = forms.get(ref.form or form.code)
        if other is None:
            return
        if not ref.line:
            visit(form, part, code, ref.column or part.main)
            return
        try:
            target = other.part(ref.part) if ref.part else other.part_of(ref.line, part if other is form else None)
        except FormulaError:
            return
        visit(other, target, ref.line, ref.column or target.main)

    visit(forms[form], forms[form].part(part), line, column)
    return list(found)
