"""One posting period of an account under rules that change on a date. Pure Python.

A new rule ends the basis period of the old one on the day it comes into force. What was earned until then is rounded half
up to 12 decimals; when no compounding period ended on that day it waits, without earning, for the next end. The period is posted when the rule in force on its last day says so.
A movement follows the value dates of the rule in force on the day it was booked.
"""

from bisect import bisect_right
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from .balances import Movement, clip, daily_steps, lowest_steps, value_date
from .interest import _accrue
from .periods import is_period_end, period_of, periods_between
from .rounding import half_up


class PeriodInterest(NamedTuple):
    """What one posting period brought: 12 decimals each, and the francs that a posting on its end makes of them."""

    exact: Fraction
    exact_overdraft: Fraction
    interest: int
    withholding: int
    overdraft_interest: int
    balance: int


def rule_on(rules, day):
    """The rule in force on a day: the last that began; before all of them, the first.

    :param rules: [(day from which it holds, InterestRule)] in the order of the days

    >>> from .interest import InterestRule
    >>> low, high = InterestRule(annual_rate=2, posting="monthly"), InterestRule(annual_rate=3, posting="monthly")
    >>> rules = [(date(2024, 1, 1), low), (date(2024, 4, 1), high)]
    >>> [rule_on(rules, day) is low for day in (date(2023, 5, 1), date(2024, 3, 31), date(2024, 4, 1))]
    [True, True, False]
    """
    return rules[max(0, bisect_right(rules, day, key=lambda dated: dated[0]) - 1)][1]


def segments(rules, start, end):
    """The spans of [start, end) with the rule of each: [(start, end, InterestRule)]; nothing before the first rule.

    >>> rules = [(date(2024, 1, 1), "a"), (date(2024, 4, 1), "b")]
    >>> [(str(a), str(b), rule) for a, b, rule in segments(rules, date(2023, 12, 1), date(2024, 5, 1))]
    [('2024-01-01', '2024-04-01', 'a'), ('2024-04-01', '2024-05-01', 'b')]
    """
    ends = [day for day, _rule in rules[1:]] + [date.max]
    spans = ((max(day, start), min(stop, end), rule) for (day, rule), stop in zip(rules, ends, strict=True))
    return [span for span in spans if span[0] < span[1]]


def next_posting(rules, day, anchor=None):
    """The end of the posting period that holds `day`: the first day of the next one.

    >>> from .interest import InterestRule
    >>> quarterly, monthly = InterestRule(posting="quarterly"), InterestRule(posting="monthly")
    >>> rules = [(date(2024, 1, 1), quarterly), (date(2024, 2, 10), monthly)]
    >>> str(next_posting(rules, date(2024, 1, 5)))
    '2024-03-01'
    """
    for start, stop, rule in segments(rules, day, date.max):
        end = period_of(rule.posting, start, rule.year_start, anchor)[1]
        if end <= stop:
            return end
    raise ValueError("no rule is in force")


def booked_value(rules, movement, reversed_on=None):
    """`movement` with its value date as a `Movement`; a reversal has that of what it undoes, booked on `reversed_on`.

    >>> from .interest import InterestRule
    >>> rules = [(date(2024, 1, 1), InterestRule(balance_basis="quinzaine", posting="monthly"))]
    >>> str(booked_value(rules, Movement(date(2024, 4, 5), 500)).value_on)
    '2024-04-16'
    >>> str(booked_value(rules, Movement(date(2024, 4, 5), -500), date(2024, 4, 5)).value_on)
    '2024-04-16'
    """
    if movement.value_on:
        return movement
    rule = rule_on(rules, reversed_on or movement.booked_on)
    like = Movement(reversed_on, -movement.amount) if reversed_on else movement
    day = value_date(like, rule.credit_days, rule.debit_days, rule.balance_basis == "quinzaine")
    return movement._replace(value_on=day)


def period_interest(rules, movements, start, end, opening=0, opened_on=None, held_since=None):
    """What an account earns over [start, end), one posting period or the part of one.

    :param rules: [(day from which it holds, InterestRule)] in the order of the days; nothing is earned before the first
    :param movements: `Movement`s in the order they were booked. Those with a value date before `start` make up the
        opening balance; those booked from `end` on without one of their own do not count
    :param opening: francs before the first of `movements`
    :return: PeriodInterest; its balance is that of the last day, nothing posted. The tax is that of the last rule

    100 000 F for 10 days at 3,65 % and 20 days at 7,30 %: 100 + 400 F.

    >>> from .interest import InterestRule
    >>> rules = [(date(2025, 4, 1), InterestRule(annual_rate="3.65", posting="monthly")),
    ...          (date(2025, 4, 11), InterestRule(annual_rate="7.30", posting="monthly", withholding_rate=15))]
    >>> result = period_interest(rules, [], date(2025, 4, 1), date(2025, 5, 1), opening=100000)
    >>> result.interest, result.withholding
    (500, 75)
    """
    opened_on = opened_on or start
    held_since = held_since or opened_on
    dated = sorted(_value_days(rules, movements, start, end), key=lambda move: move[0])
    balance = opening + sum(amount for day, amount in dated if day < start)
    inside = [move for move in dated if start <= move[0] < end]
    steps = daily_steps(balance, inside, start, end)
    lows = lowest_steps(balance, inside, start, end)
    carried = waiting = (Fraction(0), Fraction(0))
    rule = None
    for segment_start, segment_end, rule in segments(rules, start, end):
        for first, stop in periods_between(rule.compounding, segment_start, segment_end, rule.year_start, opened_on):
            part = clip(steps, first, stop)
            measured = clip(lows, first, stop) if rule.balance_basis == "lowest_of_day" else part
            reached = _accrue(rule, part, measured, opened_on, held_since, carried)[:2]
            waiting = tuple(old + new - base for old, new, base in zip(waiting, reached, carried, strict=True))
            if stop == end or is_period_end(rule.compounding, stop, rule.year_start, opened_on):
                carried = tuple(map(sum, zip(carried, waiting, strict=True)))
                waiting = (Fraction(0), Fraction(0))
    interest = half_up(carried[0])
    withheld = half_up(interest * rule.withholding_rate / 100) if rule else 0
    return PeriodInterest(*carried, interest, withheld, half_up(carried[1]), steps[-1].balance if steps else balance)


def _value_days(rules, movements, start, end):
    """(value date, amount): of what was booked in the period never before it, of what was booked later none."""
    for move in movements:
        if move.value_on:
            yield move.value_on, move.amount
        elif move.booked_on < end:
            day = booked_value(rules, move).value_on
            yield (max(day, start) if move.booked_on >= start else day), move.amount
