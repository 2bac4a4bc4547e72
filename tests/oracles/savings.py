"""Cases of savings interest: accounts with transactions or with end-of-day balances, and fixed deposits.

Amounts are scaled to whole numbers of the smallest unit of the case's currency (`decimals`), so that the engine sees
integers, and the results are scaled back.
"""

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction

from kondo_microfinance.engine.balances import Movement
from kondo_microfinance.engine.day_count import days_between
from kondo_microfinance.engine.interest import InterestRule, account_interest
from kondo_microfinance.engine.periods import DAY, next_ends, period_of
from kondo_microfinance.engine.rates import Tier
from kondo_microfinance.engine.rounding import half_up
from kondo_microfinance.engine.term import TermDeposit, earned, term_schedule

from .cases import Fault, NotServed, decimals_of

PERIODS = {
    "daily": "daily", "day": "daily",
    "fortnightly": "fortnightly", "fortnight": "fortnightly", "quinzaine": "fortnightly",
    "monthly": "monthly", "month": "monthly",
    "quarterly": "quarterly", "quarter": "quarterly",
    "half_yearly": "half_yearly", "half_year": "half_yearly", "semi_annual": "half_yearly",
    "semiannual": "half_yearly", "biannual": "half_yearly", "bi_annual": "half_yearly",
    "semester": "half_yearly", "semestrial": "half_yearly",
    "annual": "annual", "annually": "annual", "yearly": "annual", "year": "annual",
    "anniversary": "anniversary", "account_anniversary": "anniversary",
}  # fmt: skip
MONTHS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "annual": 12}
BASES = {
    "daily_balance": "daily_balance", "end_of_day_balance": "daily_balance",
    "average_daily_balance": "average_daily_balance", "average_balance": "average_daily_balance",
    "lowest_daily_balance": "lowest_of_period", "lowest_balance": "lowest_of_period",
    "lowest_of_period": "lowest_of_period", "minimum_balance": "lowest_of_period",
    "lowest_of_day": "lowest_of_day", "lowest_of_fortnight": "lowest_of_fortnight",
    "lowest_of_month": "lowest_of_month", "lowest_of_quarter": "lowest_of_quarter",
    "lowest_of_half_year": "lowest_of_half_year", "lowest_of_semester": "lowest_of_half_year",
    "balance_at_posting_date": "balance_at_period_end", "balance_at_posting": "balance_at_period_end",
    "balance_at_period_end": "balance_at_period_end", "current_balance": "balance_at_period_end",
    "balance_at_month_end": "balance_at_month_end",
    "quinzaine": "quinzaine", "fortnight": "quinzaine",
}  # fmt: skip
SIGNS = {
    "deposit": 1, "credit": 1, "transfer_in": 1,
    "withdrawal": -1, "debit": -1, "fee": -1, "charge": -1, "transfer_out": -1,
}  # fmt: skip
DEPOSITS = ("fixed_deposit", "term_deposit")
# What a field of a case says in the engine's rule.
RULE_FIELDS = {
    "annual_rate_pct": "annual_rate",
    "overdraft_rate_pct": "overdraft_rate",
    "withholding_rate_pct": "withholding_rate",
    "withholding_pct": "withholding_rate",
    "withhold_tax_pct": "withholding_rate",
    "financial_year_start_month": "year_start",
    "value_date_days_credit": "credit_days",
    "value_date_days_debit": "debit_days",
    "credit_days": "credit_days",
    "debit_days": "debit_days",
    "tier_mode": "tier_mode",
    "posting_at_period_end": "posting_at_period_end",
}
RULE_AMOUNTS = {
    "min_balance_for_interest": "minimum_balance",
    "min_overdraft_for_interest": "minimum_overdraft",
    "minimum_balance": "minimum_balance",
    "minimum_overdraft": "minimum_overdraft",
}


def serves(case):
    """Whether a case is one of savings interest.

    >>> serves({"inputs": {"transactions": []}}), serves({"inputs": {"method": "flat"}}), serves({"payments": []})
    (True, False, False)
    """
    inputs = case.get("inputs", {})
    return "transactions" in inputs or "eod_balances" in inputs or inputs.get("product") in DEPOSITS


def check(case):
    """Run a case; the list of Faults, empty when all that is expected is met. NotServed on a word unknown here."""
    inputs = case["inputs"]
    if inputs.get("product") in DEPOSITS:
        return _compare(case, _deposit_values(case))
    if "eod_balances" in inputs:
        return _compare(case, _balance_values(case))
    return _compare(case, _account_values(case))


