"""Term deposits on paper: how a rate is written, on which ledger account a term stands. Pure Python."""

from decimal import Decimal
from fractions import Fraction


def percent(value):
    """A yearly rate in percent as an exact Decimal: from the engine, or from the column of a record with six digits.

    >>> percent(5.1), percent(Fraction(11, 2))
    (Decimal('5.1'), Decimal('5.500000'))
    >>> percent(None)
    Decimal('0')
    """
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / value.denominator
    return Decimal(str(round(value or 0, 6)))


def rate_text(value):
    """A rate as a caisse writes it: comma, no useless zeros.

    >>> rate_text(5.50), rate_text(10), rate_text(0), rate_text(Decimal("4.250000")), rate_text(Fraction(7, 2))
    ('5,5', '10', '0', '4,25', '3,5')
    """
    text = f"{percent(value):f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def band_of(bands, months):
    """The ledger account of a term: that of the first band long enough; None when there is none.

    :param bands: (months at most, account); 0 months: no end

    >>> bands = [(6, "25211"), (12, "25212"), (0, "25216")]
    >>> band_of(bands, 6), band_of(bands, 7), band_of(bands, 13)
    ('25211', '25212', '25216')
    """
    fitting = [band for band in bands if not band[0] or months <= band[0]]
    return min(fitting, key=lambda band: (not band[0], band[0]))[1] if fitting else None
