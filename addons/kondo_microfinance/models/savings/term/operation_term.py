from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ....engine.charts import rate_text
from ....engine.rounding import exact, half_up
from ...ledger.key import LEDGER

PAYABLE = "2721"  # RCSSFD: dispositions à payer, a member's money that waits at the window


class KondoOperation(models.Model):
    """Opening of term deposits at the window, and what all their operations share."""

    _inherit = "kondo.operation"

    @api.model
    @api.private
    def _counter_kinds(self):
        return super()._counter_kinds() | {"term_opening", "term_maturity", "term_break"}

    def _reversible_kinds(self):
        return super()._reversible_kinds() | {"term_opening"}

    # ------------------------------------------------------------------ opening
    @api.private
    def _execute_term_opening(self, posting, values):
        """values: session_id, partner_id, amount, offer ("product-months"), interest_mode, at_maturity, funding ("cash"
        or an account's id), settlement (an account's id or ""), bearer?, note?, approval_id?
        """
        self.env["kondo.four.eyes"]._check_group("group_teller")
        session_id = self._check_id(values.get("session_id"))
        amount = self._check_amount(values.get("amount"))
        partner = self._term_member(posting, values)
        product, months = self._read_offer(posting, values.get("offer"))
        mode, instruction = values.get("interest_mode"), values.get("at_maturity")
        product._check_term(amount, months, mode, instruction)
        settlement = self._term_account(posting, partner, values.get("settlement"))
        if instruction == "transfer" and not settlement:
            raise UserError(self.env._("Choose the account of the member that receives the money."))
        self._check_product(product, amount)
        source = self._term_source(posting, partner, values.get("funding"))
        self._check_authorised(posting, values, product, amount)
        quote = self.env["kondo.term.deposit"]._quote(product, amount, months, mode, posting.business_date)
        till = posting.take_till(session_id, 0 if source else amount)
        if source:
            source._check_movement(-amount)
            posting.move_savings(source, -amount)
        else:
            posting.add_leg(till["account_id"], amount, till_id=till["id"])
        posting.label = self.env._(
            "Term deposit of %(months)s months at %(rate)s %%", months=months, rate=rate_text(quote["rate"])
        )
        posting.values.update(
            amount=amount,
            partner_id=partner.id,
            counter_account_id=source.id or None,
            bearer=self._check_text(values.get("bearer")),
            note=self._check_text(values.get("note")),
        )
        posting.answer.update(
            member_name=partner.name,
            till_cash=till["cash"],
            cash_after={till["id"]: till["cash"]} if not source else {},
        )
        self._show_quote(posting, product, quote)
        if posting.dry:
            # The account's number comes from a sequence: a trial draws none.
            partner.company_id.with_env(self.env)._check_visible()
            return
        account = self._open_term_account(partner, product, months)
        posting.move_savings(account, amount, rule="house")
        deposit = self.env["kondo.term.deposit"]._sign(
            account,
            {
                "principal": amount,
                "months": months,
                "start": posting.business_date,
                "interest_mode": mode,
                "at_maturity": instruction,
                "settlement_account_id": settlement.id,
            },
            posting.operation_id,
        )
        self._pay_upfront(posting, deposit)
        posting.values["savings_account_id"] = account.id
        posting.answer.update(account_number=account.number, deposit_id=deposit.id)

    def _open_term_account(self, partner, product, months):
        """The account of one deposit; its money stands on the ledger account of the term."""
        return (
            self.env["kondo.savings.account"]
            .sudo()
            .with_context(kondo_ledger=LEDGER)
            .create(
                {
                    "partner_id": partner.id,
                    "product_id": product.id,
                    "ledger_account_id": product._term_account(months).id,
                }
            )
            .with_context(kondo_ledger=None)
        )

    def _show_quote(self, posting, product, quote):
        _ = self.env._
        posting.show(_("Rate"), _("%(rate)s %% a year", rate=rate_text(quote["rate"])))
        posting.show(_("Maturity"), format_date(self.env, quote["maturity"]))
        posting.show(_("Interest of the term"), quote["total"])
        withheld = sum(self._withheld(interest, product, due) for due, interest in quote["events"])
        if withheld:
            posting.show(_("Of which withheld"), withheld)

    # ------------------------------------------------------------------ interest
    def _pay_upfront(self, posting, deposit):
        """The interest of a contract that pays it on its first day, in the operation that opens it."""
        if deposit.interest_mode == "up_front":
            self._pay_interest(posting, deposit, deposit.event_ids)

    def _pay_interest(self, posting, deposit, events, capitalise=False):
        """Pay interest events of a deposit: to its account paid, onto itself, or to wait at the window.

        :return: francs paid to the member
        """
        paid = 0
        for event in events:
            if not event.amount:
                continue
            withheld = self._withheld(event.amount, deposit.product_id, posting.business_date)
            net = event.amount - withheld
            posting.add_leg(deposit.product_id.expense_account_id.id, event.amount, partner_id=deposit.partner_id.id)
            if withheld:
                posting.add_leg(self._withholding_account_id(posting), -withheld, partner_id=deposit.partner_id.id)
            if net and capitalise:
                posting.move_savings(deposit.account_id, net, rule="house")
            elif net:
                self._give(posting, deposit, net)
            event.with_context(kondo_ledger=LEDGER).write({"withheld": withheld})
            paid += net
        events.with_context(kondo_ledger=LEDGER).write({"operation_id": posting.operation_id})
        return paid

    def _give(self, posting, deposit, amount, account=None):
        """Credit `amount` francs to the deposit's account paid, or keep it for the member at the window."""
        account = account or deposit.settlement_account_id
        if account:
            posting.move_savings(account, amount, rule="house")
            posting.values.setdefault("counter_account_id", account.id)
            return
        posting.add_leg(self._payable(posting).id, -amount, partner_id=deposit.partner_id.id)
        self._change_waiting(deposit, amount)

    def _payable(self, posting):
        return self.env["res.company"].sudo().browse(posting.company_id)._kondo_account(PAYABLE)

    def _change_waiting(self, deposit, change):
        """Move what waits for the member by one guarded statement."""
        deposit.flush_recordset()
        self.env.cr.execute(
            """UPDATE kondo_term_deposit SET waiting = waiting + %(change)s
                WHERE id = %(deposit)s AND waiting + %(change)s >= 0 RETURNING waiting""",
            {"change": change, "deposit": deposit.id},
        )
        row = self.env.cr.fetchone()
        deposit.invalidate_recordset(["waiting"])
        if not row:
            raise UserError(self.env._("This money of the deposit %(number)s is already paid.", number=deposit.name))
        return row[0]

    # ------------------------------------------------------------------ what the State takes
    def _withheld(self, amount, product, date):
        """Francs withheld at the source from `amount` francs of interest paid on `date`."""
        return half_up(amount * exact(product._withholding_rate(date)) / 100)

    def _withholding_account_id(self, posting):
        return self.env["res.company"].sudo().browse(posting.company_id)._interest_tax_account().id

    # ------------------------------------------------------------------ reversal
    @api.private
    def _execute_reversal(self, posting, values):
        """The reversal of an opening also cancels the contract: nothing of it may have moved since."""
        original = self.browse(self._check_id(values.get("operation_id"))).exists().sudo()
        deposit = self._deposit_opened_by(original)
        if deposit and (deposit.state != "open" or self._moved_since(deposit, original)):
            raise UserError(
                self.env._("The deposit %(number)s has moved since: break it instead.", number=deposit.name)
            )
        super()._execute_reversal(posting, values)
        if deposit:
            waiting = sum(line.amount for line in original.line_ids if line.account_id == self._payable(posting))
            if waiting:
                self._change_waiting(deposit, waiting)
            deposit.event_ids.with_context(kondo_ledger=LEDGER).write({"operation_id": False, "cancelled": True})
            self._end_deposit(posting, deposit, "cancelled")

    def _deposit_opened_by(self, operation):
        deposits = self.env["kondo.term.deposit"].sudo()
        if operation.kind != "term_opening":
            return deposits
        return deposits.search([("opening_operation_id", "=", operation.id)], limit=1)

    def _moved_since(self, deposit, operation):
        """Any other operation of the deposit: on its account, or the payment of interest that waited at the window."""
        later = (
            self.env["kondo.operation.line"]
            .sudo()
            .search_count(
                [("savings_account_id", "=", deposit.account_id.id), ("operation_id", "!=", operation.id)], limit=1
            )
        )
        upfront = sum(deposit.event_ids.mapped("net")) if deposit.interest_mode == "up_front" else 0
        return later or (not deposit.settlement_account_id and deposit.waiting != upfront)

    def _end_deposit(self, posting, deposit, state):
        deposit.with_context(kondo_ledger=LEDGER).write(
            {
                "state": state,
                "ended_on": posting.business_date,
                "closing_operation_id": posting.operation_id,
                "failure": False,
            }
        )

    @api.private
    def _post_here(self, kind, uuid, company_id, values, mark):
        """An account whose deposit has ended closes with the operation that emptied it."""
        answer = super()._post_here(kind, uuid, company_id, values, mark)
        if kind in ("term_maturity", "term_break", "reversal") and not answer["replayed"]:
            ended = (
                self.env["kondo.term.deposit"].sudo().search([("closing_operation_id", "=", answer["operation_id"])])
            )
            ended.account_id._close_ended()
        return answer

    # ------------------------------------------------------------------ reading a request
    def _term_member(self, posting, values):
        partner = self.env["res.partner"].sudo().browse(self._check_id(values.get("partner_id"))).exists()
        if not partner or not partner.is_kondo_member or partner.company_id.id != posting.company_id:
            raise UserError(self.env._("This member is not in your caisse."))
        return partner

    def _read_offer(self, posting, offer):
        """(product, months) of "12-24": the product's id and the term."""
        product_id, _dash, months = str(offer or "").partition("-")
        if not (product_id.isdecimal() and months.isdecimal()):
            raise UserError(self.env._("Choose the product and the term."))
        product = self.env["kondo.savings.product"].sudo().browse(int(product_id)).exists()
        union = self.env["res.company"].sudo().browse(posting.company_id).root_id
        if not product or product.kind != "term" or not product.active or product.company_id != union:
            raise UserError(self.env._("This product is not offered by this caisse."))
        return product, int(months)

    def _read_choice(self, value):
        """An id chosen in a list of the window, which may come as text; None when nothing was chosen."""
        if value in (None, False, "", "cash", "window"):
            return None
        return self._check_id(int(value) if isinstance(value, str) and value.isdecimal() else value)

    def _term_account(self, posting, partner, value):
        """The member's own demand or passbook account that a request names, or an empty record."""
        account_id = self._read_choice(value)
        if not account_id:
            return self.env["kondo.savings.account"].sudo()
        account = self._window_account(posting, account_id)
        if account.partner_id != partner or account.kind not in ("demand", "passbook"):
            raise UserError(self.env._("The account paid is a demand or passbook account of the holder himself."))
        if account.state == "closed":
            raise UserError(self.env._("The account %(number)s is closed.", number=account.number))
        return account

    def _term_source(self, posting, partner, value):
        """The member's account that pays a deposit, or an empty record for cash."""
        if value != "cash" and not self._read_choice(value):
            raise UserError(self.env._("Choose where the money comes from: cash or an account of the member."))
        return self._term_account(posting, partner, value)
