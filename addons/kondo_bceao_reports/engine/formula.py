"""The language in which a return says what it counts.

It follows Odoo's own account-code formulas (a prefix, exclusions, a side) and adds what a regulator's form needs:

    2511\\(25116,25117)D     accounts beginning with 2511 but not with 25116 or 25117, holders in debit only
    [B2D]  [.gross]         a line of the form (its main column), another column of the same line
    [DIMF 2000/PASSIF:L80]  a line of another form, of one of its parts; [/PASSIF:L80] of a part of the same form
    {members:sex=female}    a measure of the photographs, with its filters
    ratio(a, b), max, min, abs, blank; previous(x), before(x), opening(x), debits(x), credits(x), upto(3.0, x),
    beyond(12.0, x), annual(x), interim(x)

Bare digits are always the beginning of an account number: a number is written with a point or a per-cent sign. A formula
that is only `?` is typed in by the accountant. What an account is worth has the sign of the side of its column, so that +
and - are plain algebra and a contra account is added.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

MONTHS = (1, 3, 6, 12, 24, 36, 60, 120)
FUNCTIONS = {
    "max": (1, 9), "min": (1, 9), "abs": (1, 1), "blank": (1, 1), "ratio": (2, 2), "opening": (1, 1), "debits": (1, 1),
    "credits": (1, 1), "previous": (1, 1), "before": (1, 1), "annual": (1, 1), "interim": (1, 1), "upto": (2, 2),
    "beyond": (2, 2),
}  # fmt: skip
DEEPEST = 40


class FormulaError(ValueError):
    """A formula that cannot be read or counted: `reason` is one of the words below, `what` the text it is about.

    syntax, function, arguments, months, unknown_line, unknown_column, cycle, depth
    """

    def __init__(self, reason, what=""):
        super().__init__(f"{reason}: {what}" if what else reason)
        self.reason = reason
        self.what = what


@dataclass(frozen=True, slots=True)
class Number:
    value: Fraction


@dataclass(frozen=True, slots=True)
class Account:
    """Accounts beginning with `prefix`, without `exclusions`; side "D" or "C" keeps holders in debit or in credit."""

    prefix: str
    exclusions: tuple = ()
    side: str = ""

    def covers(self, code):
        """Whether an account falls under the term.

        >>> Account("2511", ("25116",)).covers("251101"), Account("2511", ("25116",)).covers("25116")
        (True, False)
        """
        return code.startswith(self.prefix) and not code.startswith(self.exclusions)


@dataclass(frozen=True, slots=True)
class Ref:
    """A line; no form: the same; no part: the same first; no line: the same line; no column: the main one."""

    form: str = ""
    part: str = ""
    line: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    name: str
    filters: tuple = ()


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    args: tuple


@dataclass(frozen=True, slots=True)
class Negative:
    value: object


@dataclass(frozen=True, slots=True)
class Binary:
    operator: str
    left: object
    right: object


@dataclass(frozen=True, slots=True)
class Manual:
    """A value that no ledger knows: the accountant types it in, with its document."""


TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>\d+\.\d+|\d+(?:\.\d+)?\s*%)
    | (?P<account>\d+(?:\\\([\d,\s]*\))?[DC]?(?![\w.]))
    | \[(?P<ref>[^\[\]]*)\]
    | \{(?P<measure>[^{}]*)\}
    | (?P<name>[a-z_]+)\s*(?=\()
    | (?P<sign>[-+*/(),])
    )""",
    re.VERBOSE,
)
ACCOUNT = re.compile(r"(\d+)(?:\\\(([\d,\s]*)\))?([DC]?)")
REF = re.compile(r"(?:(?P<form>[^/:\]]*)(?:/(?P<part>[^:\]]+))?:)?(?P<line>[^.:/\]]*)(?:\.(?P<column>\w+))?")
MEASURE = re.compile(r"([a-z_][a-z0-9_.]*)(?::(.+))?")


