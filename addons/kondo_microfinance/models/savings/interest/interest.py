import logging
from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ....engine.balances import Movement
from ....engine.dated_interest import booked_value, next_posting, period_interest, rule_on, segments
from ....engine.periods import DAY, period_of
from ....engine.rounding import half_up
from .interest_sql import compute_interest

_logger = logging.getLogger(__name__)

NOTHING = {"interest": 0, "withholding": 0, "overdraft_interest": 0}


class KondoSavingsInterest(models.AbstractModel):
    """The interest of savings accounts: of all accounts of a product by SQL, of one by the engine, to the same franc.

    A period is posted once: each account keeps the day until which it has been paid, and earns from the day after it.
    """

    _name = "kondo.savings.interest"
    _description = "Savings interest"

    # ------------------------------------------------------------------ many accounts
    @api.model
    @api.private
    def _compute(self, company, product, date_from, date_to, posted_on=None, due=True):
        """Fill the temporary table `kondo_interest_result` (see `compute_interest`) for a product's accounts in a caisse.

        :param date_from: nothing before that day counts; None: each account from the day after what it was paid
        :param date_to: last day that counts
        :param posted_on: the day of the posting, for the tax withheld; None: no tax
        :param due: only accounts whose period ends with `date_to` (it matters for anniversaries)
        :return: dict accounts (that earn or owe at least a franc), interest, withholding, overdraft_interest (francs)
        """
        rules = product._interest_rules(posted_on)
        self.env.flush_all()
        compute_interest(
            self.env.cr,
            rules,
            self._accounts(company, product, rules, date_from, date_to, due),
            lambda since: self._movements(company, product, since),
            self._balances(company, product),
            rules[-1][1].withholding_rate if rules else 0,
        )
        self.env.cr.execute(
            """SELECT count(*) FILTER (WHERE interest > 0 OR overdraft_interest > 0) AS accounts,
                      COALESCE(sum(interest), 0)::bigint AS interest, COALESCE(sum(withholding), 0)::bigint AS withholding,
                      COALESCE(sum(overdraft_interest), 0)::bigint AS overdraft_interest
                 FROM kondo_interest_result"""
        )
        return self.env.cr.dictfetchone()

    @api.model
    @api.private
    def _accrued(self, company, product, date):
        """What a product's accounts in a caisse have earned and owe at the end of `date`, not yet posted.

        :return: dict interest, overdraft_interest: whole francs for the accrual entry (25116… and 7025)
        """
        if not product._interest_rules():
            return {"interest": 0, "overdraft_interest": 0}
        self._compute(company, product, None, date, due=False)
        self.env.cr.execute(
            """SELECT COALESCE(round(sum(exact)), 0)::bigint AS interest,
                      COALESCE(round(sum(exact_overdraft)), 0)::bigint AS overdraft_interest
                 FROM kondo_interest_result"""
        )
        return self.env.cr.dictfetchone()

    def _accounts(self, company, product, rules, date_from, date_to, due):
        """SQL (account_id, opened_on, start_on, stop_on) of the accounts a calculation is about."""
        stop = date_to + DAY
        anniversary = due and rule_on(rules, date_to).posting == "anniversary"
        return SQL(
            """SELECT a.id AS account_id, a.opened_on,
                      GREATEST(COALESCE(a.interest_posted_until + 1, a.opened_on), %(first)s, %(date_from)s::date) AS start_on,
                      %(stop)s::date AS stop_on
                 FROM kondo_savings_account a
                WHERE a.company_id = %(company)s AND a.product_id = %(product)s AND a.state <> 'closed' AND %(whose)s""",
            first=rules[0][0],
            date_from=date_from or None,
            stop=stop,
            company=company.id,
            product=product.id,
            whose=SQL(
                "(a.opened_on + make_interval(years => (%s - extract(year FROM a.opened_on))::int))::date = %s",
                stop.year,
                stop,
            )
            if anniversary
            else SQL("TRUE"),
        )

    def _movements(self, company, product, since):
        """SQL (account_id, id, booked_on, amount, value_on, reversed_on) of what was booked from the day `since` on.

        Posted interest counts from the day after its period; what is reversed counts as if it had never been.
        """
        return SQL(
            """SELECT l.savings_account_id AS account_id, l.id, l.business_date AS booked_on, -l.amount AS amount,
                      r.date_to + 1 AS value_on, u.business_date AS reversed_on
                 FROM kondo_operation_line l
                 LEFT JOIN kondo_savings_interest_run r ON r.operation_id = l.operation_id
                 LEFT JOIN kondo_operation o
                   ON o.id = l.operation_id AND o.reversal_of_id IS NOT NULL AND o.company_id = %(company)s
                 LEFT JOIN kondo_operation u ON u.id = o.reversal_of_id
                WHERE l.company_id = %(company)s AND l.business_date >= %(since)s AND l.savings_account_id IS NOT NULL""",
            company=company.id,
            since=since,
        )

    def _balances(self, company, product):
        """SQL (account_id, balance) of the accounts as they stand."""
        return SQL("SELECT id AS account_id, balance FROM kondo_savings_account WHERE company_id = %s", company.id)

    # ------------------------------------------------------------------ one account
    @api.model
    @api.private
    def _interest_to_date(self, account, date=None):
        """What one account has earned and owes before `date` (default: the business day), not yet posted.

        The day itself does not count: the balance at its end would, and a closing takes that away.

        :return: dict interest, withholding, overdraft_interest in francs
        """
        date = date or account.company_id.sudo().business_date or fields.Date.context_today(self)
        rules = account.product_id._interest_rules(date)
        if not rules or not account.opened_on or account.state == "closed":
            return dict(NOTHING)
        start = max(
            account.interest_posted_until + DAY if account.interest_posted_until else account.opened_on, rules[0][0]
        )
        if start >= date:
            return dict(NOTHING)
        self.env.flush_all()
        since = fields.Date.subtract(start, days=max(rule.credit_days for _day, rule in rules) + 31)
        self.env.cr.execute(
            SQL(
                """SELECT booked_on, amount, value_on, reversed_on, b.balance
                     FROM (SELECT balance FROM kondo_savings_account WHERE id = %(account)s) AS b
                     LEFT JOIN (SELECT * FROM (%(movements)s) AS m WHERE account_id = %(account)s) AS m ON TRUE
                    ORDER BY m.id""",
                movements=self._movements(account.company_id, account.product_id, since),
                account=account.id,
            )
        )
        rows = self.env.cr.fetchall()
        opening = rows[0][-1]
        movements = []
        for booked_on, amount, value_on, reversed_on, _balance in rows:
            if booked_on and not (value_on and value_on <= start):
                opening -= amount
                movements.append(booked_value(rules, Movement(booked_on, amount, value_on), reversed_on))
        movements = [move for move in movements if move.booked_on < date]
        result = period_interest(rules, movements, start, date, int(opening), account.opened_on)
        return {
            "interest": result.interest,
            "withholding": result.withholding,
            "overdraft_interest": result.overdraft_interest,
        }

    @api.model
    @api.private
    def _settle(self, posting, account):
        """Add to a closing what the account has earned and owes to date, with its legs; the days count as paid.

        :return: dict of `_interest_to_date` and net: what the balance gains (or loses, when negative)
        """
        interest = self._interest_to_date(account, posting.business_date)
        earned = self.env._("Interest to date")
        withheld = self.env._("Tax withheld on interest")
        owed = self.env._("Overdraft interest to date")
        amounts = (interest["interest"], -interest["withholding"], -interest["overdraft_interest"])
        for amount, label in zip(amounts, (earned, withheld, owed), strict=True):
            if amount:
                posting.move_savings(account, amount, rule="release", label=label)
        self._add_house_legs(posting, account.company_id, account.product_id, **interest)
        self.env.cr.execute(
            "UPDATE kondo_savings_account SET interest_posted_until = %s WHERE id = %s AND opened_on < %s",
            (posting.business_date - DAY, account.id, posting.business_date),
        )
        net = interest["interest"] - interest["withholding"] - interest["overdraft_interest"]
        return {**interest, "net": net}

    def _add_house_legs(self, posting, company, product, interest, withholding, overdraft_interest):
        """The other side of members' interest: expense, tax owed, income from overdrafts."""
        if interest:
            posting.add_leg(self._ledger_account(product, "expense_account_id").id, interest)
        if withholding:
            posting.add_leg(self._withholding_account(company).id, -withholding)
        if overdraft_interest:
            posting.add_leg(self._ledger_account(product, "overdraft_income_account_id").id, -overdraft_interest)

    # ------------------------------------------------------------------ the tax on interest
    @api.model
    @api.private
    def _withholding(self, amount, product, date):
        """Francs of tax withheld from `amount` francs of interest on a product, paid on `date`."""
        return half_up(amount * Fraction(product._withholding_rate(date)) / 100)

    @api.model
    @api.private
    def _withholding_account(self, company):
        """The network's account of the tax withheld; UserError when none is set."""
        return company._interest_tax_account()

    @api.model
    @api.private
    def _accrual_accounts(self, product):
        """(expense, accrued interest) of a product; UserError when one is missing."""
        return tuple(self._ledger_account(product, f"{use}_account_id") for use in ("expense", "accrued"))

    def _ledger_account(self, product, field):
        account = product.sudo()[field]
        if not account:
            raise UserError(
                self.env._(
                    "The product “%(product)s” has no “%(account)s”: enter it on its form first.",
                    product=product.name,
                    account=product._fields[field]._description_string(self.env),
                )
            )
        return account

    # ------------------------------------------------------------------ what is due
    @api.model
    @api.private
    def _next_due(self, company, product, limit):
        """The end (first day after it) of the next period to be posted for a product in a caisse, if not after `limit`.

        Accounts that were left out of an earlier posting come with the next one, so that no day is forgotten.
        """
        rules = product._interest_rules()
        if not rules:
            return None
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT max(date_to) + 1 FROM kondo_savings_interest_run
                WHERE company_id = %s AND product_id = %s AND state = 'posted'""",
            (company.id, product.id),
        )
        first = max(self.env.cr.fetchone()[0] or rules[0][0], rules[0][0])
        anniversary = any(rule.posting == "anniversary" for _day, rule in rules)
        if first >= limit or (not anniversary and next_posting(rules, first) > limit):
            return None
        self.env.cr.execute(
            """SELECT min(GREATEST(COALESCE(interest_posted_until + 1, opened_on), %s)) FROM kondo_savings_account
                WHERE company_id = %s AND product_id = %s AND state <> 'closed'""",
            (first, company.id, product.id),
        )
        start = self.env.cr.fetchone()[0]
        for begin, end, rule in segments(rules, start, limit) if start else ():
            if rule.posting == "anniversary":
                stop = self._next_anniversary(company, product, begin)
            else:
                stop = period_of(rule.posting, begin, rule.year_start)[1]
            if stop and stop <= end:
                return stop
        return None

    def _next_anniversary(self, company, product, begin):
        """The first anniversary after `begin`, and after what it was paid, of any account."""
        self.env.cr.execute(
            """SELECT min(e.day) FROM (
                   SELECT opened_on, GREATEST(COALESCE(interest_posted_until + 1, opened_on), %s) AS since
                     FROM kondo_savings_account WHERE company_id = %s AND product_id = %s AND state <> 'closed'
               ) AS a CROSS JOIN LATERAL (
                   SELECT (a.opened_on + make_interval(years => y))::date AS day
                     FROM generate_series((extract(year FROM a.since) - extract(year FROM a.opened_on))::int,
                                          (extract(year FROM a.since) - extract(year FROM a.opened_on))::int + 1) AS y
               ) AS e WHERE e.day > a.since""",
            (begin, company.id, product.id),
        )
        return self.env.cr.fetchone()[0]

    # ------------------------------------------------------------------ the end of the day
    @api.model
    @api.private
    def _day_end(self, company, date, next_date):
        """Post the interest of every period of a caisse that ends before `next_date`; nothing when it is posted already.

        A product that cannot be posted keeps a draft that says why, and the day goes on: (None, what is left to mend).
        """
        products = (
            self.env["kondo.savings.product"]
            .sudo()
            .with_context(active_test=False)
            .search([("company_id", "=", company.sudo().root_id.id), ("interest_rule_ids", "!=", False)])
        )
        for product in products:
            while self._post_next(company, product, next_date):
                pass
        failed = [("company_id", "=", company.id), ("state", "=", "draft"), ("failure", "!=", False)]
        runs = self.env["kondo.savings.interest.run"].sudo().search(failed)
        return None, " ".join(dict.fromkeys(runs.mapped("failure"))) or None

    def _post_next(self, company, product, limit):
        """Post the next period that is due; False when there is none, or when it failed."""
        stop = None
        try:
            with self.env["kondo.operation"]._posting_env() as env:
                model = env[self._name].sudo()
                stop = model._next_due(company.with_env(env), product.with_env(env), limit)
                if not stop:
                    return False
                env["kondo.savings.interest.run"].sudo()._draft(company, product, stop - DAY)._post()
            return True
        except UserError as refusal:
            reason = str(refusal)
        except Exception:
            _logger.exception("interest of %s in %s", product.code, company.kondo_code)
            reason = self.env._("The calculation stopped; the technical log says why.")
        if stop:
            with self.env["kondo.operation"]._posting_env() as env:
                run = env["kondo.savings.interest.run"].sudo()._draft(company, product, stop - DAY)
                run._note_failure(reason)
        return False
