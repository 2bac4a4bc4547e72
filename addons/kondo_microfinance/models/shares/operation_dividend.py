from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.words import spaced
from ..ledger.key import LEDGER


class KondoOperation(models.Model):
    """Dividends: paid to all holders at once, or collected at the window by who has no account."""

    _inherit = "kondo.operation"

    @api.private
    def _execute_dividend(self, posting, values):
        """values: dividend_id (payment of an approved dividend, by its own action), or session_id, partner_id, line_id,
        amount, bearer?, note? (a holder collects what waits for him)."""
        if values.get("session_id"):
            self._collect_dividend(posting, values)
        else:
            self._pay_dividend(posting, values)

    def _pay_dividend(self, posting, values):
        """Debit the distributed result; credit the accounts, 2721 for who has none, and the tax withheld."""
        record = self.env["kondo.share.dividend"].sudo().browse(self._check_id(values.get("dividend_id"))).exists()
        if not record or record.company_id.id != posting.company_id or record.state != "approved":
            raise UserError(self.env._("This record is not in your caisse."))
        product = record.product_id
        label = record._summary()
        record.line_ids._leave_closed_accounts()
        credited = record.line_ids.filtered(lambda line: line.savings_account_id and line.net)
        waiting = record.line_ids.filtered(lambda line: not line.savings_account_id and line.net)
        for account, amount in (
            (product.dividend_account_id, record.gross),
            (product.withholding_account_id, -record.withheld),
        ):
            if amount and not account:
                raise UserError(self.env._("The share has no account for this: complete its “Books”."))
            if amount:
                posting.add_leg(account.id, amount, label=label)
        for line in waiting:
            if not product.pending_account_id:
                raise UserError(self.env._("The share has no account for this: complete its “Books”."))
            posting.add_leg(product.pending_account_id.id, -line.net, partner_id=line.partner_id.id, label=label)
        if credited:
            self.env.flush_all()
            posting.move_many(
                SQL(
                    """SELECT savings_account_id, (gross - withheld)::bigint, %s, row_number() OVER (ORDER BY id)
                         FROM kondo_share_dividend_line WHERE id IN %s""",
                    label,
                    tuple(credited.ids),
                ),
                rule="house",
            )
        posting.label = label
        posting.values.update(
            amount=record.gross, approver_id=record.approved_by_id.id, note=self._check_text(record.decision_reference)
        )
        marked = record.line_ids.with_context(kondo_ledger=LEDGER)
        (marked - waiting).write({"state": "paid"})
        (marked & waiting).write({"state": "waiting"})

    def _collect_dividend(self, posting, values):
        self.env["kondo.four.eyes"]._check_group("group_teller")
        partner = self._share_member(posting, values.get("partner_id"))
        lines = self.env["kondo.share.dividend.line"].sudo()
        line = lines.browse(self._check_choice(values.get("line_id"))).exists()
        if not line or line.company_id.id != posting.company_id or line.partner_id != partner:
            raise UserError(self.env._("This dividend is of another member."))
        self.env.cr.execute("SELECT state FROM kondo_share_dividend_line WHERE id = %s FOR UPDATE", (line.id,))
        if self.env.cr.fetchone()[0] != "waiting":
            raise UserError(self.env._("This dividend does not wait to be collected."))
        amount = self._check_amount(values.get("amount"))
        if amount != line.net:
            raise UserError(self.env._("The dividend to collect is of %(amount)s F.", amount=spaced(line.net)))
        till = posting.take_till(self._check_id(values.get("session_id")), -amount)
        posting.add_leg(till["account_id"], -amount, till_id=till["id"])
        pending = line.dividend_id.product_id.pending_account_id
        posting.add_leg(pending.id, amount, partner_id=partner.id)
        posting.label = line.dividend_id._summary()
        posting.values.update(
            amount=amount,
            partner_id=partner.id,
            bearer=self._check_text(values.get("bearer")),
            note=self._check_text(values.get("note")),
        )
        posting.answer.update(
            member_name=partner.name,
            account_number=line.holding_id.number,
            till_cash=till["cash"],
            cash_after={till["id"]: till["cash"]},
        )
        posting.show(self.env._("Dividend"), line.dividend_id._summary())
        line.with_context(kondo_ledger=LEDGER).write(
            {"state": "collected", "collected_operation_id": posting.operation_id}
        )

    @api.private
    def _window_form_dividend(self, partner):
        """What waits for a holder without an account."""
        if not partner:
            return None
        lines = self.env["kondo.share.dividend.line"].sudo().search(
            [("partner_id", "=", partner.id), ("state", "=", "waiting")], order="id"
        )  # fmt: skip
        if not lines:
            return None
        _ = self.env._
        return {
            "label": _("Dividend to collect"),
            "cash": -1,
            "member": True,
            "fields": [
                {
                    "name": "line_id",
                    "label": _("Dividend"),
                    "type": "choice",
                    "required": True,
                    "default": str(lines[0].id),
                    "options": [
                        {"value": str(line.id), "label": line.dividend_id._summary(), "hint": f"{spaced(line.net)} F"}
                        for line in lines
                    ],
                },
                {
                    "name": "amount",
                    "label": _("Amount"),
                    "type": "amount",
                    "required": True,
                    "default": lines[0].net,
                },
            ],
        }


class KondoShareDividendLine(models.Model):
    _inherit = "kondo.share.dividend.line"

    @api.private
    def _leave_closed_accounts(self):
        """Dividends whose account was closed since wait at the caisse instead."""
        closed = self.filtered(lambda line: line.savings_account_id.state == "closed")
        closed.sudo().with_context(kondo_ledger=LEDGER).write({"savings_account_id": False})
