import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ....engine.fees import fee, keeping_fee
from ....engine.periods import period_of
from ....engine.words import spaced
from ...ledger.key import LEDGER


class KondoOperation(models.Model):
    """The last operation of an account: interest to date, what it still owes, and the rest paid out."""

    _inherit = "kondo.operation"

    @api.model
    @api.private
    def _counter_kinds(self):
        return super()._counter_kinds() | {"account_closing"}

    @api.model
    @api.private
    def _other_kinds(self):
        return [*super()._other_kinds(), "account_closing"]

    @api.private
    def _approval_subject(self, kind, values):
        """The amount of a closing is what the account holds."""
        if kind == "account_closing":
            account = self.env["kondo.savings.account"].sudo().browse(self._check_id(values.get("account_id"))).exists()
            values = {**values, "amount": max(1, account.balance)}
        return super()._approval_subject(kind, values)

    @api.private
    def _execute_account_closing(self, posting, values):
        """values: account_id, payout (cash, account), counter_account_id?, note?; at the window also session_id,
        approval_id?. Without a session a manager closes, onto another account of the member.
        """
        session_id = values.get("session_id")
        self.env["kondo.four.eyes"]._check_group("group_teller" if session_id else "group_caisse_manager")
        account = self._window_account(posting, values.get("account_id"))
        self.env.cr.execute("SELECT id FROM kondo_savings_account WHERE id = %s FOR NO KEY UPDATE", (account.id,))
        account.invalidate_recordset()
        account._check_may_close()
        settlement = account._settlement(posting.business_date)
        if not settlement["moves"]:
            raise UserError(
                self.env._(
                    "The account %(number)s is empty: the manager closes it from its form.", number=account.number
                )
            )
        payout = account._check_settlement(settlement)
        in_cash = bool(session_id) and values.get("payout") != "account"
        target = self._closing_target(posting, account, values) if payout and not in_cash else None
        self._check_authorised(posting, values, account.product_id, payout)
        till = posting.take_till(self._check_id(session_id), -payout if in_cash else 0) if session_id else None
        self._settle(posting, account, settlement)
        if payout:
            posting.move_savings(account, -payout, rule="release")
            if target:
                posting.move_savings(target, payout)
            else:
                posting.add_leg(till["account_id"], -payout, till_id=till["id"])
        posting.show(self.env._("Paid out"), payout)
        posting.label = self.env._("Closing of the account %(number)s", number=account.number)
        posting.values.update(
            amount=payout,
            partner_id=account.partner_id.id,
            savings_account_id=account.id,
            counter_account_id=target.id if target else None,
            note=self._check_text(values.get("note")),
        )
        posting.answer.update(account_number=account.number, member_name=account.partner_id.name)
        if till:
            posting.answer.update(till_cash=till["cash"], cash_after={till["id"]: till["cash"]} if in_cash else {})

    def _settle(self, posting, account, settlement):
        """The legs of interest and fees; waiting fees are paid by this operation."""
        if settlement["interest"]:
            self._settle_interest(posting, account)
            posting.show(self.env._("Interest to date"), settlement["interest"])
        posting.savings.setdefault(account.id, [0, "release"])
        dues = settlement["dues"]._mark_paid(posting.operation_id)
        if dues != settlement["dues"]:
            raise UserError(self.env._("This account has just moved: start again."))
        for due in dues:
            self._add_fee(posting, account, due.fee_id, due.amount, due.tax)
        for service in settlement["fees"]:
            self._add_fee(posting, account, *service)

    def _settle_interest(self, posting, account):
        """The legs of what the account has earned and owes since the last posting."""
        self.env["kondo.savings.interest"].sudo()._settle(posting, account)

    def _closing_target(self, posting, account, values):
        """The member's other account that takes what the closed one holds."""
        if not values.get("counter_account_id"):
            raise UserError(self.env._("Choose the account of the member that receives the money."))
        target = self._window_account(posting, values["counter_account_id"])
        if target == account or target.partner_id != account.partner_id:
            raise UserError(self.env._("The money of a closed account goes to another account of the same member."))
        return target

    @api.private
    def _post_here(self, kind, uuid, company_id, values, mark):
        """The account is closed in the transaction that emptied it, once its last leg stands."""
        answer = super()._post_here(kind, uuid, company_id, values, mark)
        if kind == "account_closing" and not answer["replayed"]:
            account = self.env["kondo.savings.account"].sudo().browse(values["account_id"])
            account._mark_closed()
        return answer

    # ------------------------------------------------------------------ the window's form
    @api.private
    def _window_form_account_closing(self, partner):
        if not partner:
            return None
        accounts = (
            self.env["kondo.savings.account"]
            .sudo()
            .search([("partner_id", "=", partner.id), ("state", "in", ("active", "inactive"))], order="id")
        )
        closable = accounts.filtered(lambda account: account.kind not in ("term", "guarantee"))
        if not closable:
            return None
        options = [
            {"value": account.id, "label": account.number, "hint": account.product_id.name} for account in accounts
        ]
        fields_ = [
            {
                "name": "account_id",
                "label": self.env._("Account to close"),
                "type": "choice",
                "required": True,
                "default": None,
                "options": [option for option in options if option["value"] in closable.ids],
            },
            {
                "name": "payout",
                "label": self.env._("Paid out"),
                "type": "choice",
                "required": True,
                "default": "cash",
                "options": [{"value": "cash", "label": self.env._("In cash"), "hint": ""}],
            },
        ]
        if len(accounts) > 1:
            fields_[1]["options"].append(
                {"value": "account", "label": self.env._("To another account of the member"), "hint": ""}
            )
            fields_.append(
                {
                    "name": "counter_account_id",
                    "label": self.env._("Receiving account"),
                    "type": "choice",
                    "required": True,
                    "default": None,
                    "options": options,
                    "visible_if": {"field": "payout", "in": ["account"]},
                }
            )
        fields_.append(
            {"name": "note", "label": self.env._("Reason"), "type": "text", "required": False, "default": None}
        )
        return {"label": self.env._("Closing of an account"), "cash": -1, "member": True, "fields": fields_}


