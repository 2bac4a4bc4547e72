from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.kondo_microfinance.models.fields import Francs
from odoo.addons.kondo_microfinance.models.ledger.key import has_ledger_key


class KondoAvecShare(models.Model):
    """What one person gets of the box at the end of a cycle, to the franc."""

    _name = "kondo.avec.share"
    _description = "Part of a share-out"
    _order = "cycle_id, id"
    _rec_name = "person_id"
    _check_company_auto = True

    cycle_id = fields.Many2one("kondo.avec.cycle", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(
        related="cycle_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    person_id = fields.Many2one("kondo.org.person", required=True, readonly=True, ondelete="restrict", index=True)
    shares = fields.Integer(readonly=True)
    saved = Francs(string="Saved (F)", readonly=True)
    gross = Francs(string="Worth (F)", readonly=True)
    debt = Francs(string="Loan and interest owed (F)", readonly=True)
    deducted = Francs(string="Taken off (F)", readonly=True)
    paid = Francs(string="Paid (F)", readonly=True)
    gain = fields.Integer(string="Gain (F)", compute="_compute_gain", help="Worth of the shares above what was saved.")
    unpaid = Francs(
        string="Still owed (F)", readonly=True, help="Beyond the worth of the shares: for the group to decide."
    )

    @api.depends("gross", "saved")
    def _compute_gain(self):
        for share in self:
            share.gain = share.gross - share.saved

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_by_hand()
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_by_hand()
        return super().write(vals)

    def unlink(self):
        self._refuse_by_hand()
        return super().unlink()

    def _refuse_by_hand(self):
        if not has_ledger_key(self.env):
            raise AccessError(self.env._("The share-out is counted from the book, not typed in."))
