"""Worked examples: a trial balance and what each line of DIMF 2000 and DIMF 2080 must be."""

from .balance import BadBalance, balances_of, evaluator, failures

PARTS = {
    "dimf2000": ("DIMF 2000", {"actif": "ACTIF", "passif": "PASSIF", "hors_bilan": "HORS BILAN"}),
    "dimf2080": ("DIMF 2080", {"charges": "CHARGES", "produits": "PRODUITS"}),
}
RESULT = {"excédent": ("CHARGES", 1), "déficit": ("PRODUITS", -1)}


def faults(example):
    """Sentences on what an example expects and does not get; lines it does not name must be nil."""
    try:
        balances = balances_of(example["trial_balance"])
    except (BadBalance, KeyError, AttributeError, TypeError) as error:
        yield f"trial balance: {error}"
        return
    if not any(name in example for name in PARTS):
        yield "expects no statement"
        return
    engine = evaluator(balances, annual=not example.get("statement", "annual").startswith(("infra", "interim")))
    totals = example.get("totals", {})
    for side in ("debit", "credit"):
        got = sum(getattr(balance, side) for balance in balances.values())
        if side in totals and totals[side] != got:
            yield f"total {side}: expected {totals[side]}, got {got}"
    for name, (form, parts) in PARTS.items():
        for key, part in parts.items():
            expected = example.get(name, {}).get(key)
            if expected is not None:
                yield from _part_faults(engine, form, part, expected)
    yield from _result_faults(engine, example)
    for form in ("DIMF 2000", "DIMF 2080"):
        yield from failures(engine, form)


def _part_faults(engine, form, part, expected):
    laid_out = engine.forms[form].part(part)
    for code in expected.keys() - laid_out.by_code.keys():
        yield f"{form} {part} {code}: there is no such line"
    for line in laid_out.lines:
        wanted = expected.get(line.code, 0)
        values = wanted if isinstance(wanted, dict) else {laid_out.main: wanted}
        for column, value in values.items():
            got = engine.cell(form, part, line.code, column) or 0
            if got != value:
                yield f"{form} {part} {line.code} {column}: expected {value}, got {got}"


def _result_faults(engine, example):
    if "result" not in example:
        return
    part, sign = RESULT.get(example.get("result_kind", "excédent"), (None, 0))
    got = part and sign * (engine.cell("DIMF 2080", part, "L80", "amount") or 0)
    if got != example["result"] and got != sign * abs(example["result"]):
        yield f"result: expected {example['result']}, got {got}"
