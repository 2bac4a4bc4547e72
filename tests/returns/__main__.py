"""Usage: python -m tests.returns BALANCE.csv --form "DIMF 2000" [--interim] [--category affiliated]
          python -m tests.returns --json FILE.json

Prints the lines of a form (code, gross, depreciation, net) as CSV. What does not hold goes to the error output and makes
the exit code 1; a balance that cannot be read makes it 2. With --json, runs worked examples (a trial balance with every
line expected) and ends with the count.
"""

import argparse
import csv
import json
import sys
from pathlib import Path

from .balance import LIQUIDITY, BadBalance, evaluator, failures, read_csv, table
from .examples import faults


def main(arguments, out=sys.stdout, err=sys.stderr):
    parser = argparse.ArgumentParser(prog="python -m tests.returns", description=__doc__.split("\n\n")[1])
    parser.add_argument("balance", nargs="?", type=Path, help="CSV with the columns code, debit, credit")
    parser.add_argument("--form", default="DIMF 2000", help="DIMF 2000, DIMF 2080, RATIOS…")
    parser.add_argument("--interim", action="store_true", help="not at the end of a financial year")
    parser.add_argument("--category", choices=LIQUIDITY, default="affiliated", help="decides the norm of liquidity")
    parser.add_argument("--json", type=Path, nargs="+", metavar="FILE", help="worked examples to reproduce")
    options = parser.parse_args(arguments)
    if options.json:
        return run_examples(options.json, out)
    if not options.balance:
        parser.error("give a balance, or --json")
    try:
        engine = evaluator(read_csv(options.balance), not options.interim, options.category)
    except BadBalance as error:
        print(error, file=err)
        return 2
    options.form = next((code for code in engine.forms if code.lower() == options.form.lower()), options.form)
    if options.form not in engine.forms:
        print(f"no form {options.form}: there are {', '.join(sorted(engine.forms))}", file=err)
        return 2
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("code", "gross", "depreciation", "net"))
    writer.writerows(table(engine, options.form))
    found = list(failures(engine, options.form))
    for sentence in found:
        print(f"FAILED {sentence}", file=err)
    return 1 if found else 0


def run_examples(paths, out):
    passed = failed = 0
    for path in paths:
        try:
            examples = json.loads(path.read_text(encoding="utf-8"))["examples"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            print(f"FAILED {path}: {type(error).__name__}: {error}", file=out)
            failed += 1
            continue
        for example in examples:
            wrong = list(faults(example))
            for sentence in wrong:
                print(f"FAILED {example.get('name', '?')}: {sentence}", file=out)
            passed, failed = (passed, failed + 1) if wrong else (passed + 1, failed)
    print(f"{passed} passed, {failed} failed", file=out)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
