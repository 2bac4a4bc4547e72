from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.words import spaced
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
    ceiling = Francs(
        help="Above this amount cash should leave: a till pays into the vault, the vault into the bank; 0 for none."
    )
    floor = Francs(string="Minimum cash wished", help="Below this amount cash should be brought; 0 for none.")
    cash_state = fields.Selection(
        [("over", "Above its ceiling"), ("under", "Below its minimum"), ("right", "As it should be")],
        string="Cash level",
        compute="_compute_cash_state",
        search="_search_cash_state",
    )
    advice = fields.Char(string="What to do", compute="_compute_cash_state")
    last_receipt = fields.Integer(readonly=True, required=True, default=0)
    open_session_id = fields.Many2one("kondo.till.session", readonly=True, string="Open session")
    teller_id = fields.Many2one(related="open_session_id.user_id", string="Teller")
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex("(company_id, code)", "This caisse already has a till with that code.")
    _never_negative = models.Constraint("CHECK (cash >= 0)", "A till cannot hold less than nothing.")
    _levels = models.Constraint(
        "CHECK (ceiling >= 0 AND floor >= 0 AND (ceiling = 0 OR floor <= ceiling))",
        "The minimum is below the ceiling, and neither is negative.",
    )

    @api.depends("name", "company_id.kondo_code")
    def _compute_display_name(self):
        for till in self:
            till.display_name = f"{till.name} · {till.company_id.sudo().kondo_code or ''}"

    @api.depends("cash", "ceiling", "floor", "kind")
    def _compute_cash_state(self):
        _ = self.env._
        for till in self:
            till.cash_state, till.advice = "right", False
            vault = till.kind == "vault"
            if till.ceiling and till.cash > till.ceiling:
                till.cash_state = "over"
                amount = spaced(till.cash - till.ceiling)
                till.advice = (
                    _("Take %(amount)s F to the bank.", amount=amount)
                    if vault
                    else _("Hand %(amount)s F over to the vault.", amount=amount)
                )
            elif till.floor and till.cash < till.floor:
                till.cash_state = "under"
                amount = spaced(till.floor - till.cash)
                till.advice = (
                    _("Bring %(amount)s F from the bank.", amount=amount)
                    if vault
                    else _("Ask the vault for %(amount)s F.", amount=amount)
                )

    def _search_cash_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        states = {
            "over": SQL("ceiling > 0 AND cash > ceiling"),
            "under": SQL("floor > 0 AND cash < floor AND NOT (ceiling > 0 AND cash > ceiling)"),
            "right": SQL("NOT (ceiling > 0 AND cash > ceiling) AND NOT (floor > 0 AND cash < floor)"),
        }
        chosen = [states[one] for one in value if one in states]
        if not chosen:
            return [(0, "=", 1)]
        self.flush_model(["cash", "ceiling", "floor"])
        return [
            (
                "id",
                "in",
                SQL("(SELECT id FROM kondo_till WHERE %s)", SQL(" OR ").join(SQL("(%s)", one) for one in chosen)),
            )
        ]

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

    def action_move_cash(self):
        """A slip that brings the cash back to its level: to or from the vault for a till, the bank for a vault."""
        self.ensure_one()
        kinds = {
            ("till", "over"): "till_to_vault",
            ("till", "under"): "vault_to_till",
            ("vault", "over"): "vault_to_bank",
            ("vault", "under"): "bank_to_vault",
        }
        kind = kinds.get((self.kind, self.cash_state))
        if not kind:
            raise UserError(self.env._("The cash of %(till)s is as it should be.", till=self.name))
        places = {"default_till_id": self.id} if self.kind == "till" else {"default_vault_id": self.id}
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cash slip"),
            "res_model": "kondo.cash.slip",
            "views": [(False, "form")],
            "context": {"default_kind": kind, "default_note": self.advice, **places},
        }
