from odoo import api, fields, models
from odoo.exceptions import UserError

from ..fields import Francs


class KondoTill(models.Model):
    """A place where cash is: a teller's till or the caisse's vault, with its own ledger account and journal."""

    _name = "kondo.till"
    _description = "Till or vault"
    _inherit = ["kondo.guarded"]
    _order = "company_id, kind desc, code"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {"cash", "last_receipt", "open_session_id", "company_id", "account_id", "journal_id", "kind", "code"}
    )

    name = fields.Char(required=True)
    code = fields.Char(required=True, readonly=True, help="Stands in receipt numbers.")
    kind = fields.Selection([("till", "Till"), ("vault", "Vault")], required=True, readonly=True, default="till")
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True, index=True)
    point_id = fields.Many2one("kondo.point.of.service", string="Point of service", check_company=True)
    journal_id = fields.Many2one(
        "account.journal", required=True, readonly=True, ondelete="restrict", check_company=True
    )
    account_id = fields.Many2one("account.account", required=True, readonly=True, ondelete="restrict")
    cash = Francs(readonly=True, string="Cash", help="What the till must hold.")
    ceiling = Francs(help="Above this amount of cash the till should pay into the vault; 0 for none.")
    last_receipt = fields.Integer(readonly=True, required=True, default=0)
    open_session_id = fields.Many2one("kondo.till.session", readonly=True, string="Open session")
    teller_id = fields.Many2one(related="open_session_id.user_id", string="Teller")
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex("(company_id, code)", "This caisse already has a till with that code.")
    _never_negative = models.Constraint("CHECK (cash >= 0)", "A till cannot hold less than nothing.")

    @api.depends("name", "company_id.kondo_code")
    def _compute_display_name(self):
        for till in self:
            till.display_name = f"{till.name} · {till.company_id.sudo().kondo_code or ''}"

    def write(self, vals):
        if vals.get("active") is False and any(till.cash or till.open_session_id for till in self.sudo()):
            raise UserError(self.env._("A till is put away empty and closed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        raise UserError(self.env._("A till is archived, never deleted."))

    def action_open_sessions(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sessions of %(till)s", till=self.name),
            "res_model": "kondo.till.session",
            "view_mode": "list,form",
            "domain": [("till_id", "=", self.id)],
        }
