from odoo import api, fields, models
from odoo.tools import SQL

from ..fields import Francs


class KondoLiaisonBalance(models.Model):
    """What each caisse owes each other one, since when, and that the other's books say the same."""

    _name = "kondo.liaison.balance"
    _description = "Balance between two caisses"
    _auto = False
    _order = "company_id, other_company_id"
    _rec_name = "other_company_id"

    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True)
    other_company_id = fields.Many2one("res.company", string="Towards", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    balance = Francs(readonly=True, help="Positive: the other caisse owes it. Negative: this caisse owes it.")
    mirror = Francs(string="In the other's books", readonly=True)
    gap = Francs(readonly=True, help="Both sides together: always 0.")
    since = fields.Date(string="Unsettled since", readonly=True, help="Oldest movement that the balance still holds.")
    age = fields.Integer(string="Days", readonly=True, aggregator=None)
    overdue = fields.Boolean(string="To settle", readonly=True)

    @property
    def _table_query(self):
        """Debts are settled oldest first: the balance is made of the last movements on its own side."""
        return SQL(
            """
            WITH legs AS (
                SELECT l.id, l.company_id, other.id AS other_id, l.partner_id, l.business_date, l.amount
                  FROM kondo_operation_line l
                  JOIN account_account a ON a.id = l.account_id AND a.kondo_control = 'liaison'
                  JOIN res_company other ON other.partner_id = l.partner_id
            ), totals AS (
                SELECT company_id, other_id, partner_id, sum(amount) AS balance FROM legs
                 GROUP BY company_id, other_id, partner_id
            ), covered AS (
                SELECT g.company_id, g.other_id, g.business_date, t.balance,
                       sum(abs(g.amount)) OVER (PARTITION BY g.company_id, g.other_id ORDER BY g.id DESC) AS reached
                  FROM legs g
                  JOIN totals t ON t.company_id = g.company_id AND t.other_id = g.other_id
                 WHERE sign(g.amount) = sign(t.balance)
            ), oldest AS (
                SELECT company_id, other_id, max(business_date) AS since FROM covered
                 WHERE reached >= abs(balance) GROUP BY company_id, other_id
            )
            SELECT t.company_id::bigint * 1000000 + t.other_id AS id, t.company_id, t.other_id AS other_company_id,
                   t.partner_id, t.balance, COALESCE(m.balance, 0) AS mirror,
                   t.balance + COALESCE(m.balance, 0) AS gap, o.since,
                   CASE WHEN o.since IS NULL THEN 0
                        ELSE GREATEST(COALESCE(c.business_date, CURRENT_DATE), o.since) - o.since END AS age,
                   o.since IS NOT NULL
                   AND COALESCE(c.business_date, CURRENT_DATE) - o.since > COALESCE(u.liaison_days, 5) AS overdue
              FROM totals t
              JOIN res_company c ON c.id = t.company_id
              JOIN res_company u ON u.id = split_part(c.parent_path, '/', 1)::int
              LEFT JOIN totals m ON m.company_id = t.other_id AND m.other_id = t.company_id
              LEFT JOIN oldest o ON o.company_id = t.company_id AND o.other_id = t.other_id
            """
        )

    @api.depends("company_id", "other_company_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.company_id.name} → {row.other_company_id.name}"

    def action_open_legs(self):
        """The movements behind the balance, in this caisse's books."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "kondo.operation.line",
            "views": [(False, "list")],
            "domain": [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("account_id.kondo_control", "=", "liaison"),
            ],
        }

    def action_settle(self):
        """A settlement of this balance, ready to be completed."""
        self.ensure_one()
        debtor, creditor = self.company_id, self.other_company_id
        if self.balance > 0:
            debtor, creditor = creditor, debtor
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Settlement between caisses"),
            "res_model": "kondo.liaison.settlement",
            "views": [(False, "form")],
            "context": {
                "default_company_id": debtor.id,
                "default_creditor_company_id": creditor.id,
                "default_amount": abs(self.balance),
            },
        }
