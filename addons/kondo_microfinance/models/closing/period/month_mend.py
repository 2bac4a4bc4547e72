from odoo import models
from odoo.exceptions import UserError

from .month_check import CHECKS


class KondoMonthCheck(models.Model):
    """From a point that is red or amber to where it is mended."""

    _inherit = "kondo.month.check"

    def action_open(self):
        """Open what is to mend first: red before amber, in the order of the columns."""
        self.ensure_one()
        self.company_id._check_visible()
        points = [name for state in ("fail", "warn") for name in CHECKS if self[name] == state]
        if not points:
            raise UserError(self.env._("This caisse is ready for the close of the month."))
        return getattr(self, f"_open_{points[0]}")()

    def _open_day(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.company_id.name,
            "res_model": "res.company",
            "res_id": self.company_id.id,
            "views": [(self.env.ref("kondo_microfinance.kondo_caisse_view_form").id, "form")],
        }

    def _open_closings(self):
        title = self.env._("Closings")
        domain = [("company_id", "=", self.company_id.id), *self._in_month("date")]
        return self._list(title, "kondo.closing", domain, form=True)

    def _open_books(self):
        proof = self.env["kondo.reconcile"].create({"company_id": self.company_id.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Proof of the books"),
            "res_model": proof._name,
            "res_id": proof.id,
            "views": [(False, "form")],
        }

    def _open_entries(self):
        title = self.env._("Entries still in draft")
        within = [("company_id", "=", self.company_id.id), ("date", "<=", self.month_id.date_to)]
        domain = [*within, ("state", "=", "draft")]
        if not self.env["account.move"].sudo().search_count(domain, limit=1):
            title = self.env._("Bank movements not reconciled")
            domain = [*within, ("statement_line_id", "!=", False), ("statement_line_id.is_reconciled", "=", False)]
        return self._list(title, "account.move", domain, form=True)

    def _open_liaison(self):
        title = self.env._("Balances between caisses")
        domain = [] if self.company_id.kondo_kind == "union" else [("company_id", "=", self.company_id.id)]
        return self._list(title, "kondo.liaison.balance", domain)

    def _open_suspense(self):
        title = self.env._("Suspense accounts")
        domain = [
            ("company_id", "=", self.company_id.id),
            ("account_id", "in", self._suspense_accounts(self.company_id).ids),
            ("date", "<=", self.month_id.date_to),
            ("parent_state", "=", "posted"),
        ]
        return self._list(title, "account.move.line", domain)

    def _in_month(self, name):
        return [(name, ">=", self.month_id.month), (name, "<=", self.month_id.date_to)]

    def _list(self, name, model, domain, form=False):
        if not self.env[model].has_access("read"):
            raise UserError(self.env._("The accountant of the caisse mends this: %(what)s.", what=name))
        return {
            "type": "ir.actions.act_window",
            "name": f"{name} · {self.company_id.name}",
            "res_model": model,
            "views": [(self._list_view(model), "list"), *([(False, "form")] if form else [])],
            "domain": domain,
            "context": {"create": False},
        }

    def _list_view(self, model):
        """Entries as an accountant reads them; the usual list of other records."""
        views = {"account.move": "account.view_move_tree", "account.move.line": "account.view_move_line_tree"}
        return self.env.ref(views[model]).id if model in views else False
