"""Proof that a form forgets no account and counts none twice."""

from dataclasses import dataclass

from .evaluate import read
from .formula import Account, Binary, Call, Negative


@dataclass(frozen=True, slots=True)
class Uncovered:
    """An account with a balance that stands on no line of the form (`lines` empty), or on several."""

    code: str
    side: str
    amount: int
    lines: tuple


def coverage(form, facts):
    """Accounts with a balance whose side falls on no line, or on more than one, of a form that covers their class.

    A term without a side counts both sides. Under `max(…, 0.0)` only the natural side of the column counts: a result
    stands on one line as a profit, on another as a loss.

    :return: list of Uncovered, by account

    >>> from .facts import Balance, Facts
    >>> from .form import form_from
    >>> header = {"code": "F", "covers": ["1"], "parts": [{"code": "P", "columns": [{"key": "amount"}]}]}
    >>> form = form_from(header, [{"part": "P", "code": "A", "amount": "11D"}, {"part": "P", "code": "B", "amount": "112"}])
    >>> facts = Facts(closing={"101": Balance(5), "111": Balance(7, 3), "112": Balance(4)})
    >>> [(gap.code, gap.side, gap.amount, gap.lines) for gap in coverage(form, facts)]
    [('101', 'D', 5, ()), ('111', 'C', 3, ()), ('112', 'D', 4, ('P/A', 'P/B'))]
    """
    terms = list(_terms(form, facts.annual))
    gaps = []
    for code, balance in sorted(facts.closing.items()):
        if not code.startswith(form.covers) or (form.outside and code.startswith(form.outside)):
            continue
        found = [(place, sides) for place, term, sides in terms if term.covers(code)]
        split = balance.debit and balance.credit and not any(len(sides) == 2 for _place, sides in found)
        amounts = {"D": balance.debit, "C": balance.credit}
        if not split:  # one balance, on the side where it stands
            amounts = {"D": max(balance.net, 0), "C": max(-balance.net, 0)}
        for side, amount in amounts.items():
            places = tuple(place for place, sides in found if side in sides)
            if amount and len(places) != 1:
                gaps.append(Uncovered(code, side, amount, places))
    return gaps


def _terms(form, annual):
    for part in form.parts:
        for line in part.lines:
            for column in part.columns:
                own = line.formulas.get(column.key)
                if own and own != "?":
                    place = f"{part.code}/{line.code}"
                    for term, sides in _sided(read(own), part.side_of(line, column.key), annual):
                        yield place, term, sides


def _sided(node, side, annual):
    """(term, sides it counts) of the balances of a formula at the closing of the period."""
    match node:
        case Account():
            yield node, node.side or "DC"
        case Negative():
            yield from _sided(node.value, side, annual)
        case Binary():
            yield from _sided(node.left, side, annual)
            yield from _sided(node.right, side, annual)
        case Call(name="annual" | "interim"):
            if annual == (node.name == "annual"):
                yield from _sided(node.args[0], side, annual)
        case Call(name="max"):
            natural = "D" if side == "debit" else "C"
            for arg in node.args:
                for term, sides in _sided(arg, side, annual):
                    if natural in sides:
                        yield term, natural
        case Call(name="abs" | "blank"):
            yield from _sided(node.args[0], side, annual)


def accounts_of(evaluator, form_code, part_code, line_code, column_key):
    """The account terms behind a cell, through the lines it adds up: [(Account, view, years back)], each once.

    `view` is closing, opening, debits or credits; years back counts `previous`.
    """
    found, seen = {}, set()

    def visit(form, part, code, key, view, back):
        if (form.code, part.code, code, key, view, back) in seen:
            return
        seen.add((form.code, part.code, code, key, view, back))
        line, column = part.by_code[code], part.by_key[key]
        own = line.formulas.get(key)
        if own != "?":
            text = own or column.formula
            if text:
                descend(read(text), form, part, code, view, back)
        if own is not None or not column.formula:
            for below in line.sum_of:
                visit(form, part, below, key, view, back)

    def descend(node, form, part, code, view, back):
        match node:
            case Account():
                found[(node, view, back)] = True
            case Negative():
                descend(node.value, form, part, code, view, back)
            case Binary():
                descend(node.left, form, part, code, view, back)
                descend(node.right, form, part, code, view, back)
            case Call():
                inner = node.name if node.name in ("opening", "debits", "credits") else view
                years = back + 1 if node.name == "previous" else back
                for arg in node.args:
                    descend(arg, form, part, code, inner, years)
            case _ if hasattr(node, "line"):
                other = evaluator.forms[node.form or form.code]
                if not node.line:
                    visit(form, part, code, node.column or part.main, view, back)
                    return
                near = part if other is form else None
                target = other.part(node.part) if node.part else other.part_of(node.line, near)
                visit(other, target, node.line, node.column or target.main, view, back)

    form = evaluator.forms[form_code]
    visit(form, form.part(part_code), line_code, column_key, "closing", 0)
    return list(found)
