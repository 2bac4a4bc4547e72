from odoo import fields, models


class KondoSavingsAccount(models.Model):
    _inherit = "kondo.savings.account"

    standing_order_ids = fields.One2many(
        "kondo.standing.order", "source_account_id", string="Standing orders", readonly=True
    )

    def _next_events(self):
        """The next payment of each standing order that this account pays or receives."""
        orders = self.env["kondo.standing.order"].sudo()
        found = orders.search(
            [
                ("state", "=", "active"),
                "|",
                ("source_account_id", "=", self.id),
                ("target_account_id", "=", self.id),
            ]
        )
        return [
            *super()._next_events(),
            *(
                self._event(
                    order.next_due,
                    self.env._("Standing order %(number)s", number=order.name)
                    + (f" ({order.purpose})" if order.purpose else ""),
                    order.amount if order.amount_kind != "above" else None,
                )
                for order in found
            ),
        ]
