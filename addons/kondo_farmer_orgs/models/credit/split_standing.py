from odoo import api, models

from ...engine.parts import Standing, largest_remainder, standings


class KondoLoanSplit(models.Model):
    """Where each part stands on a day, for many loans at once."""

    _inherit = "kondo.loan.split"

    @api.private
    def _standing(self, day=None):
        """{id: engine `Standing`} of these parts at the opening of `day` (default: the business day of the caisse).

        A part owes its share of each instalment in force, by what was granted; who paid more on an earlier schedule owes
        less of the one in force. Of loans that are not running nothing is asked.
        """
        loan_ids = self.loan_id.ids
        self.env.flush_all()
        people, early = self._paid_by_parts(loan_ids), self._paid_before(loan_ids)
        loans = self._instalments_in_force(loan_ids)
        result = {}
        for loan_id, parts in people.items():
            paid = [francs for _id, _granted, francs in parts]
            loan = loans.get(loan_id)
            if not loan:
                standing = [Standing(asked=francs, paid=francs) for francs in paid]
            else:
                before = [early.get(part_id, 0) for part_id, _granted, _francs in parts]
                standing = standings(
                    [granted for _id, granted, _francs in parts],
                    before,
                    [francs - own for francs, own in zip(paid, before, strict=True)],
                    loan["instalments"],
                    day or loan["day"],
                    loan["tolerance"],
                )
                if loan["kept"]:  # a change of the schedule makes nobody's lateness younger
                    standing = [
                        one._replace(since=min(one.since, loan["kept"])) if one.since else one for one in standing
                    ]
            result.update(zip((part_id for part_id, _granted, _francs in parts), standing, strict=True))
        return {part.id: result[part.id] for part in self}

    def _paid_by_parts(self, loan_ids):
        """{loan id: [(part id, granted, paid)]} of all parts of these loans."""
        self.env.cr.execute(
            """SELECT s.loan_id, s.id, s.granted, COALESCE(sum(p.amount), 0)::bigint
                 FROM kondo_loan_split s LEFT JOIN kondo_loan_split_payment p ON p.split_id = s.id
                WHERE s.loan_id = ANY(%s) GROUP BY s.id ORDER BY s.loan_id, s.id""",
            (loan_ids,),
        )
        result = {}
        for loan_id, *part in self.env.cr.fetchall():
            result.setdefault(loan_id, []).append(tuple(part))
        return result

    def _instalments_in_force(self, loan_ids):
        """{loan id: {"day", "tolerance", "kept", "instalments": [(due, francs)]}} of those that are running."""
        self.env.cr.execute(
            """SELECT l.id, c.business_date, p.arrears_tolerance, l.late_from_kept, i.due,
                      i.principal + i.interest + i.fee + i.tax + i.insurance + i.guarantee + i.penalty - i.waived_penalty
                 FROM kondo_loan l
                 JOIN res_company c ON c.id = l.company_id
                 JOIN kondo_loan_product p ON p.id = l.product_id
                 JOIN kondo_loan_instalment i ON i.loan_id = l.id AND i.schedule_id = l.schedule_id AND i.current
                WHERE l.id = ANY(%s) AND l.state = 'active' ORDER BY l.id, i.due, i.number""",
            (loan_ids,),
        )
        result = {}
        for loan_id, day, tolerance, kept, due, total in self.env.cr.fetchall():
            loan = result.setdefault(loan_id, {"day": day, "tolerance": tolerance, "kept": kept, "instalments": []})
            loan["instalments"].append((due, total))
        return result

    def _paid_before(self, loan_ids):
        """{part id: francs} that were paid on schedules no longer in force; parts that paid none are left out."""
        self.env.cr.execute(
            """SELECT a.payment_id, a.loan_id, COALESCE(sum(a.amount) FILTER (WHERE i.id IS NOT NULL), 0)::bigint
                 FROM kondo_loan_allocation a JOIN kondo_loan l ON l.id = a.loan_id AND l.state = 'active'
                 LEFT JOIN kondo_loan_instalment i
                   ON i.id = a.instalment_id AND i.schedule_id = l.schedule_id AND i.current
                WHERE a.loan_id = ANY(%s) GROUP BY a.payment_id, a.loan_id
               HAVING sum(a.amount) <> COALESCE(sum(a.amount) FILTER (WHERE i.id IS NOT NULL), 0)""",
            (loan_ids,),
        )
        in_force = {(payment_id, loan_id): francs for payment_id, loan_id, francs in self.env.cr.fetchall()}
        if not in_force:
            return {}
        self.env.cr.execute(
            """SELECT payment_id, loan_id, split_id, sum(amount)::bigint FROM kondo_loan_split_payment
                WHERE payment_id = ANY(%s) AND loan_id = ANY(%s) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3""",
            (sorted({payment_id for payment_id, _loan in in_force}), loan_ids),
        )
        payments = {}
        for payment_id, loan_id, split_id, francs in self.env.cr.fetchall():
            if (payment_id, loan_id) in in_force:
                payments.setdefault((payment_id, loan_id), {})[split_id] = max(0, francs)
        result = {}
        for key, own in payments.items():
            now = largest_remainder(min(in_force[key], sum(own.values())), list(own.values()))
            for (split_id, francs), current in zip(own.items(), now, strict=True):
                result[split_id] = result.get(split_id, 0) + francs - current
        return result

    # ------------------------------------------------------------------ stored for lists and searches
    def _store_standing(self, day):
        """Write where these parts stand: in one statement, those that changed."""
        if not self:
            return
        rows = [
            (part_id, one.paid, one.left, one.late, (day - one.since).days if one.since else 0, one.since)
            for part_id, one in self._standing(day).items()
        ]
        columns = [list(column) for column in zip(*rows, strict=True)]
        self.env.cr.execute(
            """UPDATE kondo_loan_split s
                  SET repaid = q.repaid, rest = q.rest, amount_late = q.late, days_late = q.days, late_since = q.since
                 FROM unnest(%s::int[], %s::bigint[], %s::bigint[], %s::bigint[], %s::int[], %s::date[])
                      AS q (id, repaid, rest, late, days, since)
                WHERE q.id = s.id AND (s.repaid, s.rest, s.amount_late, s.days_late, s.late_since)
                      IS DISTINCT FROM (q.repaid, q.rest, q.late, q.days, q.since)""",
            columns,
        )
        self.invalidate_recordset(["repaid", "rest", "amount_late", "days_late", "late_since"], flush=False)
