"""The engine reproduces the figures published elsewhere, and the runner says so when it does not."""

import copy
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from tests.oracles import HERE
from tests.oracles.__main__ import SERVED, faults_of, main
from tests.oracles.cases import read

ROOT = Path(__file__).resolve().parent.parent
CASES = [case for name in SERVED for case in read(HERE / name)]
SAVINGS = read(HERE / "savings_interest.json")
LOANS = {case["name"]: case for case in read(HERE / "loan_schedules.json")}
FILES = {"savings_interest.json": 13, "loan_schedules.json": 55, "effective_rates.json": 7, "dimf_examples.json": 2}
ACCOUNT = {
    "decimals": 0,
    "annual_rate_pct": 10,
    "days_in_year": 365,
    "compounding": "annual",
    "posting": "monthly",
    "transactions": [{"date": "2025-02-01", "type": "deposit", "amount": 100000}],
}


def run_on(tmp_path, *cases):
    path = tmp_path / "cases.json"
    path.write_text(json.dumps(cases, default=float), encoding="utf-8")
    lines = []
    return main([path], lines.append), lines


def account_case(expected, **inputs):
    return {"name": "made here", "inputs": {**ACCOUNT, **inputs}, "expected": expected}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case):
    assert faults_of(case) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_expected_number_counts(case):
    """A copy with one number falsified by its last digit fails on that row and field."""
    rows = case["expected"] if isinstance(case["expected"], list) else [case["expected"]]
    for index, row in enumerate(rows):
        for field, value in row.items():
            if isinstance(value, str) or field == "after_postings":
                continue
            false = copy.deepcopy(case)
            row = false["expected"][index] if isinstance(case["expected"], list) else false["expected"]
            row[field] = value + Decimal(1).scaleb(Decimal(value).as_tuple().exponent)
            assert [(fault.row, fault.field) for fault in faults_of(false)] == [(index + 1, field)]


@pytest.mark.parametrize("name", FILES)
def test_a_kind_of_case_that_is_not_served_fails_and_says_so(name):
    lines = []
    failed = main([HERE / name], lines.append)
    assert lines[-1] == f"{FILES[name] - failed} passed, {failed} failed"
    assert failed == (0 if name in SERVED else FILES[name])
    assert all("not served yet" in line for line in lines[:-1])


def test_the_command_counts_and_ends_with_its_code(tmp_path):
    command = [sys.executable, "-m", "tests.oracles"]
    good = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (good.returncode, good.stdout) == (0, "75 passed, 0 failed\n")
    case = copy.deepcopy(SAVINGS[0])
    case["expected"][0]["amount"] += Decimal("0.0001")
    (tmp_path / "false.json").write_text(json.dumps([case], default=float), encoding="utf-8")
    bad = subprocess.run([*command, str(tmp_path / "false.json")], cwd=ROOT, capture_output=True, text=True)
    assert bad.returncode == 1
    assert bad.stdout.splitlines() == [
        "FAILED annual_posting_daily_compounding_33.7016, row 1, amount: expected 33.7017, got 33.7016",
        "0 passed, 1 failed",
    ]


def test_other_conventions_are_settings_of_the_same_case(tmp_path):
    """Checked by hand: 100 000 F at 10 % in February 2025, 28 days, 767.12 F simple.

    From the fortnight of the 16th on 13 days, 356.16 F; with March compounded on top 767.12 + 855.83 = 1 622.96 F.
    """
    march = {"posted_on": "2025-03-01", "type": "interest"}
    failed, lines = run_on(
        tmp_path,
        account_case([{**march, "amount": 767, "balance": 100767}]),
        account_case([{**march, "amount": 778}], days_in_year=360),
        account_case([{**march, "amount": 769}], days_in_year=364),
        account_case([{**march, "amount": 833}], days_in_year=360, days_in_month=30),
        account_case([{**march, "amount": 770}], compounding="daily"),
        account_case([{**march, "amount": 767}], min_balance_for_interest=100000),
        account_case([{**march, "amount": 0}], min_balance_for_interest=100001),
        account_case([{**march, "amount": 356}], balance_basis="quinzaine"),
        account_case([{**march, "amount": 767, "withholding": 77}], withholding_rate_pct=10),
        account_case([{"posted_on": "2025-02-28", "amount": 767}], posting_at_period_end=True),
        account_case([{"posted_on": "2025-04-01", "amount": 1623}], posting="quarterly", compounding="monthly"),
    )
    assert lines == ["11 passed, 0 failed"]
    assert failed == 0


def test_a_period_of_balances_is_measured_as_a_whole(tmp_path):
    """Lowest of half a year over a new year: 50 000 F, 183 days at 4 %: 1 002.74 F; below a minimum nothing.

    A twelfth of 3.6 % on 100 000 F in a month of 31 days: 300 F, by its 30 days of a year of 360.
    """
    half_year = {
        "decimals": 0,
        "annual_rate_pct": 4,
        "days_in_year": 365,
        "period": ["2023-10-01", "2024-03-31"],
        "eod_balances": [
            {"date": "2023-10-01", "balance_eod": 100000},
            {"date": "2024-02-10", "balance_eod": 50000},
        ],
        "balance_basis": "lowest_daily_balance",
    }
    december = {
        "annual_rate_pct": 3.6,
        "days_in_year": 360,
        "days": 30,
        "period": ["2024-12-01", "2024-12-31"],
        "eod_balances": [{"date": "2024-12-01", "balance_eod": 100000}],
        "balance_basis": "average_daily_balance",
    }
    failed, lines = run_on(
        tmp_path,
        {"inputs": half_year, "expected": [{"basis": 50000, "interest": 1003}]},
        {"inputs": {**half_year, "min_balance_for_interest": 50001}, "expected": [{"basis": 50000, "interest": 0}]},
        {"inputs": december, "expected": [{"basis": 100000, "interest": 300}]},
        {"inputs": {**december, "days": 29}, "expected": [{"basis": 100000, "interest": 290}]},
    )
    assert lines == ["FAILED case 4, not served: 29 days is not the length of the period", "3 passed, 1 failed"]
    assert failed == 1


