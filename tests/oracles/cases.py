"""Cases, what is wrong with one, and the files they stand in."""

import json
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple


class NotServed(Exception):
    """A case, or a word in it, that the engine has no meaning for; the text says which."""


class Fault(NamedTuple):
    """One expected value that was not met; `row` counts from 1, 0 stands for the case as a whole."""

    row: int
    field: str
    expected: object
    got: object

    def __str__(self):
        if not self.row:
            return str(self.got)
        return f"row {self.row}, {self.field}: expected {shown(self.expected)}, got {shown(self.got)}"


def shown(value):
    """A value as a line of the report writes it.

    >>> shown(Fraction(1, 3)), shown(Fraction(6, 2)), shown(Decimal("0.2740")), shown("interest"), shown(None)
    ('0.333333333333', '3', '0.274', 'interest', 'nothing')
    """
    if value is None:
        return "nothing"
    if isinstance(value, (int, Decimal, Fraction)):
        text = f"{Decimal(Fraction(value).numerator) / Decimal(Fraction(value).denominator):.12f}"
        return text.rstrip("0").rstrip(".")
    return str(value)


def read(path):
    """The cases of a file: a list, or the `examples` of an object; numbers with a point are Decimals.

    ValueError when it holds no list of cases.
    """
    with open(path, encoding="utf-8") as file:
        cases = json.load(file, parse_float=Decimal)
    if isinstance(cases, dict):
        cases = cases.get("examples")
    if not isinstance(cases, list) or not all(isinstance(case, dict) for case in cases):
        raise ValueError("not a list of cases")
    return cases


def decimals_of(number):
    """Digits after the point of a number as it is written.

    >>> decimals_of(Decimal("33.7016")), decimals_of(117)
    (4, 0)
    """
    return max(0, -Decimal(number).as_tuple().exponent)
