from odoo import api, models
from odoo.exceptions import UserError

from ...engine.words import spaced


class KondoOperation(models.Model):
    """Shares that leave a member: handed to another, or refunded."""

    _inherit = "kondo.operation"

    @api.private
    def _execute_share_transfer(self, posting, values):
        """values: request_id, a request that a second person has just agreed to."""
        request = self._share_request(posting, values, "transfer")
        source = request.holding_id
        target = self.env["kondo.share.holding"]._of(request.target_id, source.product_id, posting.dry)
        amount = request.shares * source.nominal
        changes = {source: -request.shares, target: request.shares}
        request._check_request()
        after = {holding: holding._move_subscribed(changes[holding]) for holding in (source | target).sorted("id")}
        self._check_maximum(source.product_id, after[target])
        for holding, kind, other in ((source, "transfer_out", target), (target, "transfer_in", source)):
            change = changes[holding]
            row = after[holding]
            sign = 1 if change > 0 else -1
            row["paid"] += sign * amount
            posting.move_shares(holding, sign * amount, label=self.env._("Shares %(number)s", number=holding.number))
            self.env["kondo.share.entry"]._add(posting, holding, [(kind, change, sign * amount, other.partner_id)], row)
        if not after[target]["subscribed"] - request.shares:
            target._settle({"opened_on": posting.business_date})
        target._settle({"state": "active", "closed_on": False})
        self._close_when_empty(posting, source, after[source])
        posting.label = self.env._(
            "Shares %(from)s to %(to)s", **{"from": source.number, "to": target.number or target.partner_id.name}
        )
        posting.values.update(
            amount=amount,
            partner_id=source.partner_id.id,
            approver_id=request.requested_by_id.id,
            note=self._check_text(request.reason),
        )
        request._set({"state": "done", "done_on": posting.business_date, "operation_id": posting.operation_id})

    @api.private
    def _execute_share_refund(self, posting, values):
        """values: request_id of an agreed refund; in cash also session_id, partner_id, amount, bearer?, note?, approval_id?

        Refused before the end of the notice and while the member owes. Who decided it does not pay it.
        """
        request = self._share_request(posting, values, "refund")
        cash = bool(values.get("session_id"))
        self.env["kondo.four.eyes"]._check_group("group_teller", *(() if cash else ("group_caisse_manager",)))
        self.env["kondo.four.eyes"]._check_second_person(
            request.decided_by_id, self.env._("You agreed to this refund: another person pays it.")
        )
        if cash != (request.payment == "cash"):
            raise UserError(
                self.env._("This refund is paid to the account %(number)s.", number=request.savings_account_id.number)
                if cash
                else self.env._("This refund is paid in cash by the teller, at the window.")
            )
        if cash and request.partner_id.id != values.get("partner_id"):
            raise UserError(self.env._("This refund is of another member."))
        request._check_request()
        obstacles = request._obstacles()
        if obstacles:
            raise UserError("\n".join(obstacles))
        holding, amount = request.holding_id, request.amount
        if cash:
            if self._check_amount(values.get("amount")) != amount:
                raise UserError(self.env._("The refund is of %(amount)s F.", amount=spaced(amount)))
            self._check_authorised(posting, values, self.env["kondo.savings.product"], amount)
            till = posting.take_till(self._check_id(values["session_id"]), -amount)
            posting.add_leg(till["account_id"], -amount, till_id=till["id"])
            posting.answer.update(till_cash=till["cash"], cash_after={till["id"]: till["cash"]})
        else:
            posting.move_savings(request.savings_account_id, amount, rule="house")
        after = holding._move_subscribed(-request.shares)
        if not after["subscribed"] and after["paid"] != amount:
            raise UserError(self.env._("These shares have moved meanwhile. Start again."))
        posting.label = self.env._("Refund of shares %(number)s", number=holding.number)
        self._post_shares(posting, holding, 0, -amount)
        self._post_shares(posting, holding, -request.shares, 0)
        after["paid"] -= amount
        self.env["kondo.share.entry"]._add(posting, holding, [("refund", -request.shares, -amount, None)], after)
        self._close_when_empty(posting, holding, after)
        posting.values.update(
            amount=amount,
            partner_id=request.partner_id.id,
            savings_account_id=request.savings_account_id.id if not cash else None,
            bearer=self._check_text(values.get("bearer")),
            note=self._check_text(values.get("note") or request.reason),
        )
        posting.values.setdefault("approver_id", request.decided_by_id.id)
        posting.answer.update(
            holding_number=holding.number, account_number=holding.number, member_name=request.partner_id.name
        )
        posting.show(self.env._("Shares refunded"), f"{request.shares} × {spaced(holding.nominal)} F")
        posting.show(self.env._("Shares left"), str(after["subscribed"]))
        request._set(
            {
                "state": "done",
                "done_on": posting.business_date,
                "paid_by_id": self.env.uid,
                "operation_id": posting.operation_id,
            }
        )

    @api.private
    def _window_form_share_refund(self, partner):
        """Agreed refunds that the member comes to collect in cash."""
        if not partner:
            return None
        requests = self.env["kondo.share.request"].sudo().search(
            [("partner_id", "=", partner.id), ("kind", "=", "refund"), ("state", "=", "approved"), ("payment", "=", "cash")]
        )  # fmt: skip
        if not requests:
            return None
        _ = self.env._
        return {
            "label": _("Refund of shares"),
            "cash": -1,
            "member": True,
            "fields": [
                {
                    "name": "request_id",
                    "label": _("Request"),
                    "type": "choice",
                    "required": True,
                    "default": str(requests[0].id),
                    "options": [
                        {
                            "value": str(request.id),
                            "label": request._window_label(),
                            "hint": f"{spaced(request.amount)} F",
                        }
                        for request in requests
                    ],
                },
                {
                    "name": "amount",
                    "label": _("Amount"),
                    "type": "amount",
                    "required": True,
                    "default": requests[0].amount,
                    "help": "\n".join(requests[0]._obstacles()),
                },
            ],
        }

    # ------------------------------------------------------------------ helpers
    def _share_request(self, posting, values, kind):
        """The agreed request of this caisse, locked, as superuser."""
        request = self.env["kondo.share.request"].sudo().browse(self._check_choice(values.get("request_id"))).exists()
        if not request or request.company_id.id != posting.company_id or request.kind != kind:
            raise UserError(self.env._("This record is not in your caisse."))
        request._lock(("approved",))
        return request

    def _close_when_empty(self, posting, holding, after):
        due = after["subscribed"] * holding.nominal - after["paid"]
        values = {"pay_by": holding.pay_by if due else False}
        if not after["subscribed"]:
            values.update(state="closed", closed_on=posting.business_date, pay_by=False)
        elif holding.state == "leaving":
            values["state"] = "active"
        holding._settle(values)
