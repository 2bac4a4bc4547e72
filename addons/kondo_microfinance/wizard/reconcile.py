from odoo import api, fields, models

from ..models.fields import Francs


class KondoReconcile(models.TransientModel):
    """Shows, account by account, that members' money, tills and books agree.

    Computed as the user (`compute_sudo=False`): a stored compute would otherwise run as superuser and show any caisse.
    """

    _name = "kondo.reconcile"
    _description = "Sub-ledger against general ledger"

    company_id = fields.Many2one(
        "res.company",
        string="Caisse",
        required=True,
        domain="[('kondo_kind', '=', 'caisse')]",
        default=lambda self: self.env.company if self.env.company.kondo_kind == "caisse" else False,
    )
    date = fields.Date(string="At the end of", required=True, default=fields.Date.context_today)
    line_ids = fields.One2many("kondo.reconcile.line", "wizard_id", compute="_compute_line_ids", store=True, compute_sudo=False, readonly=True)
    gap = Francs(compute="_compute_line_ids", store=True, compute_sudo=False)
    book_hash = fields.Char(compute="_compute_line_ids", store=True, compute_sudo=False)

    @api.depends("company_id", "date")
    def _compute_line_ids(self):
        service = self.env["kondo.reconciliation"]
        for wizard in self:
            if not wizard.company_id or not wizard.date:
                wizard.line_ids, wizard.gap, wizard.book_hash = False, 0, False
                continue
            wizard.company_id._check_visible()
            rows = service._reconcile(wizard.company_id, wizard.date)
            wizard.line_ids = [(5, 0, 0)] + [
                (0, 0, {key: row[key] for key in ("account_id", "legs", "items", "balances", "gap")}) for row in rows
            ]
            wizard.gap = sum(row["gap"] for row in rows)
            wizard.book_hash = service._book_hash(wizard.company_id, wizard.date)

    @api.model_create_multi
    def create(self, vals_list):
        """Checked here and not in the compute alone, which a flush may run for somebody else."""
        for vals in vals_list:
            self.env["res.company"].browse(vals.get("company_id"))._check_visible()
        return super().create(vals_list)

    def write(self, vals):
        self.env["res.company"].browse(vals.get("company_id"))._check_visible()
        return super().write(vals)


class KondoReconcileLine(models.TransientModel):
    _name = "kondo.reconcile.line"
    _description = "Account in the comparison"

    wizard_id = fields.Many2one("kondo.reconcile", required=True, ondelete="cascade")
    account_id = fields.Many2one("account.account", readonly=True)
    legs = Francs(string="Operations", readonly=True)
    items = Francs(string="Journal items", readonly=True)
    balances = Francs(string="Accounts and tills", readonly=True)
    gap = Francs(readonly=True)
