from odoo import api, fields, models
from odoo.tools import SQL

# Kinds whose money sleeps by nature: no operation of the holder is expected on them.
WITHOUT_DORMANCY = ("term", "guarantee")


class KondoSavingsAccount(models.Model):
    """Accounts that their holders leave alone: inactive, then dormant.

    BCEAO instructions 05, 06 and 07-06-2014: the holder is searched for after eight years without an operation and the
    money goes to the BCEAO after ten; not while he uses another account, nor under a court order.
    """

    _inherit = "kondo.savings.account"

    inactive_on = fields.Date(string="Inactive since", readonly=True)
    dormant_on = fields.Date(string="Dormant since", readonly=True, index="btree_not_null")
    reactivated_on = fields.Date(readonly=True, help="A reactivation counts as a sign of life of the holder.")
    last_sign_on = fields.Date(
        string="Last sign of the holder",
        compute="_compute_last_sign_on",
        help="His last operation, the reactivation of the account or its opening.",
    )
    transfer_from = fields.Date(
        string="To the BCEAO from",
        compute="_compute_transfer_from",
        help="The day from which what a dormant account holds goes to the BCEAO, when the holder is not found.",
    )

    to_be_searched = fields.Boolean(
        string="Holder to be searched for",
        compute="_compute_to_be_searched",
        search="_search_to_be_searched",
        help="A dormant account that holds at least the amount of the dated parameter “savings_dormant_floor”.",
    )

    @api.depends("last_movement_on", "reactivated_on", "opened_on")
    def _compute_last_sign_on(self):
        for account in self:
            signs = [account.last_movement_on, account.reactivated_on, account.opened_on]
            account.last_sign_on = max(filter(None, signs), default=False)

    @api.depends("last_sign_on", "state")
    def _compute_transfer_from(self):
        parameters = self.env["kondo.parameter"]
        today = fields.Date.context_today(self)
        years = None
        for account in self:
            account.transfer_from = False
            if account.state == "dormant" and account.last_sign_on:
                years = years or int(parameters._get("savings_transfer_years", today))
                account.transfer_from = fields.Date.add(account.last_sign_on, years=years)

    @api.depends("state", "balance")
    def _compute_to_be_searched(self):
        floor = self._search_floor()
        for account in self:
            account.to_be_searched = account.state == "dormant" and account.balance >= floor

    def _search_to_be_searched(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("state", "=", "dormant"), ("balance", ">=", self._search_floor())]

    def _search_floor(self):
        """Francs below which nobody searches for the holder."""
        return int(self.env["kondo.parameter"]._get("savings_dormant_floor", fields.Date.context_today(self)))

    # ------------------------------------------------------------------ end of the day
    @api.model
    @api.private
    def _day_end_dormancy(self, company, date, next_date):
        """Accounts without a sign of their holder become inactive, then dormant; product by product, set-based."""
        parameters = self.env["kondo.parameter"]
        inactive_days = int(parameters._get("savings_inactive_days", date))
        dormant_years = int(parameters._get("savings_dormant_years", date))
        products = (
            self.env["kondo.savings.product"]
            .sudo()
            .with_context(active_test=False)
            .search([("company_id", "=", company.sudo().root_id.id), ("kind", "not in", WITHOUT_DORMANCY)])
        )
        with self.env["kondo.operation"]._posting_env() as env:
            accounts = env[self._name].sudo()
            env.flush_all()
            for product in products:
                inactive = fields.Date.subtract(date, days=product.days_to_inactive or inactive_days)
                dormant = (
                    fields.Date.subtract(date, days=product.days_to_dormant)
                    if product.days_to_dormant
                    else fields.Date.subtract(date, years=dormant_years)
                )
                accounts._fall_asleep(company, product, inactive, dormant, date)
            env.invalidate_all()

    @api.model
    def _fall_asleep(self, company, product, inactive, dormant, date):
        """Mark the accounts of a product whose last sign is not later than these days."""
        sign = SQL("greatest(a.last_movement_on, a.reactivated_on, a.opened_on)")
        self.env.cr.execute(
            SQL(
                """UPDATE kondo_savings_account a SET state = 'inactive', inactive_on = %(date)s
                    WHERE a.company_id = %(company)s AND a.product_id = %(product)s AND a.state = 'active'
                      AND %(sign)s <= %(day)s""",
                date=date,
                company=company.id,
                product=product.id,
                sign=sign,
                day=inactive,
            )
        )
        self.env.cr.execute(
            SQL(
                """UPDATE kondo_savings_account a SET state = 'dormant', dormant_on = %(date)s
                    WHERE a.company_id = %(company)s AND a.product_id = %(product)s AND a.state IN ('active', 'inactive')
                      AND %(sign)s <= %(day)s
                      AND NOT EXISTS (SELECT 1 FROM kondo_savings_account other
                                       WHERE other.partner_id = a.partner_id AND other.id <> a.id
                                         AND other.state IN ('active', 'inactive')
                                         AND greatest(other.last_movement_on, other.reactivated_on, other.opened_on) > %(day)s)
                      AND NOT EXISTS (SELECT 1 FROM kondo_savings_hold h
                                       WHERE h.account_id = a.id AND h.state = 'active' AND h.kind = 'legal')
                RETURNING a.id""",
                date=date,
                company=company.id,
                product=product.id,
                sign=sign,
                day=dormant,
            )
        )
        asleep = self.browse(account_id for (account_id,) in self.env.cr.fetchall())
        asleep.invalidate_recordset()
        text = self.env._("No operation of the holder for too long: the account is dormant.")
        asleep._message_log_batch(bodies=dict.fromkeys(asleep.ids, text))
