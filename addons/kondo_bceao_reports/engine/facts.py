"""What a return is counted from: balances of accounts, their maturities, and measures of photographs."""

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date as Date
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Balance:
    """Francs of an account: the sum over holders in debit, and that over holders in credit; both positive.

    >>> Balance(debit=1000, credit=4000).net
    -3000
    """

    debit: int = 0
    credit: int = 0

    @property
    def net(self):
        return self.debit - self.credit


def nothing(name, filters):
    """The measure of a ledger that has no photographs."""
    return None


@dataclass
class Facts:
    """One institution, or a network, on one evening.

    :ivar start: first day of the financial year; `annual`: whether `date` is its last
    :ivar closing, opening: {account code: Balance} at `date` and before `start`
    :ivar movement: {account code: Balance} turnovers of the year up to `date`
    :ivar bands: {account code: {most months left, None beyond the last: net francs, debit positive}}
    :ivar measure: (name, filters) -> int, Fraction or None when no photograph tells
    :ivar previous: the same one year earlier, `before`: one period earlier; a callable is asked when first needed
    """

    date: Date | None = None
    start: Date | None = None
    annual: bool = True
    closing: Mapping[str, Balance] = field(default_factory=dict)
    opening: Mapping[str, Balance] = field(default_factory=dict)
    movement: Mapping[str, Balance] = field(default_factory=dict)
    bands: Mapping[str, Mapping[int | None, int]] | Callable = field(default_factory=dict)
    measure: Callable = nothing
    previous: "Facts | Callable | None" = None
    before: "Facts | Callable | None" = None

    def earlier(self, which):
        """The facts `previous` or `before`, fetched once."""
        facts = getattr(self, which)
        if callable(facts):
            facts = facts()
            setattr(self, which, facts)
        return facts

    @cached_property
    def maturities(self):
        return self.bands() if callable(self.bands) else self.bands

    @cached_property
    def _sorted(self):
        return {view: sorted(getattr(self, view)) for view in ("closing", "opening", "movement")}

    def codes(self, view, term):
        """Codes of a view that fall under an account term.

        >>> from .formula import parse
        >>> facts = Facts(closing={"20": Balance(), "2022": Balance(), "20227": Balance(), "21": Balance()})
        >>> facts.codes("closing", parse("20\\\\(20227)"))
        ['20', '2022']
        """
        codes = self._sorted[view]
        place = bisect_left(codes, term.prefix)
        found = []
        while place < len(codes) and codes[place].startswith(term.prefix):
            if not codes[place].startswith(term.exclusions):
                found.append(codes[place])
            place += 1
        return found
