"""The doctests of the engine, which are its documentation and its proof."""

import doctest
import importlib
import pkgutil

from odoo.tests import BaseCase, tagged

from odoo.addons.kondo_microfinance import engine


@tagged("post_install", "-at_install")
class TestEngine(BaseCase):
    def test_every_example_in_the_engine_is_true(self):
        examples = 0
        for module in pkgutil.iter_modules(engine.__path__):
            result = doctest.testmod(
                importlib.import_module(f"{engine.__name__}.{module.name}"), optionflags=doctest.IGNORE_EXCEPTION_DETAIL
            )
            self.assertEqual(result.failed, 0, module.name)
            examples += result.attempted
        self.assertGreater(examples, 10)
