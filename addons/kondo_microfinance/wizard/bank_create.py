from odoo import fields, models


class KondoBankCreate(models.TransientModel):
    """Opens a bank account of a caisse in the books: its ledger account and its journal."""

    _name = "kondo.bank.create"
    _description = "New bank account"

    company_id = fields.Many2one(
        "res.company",
        string="Caisse or union",
        required=True,
        domain="[('kondo_kind', '!=', False)]",
        default=lambda self: self.env.company,
    )
    bank = fields.Char(string="Bank and branch", required=True)
    number = fields.Char(string="Account number", required=True, help="As on the bank's papers (RIB).")

    def action_create(self):
        self.ensure_one()
        self.company_id._kondo_create_bank_account(self.bank, self.number)
        return self.company_id.action_cash_position()