def test_a_word_without_meaning_is_never_passed_over(tmp_path):
    row = {"posted_on": "2025-03-01", "amount": 767}
    failed, lines = run_on(
        tmp_path,
        account_case([row], balance_basis="balance of the moon"),
        account_case([row], posting="every_blue_moon"),
        account_case([row], days_in_year=400),
        account_case([{**row, "moon": 1}]),
        account_case([row], transactions=[{"date": "2025-02-01", "type": "moonlight", "amount": 1}]),
        account_case([]),
    )
    assert failed == 6
    assert all("not served" in line or "days_in_year" in line for line in lines[:-1])


def loan_case(name, rows, **inputs):
    """A case of the file with other inputs and only some of its rows' fields, by instalment."""
    case = copy.deepcopy(LOANS[name])
    case["inputs"] |= inputs
    count = case["inputs"]["n"]
    case["expected"] = [rows.get(number, {}) for number in range(1, count + 1)]
    del case["expected_totals"]
    return case


def test_other_terms_of_a_loan_are_settings_of_the_same_case(tmp_path):
    """Checked by hand, 500 000 F at 18 %, 12 months: flat 7 500 of interest a month; 41 667 of principal.

    By multiples of 25 F: 41 675 of principal beside 7 500; what they are too much comes off the last: 41 575.
    Two weeks of 52: 500 000 x 18 % x 2 / 52 = 3 461.54. In fine: 500 000 with the last of 12.
    A fee of 1 % of the principal of each instalment: 416.67. Tranche of 200 000 on 15 February: 300 000 x 1.5 % before.
    """
    flat, level = "adb_constant_12m_18pct_500000", "adb_degressif_predefini_12m_18pct_500000"
    fee = {"per_installment": {"type": "percent_of_installment_principal", "value": 1}}
    fortnight = {"every": 2, "unit": "weeks"}
    failed, lines = run_on(
        tmp_path,
        loan_case(flat, {1: {"principal": 41667, "interest": 7500}, 12: {"principal": 41663}}),
        loan_case(flat, {1: {"principal": 41663}, 12: {"principal": 41667}}, rounding_difference_on="first"),
        loan_case(
            flat, {1: {"total": 49175, "principal": 41675}, 12: {"principal": 41575}}, installment_multiple_of=25
        ),
        loan_case(flat, {1: {"interest": 3462}}, frequency=fortnight, first_due_on="2024-01-29"),
        loan_case(flat, {1: {"fees": 417, "total": 49584}}, fees=fee),
        loan_case(level, {1: {"principal": 0}, 12: {"principal": 500000, "interest": 7500}}, amortization="in_fine"),
        loan_case(level, {1: {"interest": 0}, 3: {"interest": 22500}}, grace_interest=2, grace_principal=3),
        loan_case(
            level,
            {1: {"interest": 4500, "balance": 300000}, 2: {"interest": 7500}},
            amortization="in_fine",
            tranches=[{"date": "2024-02-15", "amount": 200000}],
        ),
        loan_case(level, {1: {"due": "2024-02-16"}}, holidays=["2024-02-15"], shift="next"),
    )
    assert (failed, lines) == (0, ["9 passed, 0 failed"])


def test_a_word_of_a_loan_without_meaning_is_never_passed_over(tmp_path):
    name = "adb_constant_12m_18pct_500000"
    failed, lines = run_on(
        tmp_path,
        loan_case(name, {}, schedule_engine="of the moon"),
        loan_case(name, {}, amortization="by the tide"),
        loan_case(name, {}, full_moon=True),
        loan_case(name, {1: {"moonlight": 1}}),
        loan_case(name, {}, fees={"at_full_moon": {"type": "flat", "value": 1}}),
        loan_case(name, {}, fees={"per_installment": {"type": "percent_of_moonlight", "value": 1}}),
        {"disbursed": 100, "payments": [{"period": 1, "amount": 110}], "expected": {"period_rate_pct": 10}},
        {
            "disbursed": 100,
            "period_months": 1,
            "payments": [{"period": 1, "amount": 90}],
            "expected": {"period_rate_pct": 1},
        },
    )
    assert failed == 8
    assert all("not served" in line for line in lines[:7])
    assert "ImpossibleFlows: the member pays 90 and receives 100" in lines[7]


def test_rates_of_other_periods_and_dates(tmp_path):
    """110 for 100 after half a year: 10 % a period, 20 % proportional, 21 % actuarial; by dates as by periods."""
    expected = {"period_rate_pct": 10, "teg_proportional_pct": 20, "teg_actuarial_pct": 21}
    by_date = [{"date": "2024-07-31", "amount": 110}]
    failed, lines = run_on(
        tmp_path,
        {"disbursed": 100, "period_months": 6, "payments": [{"period": 1, "amount": 110}], "expected": expected},
        {"disbursed": 100, "period_weeks": 26, "payments": [{"period": 1, "amount": 110}], "expected": expected},
        {"disbursed": 100, "disbursed_on": "2024-01-31", "period_months": 6, "payments": by_date, "expected": expected},
    )
    assert (failed, lines) == (0, ["3 passed, 0 failed"])
