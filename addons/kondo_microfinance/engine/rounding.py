"""Exact numbers and the one rounding of the institution: half up. Pure Python.

Money is an `int` of the smallest unit (the franc). Rates and fractions of francs are `Fraction`. A float is refused
wherever it could enter.
"""

from decimal import Decimal
from fractions import Fraction


class NotExact(TypeError):
    """A number that is no exact number: a float, a text that is none."""


def exact(value):
    """A `Fraction` from an int, a Decimal, a Fraction or a decimal text; NotExact on a float or anything else.

    >>> exact("3.5"), exact(Decimal("0.10")), exact(7)
    (Fraction(7, 2), Fraction(1, 10), Fraction(7, 1))
    >>> exact(3.5)  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    NotExact: not an exact number: 3.5
    """
    if isinstance(value, (int, Decimal, Fraction, str)) and not isinstance(value, bool):
        try:
            return Fraction(value)
        except (ValueError, OverflowError):
            pass
    raise NotExact(f"not an exact number: {value!r}")


def half_up(value, decimals=0):
    """The nearest multiple of 10^-decimals, a tie away from zero.

    An int when `decimals` is 0 (francs), a Fraction otherwise. In SQL the same is `round(numeric, decimals)`, and on
    a quotient of two positive whole numbers, without any digit lost, `div(2 * n + d, 2 * d)`.

    >>> half_up(Fraction(5, 2)), half_up(Fraction(-5, 2)), half_up(Fraction(249, 100)), half_up(7)
    (3, -3, 2, 7)
    >>> half_up(Fraction(2, 3), 4)
    Fraction(6667, 10000)
    """
    scale = 10**decimals
    value = Fraction(value) * scale
    units = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    units = -units if value < 0 else units
    return Fraction(units, scale) if decimals else units


def round_div(numerator, denominator, multiple=1, half_even=False):
    """The multiple of `multiple` nearest to a quotient of whole numbers, the denominator above 0; all in integers.

    A tie goes away from zero, as in `half_up`, or to the even multiple.

    >>> round_div(5, 2), round_div(-5, 2), round_div(5, 2, half_even=True), round_div(15625, 1000, half_even=True)
    (3, -3, 2, 16)
    >>> round_div(91680, 1, multiple=25), round_div(91690, 1, multiple=25)
    (91675, 91700)
    """
    denominator *= multiple
    units, rest = divmod(numerator, denominator)
    rest *= 2
    if rest > denominator or rest == denominator and (units & 1 if half_even else numerator >= 0):
        units += 1
    return units * multiple
