"""The examples in docstrings are true: those of the pure engines, of the tools and of the test helpers."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def modules():
    for path in sorted([*ROOT.glob("addons/*/engine/**/*.py"), *ROOT.glob("addons/*/models/fields.py")]):
        yield ".".join(("odoo", *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__")
    yield from (
        "scripts.checklog",
        "scripts.demo",
        "scripts.i18n",
        "tests.client",
        "tests.oracles.cases",
        "tests.oracles.loans",
        "tests.oracles.rates",
        "tests.oracles.savings",
    )


@pytest.mark.parametrize("name", modules())
def test_examples(name):
    assert doctest.testmod(import_module(name)).failed == 0