class KondoSavingsAccount(models.Model):
    _inherit = "kondo.savings.account"

    # ------------------------------------------------------------------ what a closing settles
    def _closing_obstacles(self):
        """What keeps an account from being closed, in sentences. Loans, contracts and orders add theirs."""
        self.ensure_one()
        _ = self.env._
        obstacles = []
        if self.state == "closed":
            obstacles.append(_("The account %(number)s is closed.", number=self.number))
        if self.state == "dormant":
            obstacles.append(
                _("The account %(number)s is dormant. It is reactivated first: see the manager.", number=self.number)
            )
        if self.block in ("all", "debit"):
            obstacles.append(_("The account %(number)s is blocked. See the manager.", number=self.number))
        if self.blocked:
            obstacles += self._hold_summary() or [_("%(amount)s F are held on it.", amount=spaced(self.blocked))]
        if self.balance < 0:
            obstacles.append(
                _(
                    "The account %(number)s is overdrawn by %(amount)s F: it is brought back to zero first.",
                    number=self.number,
                    amount=spaced(-self.balance),
                )
            )
        if self.kind == "term":
            obstacles.append(_("A term deposit ends by its maturity or its early break."))
        return obstacles

    def _check_may_close(self):
        obstacles = self._closing_obstacles()
        if obstacles:
            raise UserError("\n".join([self.env._("This account cannot be closed yet."), *obstacles]))

    def _settlement(self, date):
        """What the closing of the account on `date` settles.

        :return: dict of `interest` (francs, negative when agios prevail), `dues` (waiting fees), `fees` [(tariff, francs, tax)],
            `payout` (francs, negative when money lacks), `moves` (whether any franc moves)
        """
        self.ensure_one()
        interest = self._unposted_interest(date)
        dues = self.env["kondo.savings.fee.due"]._waiting_on(self)
        fees = [] if self.fees_exempt else [service for service in self._closing_fees(date) if service[1]]
        payout = self.balance + interest - sum(dues.mapped("total")) - sum(sum(service[1:]) for service in fees)
        return {
            "interest": interest,
            "dues": dues,
            "fees": fees,
            "payout": payout,
            "moves": bool(self.balance or interest or dues or fees),
        }

    def _unposted_interest(self, date):
        """What a closing on `date` adds, in francs: interest less tax less agios since the last posting."""
        earned = self.env["kondo.savings.interest"].sudo()._interest_to_date(self, date)
        return earned["interest"] - earned["withholding"] - earned["overdraft_interest"]

    def _closing_fees(self, date):
        """Account keeping for the days of the running period, then the closing fee: [(tariff, francs, tax)]."""
        tariffs = self.env["kondo.savings.fee"]
        keeping = tariffs._in_force(self.product_id, "keeping", date)
        closing = tariffs._in_force(self.product_id, "closing", date)
        services = []
        if keeping:
            start, end = period_of(self.product_id.keeping_period, date)
            first = max(filter(None, [start, keeping.date_from, self.opened_on, self._day_after_keeping()]))
            days = max(0, (date - first).days + 1)
            base = max(0, self.balance)
            services.append((keeping, keeping_fee(keeping._tariff(), base, days, (end - start).days)))
        if closing:
            services.append((closing, fee(closing._tariff(), max(0, self.balance))))
        operations = self.env["kondo.operation"]
        return [(tariff, cost, operations._fee_tax(tariff, cost, date)) for tariff, cost in services]

    def _day_after_keeping(self):
        return fields.Date.add(self.keeping_until, days=1) if self.keeping_until else None

    def _check_settlement(self, settlement):
        """The francs to pay out; refused when the account cannot pay what it owes."""
        if settlement["payout"] < 0:
            raise UserError(
                self.env._(
                    "The account %(number)s lacks %(amount)s F for its fees: the member pays them first, or the manager "
                    "waives them or exempts the account.",
                    number=self.number,
                    amount=spaced(-settlement["payout"]),
                )
            )
        return settlement["payout"]

    # ------------------------------------------------------------------ closing
    def action_close(self):
        """An account with nothing to settle is closed at once; else the manager sees what is settled, and where to."""
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager")
        empty = self.browse()
        for account in self:
            account.company_id._check_visible()
            account._check_may_close()
            settlement = account._settlement(account.company_id.sudo().business_date)
            if settlement["moves"]:
                account.ensure_one()
                if len(self) > 1:
                    raise UserError(
                        self.env._(
                            "The account %(number)s still holds %(balance)s F.",
                            number=account.number,
                            balance=spaced(account.balance),
                        )
                    )
                return self.env["kondo.savings.decision"]._open("close", account)
            empty += account
        for account in empty:
            account._close_empty()
        return True

    def _close_empty(self):
        self._lock_for_manager()
        self.sudo()._mark_closed()

    @api.private
    def _close(self, target, reason, key=None):
        """A manager closes the account: what it holds goes to another account of the member. Returns the answer."""
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager")
        self.check_access("write")
        self.company_id._check_visible()
        values = {"account_id": self.id, "note": reason}
        if target:
            values["counter_account_id"] = target.id
        key = key or str(uuid.uuid4())
        answer = self.env["kondo.operation"]._submit("account_closing", key, values, company=self.company_id)
        self.invalidate_recordset()
        return answer

    def _mark_closed(self):
        """Close an account that holds nothing any more; refuses when something came in between."""
        self.ensure_one()
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE kondo_savings_account a
                  SET state = 'closed', closed_on = c.business_date, overdraft_limit = 0, overdraft_until = NULL
                 FROM res_company c
                WHERE a.id = %s AND c.id = a.company_id AND a.state <> 'closed' AND a.balance = 0 AND a.blocked = 0
            RETURNING a.id""",
            (self.id,),
        )
        if not self.env.cr.fetchone():
            raise UserError(self.env._("This account has just moved: start again."))
        self.invalidate_recordset()
        self.overdraft_ids.filtered(lambda overdraft: overdraft.state == "granted")._set("ended")
        self.coholder_ids.filtered("is_current").with_context(kondo_ledger=LEDGER)._end(self.closed_on)
        self.message_post(body=self.env._("Account closed."), author_id=self.env.user.partner_id.id)

    def _receiving_accounts(self):
        """Domain of the member's accounts that may take what this one holds."""
        return (
            Domain("partner_id", "=", self.partner_id.id)
            & Domain("state", "in", ("active", "inactive"))
            & Domain("id", "!=", self.id)
            & Domain("kind", "not in", ("term", "guarantee"))
        )
