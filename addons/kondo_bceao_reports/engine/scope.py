"""Of which caisses, and of which day, figures are asked; and what has been read of them already. Pure Python."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta

FREQUENCIES = ("month", "quarter", "year")
STEPS = {"month": relativedelta(months=1), "quarter": relativedelta(months=3), "year": relativedelta(years=1)}


def back(day, step):
    """The day a step earlier; the last of a month stays the last of one.

    >>> back(date(2025, 2, 28), STEPS["year"]), back(date(2025, 6, 30), STEPS["quarter"])
    (datetime.date(2024, 2, 29), datetime.date(2025, 3, 31))
    """
    earlier = day - step
    if (day + relativedelta(days=1)).day == 1:
        earlier += relativedelta(day=31)
    return earlier


@dataclass
class Scope:
    """What a set of figures is about. One lives as long as the figures: each query is made once.

    :ivar companies: res.company records whose books are added up
    :ivar start: first day of the financial year that holds `date`
    :ivar frequency: "month", "quarter" or "year", what the return is filed for
    """

    companies: Any
    date: date
    start: date
    annual: bool
    frequency: str = "year"
    memo: dict = field(default_factory=dict, repr=False)

    def once(self, key, read):
        """What `read()` answers, asked once for a key."""
        if key not in self.memo:
            self.memo[key] = read()
        return self.memo[key]

    @property
    def opening_date(self):
        """The evening before the financial year."""
        return self.start - relativedelta(days=1)

    @property
    def period_start(self):
        """First day of the month, quarter or year that ends with `date`.

        >>> Scope(None, date(2025, 6, 30), date(2025, 1, 1), False, "quarter").period_start
        datetime.date(2025, 4, 1)
        >>> Scope(None, date(2025, 6, 30), date(2025, 1, 1), False).period_start
        datetime.date(2025, 1, 1)
        """
        if self.frequency == "year":
            return self.start
        return back(self.date, STEPS[self.frequency]) + relativedelta(days=1)

    def earlier(self, frequency):
        """The scope of the same caisses a month, a quarter or a year before.

        >>> scope = Scope(None, date(2025, 3, 31), date(2025, 1, 1), False, "quarter")
        >>> scope.earlier("quarter")
        Scope(companies=None, date=datetime.date(2024, 12, 31), start=datetime.date(2024, 1, 1), annual=True, frequency='quarter')
        >>> scope.earlier("year").start, scope.earlier("year").date, scope.earlier("year").annual
        (datetime.date(2024, 1, 1), datetime.date(2024, 3, 31), False)
        """
        day = back(self.date, STEPS[frequency])
        start = self.start
        while start > day:
            start -= relativedelta(years=1)
        annual = day == start + relativedelta(years=1, days=-1)
        return Scope(self.companies, day, start, annual, self.frequency)
