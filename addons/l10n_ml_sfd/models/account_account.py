from odoo import api, fields, models

from .. import numbering

CHART = "ml_sfd"


class AccountAccount(models.Model):
    _inherit = "account.account"

    sfd_normal_side = fields.Selection(
        [("debit", "Debit"), ("credit", "Credit"), ("both", "Debit or credit")],
        string="Normal Side (SFD)",
        help="The side on which the RCSSFD expects the balance of this account.",
    )
    sfd_nature = fields.Selection(
        [
            ("asset", "Asset"),
            ("liability", "Liability"),
            ("equity", "Own funds"),
            ("income", "Income"),
            ("expense", "Expense"),
            ("off_balance", "Off-balance sheet"),
        ],
        string="Nature (SFD)",
        help="The part of the RCSSFD this account belongs to; a provision on an asset is of the nature of an asset.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """A subdivision of an official account has its side and its nature (instruction 026-02-2009)."""
        if self._uses_sfd_chart():
            for vals in vals_list:
                official = numbering.official(vals.get("code"))
                if official:
                    vals.setdefault("sfd_normal_side", official.side)
                    vals.setdefault("sfd_nature", official.nature)
        return super().create(vals_list)

    @api.model
    def _search_new_account_code(self, start_code, cache=None):
        """A new account is a subdivision of an official one: 114101 after 1141, never 1142."""
        if self._uses_sfd_chart():
            official = numbering.chart().get(start_code)
            if official and official.kind == "posting":
                return super()._search_new_account_code(f"{start_code}01", cache or set())
        return super()._search_new_account_code(start_code, cache)

    @api.model
    def _uses_sfd_chart(self):
        return self.env.company.root_id.sudo().chart_template == CHART
