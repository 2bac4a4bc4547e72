import doctest

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_ml_sfd import numbering


@tagged("post_install", "-at_install")
class TestNumbering(BaseCase):
    def test_the_examples_in_the_documentation_hold(self):
        result = doctest.testmod(numbering)
        self.assertGreater(result.attempted, 5)
        self.assertFalse(result.failed)

    def test_the_label_and_the_last_digit_agree_wherever_the_rule_speaks(self):
        digits = {
            numbering.DEBT: "6",
            numbering.CLAIM: "7",
            numbering.DEPRECIATION: "8",
            numbering.PROVISION: "9",
        }
        seen = set()
        for account in numbering.posting_accounts():
            meaning = numbering.suffix_meaning(account.code)
            if meaning is None:
                continue
            seen.add(meaning)
            # 199 and 299 are split by age: 2991 is a provision because its heading ends with 9.
            number = account.code[:3] if account.code[:3] in ("199", "299") else account.code
            self.assertEqual(number[-1], digits[meaning], account)
        self.assertEqual(seen, set(digits))

    def test_each_account_split_by_holder_may_stand_on_either_side(self):
        split = [account for account in numbering.posting_accounts() if numbering.is_holder_side(account.code)]
        self.assertEqual(
            {account.code for account in split},
            {"1141", "1151", "1161", "1171", "1511", "1521", "1531", "1541", "1551", "1561", "1571", "2511", "2512"},
        )
        self.assertEqual({account.side for account in split}, {"both"})
