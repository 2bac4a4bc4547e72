from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.words import amount_in_words


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
            "floor": session.till_id.floor,
            "over_ceiling": session.till_id.cash_state == "over",
            "under_floor": session.till_id.cash_state == "under",
            "advice": session.till_id.advice or "",
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
                "member": operation.partner_id.name or operation._remote_holder(),
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
            [("company_id", "=", company.id), ("state", "in", ("active", "inactive")), ("number", "ilike", text)],
            limit=8,
        )
        if not found:
            members = [member["id"] for member in self.search_members(text)]
            found = accounts.search([("partner_id", "in", members), ("state", "in", ("active", "inactive"))], limit=8)
        return [{**self._account(account), "member_name": account.partner_id.name} for account in found]

    # ------------------------------------------------------------------ preview
    @api.model
    def words(self, amount):
        """An amount of francs in French words."""
        return amount_in_words(self.env["kondo.operation"]._check_amount(amount))

    @api.model
    def preview(self, kind, values):
        """What an operation would do, and why it would be refused: the handler is run and undone.

        :return: dict with `words`, `balance_before`, `balance_after`, `counter_before`, `counter_after`, `till_after`
            (francs, those that apply), `lines` [{label, value}], `problems` [sentence], `needs_approval`, `message`
        """
        self._check_teller()
        operations = self.env["kondo.operation"]
        if kind not in operations._counter_kinds() or not isinstance(values, dict):
            raise UserError(self.env._("This kind of operation is not made at the counter."))
        answer = {"problems": [], "needs_approval": False, "words": "", "lines": []}
        try:
            session = self._session()
            if not session or session.state != "open":
                raise UserError(self.env._("Your till is not open. Open it before any operation."))
            if values.get("amount"):
                answer["words"] = amount_in_words(operations._check_amount(values["amount"]))
            if values.get("account_id"):
                answer.update(self._unmoved("balance", self._own_account(values["account_id"])))
            posting, refusal = operations._try(kind, {**values, "session_id": session.id})
        except UserError as unreadable:
            return {**answer, "problems": [str(unreadable)]}
        if posting:
            answer.update(self._previewed(posting))
        if refusal:
            answer["problems"].append(refusal)
        return answer

    def _previewed(self, posting):
        """What a tried posting tells of balances, cash and authorisation."""
        answer = {"lines": posting.shown}
        for name, column in (("balance", "savings_account_id"), ("counter", "counter_account_id")):
            moved = posting.savings.get(posting.values.get(column))
            if moved:
                account = self.env["kondo.savings.account"].sudo().browse(posting.values[column])
                answer.update({f"{name}_before": account.balance, f"{name}_after": account.balance + moved[0]})
        if "till_cash" in posting.answer:
            answer["till_after"] = posting.answer["till_cash"]
        if posting.values.get("amount") and not posting.values.get("reversal_of_id"):
            answer.update(amount=posting.values["amount"], words=amount_in_words(posting.values["amount"]))
        if posting.missing_approval:
            answer.update(needs_approval=True, message=posting.missing_approval)
        return answer

    def _unmoved(self, name, account):
        return {f"{name}_before": account.balance, f"{name}_after": account.balance}

    # ------------------------------------------------------------------ other operations
    @api.model
    def other_operations(self, partner_id=None):
        """Operations of the window with a form of their own, for a member (or nobody): [{kind, label, cash, member, fields}].

        `fields` are descriptors {name, label, type, required, default, options, help, visible_if}; `type` is one of
        amount, integer, choice, text, remote_account, checkbox.
        """
        self._check_teller()
        operations = self.env["kondo.operation"]
        partner = self._member(partner_id) if partner_id else self.env["res.partner"].sudo()
        forms = ((kind, getattr(operations, f"_window_form_{kind}")(partner)) for kind in operations._other_kinds())
        return [{"kind": kind, **form} for kind, form in forms if form]

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
            "block": account.block,
            "usable": account.state in ("active", "inactive") and account.block != "all",
        }
