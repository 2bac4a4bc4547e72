"""Controls between the lines of a return: what must equal what, what a norm allows."""

import operator
from dataclasses import dataclass

from .evaluate import plus

COMPARISONS = {"=": operator.eq, "<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt}


@dataclass(frozen=True, slots=True)
class Outcome:
    """`state`: passed, failed, or no_data when a side knows nothing; `difference`: left less right."""

    state: str
    left: object = None
    right: object = None
    difference: object = None


def outcome(evaluator, left, compare, right, tolerance=0):
    """Compare two formulas. An empty side is no data, unless both are empty in an equality: nothing equals nothing.

    >>> from .evaluate import Evaluator
    >>> from .facts import Balance, Facts
    >>> facts = Facts(closing={"10": Balance(500), "50": Balance(0, 480)})
    >>> outcome(Evaluator({}, facts), "10", "=", "-50")
    Outcome(state='failed', left=500, right=480, difference=20)
    >>> outcome(Evaluator({}, facts), "10", "=", "-50", tolerance=20).state
    'passed'
    >>> outcome(Evaluator({}, facts), "10", "=", "19").state
    'no_data'
    """
    a, b = evaluator.formula(left), evaluator.formula(right)
    if a is None and b is None and compare == "=":
        return Outcome("passed")
    if a is None or b is None:
        return Outcome("no_data", a, b)
    difference = plus(a, -b)
    holds = abs(difference) <= tolerance if compare == "=" else COMPARISONS[compare](a, b)
    return Outcome("passed" if holds else "failed", a, b, difference)
