from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.rounding import half_up
from ...engine.sharing import share_out
from ..fields import Francs
from ..ledger.key import LEDGER, has_ledger_key
from ..loans.loan import OPEN_FILE
from ..loans.product_settings import exact_rate


class KondoLoanFunding(models.Model):
    """The part of a loan that a donor's line pays; what no line pays comes from the caisse's own funds."""

    _name = "kondo.loan.funding"
    _description = "Line that finances a loan"
    _inherit = ["kondo.guarded"]
    _order = "loan_id, id"
    _check_company_auto = True

    _guarded_fields = frozenset({"outstanding"})

    loan_id = fields.Many2one("kondo.loan", required=True, ondelete="cascade", index=True, check_company=True)
    company_id = fields.Many2one(
        related="loan_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    line_id = fields.Many2one(
        "kondo.funding.line", string="Donor's line", required=True, ondelete="restrict", index=True
    )
    percent = fields.Float(string="Share (%)", digits=(16, 6), required=True, default=100)
    outstanding = Francs(readonly=True, copy=False, help="Principal that the borrower owes of this line.")
    partner_id = fields.Many2one(related="loan_id.partner_id", string="Member")
    state = fields.Selection(related="loan_id.state", string="State of the loan")

    _sane = models.Constraint(
        "CHECK (percent > 0 AND percent <= 100 AND outstanding >= 0)", "A share is above 0 and at most 100 %."
    )
    _one_line = models.UniqueIndex("(loan_id, line_id)", "This line finances the loan already.")

    def _part(self, amount):
        """Francs of an amount of the loan that this share pays."""
        self.ensure_one()
        shares = self.loan_id.sudo().funding_ids.sorted("id")
        return dict(zip(shares.ids, shares._parts(amount), strict=True))[self.id]

    def _promised(self):
        """Francs granted and not yet paid out that this share is to pay."""
        self.ensure_one()
        return self._part(self.loan_id.commitment) if self.loan_id.commitment else 0

    def _parts(self, amount):
        """Francs of an amount that each share of a loan pays; shares that make 100 % leave nothing to the caisse."""
        weights = [half_up(exact_rate(share.percent) * 10**6) for share in self]
        return share_out(amount, [*weights, max(0, 10**8 - sum(weights))])[: len(self)]

    @api.private
    def _hand_over(self, posting, line):
        """This share becomes another line's, with all that the borrower owes of it; francs moved."""
        self.ensure_one()
        amount, old = self.outstanding, self.line_id
        old._flow(posting, "moved_out", amount, self.loan_id)
        line._flow(posting, "moved_in", amount, self.loan_id)
        other = self.loan_id.funding_ids.filtered(lambda share: share.line_id == line)
        if other:
            other.with_context(kondo_ledger=LEDGER).write(
                {"percent": other.percent + self.percent, "outstanding": other.outstanding + amount}
            )
            self.with_context(kondo_ledger=LEDGER).unlink()
        else:
            self.with_context(kondo_ledger=LEDGER).line_id = line
        return amount

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        shares = super().create(vals_list)
        if has_ledger_key(self.env):
            return shares
        shares.loan_id._check_editable()
        shares.loan_id._send_back(self.env._("the financing"))
        return shares

    def write(self, vals):
        if "loan_id" in vals:
            raise UserError(self.env._("A share of a line stays with its loan."))
        if has_ledger_key(self.env):
            return super().write(vals)
        if set(vals) - self._guarded_fields:
            self.loan_id._check_editable()
        result = super().write(vals)
        if set(vals) - self._guarded_fields:
            self.loan_id._send_back(self.env._("the financing"))
        return result

    def unlink(self):
        if has_ledger_key(self.env):
            return super().unlink()
        if any(share.loan_id.state not in OPEN_FILE for share in self):
            raise UserError(self.env._("This loan has been decided: its financing no longer changes."))
        self.loan_id._send_back(self.env._("the financing"))
        return super().unlink()
