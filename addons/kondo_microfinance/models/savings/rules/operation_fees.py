import uuid

from odoo import api, models
from odoo.exceptions import UserError

from ....engine.fees import tax_on
from ....engine.words import spaced

# Services that a teller charges by themselves, beside those that belong to an operation.
AT_THE_WINDOW = ("statement", "passbook")


class KondoOperation(models.Model):
    """Fees: with the operation they belong to, at the window, or when a paper is printed."""

    _inherit = "kondo.operation"

    @api.model
    @api.private
    def _counter_kinds(self):
        return super()._counter_kinds() | {"fee"}

    @api.model
    @api.private
    def _other_kinds(self):
        return [*super()._other_kinds(), "fee"]

    def _reversible_kinds(self):
        return super()._reversible_kinds() | {"fee"}

    # ------------------------------------------------------------------ with an operation
    @api.private
    def _charge_fees(self, posting, account, moment, base):
        """Add the fees of the account's product for `moment` on an operation of `base` francs; returns their total.

        Money that comes in pays first what waits on the account, the oldest fee first, as far as it goes.
        """
        total = super()._charge_fees(posting, account, moment, base)
        fees = self._fee_of(account, moment, base, posting.business_date)
        if moment == "opening":
            self._supersede(account, posting)
        if fees:
            self._check_fee_fits(posting, account, moment, base, sum(fees[1:]))
            total += self._add_fee(posting, account, *fees)
        if moment == "deposit":
            total += self._take_waiting(posting, account)
        return total

    def _fee_of(self, account, moment, base, date):
        """(tariff, francs, francs of tax) of a service, None when it costs this account nothing."""
        if account.fees_exempt:
            return None
        tariff = self.env["kondo.savings.fee"]._in_force(account.product_id, moment, date)
        amount = tariff._cost(base) if tariff else 0
        return (tariff, amount, self._fee_tax(tariff, amount, date)) if amount else None

    @api.model
    @api.private
    def _fee_tax(self, tariff, amount, date):
        """Francs of tax on a fee: by the dated rate, unless the service or the union is exempt."""
        if not tariff.taxed or tariff.company_id.sudo().root_id.fees_exempt:
            return 0
        return tax_on(amount, self.env["kondo.parameter"]._get("taf_rate", date))

    def _add_fee(self, posting, account, tariff, amount, tax, moment=None):
        """The legs of one fee: the member pays price and tax; returns what he pays."""
        label = self.env["kondo.savings.fee"]._moment_label(moment or tariff.moment)
        label = self.env._("Fee: %(service)s", service=label)
        posting.move_savings(account, -(amount + tax), rule="house", label=label)
        self._add_fee_income(posting, tariff, amount, tax, label, account.partner_id)
        posting.show(label, amount + tax)
        return amount + tax

    def _add_fee_income(self, posting, tariff, amount, tax, label, partner=None):
        where = {"label": label, "partner_id": partner.id if partner else None}
        posting.add_leg(tariff.income_account_id.id, -amount, **where)
        if tax:
            posting.add_leg(self._fee_tax_account(tariff).id, -tax, **where)

    def _fee_tax_account(self, tariff):
        account = tariff.company_id.sudo().root_id.fees_tax_account_id
        if not account:
            raise UserError(
                self.env._("Choose the account of the tax payable first: a subdivision of 332 of the chart.")
            )
        return account

    def _check_fee_fits(self, posting, account, moment, base, cost):
        """Refuse in words, before the guard would, an operation that cannot pay its own fee."""
        if moment == "deposit" and cost >= base:
            raise UserError(
                self.env._("The fee of this deposit is %(fee)s F: the deposit must be larger.", fee=spaced(cost))
            )
        if moment in ("withdrawal", "transfer") and account.available < base + cost:
            raise UserError(
                self.env._(
                    "With its fee of %(fee)s F this operation takes %(total)s F. At most %(available)s F can leave the "
                    "account %(number)s: choose a smaller amount.",
                    fee=spaced(cost),
                    total=spaced(base + cost),
                    available=spaced(account.available),
                    number=account.number,
                )
            )

    # ------------------------------------------------------------------ what waits
    def _take_waiting(self, posting, account):
        """Take the fees that wait, oldest first, from what the account holds above holds and minimum; returns the sum."""
        dues = self.env["kondo.savings.fee.due"]._waiting_on(account)
        change = posting.savings.get(account.id, [0])[0]
        room = self._fee_room(account) + change
        chosen = dues.browse()
        for due in dues:
            if due.total > room:
                break
            chosen += due
            room -= due.total
        return self._pay_dues(posting, account, chosen)

    def _fee_room(self, account):
        """Francs that fees may take: what stands above holds and the product's minimum."""
        return account.balance - account.blocked - account.product_id.minimum_balance

    def _pay_dues(self, posting, account, dues):
        """Pay these waiting fees from the account; returns the sum of those that still waited."""
        dues = dues._mark_paid(posting.operation_id)
        for due in dues:
            self._add_fee(posting, account, due.fee_id, due.amount, due.tax)
        return sum(dues.mapped("total"))

    def _supersede(self, account, posting):
        """An opening fee that is charged with an operation no longer waits."""
        self.env["kondo.savings.fee.due"]._waiting_on(account, "opening")._mark_paid(posting.operation_id)

    @api.private
    def _execute_reversal(self, posting, values):
        """The fees that an undone operation had taken wait again."""
        super()._execute_reversal(posting, values)
        self._fees_wait_again(posting.values["reversal_of_id"])

    def _fees_wait_again(self, operation_id):
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE kondo_savings_fee_due SET state = 'waiting', operation_id = NULL
                WHERE operation_id = %s AND state = 'paid'""",
            (operation_id,),
        )
        self.env["kondo.savings.fee.due"].invalidate_model(["state", "operation_id"])

    def _check_reversible(self, original, posting):
        """A fee of the house moved thousands of accounts at once: it has its own way back."""
        super()._check_reversible(original, posting)
        if original.sudo().kind == "fee" and not original.sudo().session_id:
            raise UserError(self.env._("This kind of operation is not undone by a reversal."))

    # ------------------------------------------------------------------ a fee by itself
    @api.private
    def _execute_fee(self, posting, values):
        """values of the window: session_id, account_id, moment (statement, passbook, waiting), payment (account, cash);
        of the house: account_id, moment.
        """
        if values.get("session_id"):
            self._execute_window_fee(posting, values)
        elif self.env.su:
            self._execute_house_fee(posting, values)
        else:
            raise UserError(self.env._("Your till is not open. Open it before any operation."))

    def _execute_window_fee(self, posting, values):
        self.env["kondo.four.eyes"]._check_group("group_teller")
        account = self._window_account(posting, values.get("account_id"))
        if account.state == "closed":
            account._refuse_movement(0)
        services = self._services_to_pay(posting, account, values.get("moment"))
        total = sum(amount + tax for _tariff, amount, tax in services)
        cash = values.get("payment") != "account"
        room = self._fee_room(account)
        if not cash and room < total:
            raise UserError(
                self.env._(
                    "The account %(number)s can pay %(room)s F only: the member pays in cash.",
                    number=account.number,
                    room=spaced(max(0, room)),
                )
            )
        till = posting.take_till(self._check_id(values.get("session_id")), total if cash else 0)
        if cash:
            posting.add_leg(till["account_id"], total, till_id=till["id"])
        for tariff, amount, tax in services:
            if cash:
                label = self.env._("Fee: %(service)s", service=tariff._moment_label(tariff.moment))
                self._add_fee_income(posting, tariff, amount, tax, label, account.partner_id)
                posting.show(label, amount + tax)
            else:
                self._add_fee(posting, account, tariff, amount, tax)
        posting.label = self.env._("Fees %(account)s", account=account.number)
        posting.values.update(amount=total, partner_id=account.partner_id.id, savings_account_id=account.id)
        posting.answer.update(
            account_number=account.number,
            member_name=account.partner_id.name,
            till_cash=till["cash"],
            cash_after={till["id"]: till["cash"]} if cash else {},
        )

    def _services_to_pay(self, posting, account, moment):
        """[(tariff, francs, tax)] of a request at the window."""
        if moment == "waiting":
            dues = self.env["kondo.savings.fee.due"]._waiting_on(account)._mark_paid(posting.operation_id)
            services = [(due.fee_id, due.amount, due.tax) for due in dues]
        elif moment in AT_THE_WINDOW:
            service = self._fee_of(account, moment, 0, posting.business_date)
            services = [service] if service else []
        else:
            raise UserError(self.env._("Choose what the member pays."))
        if not services:
            raise UserError(self.env._("The account %(number)s owes nothing for this.", number=account.number))
        return services

    def _execute_house_fee(self, posting, values):
        """A service charged by the house on one account; the handler of batches stands in `fee_day_end.py`."""
        if values.get("batch"):
            return self._execute_fee_batch(posting, values)
        account = self._window_account(posting, values.get("account_id"))
        tariff, amount, tax = self._fee_of(account, values["moment"], 0, posting.business_date)
        label = self.env._("Fee: %(service)s", service=tariff._moment_label(tariff.moment))
        posting.move_savings(account, -(amount + tax), rule="house", label=label)
        self._add_fee_income(posting, tariff, amount, tax, label, account.partner_id)
        posting.label = self.env._("Fees %(account)s", account=account.number)
        posting.values.update(amount=amount + tax, partner_id=account.partner_id.id, savings_account_id=account.id)

    @api.model
    @api.private
    def _charge_now(self, account, moment, key=None):
        """Charge a service of the house (a statement, a passbook) on an account at once; it waits when money is short.

        :param key: any stable text of what is paid for, so that the same print is never charged twice
        :return: answer of the operation, the waiting fee (record), or None when the service costs nothing
        """
        account = account.sudo()
        company = account.company_id
        date = company.business_date
        services = self.sudo()._fee_of(account, moment, 0, date)
        if not services:
            return None
        tariff, amount, tax = services
        name = f"kondo.savings.fee,{moment},{account.number},{key}" if key else str(uuid.uuid4())
        number = str(uuid.uuid5(uuid.NAMESPACE_OID, name))
        room = self._fee_room(account)
        known = self.sudo().search_count([("company_id", "=", company.id), ("uuid", "=", number)], limit=1)
        if known or room >= amount + tax:
            values = {"account_id": account.id, "moment": moment}
            return self.sudo()._submit("fee", number, values, company=company)
        return self.env["kondo.savings.fee.due"]._wait(account, tariff, amount, tax, date)

    # ------------------------------------------------------------------ the window's form
    @api.private
    def _window_form_fee(self, partner):
        """Papers that cost something, and fees that wait, on the accounts of a member."""
        if not partner:
            return None
        accounts = self.env["kondo.teller"]._accounts(partner)
        fees = self.env["kondo.savings.fee"]
        date = partner.company_id.business_date
        moments = []
        dues = (
            self.env["kondo.savings.fee.due"]
            .sudo()
            .search([("account_id", "in", accounts.ids), ("state", "=", "waiting")])
        )
        if dues:
            hint = self.env._("%(total)s F in all", total=spaced(sum(dues.mapped("total"))))
            moments.append({"value": "waiting", "label": self.env._("Waiting fees"), "hint": hint})
        for moment in AT_THE_WINDOW:
            prices = {
                price for product in accounts.product_id if (price := fees._in_force(product, moment, date).price)
            }
            if prices:
                moments.append(
                    {"value": moment, "label": fees._moment_label(moment), "hint": " / ".join(sorted(prices))}
                )
        if not moments:
            return None
        return {
            "label": self.env._("Fees"),
            "cash": 1,
            "member": True,
            "fields": [
                {
                    "name": "account_id",
                    "label": self.env._("Account"),
                    "type": "choice",
                    "required": True,
                    "default": accounts[:1].id,
                    "options": [
                        {"value": account.id, "label": account.number, "hint": account.product_id.name}
                        for account in accounts
                    ],
                },
                {
                    "name": "moment",
                    "label": self.env._("Service"),
                    "type": "choice",
                    "required": True,
                    "default": moments[0]["value"],
                    "options": moments,
                },
                {
                    "name": "payment",
                    "label": self.env._("Paid"),
                    "type": "choice",
                    "required": True,
                    "default": "cash",
                    "options": [
                        {"value": "cash", "label": self.env._("In cash"), "hint": ""},
                        {"value": "account", "label": self.env._("From the account"), "hint": ""},
                    ],
                },
            ],
        }
