import uuid

from odoo import api, fields, models


class KondoAccrual(models.AbstractModel):
    """Interest that the caisse owes and has not paid yet, in the books at the end of each month.

    The rooms of the institution say what should stand; the operation books what is missing between that and what earlier
    operations of its kind have booked. So nothing is kept beside the ledger, and a second run posts nothing.
    """

    _name = "kondo.accrual"
    _description = "Accrued interest"

    @api.model
    @api.private
    def _targets(self, company, last_day):
        """What should stand at the end of `last_day`: ([(account to debit, account to credit, francs)], [sentences]).

        Rooms add theirs; francs are of any sign. The account debited or credited is the one of the expense or income,
        and its counterpart. A sentence says what could not be counted: it is booked the month after its remedy.
        """
        return [], []

    @api.model
    @api.private
    def _day_end(self, company, date, next_date):
        """At the end of a month; (francs that moved, what is left to mend or None)."""
        if not company._ends_month(date, next_date):
            return None
        day = company._evening_of(date, next_date)
        key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"kondo.accrual,{company.id},{date}"))
        with self.env["kondo.operation"]._posting_env() as env:
            changes, left_out = env["kondo.accrual"].sudo()._changes(company.with_env(env), day)
            reason = " ".join(left_out) or None
            if not changes:
                return None, reason
            answer = (
                env["kondo.operation"]
                .sudo()
                ._post_here("accrual", key, company.id, {"day": fields.Date.to_string(day)}, key)
            )
        return answer["amount"], reason

    @api.model
    @api.private
    def _changes(self, company, day):
        """What brings the accrued interest of a caisse to that of the evening before `day`.

        :return: ([(account id, francs)], [sentences on what could not be counted])
        """
        wanted = {}
        targets, left_out = self._targets(company, fields.Date.subtract(day, days=1))
        for debited, credited, francs in targets:
            wanted[debited.id] = wanted.get(debited.id, 0) + francs
            wanted[credited.id] = wanted.get(credited.id, 0) - francs
        self.env.cr.execute(
            """SELECT l.account_id, sum(l.amount)::bigint FROM kondo_operation_line l
                 JOIN kondo_operation o ON o.id = l.operation_id
                WHERE o.company_id = %s AND o.kind = 'accrual' GROUP BY 1""",
            (company.id,),
        )
        for account_id, standing in self.env.cr.fetchall():
            wanted[account_id] = wanted.get(account_id, 0) - standing
        return [(account_id, francs) for account_id, francs in sorted(wanted.items()) if francs], left_out


class KondoOperation(models.Model):
    _inherit = "kondo.operation"

    @api.private
    def _execute_accrual(self, posting, values):
        """values: day (ISO), the morning after the evening that counts."""
        company = self.env["res.company"].sudo().browse(posting.company_id)
        changes, _left_out = self.env["kondo.accrual"].sudo()._changes(company, fields.Date.to_date(values["day"]))
        for account_id, francs in changes:
            posting.add_leg(account_id, francs)
        posting.label = self.env._("Accrued interest on deposits and borrowings")
        posting.values.update(amount=sum(max(0, francs) for _account, francs in changes))
