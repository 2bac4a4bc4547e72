"""A trial balance from a file, and the engine over it."""

import csv
from fractions import Fraction
from functools import cache
from xml.etree import ElementTree

from . import ADDON

from kondo_bceao_reports.engine.checks import outcome  # isort: skip
from kondo_bceao_reports.engine.coverage import coverage  # isort: skip
from kondo_bceao_reports.engine.evaluate import Evaluator  # isort: skip
from kondo_bceao_reports.engine.facts import Balance, Facts  # isort: skip
from kondo_bceao_reports.engine.form import faults_of  # isort: skip
from kondo_bceao_reports.engine.shipped import shipped_checks, shipped_forms  # isort: skip

PARAMETERS = ADDON / "data" / "returns_parameter.xml"
LIQUIDITY = {"unaffiliated": "ratio_r05_norm_unaffiliated", "affiliated": "ratio_r05_norm_affiliated",
             "no_deposits": "ratio_r05_norm_no_deposits"}  # fmt: skip


class BadBalance(ValueError):
    """A trial balance that cannot be read; the text says where and why."""


def francs(text, where):
    """Whole francs of a cell; empty is nothing.

    >>> francs(" 1 250 000 ", "row 2"), francs("", "row 3"), francs("12.0", "row 4")
    (1250000, 0, 12)
    >>> francs("12,5", "row 5")
    Traceback (most recent call last):
    ...
    tests.returns.balance.BadBalance: row 5: “12,5” is not an amount of whole francs
    """
    clean = "".join((text or "").split()).replace("\u202f", "").replace("\u00a0", "") or "0"
    try:
        value = Fraction(clean)
    except (ValueError, ZeroDivisionError):
        value = None
    if value is None or value.denominator != 1:
        raise BadBalance(f"{where}: “{text}” is not an amount of whole francs")
    return int(value)


def balances_of(rows):
    """{code: Balance} of rows with code, debit, credit; an account may carry both sides, and stand on several rows.

    >>> balances_of([{"code": "2511", "debit": 5, "credit": 7}, {"code": "2511", "debit": "1", "credit": ""}])
    {'2511': Balance(debit=6, credit=7)}
    """
    found = {}
    for number, row in enumerate(rows, 2):
        code = str(row.get("code") or "").strip()
        if not code.isdigit():
            raise BadBalance(f"row {number}: “{code}” is not an account number")
        debit, credit = (francs(str(row.get(side) or ""), f"row {number}") for side in ("debit", "credit"))
        if debit < 0 or credit < 0:
            raise BadBalance(f"row {number}: an amount below zero belongs on the other side")
        before = found.get(code, Balance())
        found[code] = Balance(before.debit + debit, before.credit + credit)
    return found


def read_csv(path):
    """The balances of a CSV file with the columns code, debit, credit, separated by commas or semicolons."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        text = path.read_text(encoding="cp1252")
    except OSError as error:
        raise BadBalance(f"{path}: {error.strerror}") from None
    head = text.splitlines()[0] if text.strip() else ""
    rows = csv.DictReader(text.splitlines(), delimiter=";" if ";" in head else ",")
    names = {(name or "").strip().lower(): name for name in rows.fieldnames or ()}
    missing = [name for name in ("code", "debit", "credit") if name not in names]
    if missing:
        raise BadBalance(f"{path}: no column {', '.join(missing)}")
    return balances_of({name: row[names[name]] for name in ("code", "debit", "credit")} for row in rows)


@cache
def parameters():
    """{key: number} of the dated parameters that are shipped."""
    found = {}
    for record in ElementTree.parse(PARAMETERS).getroot().iter("record"):
        values = {field.get("name"): field.text for field in record.iter("field")}
        try:
            found[values["key"]] = Fraction(values["value"])
        except ValueError:
            continue  # a list of accounts is no number
    return found


@cache
def forms_on_disk():
    return shipped_forms()


def evaluator(balances, annual=True, category="affiliated"):
    """The engine over balances, with the shipped forms; of photographs it knows nothing."""
    values = parameters()

    def measure(name, filters):
        key = dict(filters).get("key")
        if name == "profile" and key == "liquidity_norm":
            return values.get(LIQUIDITY[category])
        return values.get(key) if name == "parameter" else None

    return Evaluator(forms_on_disk(), Facts(annual=annual, closing=balances, measure=measure))


def failures(engine, code):
    """Sentences on what does not hold for one form: the balance itself, coverage, the controls that are about it."""
    facts, form = engine.facts, engine.forms[code]
    gap = sum(balance.net for balance in facts.closing.values())
    if gap:
        yield f"the balance is out by {gap} F"
    yield from (
        f"{part}/{line}.{column}: {error}" for _f, part, line, column, error in faults_of(engine.forms) if _f == code
    )
    for gap in coverage(form, facts):
        on = "on no line" if not gap.lines else f"on {', '.join(gap.lines)}"
        yield f"account {gap.code}, {gap.amount} F {'debit' if gap.side == 'D' else 'credit'}: {on}"
    for check in shipped_checks():
        if code not in check.get("forms", ()) or not set(check["forms"]) <= set(engine.forms):
            continue
        found = outcome(engine, check["left"], check["compare"], check["right"], check.get("tolerance", 0))
        if found.state == "failed":
            yield f"{check['label']}: {shown(found.left)} {check['compare']} {shown(found.right)} does not hold"


def table(engine, code):
    """Rows (code, gross, depreciation, net) of a form; a form without these columns has its main column as gross and net.

    A code that stands in two parts (a profit, a loss) is given once, where it has a figure.
    """
    rows = {}
    for part in engine.forms[code].parts:
        three = {"gross", "depreciation", "net"} <= set(part.by_key)
        for line in part.lines:
            if line.level == "heading":
                continue
            keys = ("gross", "depreciation", "net") if three else (part.main, None, part.main)
            values = [key and engine.cell(code, part.code, line.code, key) for key in keys]
            known = any(value is not None for value in values)
            if known:  # a part without depreciation has none, which is known
                values = [0 if value is None else value for value in values]
            if known or line.code not in rows:
                rows[line.code] = values
    return [(line, *map(shown, values)) for line, values in rows.items()]


def shown(value):
    """A value as the CSV writes it: whole francs, a per cent with two decimals, nothing for no data.

    >>> shown(None), shown(1500), shown(Fraction(200, 3))
    ('', '1500', '66.67')
    """
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else f"{float(value):.2f}"
