import uuid

from odoo import api, fields, models
from odoo.tools import SQL

from .class_moves import ClassMoves


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model
    @api.private
    def _day_end_steps(self):
        return [*super()._day_end_steps(), (38, "loan_class", "kondo.loan", "_day_end_class")]


class KondoLoan(models.Model):
    """Loans move to the accounts of their age, whole, and back when they are cured.

    The statement here says of all loans of a caisse what the engine's `stage_on` says of each.
    """

    _inherit = "kondo.loan"

    @api.model
    @api.private
    def _day_end_class(self, company, date, next_date):
        """The class of every loan once the day is over; loans moved."""
        return self._classify(company, company._evening_of(date, next_date)) or None

    @api.model
    @api.private
    def _classify(self, company, day):
        """Move the loans of a caisse whose class has changed; one operation, safe to run again.

        :return: number of loans moved
        """
        with self.env["kondo.operation"]._posting_env() as env:
            return env["kondo.loan"]._classify_here(company.id, day)

    @api.model
    def _classify_here(self, company_id, day):
        """As `_classify`, in the transaction of `self`, which `_posting_env` has opened."""
        moves = ClassMoves(self.env, company_id, day)
        if moves.has_legs():
            self._post_for_all("loan_class", company_id, day)
        elif moves.count:
            moves.write()
        return moves.count

    @api.model
    def _post_for_all(self, kind, company_id, day):
        """Post the business day's next operation of a kind that concerns all loans of a caisse, as they stand on `day`."""
        operations = self.env["kondo.operation"]
        booked_on = self.env["res.company"].sudo().browse(company_id).business_date
        done = operations.sudo().search_count(
            [("company_id", "=", company_id), ("kind", "=", kind), ("business_date", "=", booked_on)]
        )
        key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"kondo.{kind},{company_id},{booked_on},{done}"))
        operations._post_here(kind, key, company_id, {"day": fields.Date.to_string(day)}, key)
        self.env.flush_all()
        self.env.invalidate_all()

    @api.model
    @api.private
    def _stage_sql(self, day):
        """SQL of the class of a loan `l` on the morning of a day, by its age; other rooms bend it."""
        months = self._stage_months(day)
        whens = [
            SQL("WHEN (l.late_since + make_interval(months => %s))::date < %s::date THEN %s", months[name], day, name)
            for name in sorted(months, key=months.get, reverse=True)
        ]
        return SQL(
            "CASE %s WHEN l.stage = 'immobilised' THEN 'immobilised' ELSE 'performing' END", SQL(" ").join(whens)
        )

    @api.model
    @api.private
    def _class_query(self, company_id, day):
        """SQL (loan_id, stage, new_stage) of the loans that are late or stand elsewhere than among the performing ones."""
        return SQL(
            """SELECT l.id AS loan_id, l.stage, %s AS new_stage FROM kondo_loan l
                WHERE l.company_id = %s AND l.state = 'active' AND (l.late_since IS NOT NULL OR l.stage <> 'performing')""",
            self._stage_sql(day),
            company_id,
        )


class KondoOperation(models.Model):
    _inherit = "kondo.operation"

    @api.private
    def _execute_loan_class(self, posting, values):
        """values: day (ISO). The whole outstanding of each loan goes from the account of its old class to the new one's."""
        moves = ClassMoves(self.env, posting.company_id, fields.Date.to_date(values["day"]))
        posting.move_many_loans(moves.legs())
        for account_id, amount in moves.incomes():
            posting.add_leg(account_id, amount)
        posting.after(moves.write)
        posting.label = self.env._("Classification of loans by age")
        posting.values.update(amount=moves.moved())
