from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..fields import Francs
from .bands import AGES, BUCKETS, SEXES


class KondoSnapshot(models.AbstractModel):
    """A photograph taken by the closing: written once by SQL, read by dashboards and returns, never changed."""

    _name = "kondo.snapshot"
    _description = "Photograph of a day"
    _log_access = False

    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True)
    date = fields.Date(string="Day", required=True, readonly=True)

    def create(self, vals_list):
        raise AccessError(self.env._("A photograph is taken by the closing of the day."))

    def write(self, vals):
        raise AccessError(self.env._("A photograph is taken by the closing of the day."))

    def unlink(self):
        raise AccessError(self.env._("A photograph is taken by the closing of the day."))

    # ------------------------------------------------------------------ the steps of the closing
    @api.model
    @api.private
    def _day_end(self, company, date, next_date):
        """The day by caisse, product, officer, fund, sector, sex and age; at the end of a month each loan and account.

        Safe to run again: the rows of that day are replaced. Returns the number of rows.
        """
        with self.env["kondo.operation"]._posting_env() as env:
            env.flush_all()
            env.cr.execute("SET LOCAL work_mem = '64MB'")  # thousands of loans are joined: in memory, not on disk
            models_taken = ["kondo.snapshot.portfolio", "kondo.snapshot.deposits"]
            if company._ends_month(date, next_date):
                models_taken += ["kondo.snapshot.loan", "kondo.snapshot.funding", "kondo.snapshot.account"]
            return sum(env[name]._take(company.id, date) for name in models_taken)

    @api.model
    @api.private
    def _take(self, company_id, date):
        """Replace the rows of a caisse and day by those of `_query`."""
        table = SQL.identifier(self._table)
        columns = SQL(", ").join(map(SQL.identifier, ("company_id", "date", *self._columns())))
        self.env.cr.execute(SQL("DELETE FROM %s WHERE company_id = %s AND date = %s", table, company_id, date))
        self.env.cr.execute(SQL("INSERT INTO %s (%s) %s", table, columns, self._query(company_id, date)))
        self.invalidate_model()
        return self.env.cr.rowcount

    @api.model
    def _columns(self):
        raise NotImplementedError

    @api.model
    def _query(self, company_id, date):
        """SQL of the rows of a caisse: company, `date`, then `_columns`."""
        raise NotImplementedError


class KondoSnapshotPortfolio(models.Model):
    """Loans of a caisse on one evening, summed by what portfolio quality is read by.

    A loan that several lines pay stands in a row of each, its francs shared to the franc: `loans` counts it once, in
    the row of the first of them, so that sums over all rows are true; `parts` counts it in each.
    """

    _name = "kondo.snapshot.portfolio"
    _description = "Loans on an evening"
    _inherit = ["kondo.snapshot"]
    _order = "date desc, id"

    product_id = fields.Many2one("kondo.loan.product", readonly=True)
    officer_id = fields.Many2one("res.users", string="Officer", readonly=True)
    line_id = fields.Many2one("kondo.funding.line", string="Donor's line", readonly=True)
    sector_id = fields.Many2one("kondo.loan.sector", string="Sector", readonly=True)
    sex = fields.Selection(SEXES, readonly=True)
    age = fields.Selection(AGES, readonly=True)
    stage = fields.Char(string="Class", readonly=True)
    bucket = fields.Selection(BUCKETS, string="Days late", readonly=True)
    loans = fields.Integer(readonly=True)
    parts = fields.Integer(readonly=True, help="Loans of which this line, or the own funds, pay a part.")
    principal = Francs(string="Outstanding", readonly=True)
    late = Francs(string="Late", readonly=True)
    accrued = Francs(string="Accrued interest", readonly=True)
    provision = Francs(readonly=True)
    needed = Francs(string="Provision needed", readonly=True)
    restructured = Francs(readonly=True, help="Outstanding of loans whose schedule was changed.")

    _day = models.Index("(company_id, date)")

    @api.model
    def _columns(self):
        return (
            "product_id", "officer_id", "line_id", "sector_id", "sex", "age", "stage", "bucket", "loans", "parts",
            "principal", "late", "accrued", "provision", "needed", "restructured",
        )  # fmt: skip

    @api.model
    def _query(self, company_id, date):
        return SQL(
            """
            SELECT company_id, %(date)s::date, product_id, officer_id, line_id, sector_id, sex, age, stage, bucket,
                   count(*) FILTER (WHERE rank = 1), count(*), sum(principal)::bigint, sum(late)::bigint,
                   sum(accrued)::bigint, sum(provision)::bigint, sum(needed)::bigint, sum(restructured)::bigint
              FROM (%(parts)s) p
             GROUP BY company_id, product_id, officer_id, line_id, sector_id, sex, age, stage, bucket
            """,
            date=date,
            parts=self.env["kondo.portfolio"]._parts({company_id: date}),
        )


class KondoSnapshotDeposits(models.Model):
    """Savings of a caisse on one evening, summed by product, sex and state."""

    _name = "kondo.snapshot.deposits"
    _description = "Savings on an evening"
    _inherit = ["kondo.snapshot"]
    _order = "date desc, id"

    product_id = fields.Many2one("kondo.savings.product", readonly=True)
    sex = fields.Char(readonly=True)
    state = fields.Char(readonly=True)
    accounts = fields.Integer(readonly=True)
    balance = Francs(readonly=True)
    blocked = Francs(readonly=True)

    _day = models.Index("(company_id, date)")

    @api.model
    def _columns(self):
        return ("product_id", "sex", "state", "accounts", "balance", "blocked")

    @api.model
    def _query(self, company_id, date):
        return SQL(
            """
            SELECT a.company_id, %(date)s::date, a.product_id, COALESCE(p.sex, p.member_kind), a.state, count(*),
                   sum(a.balance), sum(a.blocked)
              FROM kondo_savings_account a JOIN res_partner p ON p.id = a.partner_id
             WHERE a.company_id = %(company)s AND a.state <> 'closed'
             GROUP BY 1, 3, 4, 5
            """,
            date=date,
            company=company_id,
        )


class KondoSnapshotAccount(models.Model):
    """A savings account at the end of a month."""

    _name = "kondo.snapshot.account"
    _description = "Savings account at the end of a month"
    _inherit = ["kondo.snapshot"]
    _order = "date desc, account_id"

    account_id = fields.Many2one("kondo.savings.account", required=True, readonly=True, index=True)
    state = fields.Char(readonly=True)
    balance = Francs(readonly=True)
    blocked = Francs(readonly=True)

    _once = models.UniqueIndex("(company_id, date, account_id)")

    @api.model
    def _columns(self):
        return ("account_id", "state", "balance", "blocked")

    @api.model
    def _query(self, company_id, date):
        return SQL(
            """
            SELECT a.company_id, %(date)s::date, a.id, a.state, a.balance, a.blocked
              FROM kondo_savings_account a WHERE a.company_id = %(company)s AND a.state <> 'closed'
            """,
            date=date,
            company=company_id,
        )
