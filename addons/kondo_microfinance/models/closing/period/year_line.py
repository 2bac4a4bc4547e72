from odoo import api, fields, models
from odoo.exceptions import UserError

from ...fields import Francs
from ...ledger.key import LEDGER, has_ledger_key

DESTINATIONS = [
    ("general", "General reserve", "5521"),
    ("optional", "Optional reserves", "5522"),
    ("other", "Other reserves", "5523"),
    ("funds", "Earmarked funds", "5025"),
    ("shares", "Holders of shares (dividend)", "591"),
    ("carried", "Result carried forward", "58"),
]


class KondoYearLine(models.Model):
    """A destination of the result: what was proposed to the meeting, and what the meeting decided.

    Of a loss the same lines say what bears it. Amounts are never negative.
    """

    _name = "kondo.year.line"
    _description = "Destination of the result"
    _inherit = ["kondo.guarded"]
    _order = "year_id, sequence"
    _check_company_auto = True

    _guarded_fields = frozenset({"year_id", "sequence", "destination", "account_id", "before"})

    year_id = fields.Many2one("kondo.year.close", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(
        related="year_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    sequence = fields.Integer(readonly=True)
    destination = fields.Selection([row[:2] for row in DESTINATIONS], required=True, readonly=True)
    account_id = fields.Many2one("account.account", required=True, readonly=True)
    account_code = fields.Char(string="Account no.", compute="_compute_account_code")
    before = Francs(string="Balance before", readonly=True, help="In the books of the caisse; minus for a debit.")
    proposed = Francs(string="Proposed")
    decided = Francs(string="Decided")
    after = fields.Integer(string="Balance after", compute="_compute_after")

    _once = models.UniqueIndex("(year_id, destination)")
    _not_negative = models.Constraint("CHECK (proposed >= 0 AND decided >= 0)", "An amount is never negative.")

    @api.depends("account_id")
    def _compute_account_code(self):
        """The number in the chart, for a manager too: Odoo shows it to accountants only."""
        for line in self.sudo():
            line.account_code = line.account_id.with_company(line.company_id.root_id).code

    @api.depends("before", "proposed", "decided", "year_id.state", "year_id.result")
    def _compute_after(self):
        for line in self:
            amount = line.proposed if line.year_id.state == "draft" else line.decided
            line.after = line.before + (amount if line.year_id.result > 0 else -amount)

    @api.model
    @api.private
    def _lay_out(self, year):
        """One line for each destination, with its account of the chart."""
        company = year.sudo().company_id
        product = self.env["kondo.share.product"].sudo().search([("company_id", "=", company.root_id.id)], limit=1)
        rows = []
        for sequence, (destination, _label, code) in enumerate(DESTINATIONS):
            account = product.dividend_account_id if destination == "shares" else None
            account = account or company._kondo_account(code)
            rows.append(
                {"year_id": year.id, "sequence": sequence, "destination": destination, "account_id": account.id}
            )
        self.sudo().with_context(kondo_ledger=LEDGER).create(rows)

    def write(self, vals):
        if not has_ledger_key(self.env):
            for line in self:
                wanted = {"draft": "proposed", "proposed": "decided"}.get(line.year_id.state)
                if {"proposed", "decided"}.intersection(vals) - {wanted}:
                    raise UserError(
                        self.env._("Proposed amounts change in the draft, decided ones until the decision is recorded.")
                    )
        return super().write(vals)
