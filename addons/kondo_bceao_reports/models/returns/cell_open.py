from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...engine.coverage import accounts_of
from ...engine.evaluate import Evaluator
from ...engine.layout import measures_of, unpacked

RESULT_CLASSES = ("6", "7")
UNALLOCATED = "591"  # the result of earlier years that no meeting has allocated is presented there


class KondoReturn(models.Model):
    """The journal items behind account numbers, in the books and on the day of a return."""

    _inherit = "kondo.return"

    def _open_accounts(self, codes, exact, title):
        """Items of accounts whose number is one of `codes` when `exact`, else begins with one of them."""
        self.ensure_one()

        def meant(code):
            return code in codes if exact else code.startswith(tuple(codes))

        rows = [row for row in self._trial_rows(self.date) if meant(row.code)]
        return self._items_action(title, self._items_domain(rows, "closing", self.date, meant(UNALLOCATED)))

    def _trial_rows(self, date):
        source = self.env["kondo.return.source"].sudo()
        return source._trial(self._facts_on(date).scope)

    def _items_domain(self, rows, view, date, unallocated=False):
        """Posted items whose balances add up to the rows: of the year for incomes and expenses, of all time else.

        :param unallocated: the incomes and expenses of earlier years are among them
        """
        start, _annual = self._year_of(date)
        flows = {row.account_id for row in rows if row.code.startswith(RESULT_CLASSES)}
        stocks = {row.account_id for row in rows} - flows
        of_year = Domain("date", ">=", start) & Domain("date", "<=", date)
        if view in ("debits", "credits"):
            domain = Domain("account_id", "in", sorted(flows | stocks)) & of_year
            domain &= Domain(view[:-1], "!=", 0)
        elif view == "opening":
            domain = Domain("account_id", "in", sorted(stocks)) & Domain("date", "<", start)
        else:
            domain = Domain("account_id", "in", sorted(stocks)) & Domain("date", "<=", date)
            domain |= Domain("account_id", "in", sorted(flows)) & of_year
        if unallocated and view in ("closing", "opening"):
            domain |= Domain("account_id.internal_group", "in", ("income", "expense")) & Domain("date", "<", start)
        return domain

    def _items_action(self, title, domain):
        self.ensure_one()
        if not self.env["account.move.line"].has_access("read"):
            raise UserError(self.env._("Journal items are open to those who keep or control the books."))
        books = Domain("company_id", "in", self._companies().ids) & Domain("parent_state", "=", "posted")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "account.move.line",
            "views": [(False, "list")],
            "domain": list(books & domain),
            "context": {"group_by": "account_id", "create": False},
        }


