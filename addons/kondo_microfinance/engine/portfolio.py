"""Words and rates of portfolio quality. Pure Python.

PAR x is the whole outstanding principal of the loans that are late by x days or more, over the whole outstanding
principal. The BCEAO counts « encours ≥ 30 jours » (indicators of instruction 020-12-2010, Z60); CGAP's definition says
"more than x days": one day apart, and PAR 1 would then leave out the first day. Loans whose schedule was changed are
shown beside, never added: a changed loan that is late again is already in. Written-off loans are in neither.
"""

from fractions import Fraction

from .rounding import half_up

PAR = (1, 30, 60, 90, 180)  # days late
BOUNDS = (1, 30, 60, 90, 180, 365)  # days late with which a bucket begins
AGES = (18, 26, 36, 46, 61)  # years with which a band begins: young people, 15 to 35, end with a band
POINTS = (0, 30, 60)  # days after the due date at which a campaign is looked at


def bucket(days):
    """The bucket of a loan so many days late: the days with which it begins, as text.

    >>> [bucket(days) for days in (0, 1, 29, 30, 89, 90, 364, 365, 4000)]
    ['0', '1', '1', '30', '60', '90', '180', '365', '365']
    """
    return str(max((bound for bound in BOUNDS if bound <= days), default=0))


def buckets_from(days):
    """The buckets that make up PAR `days`.

    >>> buckets_from(90), buckets_from(1) == [str(bound) for bound in BOUNDS]
    (['90', '180', '365'], True)
    """
    return [str(bound) for bound in BOUNDS if bound >= days]


def age_band(birth, day):
    """The band of somebody's age on a day: the years with which it begins, as text; "unknown" without a birth date.

    >>> from datetime import date
    >>> birth = date(2000, 2, 29)
    >>> [age_band(birth, date(*day)) for day in ((2018, 2, 28), (2018, 3, 1), (2035, 12, 31), (2036, 2, 29))]
    ['0', '18', '26', '36']
    >>> age_band(None, date(2024, 1, 1))
    'unknown'
    """
    if not birth:
        return "unknown"
    years = day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
    return str(max((bound for bound in AGES if bound <= years), default=0))


def percent(part, whole, decimals=2):
    """What `part` is of `whole` in percent, rounded half up (a Fraction); None of nothing.

    >>> percent(1, 3), percent(0, 5), percent(7, 0)
    (Fraction(3333, 100), Fraction(0, 1), None)
    """
    return half_up(Fraction(100 * part, whole), decimals) if whole else None


def average(amounts):
    """The average of amounts in whole francs, half up; 0 of none.

    >>> average([100, 101]), average([])
    (101, 0)
    """
    return half_up(Fraction(sum(amounts), len(amounts))) if amounts else 0


def loss_rate(written_off, outstanding):
    """Written off in a period over the average outstanding, percent (BCEAO: (T6K + T6L) / portfolio, under 2 %).

    :param outstanding: francs outstanding at moments of the period

    >>> loss_rate(30_000, [1_000_000, 2_000_000]), loss_rate(5, [])
    (Fraction(2, 1), None)
    """
    return percent(written_off, average(outstanding))
