from odoo import api, fields, models
from odoo.tools import SQL

from ..fields import Francs
from ..loans.loan import STAGES
from .bands import AGES, BUCKETS, SEXES


class KondoSnapshotLoan(models.Model):
    """A loan at the end of a month, with what it was read by on that evening: officers and ages change."""

    _name = "kondo.snapshot.loan"
    _description = "Loan at the end of a month"
    _inherit = ["kondo.snapshot"]
    _order = "date desc, days_late desc, loan_id"
    _rec_name = "loan_id"

    loan_id = fields.Many2one("kondo.loan", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(related="loan_id.partner_id", string="Member")
    phone = fields.Char(related="loan_id.partner_id.phone")
    village_id = fields.Many2one(related="loan_id.partner_id.village_id", string="Village or quarter")
    product_id = fields.Many2one("kondo.loan.product", readonly=True)
    officer_id = fields.Many2one("res.users", string="Officer", readonly=True)
    line_id = fields.Many2one(
        "kondo.funding.line", string="Donor's line", readonly=True, help="Empty: own funds, or several lines."
    )
    lines = fields.Integer(string="Donors' lines", readonly=True, help="How many lines paid a part of it.")
    sector_id = fields.Many2one("kondo.loan.sector", string="Sector", readonly=True)
    sex = fields.Selection(SEXES, readonly=True)
    age = fields.Selection(AGES, readonly=True)
    stage = fields.Selection(STAGES, string="Class", readonly=True)
    bucket = fields.Selection(BUCKETS, string="Age of the arrears", readonly=True)
    days_late = fields.Integer(readonly=True, aggregator=None)
    principal = Francs(string="Outstanding", readonly=True)
    late = Francs(string="Late", readonly=True)
    accrued = Francs(string="Accrued interest", readonly=True)
    provision = Francs(readonly=True)
    needed = Francs(string="Provision needed", readonly=True)
    restructured = fields.Boolean(readonly=True)

    _once = models.UniqueIndex("(company_id, date, loan_id)")

    @api.model
    def _columns(self):
        return (
            "loan_id", "product_id", "officer_id", "line_id", "lines", "sector_id", "sex", "age", "stage", "bucket",
            "days_late", "principal", "late", "accrued", "provision", "needed", "restructured",
        )  # fmt: skip

    @api.model
    def _query(self, company_id, date):
        return SQL(
            """
            SELECT l.company_id, %(date)s::date, l.loan_id, l.product_id, l.officer_id,
                   CASE WHEN f.lines = 1 THEN f.line_id END, COALESCE(f.lines, 0), l.sector_id, l.sex, l.age, l.stage,
                   l.bucket, l.days_late, l.principal, l.late, l.accrued, l.provision, l.needed, l.restructured > 0
              FROM (%(positions)s) l
              LEFT JOIN (SELECT loan_id, count(*) AS lines, min(line_id) AS line_id FROM kondo_loan_funding
                          WHERE company_id = %(company)s GROUP BY loan_id) f ON f.loan_id = l.loan_id
            """,
            date=date,
            company=company_id,
            positions=self.env["kondo.portfolio"]._positions({company_id: date}),
        )

    def action_open_loan(self):
        """The loan as it stands now."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "kondo.loan",
            "res_id": self.loan_id.id,
            "views": [(False, "form")],
        }


class KondoSnapshotFunding(models.Model):
    """What borrowers owed of each donor's line, and of the own funds (no line), at the end of a month, loan by loan."""

    _name = "kondo.snapshot.funding"
    _description = "Part of a loan at the end of a month"
    _inherit = ["kondo.snapshot"]
    _order = "date desc, loan_id, id"
    _rec_name = "loan_id"

    loan_id = fields.Many2one("kondo.loan", required=True, readonly=True, index=True)
    line_id = fields.Many2one("kondo.funding.line", string="Donor's line", readonly=True, help="Empty: own funds.")
    principal = Francs(string="Outstanding", readonly=True)

    _once = models.UniqueIndex("(company_id, date, loan_id, COALESCE(line_id, 0))")

    @api.model
    def _columns(self):
        return ("loan_id", "line_id", "principal")

    @api.model
    def _query(self, company_id, date):
        return SQL(
            "SELECT company_id, %s::date, loan_id, line_id, principal FROM (%s) p",
            date,
            self.env["kondo.portfolio"]._parts({company_id: date}),
        )
