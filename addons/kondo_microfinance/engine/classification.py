"""Classes of loans in arrears and what is set aside for them. Pure Python; the twin of two SQL statements of `arrears/`."""

from .periods import add_months
from .rounding import exact, half_up

STAGES = ("performing", "immobilised", "late_6", "late_12", "late_24")
RISING = STAGES[2:]


def stage_on(day, months, stage, late_since=None, kept_since=None, restructured=False):
    """The class of a loan on the morning of `day`, by the age of its oldest unpaid instalment in civil months.

    :param months: {stage: months of age above which it begins}
    :param stage: where the loan stands
    :param kept_since: the age that a changed loan keeps until it is cured; until then it does not climb back
    :param restructured: its schedule was changed; cured and not late, it leaves the immobilised ones

    >>> from datetime import date
    >>> months, late = {"late_6": 3, "late_12": 6, "late_24": 12}, date(2026, 1, 31)
    >>> [stage_on(day, months, "performing", late) for day in (date(2026, 4, 30), date(2026, 5, 1), date(2026, 8, 1))]
    ['performing', 'late_6', 'late_12']
    >>> stage_on(date(2026, 5, 1), months, "late_12"), stage_on(date(2026, 5, 1), months, "late_12", None, late)
    ('performing', 'late_12')
    >>> stage_on(date(2026, 5, 1), months, "immobilised"), stage_on(date(2026, 5, 1), months, "immobilised", restructured=True)
    ('immobilised', 'performing')
    """
    result = "immobilised" if stage == "immobilised" else "performing"
    if late_since:
        for name in sorted(months, key=months.get):
            if add_months(late_since, months[name]) < day:
                result = name
    if kept_since:
        return max(result, stage, key=STAGES.index)
    if result == "immobilised" and restructured and not late_since:
        return "performing"
    return result


def provision_needed(principal, deposits, rate):
    """Francs to be set aside: the outstanding less the guarantee deposits held, times a rate in percent, half up.

    >>> provision_needed(100_000, 20_000, "40"), provision_needed(100_001, 0, "0.5"), provision_needed(5_000, 9_000, 80)
    (32000, 500, 0)
    """
    return half_up(max(0, principal - deposits) * exact(rate) / 100)
