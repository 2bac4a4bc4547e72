"""Everything a user can read is there in French.

The terms come from the installed add-ons themselves (models, views, data, Python, JavaScript and its templates), so a
new sentence without French fails here. `python -m scripts.i18n` brings the files up to date.
"""

import pytest

from odoo import SUPERUSER_ID
from odoo.api import Environment
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name

from scripts.i18n import export_terms, faults, french_path, load, own_modules, template_path


@pytest.fixture(scope="module")
def env():
    with Registry(get_db_name()).cursor() as cr:
        yield Environment(cr, SUPERUSER_ID, {})
        cr.rollback()


def places(template):
    return {entry.msgid: sorted(entry.occurrences) for entry in template}


def test_every_add_on_is_installed(env):
    installed = env["ir.module.module"].search([("state", "=", "installed")]).mapped("name")
    assert set(own_modules()) <= set(installed)


@pytest.mark.parametrize("module", own_modules())
def test_every_term_has_its_french(env, module):
    assert faults(export_terms(env, module), load(french_path(module))) == []


@pytest.mark.parametrize("module", own_modules())
def test_the_template_holds_the_terms_of_today(env, module):
    exported, kept = places(export_terms(env, module)), places(load(template_path(module)))
    assert {term: exported[term] for term in exported if kept.get(term) != exported[term]} == {}, "new or moved"
    assert sorted(kept.keys() - exported.keys()) == [], "no longer used"


@pytest.mark.parametrize("module", own_modules())
def test_no_french_is_left_over(env, module):
    terms = {entry.msgid for entry in export_terms(env, module)}
    left = [entry.msgid for entry in load(french_path(module)) if entry.fuzzy or entry.msgid not in terms]
    assert left == []
