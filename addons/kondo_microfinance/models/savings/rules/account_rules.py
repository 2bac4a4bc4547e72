from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools.misc import format_date

from ....engine.periods import period_of
from ....engine.words import spaced


class KondoSavingsAccount(models.Model):
    """What a person must see of an account: what waits on it, what comes next, what to look at."""

    _inherit = "kondo.savings.account"

    fee_due_ids = fields.One2many("kondo.savings.fee.due", "account_id", string="Waiting fees", readonly=True)
    fees_waiting = fields.Integer(compute="_compute_fees_waiting", help="Fees that wait for money, in francs.")
    keeping_until = fields.Date(
        string="Account keeping charged until", readonly=True, help="Last day that account keeping has covered."
    )
    events = fields.Html(string="Next events", compute="_compute_events", sanitize=False)
    alerts = fields.Html(compute="_compute_alerts", sanitize=False)

    @property
    def _guarded_fields(self):
        """The ledger's own fields, and the manager's decisions, which pass through their actions."""
        return super()._guarded_fields | {
            "block_reason",
            "blocked_by_id",
            "blocked_on",
            "dormant_on",
            "fees_exempt",
            "inactive_on",
            "keeping_until",
            "reactivated_on",
        }

    @api.depends("fee_due_ids.state", "fee_due_ids.total")
    def _compute_fees_waiting(self):
        waiting = {
            account.id: total
            for account, total in self.env["kondo.savings.fee.due"]._read_group(
                [("account_id", "in", self.ids), ("state", "=", "waiting")], ["account_id"], ["total:sum"]
            )
        }
        for account in self:
            account.fees_waiting = waiting.get(account.id, 0)

    # ------------------------------------------------------------------ what comes next
    def _next_events(self):
        """The next account keeping, and the day on which a dormant account goes to the central bank."""
        events = super()._next_events()
        day = self.company_id.sudo().business_date
        if day and self.state in ("active", "inactive") and not self.fees_exempt:
            tariff = self.env["kondo.savings.fee"]._in_force(self.product_id, "keeping", day)
            if tariff:
                end = fields.Date.subtract(period_of(self.product_id.keeping_period, day)[1], days=1)
                events.append(self._event(end, self.env._("Account keeping: %(price)s", price=tariff.price)))
        if self.transfer_from:
            events.append(self._event(self.transfer_from, self.env._("What the account holds goes to the BCEAO")))
        return events

    @api.depends("state", "blocked", "overdraft_until", "balance")
    @api.depends_context("lang")
    def _compute_events(self):
        for account in self:
            events = sorted(account._next_events(), key=lambda event: event["date"]) if account.id else []
            rows = Markup().join(
                Markup(
                    '<tr><td class="text-nowrap pe-4">%s</td><td>%s</td><td class="text-end text-nowrap">%s</td></tr>'
                )
                % (
                    format_date(self.env, event["date"]),
                    event["label"],
                    f"{spaced(event['amount'])} F" if event["amount"] else "",
                )
                for event in events
            )
            account.events = rows and Markup('<table class="table table-sm mb-0"><tbody>%s</tbody></table>') % rows

    # ------------------------------------------------------------------ what to look at
    def _alerts(self):
        """What to look at (amber) and what blocks (red), in words: [{level, text}]. Each room adds its own."""
        self.ensure_one()
        _ = self.env._
        alerts = []
        if self.block != "none":
            blocks = dict(self._fields["block"]._description_selection(self.env))
            text = _("Blocked: %(what)s", what=blocks[self.block])
            alerts.append({"level": "red", "text": f"{text} · {self.block_reason}" if self.block_reason else text})
        if self.state == "dormant":
            text = _("Dormant since %(date)s: to be reactivated", date=format_date(self.env, self.dormant_on))
            alerts.append({"level": "red", "text": text if self.dormant_on else _("Dormant: to be reactivated")})
        if self.state == "inactive":
            alerts.append({"level": "amber", "text": _("Inactive: check the identity")})
        if self.is_joint and self.joint_rule == "all":
            alerts.append({"level": "red", "text": _("All holders sign together")})
        alerts += [{"level": "amber", "text": text} for text in self._hold_summary()]
        if self.fees_waiting:
            text = _("%(total)s F of fees wait", total=spaced(self.fees_waiting))
            alerts.append({"level": "amber", "text": text})
        if self.balance < 0 and not self._overdraft():
            alerts.append({"level": "red", "text": _("Overdraft at its end: to be paid back")})
        return alerts

    @api.depends("block", "block_reason", "state", "blocked", "joint_rule", "fees_waiting", "balance")
    @api.depends_context("lang")
    def _compute_alerts(self):
        colours = {"red": "text-bg-danger", "amber": "text-bg-warning"}
        for account in self:
            account.alerts = Markup().join(
                Markup('<span class="badge rounded-pill me-1 %s">%s</span>') % (colours[alert["level"]], alert["text"])
                for alert in (account._alerts() if account.id else [])
            )
