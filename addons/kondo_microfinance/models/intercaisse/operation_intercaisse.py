from odoo import api, models
from odoo.exceptions import UserError

from ...engine.words import spaced
from ..ledger.key import LEDGER
from ..ledger.submission import NeedsApproval
from .intercaisse import REMOTE_KINDS

# Money of these accounts moves at their own caisse only: it is not at sight.
HOME_ONLY_KINDS = ("term", "guarantee")


class KondoOperation(models.Model):
    """Deposits, withdrawals and transfers on an account of another caisse of the network.

    The caisse that serves pays and receives cash; the account's caisse applies its rules and moves the money. Between
    them stands the liaison account of each towards the other. What the serving caisse learns: number, holder and
    caisse of the account, which it must know to pay. Never a balance, a movement, a block or its reason.
    """

    _inherit = "kondo.operation"

    @api.model
    @api.private
    def _counter_kinds(self):
        return super()._counter_kinds() | set(REMOTE_KINDS)

    # ------------------------------------------------------------------ handlers
    @api.private
    def _execute_remote_deposit(self, posting, values):
        """values: session_id, account_number, amount, bearer, note?, approval_id?"""
        request = self._read_remote_request(posting, values)
        if not request["bearer"]:
            raise UserError(self.env._("Note who brings the money."))
        amount, fee = request["amount"], request["fee"]
        if fee >= amount:
            raise UserError(self.env._("The amount does not even pay the fee of %(fee)s F.", fee=spaced(fee)))
        till = self._take_remote_cash(posting, values, amount)
        self._move_at_home(posting, request, amount, -fee)
        here, home = request["here"], request["home"]
        self._here_legs(posting, request, till, amount)
        here._kondo_liaison_leg(posting, home, -(amount - fee))
        home._kondo_liaison_leg(request["other"], here, amount - fee)
        self._describe_remote(posting, request)

    @api.private
    def _execute_remote_withdrawal(self, posting, values):
        """values: session_id, account_number, amount, identity, note?, approval_id?"""
        request = self._read_remote_request(posting, values)
        if not request["identity"]:
            raise UserError(self.env._("Note the identity document that you have seen: kind and number."))
        if request["account"].partner_id.member_kind != "individual":
            raise UserError(
                self.env._("A group or an organisation withdraws at its own caisse, where its signatories are known.")
            )
        if request["account"].is_joint and request["account"].joint_rule == "all":
            raise UserError(self.env._("The holders of this account sign together: they withdraw at their own caisse."))
        amount, fee = request["amount"], request["fee"]
        till = self._take_remote_cash(posting, values, -amount)
        self._move_at_home(posting, request, -amount, -fee)
        here, home = request["here"], request["home"]
        with self._discreet():
            self._check_usage(request["other"])
        self._check_remote_ceilings(posting, values, request)
        self._here_legs(posting, request, till, -amount)
        here._kondo_liaison_leg(posting, home, amount + fee)
        home._kondo_liaison_leg(request["other"], here, -(amount + fee))
        self._describe_remote(posting, request)

    @api.private
    def _execute_remote_transfer(self, posting, values):
        """values: session_id, account_id (from, of this caisse), account_number (to), amount, note?, approval_id?"""
        source = self._window_account(posting, values.get("account_id"))
        request = self._read_remote_request(posting, values, payer=source)
        amount, fee = request["amount"], request["fee"]
        till = posting.take_till(self._check_id(values.get("session_id")), 0)
        source._check_movement(-amount - fee)
        self._check_product(source.product_id, amount)
        self._move_at_home(posting, request, amount, 0)
        here, home = request["here"], request["home"]
        place = self.env._("Transfer to %(account)s, %(caisse)s", account=request["number"], caisse=home.name)
        posting.move_savings(source, -amount, label=place)
        if fee:
            posting.move_savings(source, -fee, label=self.env._("Fee of the transfer to another caisse"))
            posting.add_leg(request["income_account"].id, -fee)
        self._charge_fees(posting, source, "transfer", amount)
        here._kondo_liaison_leg(posting, home, -amount)
        home._kondo_liaison_leg(request["other"], here, amount)
        posting.answer["till_cash"] = till["cash"]
        self._describe_remote(posting, request)
        posting.values.update(partner_id=source.partner_id.id, savings_account_id=source.id)
        self._check_usage(posting)
        posting.answer.update(account_number=source.number, member_name=source.partner_id.name)
        posting.answer.update(counter_number=request["number"], counter_name=request["holder"])

    # ------------------------------------------------------------------ reading and checking
    def _remote_account(self, company, number):
        """The account with exactly this number at another caisse of `company`'s network; refused when there is none."""
        text = (self._check_text(number) or "").upper()
        found = (
            self.env["kondo.savings.account"]
            .sudo()
            .search([("number", "=", text), ("company_id", "in", company._kondo_partner_caisses().ids)], limit=2)
            if text
            else []
        )
        if len(found) != 1:
            raise UserError(
                self.env._("No account of another caisse has this number. Enter it whole, as on the passbook.")
            )
        return found

    def _read_remote_request(self, posting, values, payer=None):
        """Read and check a request; moves and locks nothing. Returns it as a dict."""
        _ = self.env._
        self.env["kondo.four.eyes"]._check_group("group_teller")
        here = self.env["res.company"].sudo().browse(posting.company_id)
        if not here.root_id.remote_operations:
            raise UserError(_("The union does not allow operations at other caisses."))
        account = self._remote_account(here, values.get("account_number"))
        home = account.company_id
        here._kondo_check_days(home, posting.business_date, home.business_date)
        other = self._other_posting(posting, home)
        if home.remote_closed_on and home.remote_closed_on >= other.business_date:
            raise UserError(
                _("The caisse %(caisse)s is closing its day: try again when its next day is open.", caisse=home.name)
            )
        here._kondo_check_days(home, posting.business_date, other.business_date)
        if not account.product_id.remote_allowed or account.kind in HOME_ONLY_KINDS:
            raise UserError(_("The money of this account moves at its own caisse only."))
        amount = self._check_amount(values.get("amount"))
        fee, income_account = self.env["kondo.remote.fee"]._fee_for(here, posting.kind, amount)
        product = (payer or account).product_id
        self._check_authorised(posting, values, product, amount)
        return {
            "here": here,
            "home": home,
            "other": other,
            "account": account,
            "number": account.number,
            "holder": account.partner_id.name,
            "amount": amount,
            "fee": fee,
            "income_account": income_account,
            "identity": self._check_text(values.get("identity")),
            "bearer": self._check_text(values.get("bearer")),
            "note": self._check_text(values.get("note")),
            "payer": payer or account.browse(),
        }

    def _take_remote_cash(self, posting, values, change):
        till = posting.take_till(self._check_id(values.get("session_id")), change)
        posting.answer.update(till_cash=till["cash"], cash_after={till["id"]: till["cash"]})
        return till

    def _move_at_home(self, posting, request, change, fee):
        """The account's side: its rules, its product's fees, and the fee of the network with its own line."""
        account, other, here = request["account"], request["other"], request["here"]
        if not posting.dry:
            self._lock_accounts(account | request["payer"])
        moment = {"remote_deposit": "deposit", "remote_withdrawal": "withdrawal"}.get(posting.kind)
        label = {
            "remote_deposit": self.env._("Deposit at %(caisse)s", caisse=here.name),
            "remote_withdrawal": self.env._("Withdrawal at %(caisse)s", caisse=here.name),
            "remote_transfer": self.env._(
                "Transfer from %(payer)s, %(caisse)s", payer=request["payer"].partner_id.name or "", caisse=here.name
            ),
        }[posting.kind]
        with self._discreet():
            account._check_movement(change + fee)
            self._check_product(account.product_id, request["amount"])
        other.move_savings(account, change, label=label)
        if fee:
            other.move_savings(account, fee, label=self.env._("Fee of the operation at %(caisse)s", caisse=here.name))
        with self._discreet():
            if moment:
                self._charge_fees(other, account, moment, request["amount"])
            other.check_savings()
        posting.shown += other.shown  # what the holder pays, no balance
        other.label = label
        other.values.update(
            amount=request["amount"],
            partner_id=account.partner_id.id,
            bearer=request["bearer"],
            note=label,
        )
        # as in a transfer inside a caisse, the account that receives is the other one
        receives = posting.kind == "remote_transfer"
        other.values["counter_account_id" if receives else "savings_account_id"] = account.id
        other.answer.update(account_number=account.number, member_name=account.partner_id.name)

    def _here_legs(self, posting, request, till, change):
        """Cash, and the fee that the serving caisse earns."""
        posting.add_leg(till["account_id"], change, till_id=till["id"])
        if request["fee"]:
            posting.add_leg(request["income_account"].id, -request["fee"])

    def _check_remote_ceilings(self, posting, values, request):
        """Above the union's ceilings for one withdrawal, or for the day's, a supervisor authorises."""
        if posting.values.get("approver_id") or posting.missing_approval:
            return
        union = request["here"].root_id
        ceiling, day_ceiling = union.remote_withdrawal_ceiling, union.remote_withdrawal_day_ceiling
        day = request["other"].business_date
        message = None
        if ceiling and request["amount"] > ceiling:
            message = self.env._(
                "Above %(limit)s F a withdrawal at another caisse is authorised by a supervisor.", limit=spaced(ceiling)
            )
        elif day_ceiling:
            total = self.env["kondo.intercaisse"]._withdrawn_elsewhere(request["account"], day) + request["amount"]
            if total > day_ceiling:
                message = self.env._(
                    "More than %(limit)s F in one day at other caisses: a supervisor must authorise the withdrawal.",
                    limit=spaced(day_ceiling),
                )
        if not message:
            return
        if values.get("approval_id"):
            approval = self.env["kondo.approval"].sudo().browse(self._check_id(values["approval_id"])).exists()
            posting.values["approver_id"] = approval._use(posting, self._without_transport(values)).id
        elif posting.dry:
            posting.missing_approval = message
        else:
            raise NeedsApproval(message)

    def _describe_remote(self, posting, request):
        """What operation, answer and window say: the account of the other caisse as text."""
        posting.kept["request"] = request
        posting.label = self.env._(
            "%(kind)s %(account)s",
            kind=dict(self._fields["kind"]._description_selection(self.env))[posting.kind],
            account=request["number"],
        )
        posting.values.update(amount=request["amount"], bearer=request["bearer"], note=request["note"])
        posting.answer.update(
            account_number=request["number"],
            member_name=request["holder"],
            home_caisse=request["home"].name,
            fee=request["fee"],
        )
        posting.show(self.env._("Holder"), request["holder"])
        posting.show(self.env._("Caisse of the account"), request["home"].name)
        if request["fee"]:
            posting.show(self.env._("Fee, taken from the account"), request["fee"])

    # ------------------------------------------------------------------ after both sides are sealed
    def _keep_link(self, posting, values):
        request = posting.kept["request"]
        self.env["kondo.intercaisse"].sudo().with_context(kondo_ledger=LEDGER).create(
            {
                "uuid": self.browse(posting.operation_id).sudo().uuid,
                "kind": posting.kind,
                "company_id": posting.company_id,
                "home_company_id": request["home"].id,
                "business_date": posting.business_date,
                "home_business_date": request["other"].business_date,
                "amount": request["amount"],
                "fee": request["fee"],
                "account_number": request["number"],
                "holder_name": request["holder"],
                "payer_number": request["payer"].number or False,
                "payer_name": request["payer"].partner_id.name or False,
                "identity": request["identity"],
                "bearer": request["bearer"],
                "operation_id": posting.operation_id,
                "home_operation_id": request["other"].operation_id,
            }
        )

    @api.private
    def _after_remote_deposit(self, posting, values):
        self._keep_link(posting, values)

    @api.private
    def _after_remote_withdrawal(self, posting, values):
        self._keep_link(posting, values)

    @api.private
    def _after_remote_transfer(self, posting, values):
        self._keep_link(posting, values)
