"""The statements follow from the balance: worked examples, random balances, one franc moved, and what is refused."""

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oracles import HERE as ORACLES
from tests.returns.__main__ import main
from tests.returns.balance import evaluator
from tests.returns.examples import faults

from kondo_bceao_reports.engine.coverage import accounts_of, coverage  # isort: skip
from kondo_bceao_reports.engine.facts import Balance, Facts  # isort: skip
from kondo_bceao_reports.engine.form import faults_of  # isort: skip
from kondo_bceao_reports.engine.formula import Account, parse, walk  # isort: skip
from kondo_bceao_reports.engine.shipped import shipped_forms  # isort: skip

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = json.loads((ORACLES / "dimf_examples.json").read_text(encoding="utf-8"))["examples"]
BY_HOLDER = ("114", "115", "116", "117", "151", "152", "153", "154", "155", "156", "157", "2511", "2512")
NIL = ("593", "594", "595", "596", "999")


def posting_accounts():
    with (ROOT / "addons/l10n_ml_sfd/data/template/account.account-ml_sfd.csv").open(encoding="utf-8") as lines:
        return sorted({row["code"] for row in csv.DictReader(lines)})


ACCOUNTS = [code for code in posting_accounts() if not code.startswith(NIL)]
FORMS = shipped_forms()
STATEMENTS = ("DIMF 2000", "DIMF 2080")
on_balance = st.sampled_from([code for code in ACCOUNTS if code[0] != "9"])
amounts = st.dictionaries(on_balance, st.integers(-(10**11), 10**11), min_size=1, max_size=40)


def balance_of(signed):
    """A balance of {code: net francs}; what it is out by stands on the till."""
    signed = dict(signed)
    signed["1011"] = signed.get("1011", 0) - sum(signed.values())
    return {code: Balance(max(net, 0), max(-net, 0)) for code, net in signed.items()}


def cells(balances, annual=True):
    engine = evaluator(balances, annual)
    return {key: value or 0 for key, value in engine.cells(STATEMENTS).items()}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["name"])
def test_a_worked_example_comes_out_line_by_line(example):
    assert list(faults(example)) == []


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["name"])
def test_one_franc_more_in_an_expected_line_is_seen(example):
    for statement in ("dimf2000", "dimf2080"):
        for part, lines in example[statement].items():
            for code, value in list(lines.items())[::7]:
                wrong = value | {"net": value["net"] + 1} if isinstance(value, dict) else value + 1
                copy = {**example, statement: {**example[statement], part: {**lines, code: wrong}}}
                assert len(list(faults(copy))) == 1, (part, code)


def test_every_shipped_form_can_be_read_and_counted():
    for edition in ("developed", "light"):
        assert faults_of(shipped_forms(edition=edition)) == []


@settings(max_examples=30, deadline=None)
@given(amounts, st.booleans())
def test_a_balance_that_balances_gives_a_balanced_statement(signed, annual):
    found = cells(balance_of(signed), annual)
    assert found["DIMF 2000", "ACTIF", "E90", "net"] == found["DIMF 2000", "PASSIF", "L90", "amount"]
    result = found["DIMF 2080", "PRODUITS", "X84", "amount"] - found["DIMF 2080", "CHARGES", "T84", "amount"]
    stands = found["DIMF 2000", "PASSIF", "L75", "amount"] - found["DIMF 2000", "ACTIF", "E05", "gross"]
    own = sum(net for code, net in signed.items() if code.startswith("592"))
    assert result == (found["DIMF 2000", "PASSIF", "L82", "amount"] + own if annual else stands)


@pytest.mark.parametrize("edition", ["developed", "light"])
def test_no_account_of_the_chart_is_forgotten_or_counted_twice(edition):
    for form in shipped_forms(edition=edition).values():
        for franc in (Balance(debit=1), Balance(credit=1)):
            gaps = coverage(form, Facts(closing=dict.fromkeys(posting_accounts(), franc))) if form.covers else []
            assert {gap.code for gap in gaps if gap.lines or not gap.code.startswith(NIL)} == set(), form.code


@settings(max_examples=20, deadline=None)
@given(amounts)
def test_every_account_with_a_balance_stands_on_exactly_one_line(signed):
    engine = evaluator(balance_of(signed))
    assert [coverage(FORMS[code], engine.facts) for code in STATEMENTS] == [[], []]


@settings(max_examples=25, deadline=None)
@given(amounts, on_balance, on_balance, st.integers(1, 10**6))
def test_francs_moved_between_two_accounts_move_the_lines_of_these_accounts_alone(signed, source, target, francs):
    """From and to accounts far from zero, so that none changes its side; lines that hold both may stay as they were."""
    before = balance_of({**signed, source: 10**13, target: 10**13})
    after = dict(before)
    after[source] = Balance(before[source].debit - francs)
    after[target] = Balance(after[target].debit + francs)
    one, two = cells(before), cells(after)
    engine = evaluator(before)
    for key, value in one.items():
        terms = [term for term, _view, back in accounts_of(engine, *key) if not back]
        touched = {code for code in (source, target) for term in terms if term.covers(code)}
        if value != two[key]:
            assert touched, key
        elif key[2] not in ("E05", "L75"):  # they are of other days than the last of a year
            assert stands_on(key, source) == stands_on(key, target), key


def stands_on(key, code):
    """Whether the detail line of a cell reads an account by itself."""
    line = FORMS[key[0]].part(key[1]).by_code[key[2]]
    formula = line.formulas.get(key[3])
    nodes = walk(parse(formula)) if formula else ()
    return any(isinstance(node, Account) and node.side != "C" and node.covers(code) for node in nodes)


def test_holders_in_debit_are_never_netted_against_holders_in_credit():
    found = cells({"2511": Balance(300, 1000), "1011": Balance(700)})
    assert found["DIMF 2000", "ACTIF", "B2N", "net"] == 300
    assert found["DIMF 2000", "PASSIF", "G10", "amount"] == 1000


def run(tmp_path, text, *options):
    path, out, err = tmp_path / "balance.csv", io.StringIO(), io.StringIO()
    path.write_text(text, encoding="utf-8")
    code = main([str(path), *options], out, err)
    return code, list(csv.DictReader(io.StringIO(out.getvalue()))), err.getvalue()


def test_the_command_prints_the_lines_and_judges_the_balance(tmp_path):
    code, rows, said = run(tmp_path, "code;debit;credit\n1011;700;\n2511;300;1 000\n")
    assert (code, said) == (0, "")
    assert {"code": "B2N", "gross": "300", "depreciation": "0", "net": "300"} in rows
    code, _rows, said = run(tmp_path, "code,debit,credit\n1011,701,0\n2511,300,1000\n")
    assert code == 1 and "out by 1 F" in said
    code, _rows, said = run(tmp_path, "code,debit,credit\n1011,1000,0\n11,0,1000\n")
    assert code == 1 and "account 11, 1000 F credit: on no line" in said
    for text in ("code,debit\n1011,1\n", "code,debit,credit\nabc,1,1\n", "code,debit,credit\n1011,1.5,0\n", ""):
        assert run(tmp_path, text)[0] == 2


def test_the_ratios_follow_from_the_same_balance(tmp_path):
    text = "code,debit,credit\n" + "".join(
        f"{row['code']},{row['debit']},{row['credit']}\n" for row in EXAMPLES[0]["trial_balance"]
    )
    _code, rows, said = run(tmp_path, text, "--form", "RATIOS")
    found = {row["code"]: row["net"] for row in rows}
    assert found["R08"] and "R08" not in said
