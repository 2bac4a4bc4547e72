from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.kondo_microfinance.models.portfolio.portfolio import Asked, Source

ONLY = "kondo_campaigns_only"
FIRST, LAST = "1900-01-01", "9999-12-31"


class KondoPortfolio(models.AbstractModel):
    _inherit = "kondo.portfolio"

    @api.model
    def _campaign_condition(self, asked):
        if self.env.context.get(ONLY):
            return SQL("l.campaign_id IS NOT NULL")
        return super()._campaign_condition(asked)


class KondoCampaignBoard(models.Model):
    """Campaigns by crop, zone and month: area financed, debt, what falls due, what was recovered, what the harvest brings.

    A row for each loan, with its area, debt and expected proceeds; and one for each of its instalments, with what was
    asked and what was paid of it at J0, J+30 and J+60 by the rules of the recovery curve (`kondo.portfolio`).
    """

    _name = "kondo.campaign.board"
    _description = "Board of campaigns"
    _auto = False
    _order = "campaign_id desc, company_id, partner_id, due_on"
    _rec_name = "loan_id"

    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True)
    campaign_id = fields.Many2one("kondo.campaign", readonly=True)
    crop_id = fields.Many2one("kondo.crop", readonly=True)
    zone_id = fields.Many2one("kondo.zone", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Organisation", readonly=True)
    loan_id = fields.Many2one("kondo.loan", string="Loan", readonly=True)
    state = fields.Selection(related="loan_id.state")
    due_on = fields.Date(string="Due on", readonly=True)
    organisations = fields.Integer(string="Organisations", readonly=True)
    area = fields.Float(
        string="Area financed", digits=(16, 2), readonly=True, help="Hectares, heads or bags, as the crop is counted."
    )
    disbursed = fields.Integer(string="Disbursed (F)", readonly=True)
    outstanding = fields.Integer(string="Outstanding (F)", readonly=True)
    proceeds = fields.Integer(
        string="Expected proceeds (F)", readonly=True, help="Area x expected yield x expected price of the campaign."
    )
    margin = fields.Integer(string="Proceeds less debt (F)", readonly=True)
    due = fields.Integer(string="Left to fall due or late (F)", readonly=True)
    fallen = fields.Integer(string="Fallen due (F)", readonly=True)
    paid_0 = fields.Integer(string="Paid at J0 (F)", readonly=True)
    paid_30 = fields.Integer(string="Paid at J+30 (F)", readonly=True)
    paid_60 = fields.Integer(string="Paid at J+60 (F)", readonly=True)

    @property
    def _table_query(self):
        self.env.flush_all()
        companies = (
            self.env["res.company"].sudo().search([("kondo_kind", "=", "caisse"), ("business_date", "!=", False)])
        )
        sources = [Source(company.id, True, company.business_date, False) for company in companies]
        day = max(companies.mapped("business_date"), default=fields.Date.context_today(self))
        asked = Asked(
            day, sources, "product", fields.Date.to_date(FIRST), fields.Date.to_date(LAST), "campaign", False, day
        )
        instalments = self.env["kondo.portfolio"].with_context(**{ONLY: True})._campaign(asked) if sources else None
        rows = [self._loan_rows(), *([self._instalment_rows(instalments)] if instalments else [])]
        return SQL(
            "SELECT row_number() OVER (ORDER BY loan_id, kind, due_on) AS id, * FROM (%s) r",
            SQL(" UNION ALL ").join(rows),
        )

    def _loan_rows(self):
        return SQL(
            """
            SELECT 0 AS kind, l.company_id, l.campaign_id, l.crop_id, COALESCE(c.zone_id, p.org_zone_id) AS zone_id,
                   l.partner_id, l.id AS loan_id, COALESCE(l.next_due, c.due_on) AS due_on,
                   CASE WHEN row_number() OVER (PARTITION BY l.campaign_id, l.partner_id ORDER BY l.id) = 1
                        THEN 1 ELSE 0 END AS organisations,
                   COALESCE(n.measure, 0) AS area, l.disbursed, l.principal AS outstanding, x.proceeds,
                   x.proceeds - l.principal AS margin, 0::bigint AS due, 0::bigint AS fallen, 0::bigint AS paid_0,
                   0::bigint AS paid_30, 0::bigint AS paid_60
              FROM kondo_loan l
              JOIN kondo_campaign c ON c.id = l.campaign_id
              JOIN res_partner p ON p.id = l.partner_id
              LEFT JOIN kondo_campaign_need n ON n.loan_id = l.id
             CROSS JOIN LATERAL (
                   SELECT round(COALESCE(n.measure, 0)::numeric * COALESCE(c.expected_yield, 0)::numeric
                                * c.expected_price)::bigint AS proceeds) x
             WHERE l.state IN ('approved', 'active', 'closed', 'written_off')
            """
        )

    def _instalment_rows(self, instalments):
        return SQL(
            """
            SELECT 1, l.company_id, l.campaign_id, l.crop_id, COALESCE(c.zone_id, p.org_zone_id), l.partner_id, l.id, i.due,
                   0, 0, 0, 0, 0, 0, CASE WHEN l.state = 'active' THEN i.asked - i.paid - CASE WHEN i.last THEN w.waiting ELSE 0 END ELSE 0 END,
                   CASE WHEN i.due <= i.day THEN i.asked ELSE 0 END,
                   CASE WHEN i.due <= i.day THEN i.paid_0 ELSE 0 END,
                   CASE WHEN i.due <= i.day THEN i.paid_30 ELSE 0 END,
                   CASE WHEN i.due <= i.day THEN i.paid_60 ELSE 0 END
              FROM (SELECT *, due = max(due) OVER (PARTITION BY loan_id) AS last FROM (%s) a) i
              JOIN kondo_loan l ON l.id = i.loan_id
              JOIN kondo_campaign c ON c.id = l.campaign_id
              JOIN res_partner p ON p.id = l.partner_id
              -- what is granted and not paid out yet stands in the schedule, and is owed by nobody
             CROSS JOIN LATERAL (SELECT COALESCE(sum(t.amount), 0)::bigint AS waiting FROM kondo_loan_tranche t
                                  WHERE t.loan_id = l.id AND t.disbursed IS NOT TRUE) w
            """,
            instalments,
        )

    def action_open_loan(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "kondo.loan",
            "res_id": self.loan_id.id,
            "views": [(False, "form")],
        }
