"""What changed between two periods so much that a reader asks why. Pure Python."""

from fractions import Fraction


def change_percent(value, previous):
    """The change in per cent of what stood before; None without a basis.

    >>> change_percent(150, 100), change_percent(-50, -100), change_percent(5, 0), change_percent(None, 40)
    (Fraction(50, 1), Fraction(50, 1), None, Fraction(-100, 1))
    """
    if not previous:
        return None
    return 100 * (Fraction(value or 0) - Fraction(previous)) / abs(Fraction(previous))


def is_big(value, previous, percent, minimum):
    """Whether a change is to be explained: at least `minimum` francs, and at least `percent` % of what stood before.

    What appears, or disappears, is a change of any per cent.

    >>> is_big(2_000_000, 1_000_000, 25, 1_000_000), is_big(2_000_000, 1_000_001, 25, 1_000_000)
    (True, False)
    >>> is_big(11_000_000, 10_000_000, 25, 1_000_000), is_big(1_000_000, None, 25, 1_000_000)
    (False, True)
    """
    if abs((value or 0) - (previous or 0)) < minimum:
        return False
    change = change_percent(value, previous)
    return change is None or abs(change) >= percent


def to_explain(part, big):
    """Codes of the lines of a part that are to be explained, of those with a `big` change.

    A sum is explained by what it adds up: it is asked about only when none of its lines is.

    >>> from .form import form_from
    >>> header = {"code": "F", "parts": [{"code": "P", "columns": [{"key": "net"}]}]}
    >>> rows = [{"part": "P", "code": "T", "sum_of": "S"}, {"part": "P", "code": "S", "sum_of": "A+B"},
    ...         {"part": "P", "code": "A", "net": "10"}, {"part": "P", "code": "B", "net": "20"}]
    >>> part = form_from(header, rows).parts[0]
    >>> to_explain(part, {"T", "S", "A"}), to_explain(part, {"T", "S"})
    ({'A'}, {'S'})
    """
    asked = {}

    def below(code, seen):
        """Whether something under a line is asked about."""
        line = part.by_code.get(code)
        if line is None or code in seen:
            return False
        return any(under in big or below(under, seen | {code}) for under in line.sum_of)

    for code in big:
        asked[code] = not below(code, frozenset())
    return {code for code, wanted in asked.items() if wanted}
