"""Counts the cells of forms from facts.

Francs stay integers, everything else is exact (`Fraction`); None is "no data", which is not zero: it is neutral in a sum
and empties a product or a quotient.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from .formula import Account, Binary, Call, FormulaError, Manual, Measure, Negative, Number, Ref, parse

read = lru_cache(maxsize=20000)(parse)
VIEWS = {"opening": "opening", "debits": "debits", "credits": "credits"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a formula stands, and how its accounts are to be read."""

    form: str
    part: str
    line: str
    column: str
    side: str
    view: str = "closing"
    band: tuple = ()


class Evaluator:
    """The cells of `forms` ({code: Form}) over one `Facts`; `inputs` {(form, part, line, column): value} were typed in."""

    def __init__(self, forms, facts, inputs=None):
        self.forms = forms
        self.facts = facts
        self.inputs = inputs or {}
        self._known = {}
        self._open = set()
        self._earlier = {}

    # ------------------------------------------------------------------ cells
    def cells(self, codes=None):
        """{(form, part, line, column): value} of the forms `codes`, all by default; parts of rows give their totals."""
        return {
            (form.code, part.code, line.code, column.key): self.cell(form.code, part.code, line.code, column.key)
            for form in self.forms.values()
            if codes is None or form.code in codes
            for part in form.parts
            for line in part.lines
            if line.level != "heading"
            for column in part.columns
        }

    def cell(self, form, part, line, column, view="closing", band=()):
        """The value of one cell; FormulaError when its line does not exist or needs itself."""
        key = (form, part, line, column, view, band)
        if key in self._known:
            return self._known[key]
        if key in self._open:
            raise FormulaError("cycle", f"{form}/{part}:{line}")
        self._open.add(key)
        try:
            value = self._cell(form, part, line, column, view, band)
        finally:
            self._open.discard(key)
        self._known[key] = value
        return value

    def _cell(self, form_code, part_code, code, column_key, view, band):
        form = self._form(form_code)
        part = form.part(part_code)
        if code not in part.by_code:
            raise FormulaError("unknown_line", f"{form_code}/{part_code}:{code}")
        if column_key not in part.by_key:
            raise FormulaError("unknown_column", f"{form_code}/{part_code}.{column_key}")
        line = part.by_code[code]
        column = part.by_key[column_key]
        place = Place(form_code, part_code, code, column_key, part.side_of(line, column_key), view, band)
        own = line.formulas.get(column_key)
        if own == "?":
            return self.inputs.get((form_code, part_code, code, column_key))
        if own is None and column.formula:
            return self._value(read(column.formula), place)
        total = self._value(read(own), place) if own else None
        for below in line.sum_of:
            total = plus(total, self.cell(form_code, part_code, below, column_key, view, band))
        return total

    def formula(self, text, form="", part="", side="debit"):
        """The value of a formula that stands on no line, such as a side of a check."""
        return self._value(read(text), Place(form, part, "", "", side))

    def _form(self, code):
        if code not in self.forms:
            raise FormulaError("unknown_line", code)
        return self.forms[code]

    # ------------------------------------------------------------------ nodes
    def _value(self, node, place):
        match node:
            case Number():
                return node.value
            case Account():
                return self._account(node, place)
            case Ref():
                return self._ref(node, place)
            case Measure():
                return self.facts.measure(node.name, node.filters)
            case Negative():
                value = self._value(node.value, place)
                return None if value is None else -value
            case Binary():
                return self._binary(node, place)
            case Call():
                return self._call(node, place)
            case Manual():
                return self.inputs.get((place.form, place.part, place.line, place.column))

    def _binary(self, node, place):
        left, right = self._value(node.left, place), self._value(node.right, place)
        if node.operator == "+":
            return plus(left, right)
        if node.operator == "-":
            return plus(left, None if right is None else -right)
        if left is None or right is None:
            return None
        if node.operator == "*":
            return whole(left * right)
        return whole(Fraction(left) / right) if right else None

    def _call(self, node, place):
        name = node.name
        if name in VIEWS:
            return self._value(node.args[0], replace(place, view=VIEWS[name]))
        if name in ("upto", "beyond"):
            return self._value(node.args[1], replace(place, band=(name, int(node.args[0].value))))
        if name in ("previous", "before"):
            earlier = self._before(name)
            return earlier and earlier._value(node.args[0], place)
        if name in ("annual", "interim"):
            return self._value(node.args[0], place) if self.facts.annual == (name == "annual") else None
        values = [self._value(arg, place) for arg in node.args]
        if name == "ratio":
            return None if None in values or not values[1] else whole(100 * Fraction(values[0]) / values[1])
        present = [value for value in values if value is not None]
        if not present:
            return None
        if name == "blank":
            return present[0] or None
        return {"max": max, "min": min, "abs": lambda found: abs(found[0])}[name](present)

    def _before(self, which):
        if which not in self._earlier:
            facts = self.facts.earlier(which)
            self._earlier[which] = facts and Evaluator(self.forms, facts)
        return self._earlier[which]

    def _ref(self, ref, place):
        form = self._form(ref.form or place.form)
        if not ref.line:
            part, line = form.part(place.part), place.line
        else:
            near = form.part(place.part) if form.code == place.form and place.part else None
            part = form.part(ref.part) if ref.part else form.part_of(ref.line, near)
            line = ref.line
        return self.cell(form.code, part.code, line, ref.column or part.main, place.view, place.band)

    def _account(self, term, place):
        facts, sign = self.facts, 1 if place.side == "debit" else -1
        if place.view in ("debits", "credits"):
            side = place.view[:-1]
            codes = facts.codes("movement", term)
            return sum(getattr(facts.movement[code], side) for code in codes) if codes else None
        codes = facts.codes(place.view, term)
        if not codes:
            return None
        balances = getattr(facts, place.view)
        if place.band and not term.side:
            parts = [within(facts.maturities[code], place.band) for code in codes if code in facts.maturities]
            return sign * sum(parts) if parts else None
        if place.band and place.band[0] == "beyond":
            return 0  # a holder's side is that of a sight account
        if term.side == "D":
            return sign * sum(balances[code].debit for code in codes)
        if term.side == "C":
            return -sign * sum(balances[code].credit for code in codes)
        return sign * sum(balances[code].net for code in codes)


def within(bands, band):
    """Francs of the bands up to, or beyond, a number of months.

    >>> within({3: 100, 12: 50, None: 7}, ("upto", 12)), within({3: 100, 12: 50, None: 7}, ("beyond", 3))
    (150, 57)
    """
    way, months = band
    return sum(
        amount
        for most, amount in bands.items()
        if (way == "upto" and most is not None and most <= months)
        or (way == "beyond" and (most is None or most > months))
    )


def plus(left, right):
    """A sum in which nothing counts for nothing.

    >>> plus(None, None), plus(None, 5), plus(2, 5)
    (None, 5, 7)
    """
    if left is None or right is None:
        return right if left is None else left
    return whole(left + right)


def whole(value):
    """An integer where there is one."""
    return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value
