"""Settings that cannot be are refused where a rule is made, with the name of the setting."""

from .rounding import exact


class RuleError(ValueError):
    """A rule that cannot be: `field` says which of its settings."""

    def __init__(self, field, value):
        super().__init__(f"{field}: {value!r}")
        self.field = field


def make_exact(rule, *fields):
    """Turn the rates of a frozen rule into Fractions; NotExact on a float.

    >>> from types import SimpleNamespace
    >>> rule = SimpleNamespace(rate="3.5")
    >>> make_exact(rule, "rate"), rule.rate
    (None, Fraction(7, 2))
    """
    for field in fields:
        object.__setattr__(rule, field, exact(getattr(rule, field)))


def require(rule, **holds):
    """RuleError on the first field whose condition does not hold.

    >>> from types import SimpleNamespace
    >>> require(SimpleNamespace(rate=-1), rate=False)  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    RuleError: rate: -1
    """
    for field, right in holds.items():
        if not right:
            raise RuleError(field, getattr(rule, field))


def whole(value, least=0):
    """Whether a value is a whole number and not below `least`.

    >>> whole(0), whole(-1), whole(1.0), whole(True), whole(0, least=1)
    (True, False, False, False, False)
    """
    return type(value) is int and value >= least
