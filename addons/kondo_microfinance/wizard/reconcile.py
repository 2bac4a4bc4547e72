from odoo import api, fields, models

from ..models.fields import Francs


class KondoReconcile(models.TransientModel):
    """Shows, account by account, that members' money, tills and books agree."""

    _name = "kondo.reconcile"
    _description = "Proof of the books"

    company_id = fields.Many2one(
        "res.company",
        string="Caisse",
        required=True,
        domain="[('kondo_kind', '=', 'caisse')]",
        default=lambda self: self._default_company_id(),
    )
    date = fields.Date(string="At the end of", required=True, default=fields.Date.context_today)
    line_ids = fields.One2many("kondo.reconcile.line", "wizard_id", readonly=True)
    gap = Francs(readonly=True)
    book_hash = fields.Char(readonly=True)

    def _default_company_id(self):
        """The current caisse; from the union, its first one."""
        if self.env.company.kondo_kind == "caisse":
            return self.env.company
        return self.env["res.company"].search([("kondo_kind", "=", "caisse")], limit=1)

    @api.depends("company_id", "date")
    def _compute_display_name(self):
        for wizard in self:
            wizard.display_name = f"{wizard.company_id.sudo().name} · {wizard.date:%d/%m/%Y}"

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        wizards.action_prove()
        return wizards

    @api.model
    def open_proof(self, company_id=None, date=None):
        """Open the proof of a caisse at the end of a day: of the current caisse as of today unless told otherwise."""
        told = {"company_id": company_id, "date": date}
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Proof of the books"),
            "res_model": self._name,
            "res_id": self.create([{name: value for name, value in told.items() if value}]).id,
            "views": [(False, "form")],
        }

    def action_prove(self):
        """Compare again, for the caisse and the day that stand in the form."""
        service = self.env["kondo.reconciliation"]
        for wizard in self:
            wizard.company_id._check_visible()
            rows = service._reconcile(wizard.company_id, wizard.date)
            wizard.line_ids.unlink()
            wizard.write(
                {
                    "line_ids": [
                        (0, 0, {key: row[key] for key in ("account_id", "legs", "items", "balances", "gap")})
                        for row in rows
                    ],
                    "gap": sum(row["gap"] for row in rows),
                    "book_hash": service._book_hash(wizard.company_id, wizard.date),
                }
            )


class KondoReconcileLine(models.TransientModel):
    _name = "kondo.reconcile.line"
    _description = "Account in the comparison"

    wizard_id = fields.Many2one("kondo.reconcile", required=True, ondelete="cascade")
    account_id = fields.Many2one("account.account", readonly=True)
    legs = Francs(string="Operations", readonly=True)
    items = Francs(string="Journal items", readonly=True)
    balances = Francs(string="Accounts and tills", readonly=True)
    gap = Francs(readonly=True)
