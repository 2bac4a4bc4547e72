"""Scores and grades of a questionnaire, and the table of a scorecard: exact arithmetic, nothing of Odoo."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

CENT = Decimal("0.01")


def weighted_score(rows):
    """The score of answered questions, 0 to 100, with two decimals (halves up).

    :param rows: (weight, points, best) per question: weight as Fraction or int above zero, points 0 to best
    :return: Decimal; 0 when no question counts (no weight, or a best of zero)

    >>> weighted_score([(10, 4, 4), (10, 2, 4), (20, 0, 4)])
    Decimal('37.50')
    >>> weighted_score([(1, 2, 3)]), weighted_score([(1, 4, 4)]), weighted_score([])
    (Decimal('66.67'), Decimal('100.00'), Decimal('0.00'))

    :raises ValueError: when points lie outside 0 to best, or a weight is below zero
    """
    got = whole = Fraction(0)
    for weight, points, best in rows:
        if weight < 0 or not 0 <= points <= best:
            raise ValueError(f"{points} of {best} points, weight {weight}")
        if best:
            got += Fraction(weight) * Fraction(points, best)
            whole += Fraction(weight)
    share = 100 * got / whole if whole else Fraction(0)
    return (Decimal(share.numerator) / share.denominator).quantize(CENT, ROUND_HALF_UP)


def grade_of(score, a, b, c):
    """The grade of a score as printed: what reaches a threshold has it.

    >>> [grade_of(Decimal(score), 80, 65, 50) for score in ("80.00", "79.99", "65", "50", "49.99")]
    ['a', 'b', 'b', 'c', 'd']

    :raises ValueError: when the thresholds do not fall from a to c
    """
    if not 100 >= a >= b >= c >= 0:
        raise ValueError("thresholds fall from A to C")
    return next((letter for letter, least in (("a", a), ("b", b), ("c", c)) if score >= least), "d")


def grade_reaches(grade, least):
    """Whether a grade is at least as good as another.

    >>> grade_reaches("a", "b"), grade_reaches("c", "b"), grade_reaches(None, "d")
    (True, False, False)
    """
    return bool(grade) and grade <= least


def band_of(value, bands):
    """The key of the band in which a counted value lies: the highest beginning that it reaches.

    :param bands: (beginning, key) in any order
    :return: None when the value lies under all of them

    >>> bands = [(0, "none"), (1, "late"), (31, "bad")]
    >>> band_of(0, bands), band_of(30, bands), band_of(400, bands), band_of(-1, bands)
    ('none', 'late', 'bad', None)
    """
    reached = [(beginning, index) for index, (beginning, _key) in enumerate(bands) if beginning <= value]
    return bands[max(reached)[1]][1] if reached else None


def likelihood(points, table):
    """The percentage that a scorecard's table gives for a number of points; None outside the table.

    :param table: (from, to, percent), both ends included

    >>> likelihood(4, [(0, 4, 92.5), (5, 9, 88.1)]), likelihood(5, [(0, 4, 92.5), (5, 9, 88.1)])
    (92.5, 88.1)
    """
    return next((percent for start, end, percent in table if start <= points <= end), None)


def table_gap(table, lowest=0, highest=100):
    """The first number of points that a table does not give exactly once; None for a table without a hole.

    >>> table_gap([(0, 49, 80), (50, 100, 20)]), table_gap([(0, 49, 80), (51, 100, 20)]), table_gap([(0, 100, 1), (5, 9, 2)])
    (None, 50, 5)
    """
    expected = lowest
    for start, end, _percent in sorted(table, key=lambda row: row[:2]):
        if start != expected or end < start:
            return min(start, expected)
        expected = end + 1
    return None if expected == highest + 1 else expected
