from decimal import Decimal

from odoo import api, fields, models


class ResCompany(models.Model):
    """What the network asks of every loan file, and the own funds against which exposures are measured."""

    _inherit = "res.company"

    bureau_required = fields.Boolean(
        string="Credit bureau before granting",
        default=True,
        help="The report of the credit bureau (BIC) is consulted with the member's signed consent before a loan is granted.",
    )
    arrears_block = fields.Boolean(
        string="No loan to who is late elsewhere",
        default=True,
        help="A borrower, co-borrower or guarantor whose own loan is late, or was written off, stops the file.",
    )

    @api.private
    def _own_funds(self, day):
        """Own funds of the network in francs, by its books at the end of a day; the accounts are a dated parameter.

        The parameter lists beginnings of account numbers, separated by commas; one with a minus before it is left out.
        The result of the year, which stands in classes 6 and 7 until the books are closed, is not in it.
        """
        prefixes = self.env["kondo.parameter"]._get("own_funds_accounts", day).replace(" ", "").split(",")
        root = self.sudo().root_id
        plus = [prefix for prefix in prefixes if prefix.isdigit()]
        minus = [prefix[1:] for prefix in prefixes if prefix[:1] == "-" and prefix[1:].isdigit()]
        self.env["account.move.line"].flush_model()
        self.env.cr.execute(
            """
            SELECT COALESCE(-sum(l.balance), 0)
              FROM account_move_line l
              JOIN account_account a ON a.id = l.account_id
              JOIN res_company c ON c.id = l.company_id
             WHERE c.parent_path LIKE %(tree)s AND l.parent_state = 'posted' AND l.date <= %(day)s
               AND (a.code_store ->> %(root)s) ~ %(pattern)s
               AND NOT (a.code_store ->> %(root)s) ~ %(without)s
            """,
            {
                "tree": f"{root.parent_path}%",
                "root": str(root.id),
                "day": day,
                "pattern": "^(" + "|".join(plus or ["-"]) + ")",
                "without": "^(" + "|".join(minus or ["-"]) + ")",
            },
        )
        return int(self.env.cr.fetchone()[0])

    @api.private
    def _limit_of_own_funds(self, key, day):
        """Francs that a dated percentage of own funds comes to; None while no own funds are in the books."""
        funds = self._own_funds(day)
        return int(funds * Decimal(self.env["kondo.parameter"]._get(key, day)) / 100) if funds > 0 else None