def parse(text):
    """The tree of a formula. FormulaError when it cannot be read.

    >>> parse("2511\\\\(25116, 25117)D + [B2D.gross]")
    Binary(operator='+', left=Account(prefix='2511', exclusions=('25116', '25117'), side='D'), right=Ref(form='', part='', line='B2D', column='gross'))
    >>> parse("{members:sex=female,kind=person} / 15%").left
    Measure(name='members', filters=(('kind', 'person'), ('sex', 'female')))
    >>> parse("[DIMF 2000/PASSIF:L80]")
    Ref(form='DIMF 2000', part='PASSIF', line='L80', column='')
    >>> parse("?")
    Manual()
    >>> parse("20 +")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    FormulaError: syntax: 20 +
    """
    text = (text or "").strip()
    if text == "?":
        return Manual()
    reader = _Reader(text)
    tree = reader.expression()
    if reader.kind:
        raise FormulaError("syntax", text)
    return tree


class _Reader:
    """Reads the tokens of one formula from left to right."""

    def __init__(self, text):
        self.text = text
        self.place = 0
        self.depth = 0
        self.advance()

    def advance(self):
        if not self.text[self.place :].strip():
            self.kind = self.value = None
            return
        found = TOKEN.match(self.text, self.place)
        if not found:
            raise FormulaError("syntax", self.text)
        self.place = found.end()
        self.kind = found.lastgroup
        self.value = found[self.kind].strip()

    def sign(self, among):
        """The operator at this place when it is one of `among`, and go on; None otherwise."""
        if self.kind != "sign" or self.value not in among:
            return None
        value = self.value
        self.advance()
        return value

    def expect(self, sign):
        if not self.sign(sign):
            raise FormulaError("syntax", self.text)

    def expression(self):
        self.depth += 1
        if self.depth > DEEPEST:
            raise FormulaError("depth", self.text)
        self.sign("+")
        tree = self.term()
        while operator := self.sign("+-"):
            tree = Binary(operator, tree, self.term())
        self.depth -= 1
        return tree

    def term(self):
        tree = self.factor()
        while operator := self.sign("*/"):
            tree = Binary(operator, tree, self.factor())
        return tree

    def factor(self):
        if self.sign("-"):
            return Negative(self.factor())
        if self.sign("("):
            tree = self.expression()
            self.expect(")")
            return tree
        kind, value = self.kind, self.value
        if kind not in ("number", "account", "ref", "measure", "name"):
            raise FormulaError("syntax", self.text)
        self.advance()
        return getattr(self, f"read_{kind}")(value)

    def read_number(self, value):
        percent = value.endswith("%")
        return Number(Fraction(value.rstrip("% ")) / (100 if percent else 1))

    def read_account(self, value):
        prefix, exclusions, side = ACCOUNT.fullmatch(value).groups()
        return Account(prefix, tuple(code.strip() for code in (exclusions or "").split(",") if code.strip()), side)

    def read_ref(self, value):
        found = REF.fullmatch(value.strip())
        if not found or not (found["line"] or found["column"]):
            raise FormulaError("syntax", f"[{value}]")
        return Ref(*(found[name] or "" for name in ("form", "part", "line", "column")))

    def read_measure(self, value):
        found = MEASURE.fullmatch(value.strip())
        if not found:
            raise FormulaError("syntax", f"{{{value}}}")
        pairs = [pair.partition("=") for pair in (found[2] or "").split(",") if pair]
        if any(not sign for _name, sign, _value in pairs):
            raise FormulaError("syntax", f"{{{value}}}")
        return Measure(found[1], tuple(sorted((name.strip(), chosen.strip()) for name, _sign, chosen in pairs)))

    def read_name(self, name):
        if name not in FUNCTIONS:
            raise FormulaError("function", name)
        self.expect("(")
        args = [self.expression()]
        while self.sign(","):
            args.append(self.expression())
        self.expect(")")
        least, most = FUNCTIONS[name]
        if not least <= len(args) <= most:
            raise FormulaError("arguments", name)
        if name in ("upto", "beyond") and not (isinstance(args[0], Number) and args[0].value in MONTHS):
            raise FormulaError("months", self.text)
        return Call(name, tuple(args))


def walk(tree):
    """Every node of a tree, from the top.

    >>> [type(node).__name__ for node in walk(parse("max(20, [A10])"))]
    ['Call', 'Account', 'Ref']
    """
    yield tree
    if isinstance(tree, Call):
        for arg in tree.args:
            yield from walk(arg)
    elif isinstance(tree, Binary):
        yield from walk(tree.left)
        yield from walk(tree.right)
    elif isinstance(tree, Negative):
        yield from walk(tree.value)
