from odoo import fields, models


class KondoPassbookReason(models.TransientModel):
    """Why a page is printed again, or a book replaced."""

    _name = "kondo.passbook.reason"
    _description = "Reason for a passbook"

    passbook_id = fields.Many2one("kondo.savings.passbook", required=True, readonly=True, ondelete="cascade")
    purpose = fields.Selection([("reprint", "Print a page again"), ("replace", "Replace the book")], required=True)
    page = fields.Integer(default=1)
    lost = fields.Boolean(string="The book is lost", default=True)
    charge = fields.Boolean(
        string="Charge the book",
        default=True,
        help="The fee of the product for a passbook, if it has one. Untick it when the member has paid at the window.",
    )
    reason = fields.Char(required=True)

    def action_validate(self):
        self.ensure_one()
        if self.purpose == "replace":
            return self.passbook_id._replace(self.reason, self.lost, self.charge)._open()
        printed = self.passbook_id._reprint(self.page, self.reason)
        return {
            **self.env.ref("kondo_microfinance.action_report_passbook").report_action(printed),
            "close_on_report_download": True,
        }
