from datetime import date

from odoo import models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ....engine.words import spaced
from ....engine.year_result import split_faults


class KondoYearClose(models.Model):
    """What must be done before a result is proposed, and what a meeting may not decide; in words."""

    _inherit = "kondo.year.close"

    def _problems(self):
        """What must be done before the result can be proposed: sentences."""
        self.ensure_one()
        _ = self.env._
        months, company = self.env["kondo.month.close"].sudo(), self.sudo().company_id
        last = months.search(
            [
                ("company_id", "=", company.root_id.id),
                ("month", "=", date(self.year, 12, 1)),
                ("state", "=", "closed"),
            ]
        )
        open_months = set(months._open_months(company, self._last_day(), self._first_day()))
        if not last:
            open_months.add(date(self.year, 12, 1))
        problems = []
        if open_months:
            names = [format_date(self.env, month, date_format="MMMM y") for month in sorted(open_months)]
            problems.append(_("These months are not closed: %(months)s.", months=", ".join(names)))
        earlier = self._year_left_open()
        if earlier:
            problems.append(_("The result of %(year)s is not allocated yet.", year=earlier))
        drafts = self.env["account.move"].sudo().search_count(
            [("company_id", "child_of", company.id), ("state", "=", "draft"), ("date", "<=", self._last_day())]
        )  # fmt: skip
        if drafts:
            problems.append(_("Entries still in draft: %(count)s.", count=drafts))
        return problems

    def _year_left_open(self):
        """The first earlier year with incomes or expenses that no meeting has allocated."""
        self.env["account.move.line"].flush_model()
        self.env["kondo.year.close"].flush_model()
        self.env.cr.execute(
            """
            SELECT min(extract(year FROM l.date))::int
              FROM account_move_line l JOIN account_account a ON a.id = l.account_id
             WHERE l.company_id = %(company)s AND l.parent_state = 'posted' AND l.date < %(day)s
               AND (a.account_type LIKE 'income%%' OR a.account_type LIKE 'expense%%')
               AND NOT EXISTS (SELECT 1 FROM kondo_year_close y WHERE y.company_id = l.company_id
                                AND y.state = 'decided' AND y.year = extract(year FROM l.date))
            """,
            {"company": self.company_id.id, "day": self._first_day()},
        )
        return self.env.cr.fetchone()[0]

    def _check_split(self, column):
        """Refuse, in the words of the accountant, a split that the rules do not allow."""
        lines = self.sudo().line_ids
        split = {line.destination: line[column] for line in lines}
        standing = {line.destination: line.before for line in lines}
        faults = split_faults(self.result, self.carried_before, f"{self.rate:g}", split, standing)
        if faults:
            raise UserError("\n".join(self._fault_in_words(code, figures) for code, figures in faults))

    def _fault_in_words(self, code, figures):
        _ = self.env._
        names = dict(self.env["kondo.year.line"]._fields["destination"]._description_selection(self.env))
        francs = {key: spaced(value) for key, value in figures.items() if key != "destination"}
        name = names.get(figures.get("destination"), "")
        if code == "negative":
            return _("%(name)s: an amount is never negative.", name=name)
        if code == "sum":
            return _("The amounts sum to %(given)s F, the result is %(result)s F.", **francs)
        if code == "loss_first":
            return _(
                "The loss carried forward is absorbed first: at least %(least)s F to the result carried forward, not "
                "%(given)s F.",
                **francs,
            )
        if code == "reserve":
            return _(
                "The general reserve takes at least %(rate)s %%, that is %(least)s F, not %(given)s F.",
                rate=f"{self.rate:g}".replace(".", ","),
                **francs,
            )
        if code == "shares":
            return _("Without a profit nothing goes to the shares.")
        return _("%(name)s holds %(standing)s F: %(given)s F cannot be taken there.", name=name, **francs)