class KondoReturnCell(models.Model):
    """What is behind a cell: journal items, members, loans, or what was typed in."""

    _inherit = "kondo.return.cell"

    def action_open(self):
        """Open it, read from the formulas that the return keeps."""
        self.ensure_one()
        self.check_access("read")
        forms = {data["code"]: unpacked(data) for data in self.return_id.sudo().layout or ()}
        if self.manual:
            return self._open_input()
        if not self.code.startswith("#"):
            key = (self.form_code, self.part, self.code, self.column)
            terms = accounts_of(Evaluator(forms, None), *key)
            if terms:
                return self.return_id._items_action(self.display_name, self._terms_domain(terms))
            for name, filters in measures_of(forms, *key):
                action = self._measure_action(name, dict(filters))
                if action:
                    return action
        raise UserError(self.env._("Nothing in the books is behind this cell."))

    # ------------------------------------------------------------------ journal items
    def _terms_domain(self, terms):
        """One domain for the account terms [(Account, view, years back)] of a formula."""
        days, whole, domain = {}, {}, Domain.FALSE
        for term, view, back in terms:
            if back not in days:
                date = self.date.replace(year=self.date.year - back, day=28 if self._leap() and back else self.date.day)
                days[back] = date, self.return_id._facts_on(date), self.return_id._trial_rows(date)
            date, facts, trial = days[back]
            rows, split = [row for row in trial if term.covers(row.code)], []
            earlier = term.covers(UNALLOCATED)
            if term.side and view in ("closing", "opening"):
                balances = getattr(facts, view)
                split = [
                    row
                    for row in rows
                    if self._stands(balances, row.code, "D") and self._stands(balances, row.code, "C")
                ]
                rows = [row for row in rows if row not in split and self._stands(balances, row.code, term.side)]
                earlier = earlier and self._stands(balances, UNALLOCATED, term.side)
            known, was = whole.get((view, back), ([], False))
            whole[view, back] = known + rows, was or earlier
            if split:
                domain |= self._holders_domain(split, term.side, view, date)
        for (view, back), (rows, earlier) in whole.items():
            domain |= self.return_id._items_domain(rows, view, days[back][0], earlier)
        return domain

    @staticmethod
    def _stands(balances, code, side):
        """Whether an account has holders on a side."""
        balance = balances.get(code)
        return bool(balance and (balance.debit if side == "D" else balance.credit))

    def _leap(self):
        return (self.date.month, self.date.day) == (2, 29)

    def _holders_domain(self, rows, side, view, date):
        """Items of the holders on one side, of accounts that have holders on both."""
        start, _annual = self.return_id._year_of(date)
        debtors = Domain(
            "partner_id", "in", self._debtors(rows, date if view == "closing" else start, view == "opening")
        )
        return self.return_id._items_domain(rows, view, date) & (debtors if side == "D" else ~debtors)

    def _debtors(self, rows, day, before):
        """Ids of the partners with an account in debit, among the accounts of the rows, at the end of a day."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT DISTINCT partner_id FROM (
                SELECT l.company_id, l.account_id, l.savings_account_id, l.partner_id FROM kondo_operation_line l
                 WHERE l.company_id = ANY(%(companies)s) AND l.account_id = ANY(%(accounts)s)
                   AND (l.business_date < %(day)s OR (l.business_date = %(day)s AND NOT %(before)s))
                 GROUP BY 1, 2, 3, 4 HAVING sum(l.amount) > 0
            ) q WHERE partner_id IS NOT NULL
            """,
            {
                "companies": self.return_id._companies().ids,
                "accounts": sorted({row.account_id for row in rows}),
                "day": day,
                "before": before,
            },
        )
        return [partner for (partner,) in self.env.cr.fetchall()]

    # ------------------------------------------------------------------ measures
    def _measure_action(self, name, filters):
        """The photographs or the members that a measure counts; None when it counts neither."""
        room = name.partition(".")[0]
        companies = Domain("company_id", "in", self.return_id._companies().ids)
        if room in ("loans", "officers", "groups"):
            return self._window("kondo.snapshot.loan", companies & self._evening() & self._loan_filters(name, filters))
        if room in ("deposits", "depositors"):
            return self._window("kondo.snapshot.account", companies & self._evening())
        if room == "shares":
            return self._window("kondo.share.holding", companies)
        if room == "funds":
            return self._window("kondo.funding.line", Domain.TRUE)
        if room == "members":
            domain = Domain("is_kondo_member", "=", True) & companies
            if filters.get("sex"):
                sex = filters["sex"]
                domain &= Domain("sex", "=", sex if sex != "none" else False)
            return self._window("res.partner", domain)
        return None

    def _evening(self):
        """The photographs that show the last evening of the period, caisse by caisse."""
        source = self.env["kondo.return.source"].sudo()
        scope = self.return_id._facts_on(self.date).scope
        evenings = source._evenings(scope, self.date)
        return Domain.OR(
            [("company_id", "=", company), ("date", "=", evening)] for company, evening in evenings.items()
        )

    @api.model
    def _loan_filters(self, name, filters):
        domain = Domain.TRUE
        late = filters.get("late") or ("1" if name in ("loans.late_outstanding", "loans.interest_late") else None)
        if late:
            domain &= Domain("days_late", ">=", int(late))
        if filters.get("sex") in ("male", "female"):
            domain &= Domain("sex", "=", filters["sex"])
        if filters.get("class"):
            domain &= Domain("stage", "=", filters["class"])
        if filters.get("term"):
            domain &= Domain("loan_id.term_class", "=", filters["term"])
        if filters.get("purpose"):
            domain &= Domain("loan_id.purpose_id.code", "=", filters["purpose"])
        if filters.get("sector"):
            domain &= Domain("sector_id.code", "=", filters["sector"])
        return domain

    def _window(self, model, domain):
        if not self.env[model].has_access("read"):
            raise UserError(self.env._("Your role does not open what is behind this cell."))
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": model,
            "views": [(False, "list"), (False, "form")],
            "domain": list(domain),
            "context": {"create": False},
        }

    def _open_input(self):
        one = self.return_id.input_ids.filtered(
            lambda one: one._key() == (self.form_code, self.part, self.code, self.column)
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "kondo.return.input",
            "res_id": one.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_open_form_line(self):
        """The line of the form, with its provenance and who confirmed it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "kondo.form",
            "res_id": self.form_id.id,
            "views": [(False, "form")],
        }
