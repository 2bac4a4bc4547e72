"""Ages and shares of people, as an organisation's figures count them: no date arithmetic anywhere else."""

from datetime import date, timedelta


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; 29 February becomes the 28th in a year that has none.

    >>> years_before(date(2026, 11, 23), 15), years_before(date(2024, 2, 29), 15)
    (datetime.date(2011, 11, 23), datetime.date(2009, 2, 28))
    """
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def age_on(born: date, day: date) -> int:
    """Completed years on a day; who is born on 29 February turns a year older on 1 March of other years.

    >>> age_on(date(2000, 2, 29), date(2015, 2, 28)), age_on(date(2000, 2, 29), date(2015, 3, 1))
    (14, 15)
    """
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def young_births(day: date, youngest: int, oldest: int) -> tuple[date, date]:
    """(earliest, latest) birth date of who is `youngest` to `oldest` years old on a day, both ages included.

    >>> young_births(date(2026, 11, 23), 15, 35)
    (datetime.date(1990, 11, 24), datetime.date(2011, 11, 23))

    :raises ValueError: when the band is empty or below zero
    """
    if not 0 <= youngest <= oldest:
        raise ValueError("ages are not negative, and the first is not above the second")
    return years_before(day, oldest + 1) + timedelta(days=1), years_before(day, youngest)


def percent(part: int, whole: int) -> float:
    """A share in percent with one decimal, halves up, for a screen; 0 of nothing.

    >>> percent(1, 3), percent(2, 3), percent(0, 0)
    (33.3, 66.7, 0.0)
    """
    return (part * 2000 + whole) // (2 * whole) / 10 if whole else 0.0


def is_majority(part: int, whole: int, above: float) -> bool:
    """Whether a part is more than `above` percent of the whole: exactly the half is not more than 50 %.

    >>> is_majority(5, 10, 50), is_majority(6, 10, 50), is_majority(0, 0, 50)
    (False, True, False)
    """
    return whole > 0 and part * 100 > above * whole
