from odoo import api, fields, models

from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER


class ResCompany(models.Model):
    """The account on which a network owes its suppliers of inputs."""

    _inherit = "res.company"

    input_account_root = fields.Char(
        string="Account of input suppliers",
        default="332",
        required=True,
        help="Of the RCSSFD chart: 332 Créditeurs divers (suppliers, staff, State; subdivided by each institution). The"
        " network's own sub-account under it opens with the first delivery, and only deliveries and settlements post there.",
    )
    input_account_id = fields.Many2one(
        "account.account", string="Sub-account of input suppliers", readonly=True, copy=False, ondelete="restrict"
    )

    @api.private
    def _input_account(self):
        """The account.account that owes suppliers, of the union; opened under its root when there is none."""
        union = self.sudo().root_id
        if not union.input_account_id:
            accounts = self.env["account.account"].sudo().with_company(union)
            root = union._kondo_account(union.input_account_root)
            taken = set(accounts.search([("code", "=like", f"{union.input_account_root}____")]).mapped("code"))
            code = next(
                code for rank in range(1, 10_000) if (code := f"{union.input_account_root}{rank:04d}") not in taken
            )
            account = accounts.create(
                {
                    "code": code,
                    "name": self.env._("Suppliers of inputs"),
                    "account_type": root.account_type,
                    "company_ids": [(6, 0, union.ids)],
                }
            )
            account.with_context(kondo_ledger=LEDGER).kondo_control = "suppliers"
            union.input_account_id = account
        return union.input_account_id
