from odoo import fields, models
from odoo.tools import SQL

from ..closing.bands import AGES, BUCKETS, SEXES, age_sql, bucket_sql, sex_sql
from ..fields import Francs
from ..loans.loan import STAGES


class KondoLoanArrears(models.Model):
    """The ageing list: one row for each running loan that is late, as it stands now, to search, group and export."""

    _name = "kondo.loan.arrears"
    _description = "Loan in arrears"
    _auto = False
    _order = "days_late desc, id"
    _rec_name = "loan_id"

    loan_id = fields.Many2one("kondo.loan", readonly=True)
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True)
    partner_id = fields.Many2one("res.partner", string="Member", readonly=True)
    phone = fields.Char(readonly=True)
    village_id = fields.Many2one("kondo.village", string="Village or quarter", readonly=True)
    product_id = fields.Many2one("kondo.loan.product", readonly=True)
    officer_id = fields.Many2one("res.users", string="Officer", readonly=True)
    sector_id = fields.Many2one("kondo.loan.sector", string="Sector", readonly=True)
    sex = fields.Selection(SEXES, readonly=True)
    age = fields.Selection(AGES, readonly=True)
    stage = fields.Selection(STAGES, string="Class", readonly=True)
    days_late = fields.Integer(readonly=True, aggregator=None)
    bucket = fields.Selection(BUCKETS, string="Age of the arrears", readonly=True)
    late_since = fields.Date(readonly=True)
    instalments_late = fields.Integer(readonly=True)
    late = Francs(string="Late", readonly=True)
    principal = Francs(string="Outstanding", readonly=True)
    provision = Francs(readonly=True)
    restructured = fields.Boolean(readonly=True)
    next_due = fields.Date(string="Next due date", readonly=True)
    next_amount = Francs(string="Next amount", readonly=True)

    @property
    def _table_query(self):
        partner = SQL("p")
        return SQL(
            """
            SELECT l.id, l.id AS loan_id, l.company_id, l.partner_id, p.phone, p.village_id, l.product_id, l.officer_id,
                   l.sector_id, %(sex)s AS sex, %(age)s AS age, l.stage, l.days_late, %(bucket)s AS bucket, l.late_since,
                   l.instalments_late, l.amount_late AS late, l.principal, l.provision, l.restructured, l.next_due,
                   l.next_amount
              FROM kondo_loan l
              JOIN res_partner p ON p.id = l.partner_id
              JOIN res_company c ON c.id = l.company_id
             WHERE l.state = 'active' AND l.days_late > 0
            """,
            sex=sex_sql(partner),
            age=age_sql(partner, SQL("COALESCE(c.business_date, CURRENT_DATE)")),
            bucket=bucket_sql(SQL("l.days_late")),
        )

    def action_open_loan(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "kondo.loan",
            "res_id": self.loan_id.id,
            "views": [(False, "form")],
        }
