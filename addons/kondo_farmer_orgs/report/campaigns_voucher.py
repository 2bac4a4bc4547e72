from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from odoo.addons.kondo_microfinance.engine.words import spaced

ROWS = 4  # of two vouchers on an A4 page


class ReportInputVoucher(models.AbstractModel):
    """Input vouchers, eight on an A4 page, to be cut and handed to the people of an organisation."""

    _name = "report.kondo_farmer_orgs.report_input_voucher"
    _description = "Input vouchers"
    _inherit = ["kondo.print"]

    @api.model
    def _get_report_values(self, docids, data=None):
        vouchers = self.env["kondo.input.voucher"].browse(docids)
        vouchers.check_access("read")
        vouchers.company_id.with_env(self.env)._check_visible()
        self.env["kondo.four.eyes"]._check_group("group_loan_officer", "group_caisse_manager")
        live = vouchers.filtered(lambda voucher: voucher.state != "cancelled")
        if not live:
            raise UserError(self.env._("Choose vouchers that were not cancelled."))
        cards = [self._card(voucher) for voucher in live.sudo()]
        rows = [list(pair) for pair in split_every(2, cards)]
        return {
            "doc_ids": docids,
            "doc_model": "kondo.input.voucher",
            "docs": live,
            "title": self.env._("Input vouchers"),
            "sheets": [list(page) for page in split_every(ROWS, rows)],
        }

    def _card(self, voucher):
        item = voucher.item_id
        return {
            **self._letterhead(voucher.company_id),
            "number": voucher.name,
            "campaign": voucher.campaign_id.name,
            "organisation": voucher.organisation_id.name,
            "person": voucher.person_id.name or self.env._("The organisation"),
            "supplier": voucher.supply_id.supplier_id.partner_id.name,
            "agreement": voucher.supply_id.name,
            "item": item.product_id.name,
            "unit": item.unit or "",
            "quantity": spaced(voucher.quantity),
            "value": spaced(voucher.value),
            "is_delivered": voucher.state == "delivered",
            "qr": self._qr(voucher.name),
        }
