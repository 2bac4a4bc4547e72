from odoo import api, fields, models
from odoo.tools import SQL

from ..models.fields import Francs
from ..models.loans.loan import STAGES


class KondoLoanProvision(models.TransientModel):
    """What classifying and setting aside would change today, loan by loan, before it is done."""

    _name = "kondo.loan.provision"
    _description = "Classes and provisions of loans"

    company_id = fields.Many2one(
        "res.company",
        string="Caisse",
        required=True,
        domain="[('kondo_kind', '=', 'caisse')]",
        default=lambda self: self._default_company_id(),
    )
    day = fields.Date(string="Business day", compute="_compute_day")
    line_ids = fields.One2many("kondo.loan.provision.line", "wizard_id", string="Loans", readonly=True)
    moved = fields.Integer(string="Loans that change class", readonly=True)
    before = Francs(string="Set aside today", readonly=True)
    needed = Francs(string="To be set aside", readonly=True)
    change = Francs(string="Difference", readonly=True, help="Above zero an expense (664), below zero an income (764).")

    def _default_company_id(self):
        if self.env.company.kondo_kind == "caisse":
            return self.env.company
        return self.env["res.company"].search([("kondo_kind", "=", "caisse")], limit=1)

    @api.depends("company_id")
    def _compute_day(self):
        for wizard in self:
            wizard.day = wizard.company_id.sudo().business_date

    @api.depends("company_id")
    def _compute_display_name(self):
        for wizard in self:
            wizard.display_name = wizard.company_id.name

    @api.model
    def open_provision(self):
        """Open the preview of the current caisse."""
        wizard = self.create([{}])
        wizard.action_preview()
        return wizard._open()

    def _open(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Classify and set aside"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    # ------------------------------------------------------------------ actions
    def action_preview(self):
        """Count again what would change."""
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager", "group_accountant", "group_network_manager")
        self.company_id._check_visible()
        with self.env["kondo.operation"]._posting_env() as env:  # what was posted a moment ago is seen there
            rows = env[self._name]._rows(self.company_id.id)
        self.line_ids.unlink()
        self.write(
            {
                "line_ids": [(0, 0, row) for row in rows],
                "moved": sum(row["stage"] != row["new_stage"] for row in rows),
                "before": sum(row["before"] for row in rows),
                "needed": sum(row["needed"] for row in rows),
                "change": sum(row["needed"] - row["before"] for row in rows),
            }
        )

    def action_confirm(self):
        """Do it, on the figures of this moment."""
        self.ensure_one()
        self.env["kondo.loan"].classify_and_provision(self.company_id.id)
        self.action_preview()

    @api.model
    def _rows(self, company_id):
        """One dict per loan of a caisse that is late, was late, or has a provision."""
        loans = self.env["kondo.loan"].sudo()
        day = self.env["res.company"].sudo().browse(company_id).business_date
        if not day:
            return []
        self.env.flush_all()
        classes = loans._class_query(company_id, day)
        self.env.cr.execute(
            SQL(
                """SELECT l.id AS loan_id, l.partner_id, l.days_late, l.stage, COALESCE(c.new_stage, l.stage) AS new_stage,
                          l.principal, l.provision AS before, COALESCE(p.needed, 0) AS needed
                     FROM kondo_loan l
                     LEFT JOIN (%s) c ON c.loan_id = l.id
                     LEFT JOIN (%s) p ON p.loan_id = l.id
                    WHERE l.company_id = %s AND (c.loan_id IS NOT NULL OR p.loan_id IS NOT NULL)
                    ORDER BY l.days_late DESC, l.id""",
                classes,
                loans._provision_query(company_id, day, loans._stage_sql(day)),
                company_id,
            )
        )
        rows = self.env.cr.dictfetchall()
        for row, loan in zip(rows, loans.browse(row["loan_id"] for row in rows), strict=True):
            row["deposits"] = loan.deposits_held
        return rows


class KondoLoanProvisionLine(models.TransientModel):
    _name = "kondo.loan.provision.line"
    _description = "Loan whose class and provision are looked at"
    _order = "days_late desc, id"

    wizard_id = fields.Many2one("kondo.loan.provision", required=True, ondelete="cascade")
    loan_id = fields.Many2one("kondo.loan", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Member", readonly=True)
    days_late = fields.Integer(readonly=True)
    stage = fields.Selection(STAGES, string="Class today", readonly=True)
    new_stage = fields.Selection(STAGES, string="New class", readonly=True)
    principal = Francs(string="Outstanding", readonly=True)
    deposits = Francs(string="Guarantee deposits", readonly=True)
    before = Francs(string="Set aside today", readonly=True)
    needed = Francs(string="To be set aside", readonly=True)
    change = Francs(string="Difference", compute="_compute_change")

    @api.depends("before", "needed")
    def _compute_change(self):
        for line in self:
            line.change = line.needed - line.before
