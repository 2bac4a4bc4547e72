from odoo import api, fields, models
from odoo.exceptions import UserError

# RCSSFD: deposits received at term stand on the account of their initial term. (months, at most; code)
BANDS = ((6, "25211"), (12, "25212"), (24, "25213"), (36, "25214"), (120, "25215"), (0, "25216"))


class KondoTermBand(models.Model):
    """The ledger account of a term deposit by its initial term, as the RCSSFD divides account 2521."""

    _name = "kondo.term.band"
    _description = "Ledger account by term"
    _order = "product_id, open_ended, months_to"
    _rec_name = "account_id"
    _check_company_auto = True

    product_id = fields.Many2one("kondo.savings.product", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(
        related="product_id.company_id", string="Union", store=True, precompute=True, required=True, index=True
    )
    months_to = fields.Integer(string="Up to (months)", help="Longest term of the band; 0 for all longer terms.")
    open_ended = fields.Boolean(compute="_compute_open_ended", store=True, precompute=True)
    account_id = fields.Many2one(
        "account.account",
        string="Deposits account",
        required=True,
        ondelete="restrict",
        help="It becomes controlled: only operations post to it.",
    )

    _one_band = models.UniqueIndex("(product_id, months_to)", "There is already an account for this term.")
    _months = models.Constraint("CHECK (months_to >= 0)", "A term is a number of months.")

    @api.depends("months_to")
    def _compute_open_ended(self):
        for band in self:
            band.open_ended = not band.months_to

    @api.model_create_multi
    def create(self, vals_list):
        bands = super().create(vals_list)
        bands._control_accounts()
        return bands

    def write(self, vals):
        if not {"account_id", "months_to"}.isdisjoint(vals):
            self._refuse_when_used()
        result = super().write(vals)
        self._control_accounts()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        self._refuse_when_used()

    def _refuse_when_used(self):
        used = (
            self.env["kondo.savings.account"]
            .sudo()
            .search_count(
                [
                    ("product_id", "in", self.product_id.ids),
                    ("ledger_account_id", "in", self.account_id.ids),
                    ("state", "!=", "closed"),
                ],
                limit=1,
            )
        )
        if used:
            raise UserError(self.env._("Deposits stand on this account: it no longer changes. Add another band."))

    def _control_accounts(self):
        self.product_id._control_accounts_of(self.account_id)
