"""The trial balance on the levels of the chart. Pure Python.

An account stands under the headings that its number begins with, and a subdivision under the official account that it
continues: 251100 under 2511, 2511 under 251, 25 and 2; but 25116 stands under 251, since it is an official account of
its own. Debits and credits of a heading are the sums of those of its accounts, never their net: so the totals are the
same at every level, and debits equal credits at each of them.
"""

from typing import NamedTuple

LEVELS = ("1", "2", "3", "4", "all")
LIAISON = "39"  # between caisses of a network
OFF_BALANCE = "9"


class Figures(NamedTuple):
    """Francs of an account: `opening` is signed, debit positive; `debit` and `credit` are those of the period."""

    opening: int = 0
    debit: int = 0
    credit: int = 0

    @property
    def closing(self):
        return self.opening + self.debit - self.credit

    @property
    def sides(self):
        """(opening debit, opening credit, debit, credit, closing debit, closing credit).

        >>> Figures(100, 20, 150).sides
        (100, 0, 20, 150, 0, 30)
        """
        opening, closing = self.opening, self.closing
        return max(opening, 0), max(-opening, 0), self.debit, self.credit, max(closing, 0), max(-closing, 0)


class Line(NamedTuple):
    """A line of the balance: `kind` is heading, account or total; `codes` the accounts summed in it."""

    code: str
    kind: str
    depth: int
    sides: tuple
    codes: tuple


def path(code, headings, official):
    """The headings above an account, from its class down, and the account itself.

    :param headings: numbers of the headings of the chart
    :param official: function(number) that gives the number of the official account it is or continues, or None

    >>> official = lambda code: "25116" if code.startswith("25116") else "2511" if code.startswith("2511") else None
    >>> path("251100", {"2", "25", "251"}, official)
    ('2', '25', '251', '2511', '251100')
    >>> path("25116", {"2", "25", "251"}, official)
    ('2', '25', '251', '25116')
    >>> path("X1", {"2"}, official)
    ('X1',)
    """
    continued = official(code) or code
    above = [continued[:size] for size in range(1, len(continued)) if continued[:size] in headings]
    return (*above, *dict.fromkeys((continued, code)))


def trial_balance(accounts, path_of, level="all"):
    """The lines of the balance of some accounts.

    :param accounts: {number: Figures}
    :param path_of: function(number) that gives its `path`
    :param level: how many digits are shown ("1" classes … "4"), or "all" for each account that takes entries
    :return: list of Line in the order of the chart, the totals last: of the classes on and off the balance sheet when
        there are both, then of all

    >>> figures = {"1011": Figures(5, 10, 0), "2511": Figures(-5, 0, 7), "251100": Figures(0, 0, 3)}
    >>> paths = {"1011": ("1", "10", "1011"), "2511": ("2", "25", "2511"), "251100": ("2", "25", "2511", "251100")}
    >>> for line in trial_balance(figures, paths.get, "2"):
    ...     print(line.kind, line.code, line.sides)
    heading 1 (5, 0, 10, 0, 15, 0)
    account 10 (5, 0, 10, 0, 15, 0)
    heading 2 (0, 5, 0, 10, 0, 15)
    account 25 (0, 5, 0, 10, 0, 15)
    total  (5, 5, 10, 10, 15, 15)
    >>> [(line.kind, line.code) for line in trial_balance(figures, paths.get) if line.code.startswith("2511")]
    [('heading', '2511'), ('account', '2511'), ('account', '251100')]
    """
    headings, shown = {}, {}
    for code in sorted(accounts):
        *above, _last = trail = _cut(path_of(code), level)
        for depth in range(len(above)):
            headings.setdefault((*trail[: depth + 1],), []).append(code)
        shown.setdefault(tuple(trail), []).append(code)
    places = [(trail, 0, "heading", codes) for trail, codes in headings.items()]
    places += [(trail, 1, "account", codes) for trail, codes in shown.items()]
    lines = [
        Line(trail[-1], kind, len(trail) - 1, _sum(accounts, codes), tuple(codes))
        for trail, _rank, kind, codes in sorted(places)
    ]
    return lines + _totals(accounts)


def net_liaison(accounts):
    """The accounts of several caisses together: what they owe each other is netted, normally to nothing, on one account.

    >>> net_liaison({"391": Figures(-5, 0, 2), "392": Figures(5, 2, 0), "1011": Figures(1)})
    {'1011': Figures(opening=1, debit=0, credit=0)}
    >>> net_liaison({"392": Figures(5, 2, 4)})
    {'392': Figures(opening=5, debit=0, credit=2)}
    """
    between = sorted(code for code in accounts if code.startswith(LIAISON))
    rest = {code: figures for code, figures in accounts.items() if code not in between}
    if between:
        opening = sum(accounts[code].opening for code in between)
        moved = sum(accounts[code].debit - accounts[code].credit for code in between)
        if opening or moved:
            rest[between[0]] = Figures(opening, max(moved, 0), max(-moved, 0))
    return rest


def _cut(trail, level):
    """The path down to the level: its first number that is as long, or the account when none is."""
    if level == "all":
        return trail
    for index, code in enumerate(trail):
        if len(code) >= int(level):
            return trail[: index + 1]
    return trail


def _sum(accounts, codes):
    return tuple(map(sum, zip(*(accounts[code].sides for code in codes), strict=True)))


def _totals(accounts):
    off = tuple(code for code in accounts if code.startswith(OFF_BALANCE))
    on = tuple(code for code in accounts if code not in off)
    lines = [Line(name, "total", 0, _sum(accounts, codes), codes) for name, codes in (("1-7", on), ("9", off))]
    whole = Line("", "total", 0, _sum(accounts, (*on, *off)) if accounts else (0,) * 6, (*on, *off))
    return [*(lines if on and off else []), whole]