def _compare(case, values_of):
    """`values_of(row, expected row)` gives a dict of what was got, by the names of the fields expected."""
    faults = []
    for number, row in enumerate(case["expected"], 1):
        got = values_of(row)
        for field, expected in row.items():
            if field not in got:
                raise NotServed(f"expected field {field!r} has no meaning here")
            value = got[field]
            if isinstance(value, Fraction) and not isinstance(expected, str):
                value = half_up(value, decimals_of(expected))
            if value != (Fraction(expected) if isinstance(value, (int, Fraction)) else expected):
                faults.append(Fault(number, field, expected, value))
    return faults


# --- an account with its transactions


def _account_values(case):
    inputs = case["inputs"]
    unit = 10 ** inputs.get("decimals", 0)
    rule = _rule(inputs, unit)
    movements = sorted((_movement(line, unit) for line in inputs["transactions"]), key=lambda move: move.booked_on)
    opening = _units(inputs.get("opening_balance", 0), unit)
    if not movements and "interest_from" not in inputs:
        raise NotServed("neither a transaction nor interest_from says where the account begins")
    start = _day(inputs["interest_from"]) if "interest_from" in inputs else movements[0].booked_on
    opened_on = _day(inputs["opened_on"]) if "opened_on" in inputs else min([start, *(m.booked_on for m in movements)])

    def run(end, close=False):
        return account_interest(rule, movements, start, end, opening, opened_on=opened_on, close=close)

    def values_of(row):
        if "after_postings" in row:
            end = next_ends(rule.posting, start, row["after_postings"], rule.year_start, opened_on)[-1] + DAY
            result = run(end)
            return {**_totals(result, unit), "after_postings": row["after_postings"]}
        if "posted_on" not in row:
            return _totals(run(*_end(inputs, case, rule, opened_on)), unit)
        kind, posted_on = row.get("type", "interest"), _day(row["posted_on"])
        end, close = _end(inputs, case, rule, opened_on)
        result = run(end, close)
        upto = run(min(end, posted_on + DAY if rule.posting_at_period_end else posted_on), close)
        found = [line for line in result.rows if line.type == kind and line.posted_on == posted_on]
        return {
            **_totals(upto, unit),
            "posted_on": row["posted_on"],
            "type": kind,
            "amount": Fraction(sum(line.amount for line in found), unit),
            "withholding": Fraction(sum(line.withholding for line in found), unit),
            "basis": Fraction(sum(line.basis for line in found), unit),
        }

    return values_of


def _end(inputs, case, rule, opened_on):
    """The first day not calculated, and whether what was earned until then is posted there."""
    posted = [_day(row["posted_on"]) for row in case["expected"] if "posted_on" in row]
    if "interest_to_exclusive" in inputs:
        return _day(inputs["interest_to_exclusive"]), bool(posted)
    if "interest_to" in inputs:
        return _day(inputs["interest_to"]) + DAY, bool(posted)
    if "closed_on" in inputs:
        return _day(inputs["closed_on"]), True
    if not posted:
        raise NotServed("nothing says where the interest ends")
    return period_of(rule.posting, max(posted), rule.year_start, opened_on)[1], False


def _totals(result, unit):
    def total(kind):
        return sum(row.amount for row in result.rows if row.type == kind)

    balance = Fraction(result.balance, unit)
    return {
        "running_balance": balance,
        "balance": balance,
        "total_interest": Fraction(total("interest"), unit),
        "total_overdraft_interest": Fraction(total("overdraft_interest"), unit),
        "accrued": result.accrued / unit,
        "accrued_overdraft": result.accrued_overdraft / unit,
    }


def _movement(line, unit):
    if line.get("type") not in SIGNS:
        raise NotServed(f"transaction type {line.get('type')!r}")
    value_on = _day(line["value_date"]) if "value_date" in line else None
    return Movement(_day(line["date"]), SIGNS[line["type"]] * _units(line["amount"], unit), value_on)


# --- a period with the balance at the end of its days


def _balance_values(case):
    """One period of at most a year, posted at its end; left unposted when its interest is only accrued in it.

    The account counts as opened with the period, so that an anniversary is the one posting period that never cuts it.
    """
    inputs = case["inputs"]
    unit = 10 ** inputs.get("decimals", 0)
    first, last = map(_day, inputs["period"])
    end = last + DAY
    basis, remark = _basis(inputs)
    rule = _rule({"posting": "anniversary", "compounding": "anniversary", **inputs}, unit)
    if "/12" in remark or "twelfth" in remark:
        rule = replace(rule, days_in_year="360", days_in_month="30")
    elif "days" in inputs:
        rule = replace(rule, days_in_month=_days_in_month(inputs["days"], first, end))
    close = "posting" not in inputs and "accrued" not in remark
    steps = sorted((_day(line["date"]), _units(line["balance_eod"], unit)) for line in inputs["eod_balances"])
    movements, before = [], _units(inputs.get("opening_balance", 0), unit)
    for day, balance in steps:
        movements.append(Movement(day, balance - before, day))
        before = balance
    opening = _units(inputs.get("opening_balance", 0), unit)
    result = account_interest(rule, movements, first, end, opening, opened_on=first, close=close)
    posted = [row for row in result.rows if row.type == "interest"]
    days = sum((row.end - row.start).days for row in posted)
    if posted:
        basis = sum(row.basis * (row.end - row.start).days for row in posted) / days
    else:
        basis = account_interest(rule, movements, first, end, opening, opened_on=first).basis
    values = {
        **_totals(result, unit),
        "basis": Fraction(basis) / unit,
        "interest": (sum(row.amount for row in posted) + result.accrued) / unit,
        "withholding": Fraction(sum(row.withholding for row in posted), unit),
    }
    return lambda row: values


