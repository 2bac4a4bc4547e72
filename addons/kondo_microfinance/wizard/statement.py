from odoo import api, fields, models
from odoo.exceptions import UserError

MONTHS = 3


class KondoStatement(models.TransientModel):
    """The dates of a statement, of one account or of all those of a member."""

    _name = "kondo.statement"
    _description = "Account statement"

    partner_id = fields.Many2one(
        "res.partner", string="Member", required=True, ondelete="cascade", domain="[('is_kondo_member', '=', True)]"
    )
    savings_account_id = fields.Many2one(
        "kondo.savings.account",
        string="Account",
        ondelete="cascade",
        domain="[('partner_id', '=', partner_id)]",
        help="Empty: all the accounts of the member.",
    )
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", required=True)
    charge = fields.Boolean(
        string="Charge the statement",
        default=True,
        help="The fee of the product, if it has one, for the original of a period that is over. Untick it when the "
        "member has paid at the window.",
    )

    @api.model
    @api.private
    def _open(self, partner, account=None):
        """The window that asks for the dates, with the last three months in it."""
        today = partner.company_id.sudo().business_date or fields.Date.context_today(self)
        wizard = self.create(
            {
                "partner_id": partner.id,
                "savings_account_id": account.id if account else False,
                "date_from": fields.Date.subtract(today.replace(day=1), months=MONTHS - 1),
                "date_to": today,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Account statement"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for wizard in self:
            if wizard.date_to < wizard.date_from:
                raise UserError(self.env._("The statement ends before it begins: check the dates."))

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        if self.savings_account_id.partner_id != self.partner_id:
            self.savings_account_id = False

    def action_print_pdf(self):
        self._accounts()
        return self.env.ref("kondo_microfinance.action_report_statement").report_action(self)

    def action_print_xlsx(self):
        self._accounts()
        return self.env.ref("kondo_microfinance.action_report_statement_xlsx").report_action(self)

    def _accounts(self):
        """The accounts of the statement, readable by the user: open ones, and those closed since it begins."""
        self.ensure_one()
        account = self.savings_account_id
        if account and account.partner_id != self.partner_id:
            raise UserError(self.env._("This account is not one of the member's."))
        accounts = account or self.env["kondo.savings.account"].search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("opened_on", "<=", self.date_to),
                "|",
                ("closed_on", "=", False),
                ("closed_on", ">=", self.date_from),
            ]
        )
        if not accounts:
            raise UserError(self.env._("%(name)s had no account in this period.", name=self.partner_id.name))
        accounts.check_access("read")
        accounts.company_id._check_visible()
        return accounts
