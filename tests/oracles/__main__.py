"""Usage: python -m tests.oracles [FILE.json …]

Runs every case of the files (by default those of tests/oracles that are served) through the engine, prints each
expected value that is not met, and ends with the count. The exit code is 1 when a case failed.
"""

import sys

from . import HERE, loans, rates, savings
from .cases import Fault, NotServed, read

ADAPTERS = (savings, loans, rates)
SERVED = ("savings_interest.json", "loan_schedules.json", "effective_rates.json")


def faults_of(case):
    """What a case expects and does not get, as Faults; a case that cannot run has one that says why."""
    try:
        adapter = next((adapter for adapter in ADAPTERS if adapter.serves(case)), None)
        if adapter is None:
            raise NotServed(f"{_kind(case)} not served yet")
        if not case.get("expected"):
            raise NotServed("the case expects nothing")
        return adapter.check(case)
    except NotServed as reason:
        return [Fault(0, "", None, f"not served: {reason}")]
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        return [Fault(0, "", None, f"{type(error).__name__}: {error}")]


def _kind(case):
    inputs = case.get("inputs", {})
    if "amortization" in inputs or "schedule_engine" in inputs:
        return "loan schedules are"
    if "disbursed" in case and "payments" in case:
        return "effective rates are"
    if "trial_balance" in case or "lines" in case or "balances" in case:
        return "regulatory statements are"
    return f"cases with {', '.join(sorted(case))} are"


def main(paths, out=print):
    """Run the files; the number of cases that failed. A file that cannot be read counts as one."""
    passed = failed = 0
    for path in paths:
        try:
            cases = read(path)
        except (OSError, ValueError) as error:
            out(f"FAILED {path}: {error}")
            failed += 1
            continue
        for number, case in enumerate(cases, 1):
            faults = faults_of(case)
            for fault in faults:
                out(f"FAILED {case.get('name', f'case {number}')}, {fault}")
            passed, failed = (passed, failed + 1) if faults else (passed + 1, failed)
    out(f"{passed} passed, {failed} failed")
    return failed


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:] or [HERE / name for name in SERVED]) else 0)
