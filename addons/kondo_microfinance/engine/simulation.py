"""What a deposit earns, without a member and without an account: rows for the simulator screens. Pure Python."""

from datetime import date
from typing import NamedTuple

from .balances import Movement
from .interest import account_interest
from .planned import SavingsPlan, due_dates
from .term import term_schedule


class SimulationRow(NamedTuple):
    """A day on which something moves: francs deposited, interest credited, withheld of it, balance after."""

    on: date
    deposit: int
    interest: int
    withholding: int
    balance: int


class Simulation(NamedTuple):
    """`rows` in order of their days and the totals; `balance` is what the saver has at the end, `net` = interest kept."""

    rows: list[SimulationRow]
    deposits: int
    interest: int
    withholding: int
    balance: int

    @property
    def net(self):
        return self.interest - self.withholding


def simulate_account(rule, start, end, first=0, regular=0, every="monthly"):
    """A first deposit on `start` and, when there is one, a regular deposit from `start` on, until the day `end`.

    :param rule: InterestRule; interest of the period cut by `end` is paid on `end`, as at a closing
    :param every: a key of `planned.EVERY`
    :return: Simulation; deposits that fall on `end` or later are left out

    100 000 F at 3.65 % for 2 months, posted monthly: 31 days 310, then 100 310 x 3.65 x 28 / 36 500 = 280.868.

    >>> from .interest import InterestRule
    >>> rule = InterestRule(annual_rate="3.65", posting="monthly")
    >>> result = simulate_account(rule, date(2025, 1, 1), date(2025, 3, 1), first=100000)
    >>> [(str(row.on), row.deposit, row.interest, row.balance) for row in result.rows]
    [('2025-01-01', 100000, 0, 100000), ('2025-01-31', 0, 310, 100310), ('2025-02-28', 0, 281, 100591)]
    >>> simulate_account(rule, date(2025, 1, 1), date(2025, 3, 1), regular=5000).deposits
    10000
    """
    deposits = [(start, first)] if first else []
    if regular:
        plan = SavingsPlan(start, regular, (end - start).days // 7 + 1, every)
        deposits += [(day, regular) for day in due_dates(plan) if day < end]
    movements = [Movement(day, amount) for day, amount in sorted(deposits)]
    result = account_interest(rule, movements, start, end, close=True)
    events = [(day, 0, amount, 0, 0) for day, amount in deposits]
    for row in result.rows:
        if row.type == "interest":
            events.append((row.posted_on, 1, 0, row.amount, row.withholding))
    return _simulation(events)


def simulate_plan(rule, plan, end=None, bonus=0):
    """A savings plan kept to the day, until `end` (by default when its last period is over), with its `bonus` francs.

    >>> from .interest import InterestRule
    >>> result = simulate_plan(InterestRule(annual_rate=0), SavingsPlan(date(2025, 1, 1), 5000, 3), bonus=100)
    >>> str(result.rows[-1].on), result.deposits, result.interest, result.balance
    ('2025-04-01', 15000, 100, 15100)
    """
    end = end or due_dates(SavingsPlan(plan.start, plan.amount, plan.count + 1, plan.every))[-1]
    movements = [Movement(day, plan.amount) for day in due_dates(plan) if day < end]
    result = account_interest(rule, movements, plan.start, end, close=True)
    events = [(move.booked_on, 0, move.amount, 0, 0) for move in movements]
    events += [(row.posted_on, 1, 0, row.amount, row.withholding) for row in result.rows if row.type == "interest"]
    if bonus:
        events.append((end, 2, 0, bonus, 0))
    return _simulation(events)


def simulate_term(deposit):
    """A term deposit held to its maturity; the balance counts the interest as it is paid.

    >>> from .term import TermDeposit
    >>> result = simulate_term(TermDeposit(500000, date(2024, 1, 31), 3, 6, withholding_rate=10))
    >>> [(str(row.on), row.deposit, row.interest, row.withholding, row.balance) for row in result.rows]
    [('2024-01-31', 500000, 0, 0, 500000), ('2024-04-30', 0, 7500, 750, 506750)]
    """
    events = [(deposit.start, 0, deposit.principal, 0, 0)]
    events += [(row.due, 1, 0, row.interest, row.withholding) for row in term_schedule(deposit)]
    return _simulation(events)


def _simulation(events):
    rows, balance = [], 0
    for day, _order, deposit, interest, withholding in sorted(events):
        balance += deposit + interest - withholding
        rows.append(SimulationRow(day, deposit, interest, withholding, balance))
    deposits, interest, withholding = (sum(row[column] for row in rows) for column in (1, 2, 3))
    return Simulation(rows, deposits, interest, withholding, balance)
