from odoo import api, models

from .intercaisse import REMOTE_KINDS
from .operation_intercaisse import HOME_ONLY_KINDS


class KondoTeller(models.AbstractModel):
    _inherit = "kondo.teller"

    @api.model
    def find_remote_account(self, text):
        """Accounts of other caisses with exactly this account number, or of the member with exactly this number.

        What is shown of another caisse's member, and nothing more: account number, kind of account, caisse, and the
        holder's full name, which the teller compares with the identity document before he pays. No balance, movement,
        photograph, address or alert. Each search is kept (`kondo.remote.lookup`).

        :return: [{number, product, caisse, holder}], at most 10
        """
        self._check_teller()
        company = self._company()
        text = (text or "").strip().upper() if isinstance(text, str) else ""
        if len(text) < 4 or not company.root_id.remote_operations:
            return []
        caisses = company._kondo_partner_caisses()
        accounts = self.env["kondo.savings.account"].sudo()
        usable = [
            ("company_id", "in", caisses.ids),
            ("state", "!=", "closed"),
            ("product_id.remote_allowed", "=", True),
            ("product_id.kind", "not in", HOME_ONLY_KINDS),
        ]
        found = accounts.search([*usable, ("number", "=", text)], limit=10)
        if not found:
            found = accounts.search([*usable, ("partner_id.member_number", "=", text)], limit=10)
        self.env["kondo.remote.lookup"]._keep(company, text, found)
        return [
            {
                "number": account.number,
                "product": account.product_id.name,
                "caisse": account.company_id.name,
                "holder": account.partner_id.name,
            }
            for account in found
        ]


class KondoOperation(models.Model):
    """The forms of these operations at the window."""

    _inherit = "kondo.operation"

    @api.model
    @api.private
    def _other_kinds(self):
        return [*super()._other_kinds(), "remote_deposit", "remote_withdrawal", "remote_transfer"]

    @api.private
    def _window_form_remote_deposit(self, partner):
        fields = [*self._remote_fields()]
        fields.append(
            {"name": "bearer", "label": self.env._("Person who brings the money"), "type": "text", "required": True}
        )
        return self._remote_form(self.env._("Deposit for a member of another caisse"), 1, fields)

    @api.private
    def _window_form_remote_withdrawal(self, partner):
        fields = [*self._remote_fields()]
        fields.append(
            {
                "name": "identity",
                "label": self.env._("Identity document seen"),
                "type": "text",
                "required": True,
                "help": self.env._("Kind and number. The holder comes in person, with his passbook."),
            }
        )
        return self._remote_form(self.env._("Withdrawal of a member of another caisse"), -1, fields)

    @api.private
    def _window_form_remote_transfer(self, partner):
        if not partner:
            return None
        accounts = (
            self.env["kondo.savings.account"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", partner.id),
                    ("state", "in", ("active", "inactive")),
                    ("product_id.kind", "not in", HOME_ONLY_KINDS),
                ],
                order="id",
            )
        )
        if not accounts:
            return None
        source = {
            "name": "account_id",
            "label": self.env._("From account"),
            "type": "choice",
            "required": True,
            "default": accounts[0].id,
            "options": [
                {"value": account.id, "label": account.number, "hint": account.product_id.name} for account in accounts
            ],
        }
        form = self._remote_form(self.env._("Transfer between caisses"), 0, [source, *self._remote_fields()])
        return form and {**form, "member": True}

    def _remote_fields(self):
        return [
            {
                "name": "account_number",
                "label": self.env._("Account at the other caisse"),
                "type": "remote_account",
                "required": True,
                "help": self.env._("The whole number of the account or of the member, as on the passbook."),
            },
            {"name": "amount", "label": self.env._("Amount"), "type": "amount", "required": True},
        ]

    def _remote_form(self, label, cash, fields):
        """The form, or None where the union has no other caisse or does not allow it."""
        company = self.env["kondo.teller"]._company()
        if not company.root_id.remote_operations or not company._kondo_partner_caisses():
            return None
        note = {"name": "note", "label": self.env._("Note"), "type": "text", "required": False}
        return {"label": label, "cash": cash, "member": False, "fields": [*fields, note]}

    def _remote_holder(self):
        """The holder named on an operation made here on an account of another caisse, as on its receipt."""
        if self.kind not in (*REMOTE_KINDS, "reversal"):
            return ""
        return self.env["kondo.intercaisse"]._of_operation(self).holder_name or ""
