"""Terms of a loan as plain JSON, so that a schedule keeps all it follows from. Pure Python."""

from dataclasses import fields
from datetime import date
from fractions import Fraction

from .loan_terms import Charge, LoanTerms, Tranche


def terms_to_json(terms):
    """A dict of JSON types that `terms_from_json` reads back.

    >>> terms = LoanTerms(100000, 18, 2, date(2024, 1, 15), charges=(Charge("1.5", "principal"),))
    >>> packed = terms_to_json(terms)
    >>> packed["annual_rate"], packed["start"], packed["charges"][0]["value"]
    ('18', '2024-01-15', '3/2')
    >>> terms_from_json(packed) == terms
    True
    """
    return {spec.name: _pack(getattr(terms, spec.name)) for spec in fields(terms) if spec.init}


def terms_from_json(values):
    """The LoanTerms of such a dict. TypeError on an unknown setting, ValueError on one out of bounds.

    >>> from .loan_terms import LoanTerms
    >>> terms = LoanTerms(90, 0, 1, date(2024, 1, 1), closed_days=frozenset([date(2024, 2, 1)]), due_dates=(date(2024, 2, 3),))
    >>> terms_from_json(terms_to_json(terms)) == terms
    True
    """
    values = dict(values)
    for name in ("annual_rate", "step_percent"):
        if name in values:
            values[name] = Fraction(values[name])
    for name in ("start", "first_due", "anchor"):
        if values.get(name):
            values[name] = date.fromisoformat(values[name])
    values["due_dates"] = tuple(map(date.fromisoformat, values.get("due_dates", ())))
    values["closed_days"] = frozenset(map(date.fromisoformat, values.get("closed_days", ())))
    values["closed_weekdays"] = frozenset(values.get("closed_weekdays", ()))
    values["principals"] = tuple(values.get("principals", ()))
    values["tranches"] = tuple(Tranche(date.fromisoformat(on), amount) for on, amount in values.get("tranches", ()))
    values["charges"] = tuple(map(_charge, values.get("charges", ())))
    return LoanTerms(**values)


def _charge(values):
    due_on = values["due_on"] and date.fromisoformat(values["due_on"])
    return Charge(**{**values, "value": Fraction(values["value"]), "due_on": due_on})


def _pack(value):
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, Charge):
        return {spec.name: _pack(getattr(value, spec.name)) for spec in fields(value)}
    if isinstance(value, frozenset):
        return sorted(map(_pack, value))
    if isinstance(value, tuple):
        return [_pack(part) for part in value]
    return value
