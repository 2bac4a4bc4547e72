from odoo import api, fields, models

from .intercaisse import REMOTE_KINDS


class KondoApproval(models.Model):
    _inherit = "kondo.approval"

    remote_account = fields.Char(string="Account at another caisse", readonly=True)


class KondoOperation(models.Model):
    _inherit = "kondo.operation"

    @api.private
    def _approval_subject(self, kind, values):
        """Of an account of another caisse the supervisor sees number, holder and caisse as text."""
        if kind not in REMOTE_KINDS:
            return super()._approval_subject(kind, values)
        company = self._company_of(values)
        account = self._remote_account(company, values.get("account_number"))
        text = f"{account.number} · {account.partner_id.name} · {account.company_id.name}"
        if values.get("account_id"):
            return {**super()._approval_subject(kind, values), "remote_account": text}
        return {"amount": self._check_amount(values.get("amount")), "remote_account": text}
