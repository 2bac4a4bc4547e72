"""A cell's formula as a spreadsheet writes it, so that who receives a return can check its sums."""

from .evaluate import read
from .formula import Binary, Call, Negative, Number, Ref

SAME = {"max": "MAX", "min": "MIN", "abs": "ABS"}


def spreadsheet_formula(form, part, line, column, address):
    """The spreadsheet formula of a cell that follows from other cells of its form alone; None for one that is counted.

    :param address: (part code, line code, column key) -> "B12", or None when the cell does not stand on the sheet

    >>> from .form import form_from
    >>> header = {"code": "F", "parts": [{"code": "P", "main": "net", "columns": [
    ...     {"key": "gross"}, {"key": "loss"}, {"key": "net", "formula": "[.gross]-[.loss]"}]}]}
    >>> form = form_from(header, [{"part": "P", "code": "T", "sum_of": "A+B"}, {"part": "P", "code": "A", "gross": "20"},
    ...                           {"part": "P", "code": "B", "gross": "29"}])
    >>> where = lambda part, line, column: "BCD"[["gross", "loss", "net"].index(column)] + str("TAB".index(line) + 1)
    >>> part = form.parts[0]
    >>> [spreadsheet_formula(form, part, line, part.by_key[key], where)
    ...  for line in part.lines[:2] for key in ("gross", "net")]
    ['=B2+B3', '=B1-C1', None, '=B2-C2']
    """
    own = line.formulas.get(column.key)
    if own is None and not column.formula:
        cells = [address(part.code, code, column.key) for code in line.sum_of]
        return "=" + "+".join(cells) if cells and all(cells) else None
    if line.sum_of and own is not None:
        return None  # accounts of its own beside the lines below it
    text = _written(read(own or column.formula), form, part, line, address)
    return f"={text}" if text else None


def _written(node, form, part, line, address):
    match node:
        case Number():
            value = node.value
            return str(value.numerator) if value.denominator == 1 else f"({value.numerator}/{value.denominator})"
        case Ref():
            if node.form and node.form != form.code:
                return None
            if not node.line:
                return address(part.code, line.code, node.column or part.main)
            target = form.part(node.part) if node.part else form.part_of(node.line, part)
            return address(target.code, node.line, node.column or target.main)
        case Negative():
            value = _written(node.value, form, part, line, address)
            return value and f"-({value})"
        case Binary():
            left = _written(node.left, form, part, line, address)
            right = _written(node.right, form, part, line, address)
            if not left or not right:
                return None
            if node.operator in "*/":
                left, right = _bracketed(node.left, left), _bracketed(node.right, right)
            elif node.operator == "-":
                right = _bracketed(node.right, right)
            return f"{left}{node.operator}{right}"
        case Call() if node.name in SAME:
            args = [_written(arg, form, part, line, address) for arg in node.args]
            return f"{SAME[node.name]}({','.join(args)})" if all(args) else None
    return None


def _bracketed(node, text):
    return f"({text})" if isinstance(node, Binary) else text
