import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ....engine.fees import periods_ended
from ....engine.rounding import exact

# Francs above holds and the product's minimum: what a fee may take.
ROOM = SQL("a.balance - a.blocked - p.minimum_balance")


class KondoSavingsFee(models.Model):
    """The end of the day: fees that waited are taken where money has come, then account keeping is charged."""

    _inherit = "kondo.savings.fee"

    @api.model
    @api.private
    def _day_end(self, company, date, next_date):
        self._take_dues(company, date)
        keeping = self.sudo().search(
            [
                ("company_id", "=", company.sudo().root_id.id),
                ("moment", "in", ("keeping", "dormant")),
                ("date_from", "<", next_date),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", date.replace(day=1, month=1)),
            ],
            order="date_from, id",
        )
        for tariff in keeping:
            for start, end in periods_ended(tariff.product_id.keeping_period, date, next_date):
                tariff._charge_period(company, start, end)

    # ------------------------------------------------------------------ what waits
    @api.model
    def _take_dues(self, company, date):
        """Waiting fees of all accounts, oldest first, as far as each account's money goes; one operation."""
        with self.env["kondo.operation"]._posting_env() as env:
            env.flush_all()
            env.cr.execute("DROP TABLE IF EXISTS kondo_fee_taken")
            env.cr.execute(
                SQL(
                    """CREATE TEMPORARY TABLE kondo_fee_taken ON COMMIT DROP AS
                       WITH waiting AS (
                           SELECT d.id, d.account_id, d.fee_id, d.amount, d.tax, d.total, d.since
                             FROM kondo_savings_fee_due d
                            WHERE d.company_id = %(company)s AND d.state = 'waiting' FOR UPDATE
                       ), running AS (
                           SELECT w.*, sum(w.total) OVER (PARTITION BY w.account_id ORDER BY w.since, w.id) AS needed
                             FROM waiting w
                       )
                       SELECT r.id AS due_id, r.account_id, r.fee_id, r.amount, r.tax
                         FROM running r
                         JOIN kondo_savings_account a ON a.id = r.account_id
                         JOIN kondo_savings_product p ON p.id = a.product_id
                        WHERE a.state <> 'closed' AND p.kind <> 'term' AND r.needed <= %(room)s""",
                    company=company.id,
                    room=ROOM,
                )
            )
            env.cr.execute("SELECT min(due_id), count(*) FROM kondo_fee_taken")
            first, count = env.cr.fetchone()
            if not count:
                return
            name = f"kondo.savings.fee,waiting,{company.kondo_code},{date},{first},{count}"
            env[self._name]._post_taken(company, name, "waiting")
            env.cr.execute(
                """UPDATE kondo_savings_fee_due d SET state = 'paid', operation_id = o.id
                     FROM kondo_fee_taken t, kondo_operation o
                    WHERE d.id = t.due_id AND o.company_id = %s AND o.uuid = %s""",
                (company.id, self._uuid_of(name)),
            )
            env["kondo.savings.fee.due"].invalidate_model()

    # ------------------------------------------------------------------ account keeping
    def _charge_period(self, company, start, end):
        """Charge the days of [start, end) on each account of the product; what an account cannot pay waits on it.

        By days from the opening or the first day of the tariff; `keeping_until` of the account says up to which day it
        has been charged, so that a second run finds nothing to do.
        """
        self.ensure_one()
        with self.env["kondo.operation"]._posting_env() as env:
            tariff = env[self._name].browse(self.id)
            env.flush_all()
            env.cr.execute("DROP TABLE IF EXISTS kondo_fee_keeping, kondo_fee_taken")
            env.cr.execute(tariff._keeping_query(company, start, end))
            env.cr.execute(
                """CREATE TEMPORARY TABLE kondo_fee_taken ON COMMIT DROP AS
                   SELECT NULL::integer AS due_id, account_id, fee_id, amount, tax FROM kondo_fee_keeping
                    WHERE amount > 0 AND amount + tax <= room"""
            )
            env.cr.execute("SELECT count(*) FROM kondo_fee_taken")
            if env.cr.fetchone()[0]:
                code = company.sudo().kondo_code
                name = f"kondo.savings.fee,{code},{tariff.product_id.code},{tariff.moment},{tariff.date_from},{end}"
                tariff._post_taken(company, name, tariff.moment)
            tariff._keep_waiting(company, start, end)
            env["kondo.savings.account"].invalidate_model(["keeping_until"])

    def _keeping_query(self, company, start, end):
        """SQL of the table kondo_fee_keeping: account_id, fee_id, last (day charged), room, amount and tax (francs).

        The same arithmetic as `keeping_fee` and `tax_on` of the engine, without losing a digit: `div` of whole numbers.
        """
        percent = self.method == "percent"
        rate, tax = exact(str(self.rate)), self._tax_rate(end)
        cost = SQL("%s::numeric", self.amount)
        if percent:
            # kept as a whole number of hundredths of the rate's denominator, so that `div` below is exact
            cost = SQL(
                "greatest(%s::numeric * %s, greatest(a.balance, 0) * %s::numeric)",
                self.floor,
                100 * rate.denominator,
                rate.numerator,
            )
            if self.ceiling:
                cost = SQL("least(%s, %s::numeric * %s)", cost, self.ceiling, 100 * rate.denominator)
        scale = (100 * rate.denominator if percent else 1) * (end - start).days
        return SQL(
            """CREATE TEMPORARY TABLE kondo_fee_keeping ON COMMIT DROP AS
               WITH locked AS (
                   SELECT a.id FROM kondo_savings_account a
                    WHERE a.company_id = %(company)s AND a.product_id = %(product)s AND a.state <> 'closed'
                    ORDER BY a.id FOR NO KEY UPDATE
               ), charged AS (
                   SELECT a.id, %(last)s::date AS last, %(room)s AS room,
                          CASE WHEN a.fees_exempt OR (a.state = 'dormant') <> %(dormant)s THEN 0 ELSE
                          div(2 * %(cost)s * (%(last)s::date + 1 - greatest(%(start)s, a.opened_on, a.keeping_until + 1))
                              + %(scale)s, 2 * %(scale)s)::bigint END AS amount
                     FROM kondo_savings_account a
                     JOIN locked ON locked.id = a.id
                     JOIN kondo_savings_product p ON p.id = a.product_id
                    WHERE greatest(%(start)s, a.opened_on, a.keeping_until + 1) <= %(last)s::date
               )
               SELECT id AS account_id, %(fee)s AS fee_id, last, room, amount,
                      div(2 * amount * %(tax)s::numeric + %(tax_scale)s, 2 * %(tax_scale)s)::bigint AS tax
                 FROM charged""",
            company=company.id,
            product=self.product_id.id,
            dormant=self.moment == "dormant",
            fee=self.id,
            start=max(start, self.date_from),
            last=self._last_day(end),
            room=ROOM,
            cost=cost,
            scale=scale,
            tax=tax.numerator,
            tax_scale=100 * tax.denominator,
        )

    def _last_day(self, end):
        """The last day of this tariff before `end`."""
        before = fields.Date.subtract(end, days=1)
        return min(before, self.date_to) if self.date_to else before

    def _tax_rate(self, end):
        """Percent of tax on this fee (Fraction) at the end of a period."""
        if not self.taxed or self.company_id.sudo().root_id.fees_exempt:
            return exact(0)
        return exact(self.env["kondo.parameter"]._get("taf_rate", self._last_day(end)))

    def _keep_waiting(self, company, start, end):
        """What could not be taken waits; every account of the run is charged up to its last day."""
        self.env.cr.execute(
            SQL(
                """INSERT INTO kondo_savings_fee_due
                          (account_id, company_id, fee_id, moment, amount, tax, total, since, state,
                           create_uid, create_date, write_uid, write_date)
                   SELECT account_id, %(company)s, fee_id, %(moment)s, amount, tax, amount + tax, last, 'waiting',
                          %(user)s, now() AT TIME ZONE 'UTC', %(user)s, now() AT TIME ZONE 'UTC'
                     FROM kondo_fee_keeping WHERE amount > 0 AND amount + tax > room ORDER BY account_id""",
                company=company.id,
                moment=self.moment,
                user=self.env.uid,
            )
        )
        # An account in use is not charged by the tariff of dormant ones, and the reverse: only its own marks it.
        self.env.cr.execute(
            SQL(
                """UPDATE kondo_savings_account a SET keeping_until = k.last FROM kondo_fee_keeping k
                    WHERE a.id = k.account_id AND (a.state = 'dormant') = %s""",
                self.moment == "dormant",
            )
        )

    # ------------------------------------------------------------------ posting
    @api.model
    def _uuid_of(self, name):
        return str(uuid.uuid5(uuid.NAMESPACE_OID, name))

    @api.model
    def _post_taken(self, company, name, what):
        """Post the table kondo_fee_taken as one operation of the open transaction."""
        key = self._uuid_of(name)
        answer = self.env["kondo.operation"]._post_here("fee", key, company.id, {"batch": what}, key)
        if answer["replayed"]:
            raise UserError(self.env._("These fees were already charged."))