def _days_in_month(days, first, end):
    for way in ("actual", "30"):
        if days == days_between(first, end, way):
            return way
    raise NotServed(f"{days} days is not the length of the period")


# --- a fixed deposit


def _deposit_values(case):
    inputs = case["inputs"]
    written = [inputs["principal"]]
    written += [number for row in case["expected"] for number in row.values() if not isinstance(number, str)]
    unit = 10 ** inputs.get("decimals", max(map(decimals_of, written)))
    start = _day(inputs.get("start", inputs.get("deposited_on", "2024-01-01")))
    compounding = inputs.get("compounding_every_months", 0)
    if "compounding" in inputs:
        compounding = MONTHS.get(_period(inputs["compounding"]))
        if compounding is None:
            raise NotServed(f"compounding of a fixed deposit {inputs['compounding']!r}")
    deposit = TermDeposit(
        principal=_units(inputs["principal"], unit),
        start=start,
        months=inputs["tenure_months"],
        annual_rate=inputs["annual_rate_pct"],
        compounding_months=compounding,
        counting="days" if "days_in_year" in inputs else "months",
        days_in_year=str(inputs.get("days_in_year", 360)),
    )
    interest = sum(row.interest for row in term_schedule(deposit))
    values = {
        "maturity_amount": Fraction(deposit.principal + interest, unit),
        "interest": Fraction(interest, unit),
        "exact_interest": earned(deposit, deposit.maturity) / unit,
        "maturity_date": str(deposit.maturity),
    }
    return lambda row: values


# --- words of a case


def _rule(inputs, unit):
    basis, _remark = _basis(inputs)
    posting = _period(inputs.get("posting", "annual"))
    compounding = _period(inputs.get("compounding", inputs.get("posting", "annual")))
    if basis in ("lowest_of_period", "balance_at_period_end"):
        compounding = posting  # the period of such a basis is the one that is posted
    settings = {name: inputs[field] for field, name in RULE_FIELDS.items() if field in inputs}
    settings.update({name: _units(inputs[field], unit) for field, name in RULE_AMOUNTS.items() if field in inputs})
    settings.setdefault("posting_at_period_end", False)
    return InterestRule(
        balance_basis=basis,
        compounding=compounding,
        posting=posting,
        days_in_year=str(inputs.get("days_in_year", 365)),
        days_in_month=str(inputs.get("days_in_month", "actual")),
        tiers=tuple(
            Tier(_units(tier["from_amount"], unit), tier["annual_rate_pct"], tier.get("from_months", 0))
            for tier in inputs.get("tiers", ())
        ),
        **settings,
    )


def _basis(inputs):
    """The engine's basis and what a case adds to its name after a comma.

    >>> _basis({"balance_basis": "lowest_daily_balance_of_month"}), _basis({"balance_basis": "current_balance, paid"})
    (('lowest_of_month', ''), ('balance_at_period_end', 'paid'))
    """
    name, _comma, remark = inputs.get("balance_basis", "daily_balance").partition(",")
    name = re.sub("[^a-z]+", "_", name.strip().lower())
    name = re.sub("^(lowest|minimum)_(daily_)?(balance_)?of_(the_)?", "lowest_of_", name)
    if name not in BASES:
        raise NotServed(f"balance basis {inputs['balance_basis']!r}")
    return BASES[name], remark.strip()


def _period(code):
    name = re.sub("[^a-z]+", "_", str(code).lower())
    if name not in PERIODS:
        raise NotServed(f"period {code!r}")
    return PERIODS[name]


def _day(text):
    return date.fromisoformat(text)


def _units(amount, unit):
    """An amount as a whole number of the smallest unit.

    >>> _units("100.25", 100)
    10025
    """
    units = Fraction(amount) * unit
    if units.denominator != 1:
        raise NotServed(f"amount {amount} has more decimals than its currency")
    return int(units)
