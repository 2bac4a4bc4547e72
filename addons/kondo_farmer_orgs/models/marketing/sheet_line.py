from odoo import api, fields, models

from odoo.addons.kondo_microfinance.models.fields import Francs


class KondoMarketingSheetLine(models.Model):
    """One row of the buyer's list: what it says, whom it means, what is wrong with it. Written by the check only."""

    _name = "kondo.marketing.sheet.line"
    _description = "Row of a marketing sheet"
    _order = "sheet_id, severity desc, row, id"
    _rec_name = "producer"
    _check_company_auto = True

    sheet_id = fields.Many2one("kondo.marketing.sheet", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="sheet_id.company_id", store=True, precompute=True, required=True, index=True)
    row = fields.Integer(readonly=True, required=True, help="Row of the file.")
    column = fields.Char(readonly=True, help="Column of the file in which the fault stands.")
    organisation_text = fields.Char(string="Organisation in the file", readonly=True)
    producer = fields.Char(string="Producer in the file", readonly=True)
    organisation_id = fields.Many2one(
        "res.partner", string="Organisation", readonly=True, ondelete="restrict", index=True, check_company=True
    )
    person_id = fields.Many2one(
        "kondo.org.person",
        string="Person",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
    )
    loan_id = fields.Many2one(
        "kondo.loan", string="Loan", readonly=True, ondelete="restrict", index="btree_not_null", check_company=True
    )
    savings_account_id = fields.Many2one(
        "kondo.savings.account", string="Account", readonly=True, ondelete="restrict", index="btree_not_null",
        check_company=True,
    )  # fmt: skip
    kg = fields.Float(digits=(16, 3), readonly=True)
    price = Francs(string="Price of a kg", readonly=True)
    gross = Francs(string="Gross", readonly=True)
    debt = Francs(string="Input debt", readonly=True)
    net = Francs(string="Net", readonly=True)
    state = fields.Selection(
        [("ok", "Good"), ("warning", "To look at"), ("error", "Exception")], required=True, readonly=True, default="ok"
    )
    reason = fields.Char(readonly=True)
    severity = fields.Integer(compute="_compute_severity", store=True, help="Exceptions come first.")

    @api.depends("state")
    def _compute_severity(self):
        for line in self:
            line.severity = ("ok", "warning", "error").index(line.state)