class KondoOperation(models.Model):
    _inherit = "kondo.operation"

    @api.private
    def _execute_fee_batch(self, posting, values):
        """The fees of the table kondo_fee_taken, one leg for each account and tariff, one income leg for each tariff."""
        cr = self.env.cr
        fees = self.env["kondo.savings.fee"]
        labels = {
            moment: self.env._("Fee: %(service)s", service=label)
            for moment, label in fees._fields["moment"]._description_selection(self.env)
        }
        pairs = SQL(", ").join(SQL("(%s, %s)", moment, label) for moment, label in labels.items())
        posting.move_many(
            SQL(
                """SELECT t.account_id, -sum(t.amount + t.tax)::bigint, l.label, min(COALESCE(t.due_id, t.account_id))::bigint
                     FROM kondo_fee_taken t JOIN kondo_savings_fee f ON f.id = t.fee_id
                     JOIN (VALUES %s) AS l (moment, label) ON l.moment = f.moment
                    GROUP BY t.account_id, f.id, l.label""",
                pairs,
            )
        )
        cr.execute(
            "SELECT fee_id, sum(amount)::bigint, sum(tax)::bigint FROM kondo_fee_taken GROUP BY fee_id ORDER BY 1"
        )
        total = 0
        for fee_id, amount, tax in cr.fetchall():
            tariff = fees.sudo().browse(fee_id)
            self._add_fee_income(posting, tariff, amount, tax, labels[tariff.moment])
            total += amount + tax
        posting.label = self.env._("Fees of the accounts")
        posting.values.update(amount=total)
