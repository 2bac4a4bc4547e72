from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..fields import Francs
from ..ledger.key import has_ledger_key


class KondoShareDividendLine(models.Model):
    """What one holder has of a dividend, and where it goes."""

    _name = "kondo.share.dividend.line"
    _description = "Dividend of a holder"
    _inherit = ["kondo.guarded"]
    _order = "dividend_id, id"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {
            "dividend_id",
            "company_id",
            "holding_id",
            "franc_days",
            "gross",
            "withheld",
            "state",
            "savings_account_id",
            "operation_id",
            "collected_operation_id",
        }
    )

    dividend_id = fields.Many2one("kondo.share.dividend", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True, index=True)
    holding_id = fields.Many2one(
        "kondo.share.holding", string="Shares", required=True, readonly=True, ondelete="restrict", check_company=True
    )
    partner_id = fields.Many2one(
        related="holding_id.partner_id", string="Holder", store=True, index=True, precompute=True
    )
    franc_days = Francs(
        string="Francs × days", readonly=True, help="Sum, over the days of the period, of the paid-up francs."
    )
    average = fields.Integer(
        string="Average held", compute="_compute_average", help="Paid-up francs held on average over the period."
    )
    gross = Francs(string="Gross dividend", readonly=True)
    withheld = Francs(readonly=True)
    net = fields.Integer(compute="_compute_net", string="Paid to the member")
    savings_account_id = fields.Many2one(
        "kondo.savings.account",
        string="To the account",
        readonly=True,
        ondelete="restrict",
        check_company=True,
        help="Empty: the dividend waits at the caisse (2721) until the holder collects it.",
    )
    state = fields.Selection(
        [("proposed", "Proposed"), ("paid", "Paid"), ("waiting", "To collect"), ("collected", "Collected")],
        required=True,
        readonly=True,
        default="proposed",
        index=True,
    )
    collected_operation_id = fields.Many2one(
        "kondo.operation", string="Collected by", readonly=True, check_company=True
    )

    _one_line = models.UniqueIndex("(dividend_id, holding_id)", "This holder already has his line.")
    _amounts = models.Constraint(
        "CHECK (gross >= 0 AND withheld >= 0 AND withheld <= gross)", "An amount is never negative."
    )

    @api.depends("franc_days", "dividend_id.days")
    def _compute_average(self):
        for line in self:
            line.average = line.franc_days // line.dividend_id.days if line.dividend_id.days else 0

    @api.depends("gross", "withheld")
    def _compute_net(self):
        for line in self:
            line.net = line.gross - line.withheld

    @api.depends("partner_id", "dividend_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.partner_id.name or ''} · {line.dividend_id.name or ''}"

    @api.model_create_multi
    def create(self, vals_list):
        if not has_ledger_key(self.env):
            raise AccessError(self.env._("The lines of a dividend are computed, never typed in."))
        return super().create(vals_list)

    def unlink(self):
        if any(line.state != "proposed" for line in self):
            raise AccessError(self.env._("A dividend that was paid is kept."))
        return super().unlink()
