from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ...engine.periods import period_of
from .commission import APPROVERS


class KondoCollectionCommission(models.Model):
    """The commissions of a month, prepared for every collector at once."""

    _inherit = "kondo.collection.commission"

    @api.model
    def prepare_month(self, company_id, day):
        """Prepare what is not prepared yet for the month that holds `day` (date or text); returns their ids.

        Counted are the sheets that a till has received in the month. The month is over: nothing is received in it later.
        """
        self.env["kondo.four.eyes"]._check_group(*APPROVERS)
        company = self.env["res.company"].browse(company_id)
        company._check_visible()
        start, end = period_of("monthly", fields.Date.to_date(day))
        last = fields.Date.subtract(end, days=1)
        if not company.sudo().business_date or company.sudo().business_date <= last:
            raise UserError(
                self.env._(
                    "The month is not over: its commissions are prepared after %(date)s.",
                    date=format_date(self.env, last),
                )
            )
        commissions = self.sudo()
        known = commissions.search(
            [
                ("company_id", "=", company.id),
                ("date_from", "=", start),
                ("collection_id", "=", False),
                ("state", "!=", "cancelled"),
            ]
        )
        collectors = self.env["kondo.collector"].sudo().with_context(active_test=False)
        for collector_id, payments in self._payments(company, start, last).items():
            collector = collectors.browse(collector_id)
            if collector not in known.collector_id and collector.scheme_id.moment == "month":
                known |= commissions._prepare(collector, start, last, payments)
        return known.ids

    def _payments(self, company, start, last):
        """{collector id: [(account id, partner id, francs, last usual stake)]} of the sheets received; one query.

        A sheet whose commission was taken when it was received does not count again.
        """
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT c.collector_id, l.account_id, l.partner_id, sum(l.amount)::bigint,
                      (array_agg(l.expected ORDER BY c.date DESC, c.id DESC))[1]
                 FROM kondo_collection c
                 JOIN kondo_collection_line l ON l.collection_id = c.id AND l.amount > 0
                WHERE c.company_id = %(company)s AND c.state = 'received' AND c.received_on BETWEEN %(start)s AND %(last)s
                  AND NOT EXISTS (SELECT 1 FROM kondo_collection_commission k
                                   WHERE k.collection_id = c.id AND k.state <> 'cancelled')
                GROUP BY c.collector_id, l.account_id, l.partner_id
                ORDER BY c.collector_id, min(l.sequence), l.account_id""",
            {"company": company.id, "start": start, "last": last},
        )
        payments = {}
        for collector_id, *row in self.env.cr.fetchall():
            account_id, partner_id, francs, stake = row
            payments.setdefault(collector_id, []).append((account_id, partner_id, int(francs), int(stake)))
        return payments
