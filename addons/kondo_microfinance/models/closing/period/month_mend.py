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
        return self._list(
            self.env._("Closings"),
            "kondo.closing",
            [("company_id", "=", self.company_id.id), *self._in_month("date")],
            form=True,
        )

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
        domain = [("company_id", "=", self.company_id.id), ("date", "<=", self.month_id.date_to)]
        drafts = [*domain, ("state", "=", "draft")]
        if self.env["account.move"].sudo().search_count(drafts, limit=1):
            return self._list(self.env._("Entries still in draft"), "account.move", drafts, form=True)
        return self._list(
            self.env._("Bank movements not reconciled"),
            "account.move",
            [*domain, ("statement_line_id.is_reconciled", "=", False), ("statement_line_id", "!=", False)],
            form=True,
        )

    def _open_liaison(self):
        domain = [] if self.company_id.kondo_kind == "union" else [("company_id", "=", self.company_id.id)]
        return self._list(self.env._("Balances between caisses"), "kondo.liaison.balance", domain)

    def _open_suspense(self):
        return self._list(
            self.env._("Suspense accounts"),
            "account.move.line",
            [
                ("company_id", "=", self.company_id.id),
                ("account_id", "in", self._suspense_accounts(self.company_id).ids),
                ("date", "<=", self.month_id.date_to),
                ("parent_state", "=", "posted"),
            ],
        )

    def _in_month(self, name):
        return [(name, ">=", self.month_id.month), (name, "<=", self.month_id.date_to)]

    def _list(self, name, model, domain, form=False):
        if not self.env[model].has_access("read"):
            raise UserError(self.env._("The accountant of the caisse mends this: %(what)s.", what=name))
        return {
            "type": "ir.actions.act_window",
            "name": f"{name} · {self.company_id.name}",
            "res_model": model,
            "views": [(False, "list"), *([(False, "form")] if form else [])],
            "domain": domain,
            "context": {"create": False},
        }
