"""Arithmetic that a manager types into a form: numbers, names, + - * /, min and max. Pure Python, nothing is executed."""

import ast
from fractions import Fraction

from .rounding import exact

FUNCTIONS = {"min": min, "max": max}
LARGEST = 10**15  # no figure of a form is larger


class FormulaError(ValueError):
    """A formula that cannot be read or counted; the text says why."""


def names_in(formula):
    """Names that a formula reads, sorted. FormulaError when it is no formula.

    >>> names_in("sales - costs * 2 + max(rent, 0)")
    ['costs', 'rent', 'sales']
    >>> names_in("sales * 1e400")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    FormulaError: 1e309
    >>> names_in("__import__('os')")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    FormulaError: __import__
    """
    names = set()
    for node in ast.walk(_parse(formula)):
        if isinstance(node, ast.Name) and node.id not in FUNCTIONS:
            names.add(node.id)
    return sorted(names)


def evaluate(formula, values):
    """The exact value of a formula (Fraction); names without a value count as 0.

    >>> evaluate("(sales - costs) / 2", {"sales": 90001, "costs": 30000})
    Fraction(60001, 2)
    >>> evaluate("min(sales, 100) * 3", {"sales": 500})
    Fraction(300, 1)
    >>> evaluate("1 / missing", {})  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    FormulaError: division by zero
    """
    try:
        return _value(_parse(formula), values)
    except ZeroDivisionError:
        raise FormulaError("division by zero") from None


def _parse(formula):
    try:
        body = ast.parse((formula or "").strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise FormulaError(formula) from None
    _check(body, 0)
    return body


def _check(node, depth):
    if depth > 50:
        raise FormulaError("too deep")
    if isinstance(node, ast.Constant) and type(node.value) in (int, float) and abs(node.value) < LARGEST:
        return
    if isinstance(node, ast.Name):
        return
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub, ast.Mult, ast.Div)):
        _check(node.left, depth + 1)
        _check(node.right, depth + 1)
        return
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.UAdd, ast.USub)):
        _check(node.operand, depth + 1)
        return
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords and node.args:
        if node.func.id not in FUNCTIONS:
            raise FormulaError(node.func.id)
        for argument in node.args:
            _check(argument, depth + 1)
        return
    raise FormulaError(ast.unparse(node))


def _value(node, values):
    if isinstance(node, ast.Constant):
        return exact(str(node.value))
    if isinstance(node, ast.Name):
        return exact(values.get(node.id, 0))
    if isinstance(node, ast.UnaryOp):
        value = _value(node.operand, values)
        return -value if isinstance(node.op, ast.USub) else value
    if isinstance(node, ast.Call):
        return FUNCTIONS[node.func.id](_value(argument, values) for argument in node.args)
    left, right = _value(node.left, values), _value(node.right, values)
    if isinstance(node.op, ast.Add):
        return left + right
    if isinstance(node.op, ast.Sub):
        return left - right
    return left * right if isinstance(node.op, ast.Mult) else left / Fraction(right)
