"""Ages in whole years on a day."""

from datetime import date  # noqa: F401  for the examples


def is_young(born, day, age_from, age_to):
    """Whether somebody is between two ages on a day, both included: from his birthday to the eve of the one after the last.

    >>> is_young(date(2000, 3, 10), date(2015, 3, 10), 15, 35), is_young(date(2000, 3, 10), date(2015, 3, 9), 15, 35)
    (True, False)
    >>> is_young(date(2000, 3, 10), date(2036, 3, 9), 15, 35), is_young(date(2000, 3, 10), date(2036, 3, 10), 15, 35)
    (True, False)
    """
    if not born:
        return False
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return age_from <= age <= age_to
