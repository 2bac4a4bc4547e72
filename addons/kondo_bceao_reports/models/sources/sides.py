from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ...engine.facts import Balance
from ...engine.sides import one_side

LIAISON = "39"


class KondoReturnSource(models.AbstractModel):
    """Accounts that stand among assets or liabilities by the side of each of their holders, never by their net.

    Holders are the members for savings, the other caisse for liaison accounts, and each account of the books (a bank has
    its own) for the rest; which accounts are split is a dated parameter.
    """

    _inherit = "kondo.return.source"

    @api.model
    def _split_prefixes(self, scope):
        """Beginnings of the accounts that are split, on the scope's day."""
        value = self.env["kondo.parameter"]._get("split_accounts", scope.date)
        return [part.strip() for part in value.split(",") if part.strip().isdigit()]

    @api.model
    def _sides(self, scope, rows, day):
        """{account: Balance} of the split accounts.

        :param rows: [(Row, francs at the end of `day`, debit positive)]
        """
        pairs = {
            control: {(row.company_id, row.account_id): net for row, net in rows if row.control == control}
            for control in ("savings", "liaison")
        }
        holders = self._savings_sides(scope, pairs["savings"], day)
        consolidated = self._is_consolidated(scope)
        if not consolidated:
            holders.update(self._liaison_sides(pairs["liaison"], day))
        found = defaultdict(lambda: [0, 0])
        for row, net in rows:
            debit, credit = holders.get((row.company_id, row.account_id), (0, 0))
            rest = one_side(net - debit + credit)  # what no holder stands for is one more
            found[row.code][0] += debit + rest.debit
            found[row.code][1] += credit + rest.credit
        if consolidated:
            self._net_liaison(found)
        return {code: Balance(*sides) for code, sides in found.items() if any(sides)}

    @api.model
    def _net_liaison(self, found):
        """Between caisses of the same network nobody owes: what is left, normally nothing, stands on one account.

        :param found: {account: [debit, credit]}, changed in place
        """
        codes = sorted(code for code in found if code.startswith(LIAISON))
        if codes:
            sides = [found.pop(code) for code in codes]
            rest = one_side(sum(debit - credit for debit, credit in sides))
            found[codes[0]] = [rest.debit, rest.credit]

    @api.model
    def _savings_sides(self, scope, nets, day):
        """{(caisse, account): (debit, credit)} of what members hold and owe.

        Read from the photograph of the evening; where there is none, or it is not what the books say, from the legs.
        """
        if not nets:
            return {}
        accounts = sorted({account for _company, account in nets})
        evenings = self._evenings(scope, day)
        found = {}
        if evenings:
            self.env.cr.execute(
                """
                WITH held AS MATERIALIZED (
                    SELECT id, ledger_account_id FROM kondo_savings_account
                     WHERE company_id = ANY(%(companies)s) AND ledger_account_id = ANY(%(accounts)s)
                )
                SELECT s.company_id, a.ledger_account_id, COALESCE(-sum(s.balance) FILTER (WHERE s.balance < 0), 0)::bigint,
                       COALESCE(sum(s.balance) FILTER (WHERE s.balance > 0), 0)::bigint
                  FROM unnest(%(companies)s::int[], %(days)s::date[]) AS d(company_id, day)
                  JOIN kondo_snapshot_account s ON s.company_id = d.company_id AND s.date = d.day
                  JOIN held a ON a.id = s.account_id
                 GROUP BY s.company_id, a.ledger_account_id
                """,
                {"companies": list(evenings), "days": list(evenings.values()), "accounts": accounts},
            )
            found = {
                (company, account): (debit, credit)
                for company, account, debit, credit in self.env.cr.fetchall()
                if nets.get((company, account)) == debit - credit
            }
        left = [pair for pair, net in nets.items() if net and pair not in found]
        found.update(self._leg_sides(left, day, "savings_account_id"))
        return found

    @api.model
    def _liaison_sides(self, nets, day):
        """{(caisse, account): (debit, credit)} towards each other caisse, who is the partner of the legs."""
        return self._leg_sides(list(nets), day, "partner_id")

    @api.model
    def _leg_sides(self, pairs, day, holder):
        """As `_savings_sides`, from the legs of operations by `holder`, a column of theirs."""
        if not pairs:
            return {}
        query = SQL(
            """
            SELECT company_id, account_id, COALESCE(sum(total) FILTER (WHERE total > 0), 0)::bigint,
                   COALESCE(-sum(total) FILTER (WHERE total < 0), 0)::bigint
              FROM (SELECT l.company_id, l.account_id, %(holder)s, sum(l.amount) AS total
                      FROM kondo_operation_line l
                     WHERE l.business_date <= %(day)s
                       AND (l.company_id, l.account_id) IN (SELECT * FROM unnest(%(companies)s::int[], %(accounts)s::int[]))
                     GROUP BY l.company_id, l.account_id, %(holder)s) q
             GROUP BY company_id, account_id
            """,
            holder=SQL.identifier("l", holder),
            day=day,
            companies=[company for company, _account in pairs],
            accounts=[account for _company, account in pairs],
        )
        self.env.cr.execute(query)
        return {(company, account): (debit, credit) for company, account, debit, credit in self.env.cr.fetchall()}
