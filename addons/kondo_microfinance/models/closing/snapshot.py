from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..fields import Francs

BUCKETS = [
    ("0", "Not late"),
    ("1", "1 to 30 days"),
    ("31", "31 to 60 days"),
    ("61", "61 to 90 days"),
    ("91", "91 to 180 days"),
    ("181", "181 to 365 days"),
    ("366", "Over 365 days"),
]
BUCKET_SQL = """CASE WHEN l.days_late >= 366 THEN '366' WHEN l.days_late >= 181 THEN '181' WHEN l.days_late >= 91 THEN '91'
    WHEN l.days_late >= 61 THEN '61' WHEN l.days_late >= 31 THEN '31' WHEN l.days_late >= 1 THEN '1' ELSE '0' END"""
FUND_SQL = "(SELECT f.line_id FROM kondo_loan_funding f WHERE f.loan_id = l.id ORDER BY f.id LIMIT 1)"


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
            models_taken = ["kondo.snapshot.portfolio", "kondo.snapshot.deposits"]
            if company._ends_month(date, next_date):
                models_taken += ["kondo.snapshot.loan", "kondo.snapshot.account"]
            return sum(env[name]._take(company.id, date) for name in models_taken)

    @api.model
    @api.private
    def _take(self, company_id, date):
        """Replace the rows of a caisse and day by those of `_query`."""
        columns = ", ".join(self._columns())
        self.env.cr.execute(f"DELETE FROM {self._table} WHERE company_id = %s AND date = %s", (company_id, date))
        self.env.cr.execute(
            f"INSERT INTO {self._table} (company_id, date, {columns}) {self._query()}",
            {"company": company_id, "date": date},
        )
        self.invalidate_model()
        return self.env.cr.rowcount

    @api.model
    def _columns(self):
        raise NotImplementedError

    @api.model
    def _query(self):
        raise NotImplementedError


class KondoSnapshotPortfolio(models.Model):
    """Loans of a caisse on one evening, summed by what portfolio quality is read by."""

    _name = "kondo.snapshot.portfolio"
    _description = "Loans on an evening"
    _inherit = ["kondo.snapshot"]
    _order = "date desc, id"

    product_id = fields.Many2one("kondo.loan.product", readonly=True)
    officer_id = fields.Many2one("res.users", string="Officer", readonly=True)
    line_id = fields.Many2one("kondo.funding.line", string="Donor's line", readonly=True)
    sector_id = fields.Many2one("kondo.loan.sector", string="Sector", readonly=True)
    sex = fields.Char(readonly=True)
    stage = fields.Char(string="Class", readonly=True)
    bucket = fields.Selection(BUCKETS, string="Days late", readonly=True)
    loans = fields.Integer(readonly=True)
    principal = Francs(string="Outstanding", readonly=True)
    late = Francs(string="Late", readonly=True)
    accrued = Francs(string="Accrued interest", readonly=True)
    provision = Francs(readonly=True)
    restructured = Francs(readonly=True, help="Outstanding of loans whose schedule was changed.")

    _day = models.Index("(company_id, date)")

    @api.model
    def _columns(self):
        return (
            "product_id", "officer_id", "line_id", "sector_id", "sex", "stage", "bucket", "loans", "principal", "late",
            "accrued", "provision", "restructured",
        )  # fmt: skip

    @api.model
    def _query(self):
        return f"""
            SELECT l.company_id, %(date)s, l.product_id, l.officer_id, {FUND_SQL}, l.sector_id,
                   COALESCE(p.sex, p.member_kind), l.stage, {BUCKET_SQL}, count(*), sum(l.principal), sum(l.amount_late),
                   sum(l.accrued), sum(l.provision), COALESCE(sum(l.principal) FILTER (WHERE l.restructured), 0)
              FROM kondo_loan l JOIN res_partner p ON p.id = l.partner_id
             WHERE l.company_id = %(company)s AND l.state = 'active'
             GROUP BY 1, 3, 4, 5, 6, 7, 8, 9
        """


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
    def _query(self):
        return """
            SELECT a.company_id, %(date)s, a.product_id, COALESCE(p.sex, p.member_kind), a.state, count(*), sum(a.balance),
                   sum(a.blocked)
              FROM kondo_savings_account a JOIN res_partner p ON p.id = a.partner_id
             WHERE a.company_id = %(company)s AND a.state <> 'closed'
             GROUP BY 1, 3, 4, 5
        """


class KondoSnapshotLoan(models.Model):
    """A loan at the end of a month."""

    _name = "kondo.snapshot.loan"
    _description = "Loan at the end of a month"
    _inherit = ["kondo.snapshot"]
    _order = "date desc, loan_id"

    loan_id = fields.Many2one("kondo.loan", required=True, readonly=True, index=True)
    officer_id = fields.Many2one("res.users", string="Officer", readonly=True)
    line_id = fields.Many2one("kondo.funding.line", string="Donor's line", readonly=True)
    stage = fields.Char(string="Class", readonly=True)
    bucket = fields.Selection(BUCKETS, string="Days late", readonly=True)
    days_late = fields.Integer(readonly=True)
    principal = Francs(string="Outstanding", readonly=True)
    late = Francs(string="Late", readonly=True)
    accrued = Francs(string="Accrued interest", readonly=True)
    provision = Francs(readonly=True)

    _once = models.UniqueIndex("(company_id, date, loan_id)")

    @api.model
    def _columns(self):
        return (
            "loan_id", "officer_id", "line_id", "stage", "bucket", "days_late", "principal", "late", "accrued", "provision",
        )  # fmt: skip

    @api.model
    def _query(self):
        return f"""
            SELECT l.company_id, %(date)s, l.id, l.officer_id, {FUND_SQL}, l.stage, {BUCKET_SQL}, COALESCE(l.days_late, 0),
                   l.principal, l.amount_late, l.accrued, l.provision
              FROM kondo_loan l WHERE l.company_id = %(company)s AND l.state = 'active'
        """


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
    def _query(self):
        return """
            SELECT a.company_id, %(date)s, a.id, a.state, a.balance, a.blocked
              FROM kondo_savings_account a WHERE a.company_id = %(company)s AND a.state <> 'closed'
        """
