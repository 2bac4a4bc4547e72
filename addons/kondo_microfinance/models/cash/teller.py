from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.words import amount_in_words, spaced
from ..ledger.submission import NeedsApproval


class KondoTeller(models.AbstractModel):
    """What the teller window asks the server. Each method answers for the current user's own caisse only."""

    _name = "kondo.teller"
    _description = "Teller window"

    # ------------------------------------------------------------------ session
    @api.model
    def current_session(self):
        """The teller's open session, or False. Cash in francs."""
        self._check_teller()
        session = self._session()
        if not session:
            return False
        company = session.company_id
        return {
            "session_id": session.id,
            "till": {"id": session.till_id.id, "code": session.till_id.code, "name": session.till_id.name},
            "caisse": company.name,
            "caisse_code": company.kondo_code,
            "business_date": fields.Date.to_string(session.business_date),
            "theoretical_cash": session.till_id.cash,
            "ceiling": session.till_id.ceiling,
            "opened_at": fields.Datetime.to_string(session.opened_at),
            "state": session.state,
            "user": session.user_id.name,
        }

    @api.model
    def session_operations(self, limit=20):
        """The last operations of the session, newest first."""
        self._check_teller()
        session = self._session()
        operations = self.env["kondo.operation"].sudo()
        if not session:
            return []
        found = operations.search([("session_id", "=", session.id)], limit=min(int(limit), 100))
        kinds = dict(operations._fields["kind"]._description_selection(self.env))
        reversed_ids = set(found.reversed_by_id.reversal_of_id.ids)
        return [
            {
                "id": operation.id,
                "time": fields.Datetime.to_string(operation.posted_at),
                "member": operation.partner_id.name or "",
                "kind": operation.kind,
                "kind_label": kinds[operation.kind],
                "amount": operation.amount,
                "receipt_number": operation.receipt_number,
                "reversed": operation.id in reversed_ids,
                "reversal": operation.kind == "reversal",
                "can_reverse": operation.kind in operations._reversible_kinds() and operation.id not in reversed_ids,
            }
            for operation in found
        ]

    # ------------------------------------------------------------------ members
    @api.model
    def search_members(self, query):
        """Members of the teller's caisse that match; see `res.partner.member_search`."""
        self._check_teller()
        return self.env["res.partner"].with_context(allowed_company_ids=self._company().ids).member_search(query)

    @api.model
    def member_card(self, partner_id):
        """Everything the window shows of a member: identity, alerts, mandataries, accounts with balances."""
        self._check_teller()
        partner = self._member(partner_id)
        return {**partner._kondo_card(), "accounts": [self._account(a) for a in self._accounts(partner)]}

    @api.model
    def find_account(self, query):
        """Accounts of the caisse by number or holder, for the target of a transfer."""
        self._check_teller()
        company = self._company()
        text = (query or "").strip()
        if len(text) < 2:
            return []
        accounts = self.env["kondo.savings.account"].sudo()
        found = accounts.search(
            [("company_id", "=", company.id), ("state", "=", "active"), ("number", "ilike", text)], limit=8
        )
        if not found:
            members = [member["id"] for member in self.search_members(text)]
            found = accounts.search([("partner_id", "in", members), ("state", "=", "active")], limit=8)
        return [{**self._account(account), "member_name": account.partner_id.name} for account in found]

    # ------------------------------------------------------------------ preview
    @api.model
    def words(self, amount):
        """An amount of francs in French words."""
        return amount_in_words(self.env["kondo.operation"]._check_amount(amount))

    @api.model
    def preview(self, kind, values):
        """What an operation would do, and why it would be refused; nothing is written or locked."""
        self._check_teller()
        session = self._session()
        operations = self.env["kondo.operation"]
        answer = {"problems": [], "needs_approval": False, "words": ""}
        try:
            if not session or session.state != "open":
                raise UserError(self.env._("Your till is not open. Open it before any operation."))
            amount = operations._check_amount(values.get("amount"))
            answer["words"] = amount_in_words(amount)
            account = self._own_account(values.get("account_id"))
            sign = 1 if kind == "deposit" else -1
            answer.update(balance_before=account.balance, balance_after=account.balance + sign * amount)
            till_change = {"deposit": amount, "withdrawal": -amount}.get(kind, 0)
            answer["till_after"] = session.till_id.cash + till_change
            account._check_movement(sign * amount)
            if kind == "transfer" and values.get("counter_account_id"):
                counter = self._own_account(values["counter_account_id"])
                if counter == account:
                    raise UserError(self.env._("Choose two different accounts."))
                counter._check_movement(amount)
                answer.update(counter_before=counter.balance, counter_after=counter.balance + amount)
            operations._check_product(account.product_id, amount)
            if answer["till_after"] < 0:
                raise UserError(
                    self.env._(
                        "The till holds only %(cash)s F. Ask the vault for cash first.",
                        cash=spaced(session.till_id.cash),
                    )
                )
            limit = self.env["kondo.operation.limit"]._limit_for(session.company_id, kind, account.product_id)
            if limit is not None and amount > limit:
                raise NeedsApproval(
                    self.env._("Above %(limit)s F a supervisor must authorise the operation.", limit=spaced(limit))
                )
        except UserError as refusal:
            answer["problems"].append(str(refusal))
        except NeedsApproval as missing:
            answer.update(needs_approval=True, message=str(missing))
        return answer

    # ------------------------------------------------------------------ supervisor
    @api.model
    def request_approval(self, kind, values, reason):
        """Put a request before the supervisors of the caisse."""
        self._check_teller()
        approval = self.env["kondo.approval"]._request(self._company(), kind, values, reason)
        return {"approval_id": approval.id}

    @api.model
    def approval_status(self, approval_id):
        """State of a request of this teller."""
        self._check_teller()
        approval = self.env["kondo.approval"].sudo().browse(int(approval_id)).exists()
        if not approval or approval.requested_by_id != self.env.user:
            raise UserError(self.env._("This request is not yours."))
        return {
            "state": approval.state,
            "reason": approval.decision_note or "",
            "decided_by": approval.decided_by_id.name or "",
        }

    # ------------------------------------------------------------------ helpers
    def _check_teller(self):
        self.env["kondo.four.eyes"]._check_group("group_teller")

    def _session(self):
        return (
            self.env["kondo.till.session"]
            .sudo()
            .search(
                [
                    ("user_id", "=", self.env.uid),
                    ("state", "!=", "closed"),
                    ("company_id", "in", self.env.user._kondo_companies().ids),
                ],
                limit=1,
            )
        )

    def _company(self):
        """The caisse of the open session, else the user's own."""
        return self._session().company_id or self.env.user.sudo().company_id

    def _member(self, partner_id):
        partner = self.env["res.partner"].sudo().browse(int(partner_id)).exists()
        if not partner or not partner.is_kondo_member or partner.company_id != self._company():
            raise UserError(self.env._("This member is not in your caisse."))
        return partner

    def _own_account(self, account_id):
        account = (
            self.env["kondo.savings.account"].sudo().browse(self.env["kondo.operation"]._check_id(account_id)).exists()
        )
        if not account or account.company_id != self._company():
            raise UserError(self.env._("This account does not exist in your caisse."))
        return account

    def _accounts(self, partner):
        return (
            self.env["kondo.savings.account"]
            .sudo()
            .search([("partner_id", "=", partner.id), ("state", "!=", "closed")], order="id")
        )

    def _account(self, account):
        return {
            "id": account.id,
            "number": account.number,
            "product": account.product_id.name,
            "kind": account.kind,
            "balance": account.balance,
            "blocked": account.blocked,
            "available": account.available,
            "minimum_balance": account.product_id.minimum_balance,
            "state": account.state,
        }
