from odoo import api, fields, models
from odoo.exceptions import UserError


class ResCompany(models.Model):
    """Bank accounts of a caisse: Odoo's bank journals, each with its own account 1141 + caisse + rank."""

    _inherit = "res.company"

    bank_journal_ids = fields.One2many(
        "account.journal", "company_id", string="Bank accounts", domain=[("type", "=", "bank")]
    )

    @api.private
    def _kondo_bank_accounts(self):
        """Ledger accounts of the banks of this caisse; the common 1141 while it has no bank account of its own."""
        self.ensure_one()
        journals = (
            self.env["account.journal"]
            .sudo()
            .search([("type", "=", "bank"), ("company_id", "=", self.id), ("default_account_id", "!=", False)])
        )
        accounts = journals.default_account_id
        if accounts:
            return accounts
        return (
            self.env["account.account"]
            .sudo()
            .with_company(self.sudo().root_id)
            .search([("code", "=", "1141"), ("company_ids", "parent_of", self.id)], limit=1)
        )

    @api.private
    def _kondo_create_bank_account(self, bank, number):
        """Open a bank account in the books of this caisse.

        :param bank: name of the bank and its branch, such as "BNDA Niono"
        :param number: the account number (RIB) at the bank
        :return: the bank journal
        """
        self.env["kondo.four.eyes"]._check_group("group_accountant", "group_network_manager", "group_administrator")
        self.ensure_one()
        self._check_visible()
        company = self.sudo()
        bank, number = (bank or "").strip(), (number or "").strip()
        if not bank or not number:
            raise UserError(self.env._("Enter the bank and the number of the account."))
        known = company.env["res.partner.bank"].search(
            [("acc_number", "=", number), ("partner_id", "=", company.partner_id.id)], limit=1
        )
        if known and company.bank_journal_ids.filtered(lambda journal: journal.bank_account_id == known):
            raise UserError(self.env._("This bank account is already in the books of the caisse."))
        accounts = company.env["account.account"].with_company(company.root_id)
        prefix = f"1141{company.kondo_number:03d}"
        rank = accounts.search_count([("code", "=like", f"{prefix}__"), ("company_ids", "in", company.ids)])
        account = accounts.create(
            {
                "code": f"{prefix}{rank:02d}",
                "name": f"{bank} {number[-5:]}",
                "account_type": "asset_cash",
                "company_ids": [(6, 0, company.ids)],
            }
        )
        owner = known or company.env["res.partner.bank"].create(
            {
                "acc_number": number,
                "partner_id": company.partner_id.id,
                "bank_id": self._kondo_bank(bank).id,
                "company_id": company.id,
            }
        )
        return (
            company.env["account.journal"]
            .with_company(company)
            .create(
                {
                    "name": f"{bank} {number[-5:]}",
                    "code": f"BQ{rank + 1}",
                    "type": "bank",
                    "company_id": company.id,
                    "default_account_id": account.id,
                    "bank_account_id": owner.id,
                }
            )
        )

    def _kondo_bank(self, name):
        banks = self.env["res.bank"].sudo()
        return banks.search([("name", "=", name)], limit=1) or banks.create({"name": name})
