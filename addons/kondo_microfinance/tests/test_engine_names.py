import doctest

from odoo.tests import BaseCase, tagged

from odoo.addons.kondo_microfinance.engine import names


@tagged("post_install", "-at_install")
class TestEngineNames(BaseCase):
    def test_every_example_of_the_names_engine_holds(self):
        result = doctest.testmod(names)
        self.assertGreater(result.attempted, 20)
        self.assertEqual(result.failed, 0)

    def test_what_is_typed_finds_what_is_stored(self):
        """Any beginning of any word of the search text finds it, and so does any part of three characters."""
        text = names.search_text(["N'DIAYE Ɲɛnɛ"], "NIO-00042", ["+223 76 12 34 56"], ["Molodo"])
        for word in (word for word in text.split() if not word.startswith("~")):
            for end in range(1, len(word) + 1):
                (term,) = names.parse(word[:end])
                self.assertTrue(any(_like(text, pattern) for pattern in term.patterns), word[:end])
            for start in range(len(word) - 2):
                (term,) = names.parse(word[start : start + 3])
                self.assertTrue(any(_like(text, pattern) for pattern in term.patterns), word[start : start + 3])

    def test_no_pattern_holds_a_wildcard_of_the_user(self):
        for query in ("%", "_", "a%b", "100%"):
            for term in names.parse(query):
                for pattern in term.patterns:
                    self.assertNotIn("_", pattern)
                    self.assertNotIn("%", pattern.strip("%"))


def _like(text, pattern):
    body = pattern.strip("%")
    if not pattern.startswith("%"):
        return text.startswith(body)
    return body in text
