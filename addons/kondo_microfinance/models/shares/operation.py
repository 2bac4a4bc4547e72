from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Date
from odoo.tools.misc import format_date

from ...engine.share_scheme import share_legs
from ...engine.words import spaced

SHARE_KINDS = {"share_payment", "share_transfer", "share_refund", "reversal"}


class KondoOperation(models.Model):
    """Shares at the teller window: subscription and payment, and how any movement of shares is booked."""

    _inherit = "kondo.operation"

    @api.model
    @api.private
    def _counter_kinds(self):
        return super()._counter_kinds() | {"share_payment", "share_refund", "dividend"}

    @api.model
    @api.private
    def _other_kinds(self):
        return [*super()._other_kinds(), "share_payment", "share_refund", "dividend"]

    def _reversible_kinds(self):
        return super()._reversible_kinds() | {"share_payment"}

    @api.private
    def _post_here(self, kind, uuid, company_id, values, mark):
        """The database compares the register with the holdings at once, not only at the commit."""
        answer = super()._post_here(kind, uuid, company_id, values, mark)
        if kind in SHARE_KINDS:
            self.env.cr.execute(
                "SET CONSTRAINTS kondo_share_register IMMEDIATE; SET CONSTRAINTS kondo_share_register DEFERRED"
            )
        return answer

    # ------------------------------------------------------------------ subscription and payment
    @api.private
    def _execute_share_payment(self, posting, values):
        """values: session_id, partner_id, product_id?, shares (newly subscribed, may be 0), amount (paid on shares now),
        source ('cash' or the id of a savings account of the member), bearer?, note?, approval_id?

        The entrance fee of a first subscription comes on top of `amount`.
        """
        self.env["kondo.four.eyes"]._check_group("group_teller")
        session_id = self._check_id(values.get("session_id"))
        partner = self._share_member(posting, values.get("partner_id"), ("applicant", "active"))
        product = self._share_product(posting, values.get("product_id"))
        shares = self._check_count(values.get("shares"))
        amount = self._check_amount(values.get("amount"))
        source = self._share_source(posting, partner, values.get("source"))
        known = self.env["kondo.share.holding"].sudo().search(
            [("product_id", "=", product.id), ("partner_id", "=", partner.id)]
        )  # fmt: skip
        fee = product.entrance_fee if not known.subscribed else 0
        total = amount + fee
        self._check_share_payment(product, known, shares, amount)
        self._check_authorised(posting, values, self.env["kondo.savings.product"], total)
        if source:
            source._check_movement(-total)
        till = posting.take_till(session_id, 0 if source else total)
        holding = self.env["kondo.share.holding"]._of(partner, product, posting.dry)
        if source:
            posting.move_savings(source, -total)
        else:
            posting.add_leg(till["account_id"], total, till_id=till["id"])
            posting.answer["cash_after"] = {till["id"]: till["cash"]}
        after = holding._move_subscribed(shares)
        self._check_share_payment(product, holding, 0, amount)  # again, on what the lock shows
        self._check_maximum(product, after)
        after["paid"] += amount
        posting.label = self.env._("Shares %(number)s", number=holding.number or product.code)
        self._post_shares(posting, holding, shares, 0)
        self._post_shares(posting, holding, 0, amount)
        if fee:
            posting.add_leg(
                product.entrance_account_id.id,
                -fee,
                partner_id=partner.id,
                label=self.env._("Entrance fee of %(name)s", name=partner.name),
            )
        self.env["kondo.share.entry"]._add(
            posting, holding, [("subscription", shares, 0, None), ("payment", 0, amount, None)], after
        )
        due = after["subscribed"] * holding.nominal - after["paid"]
        pay_by = holding.pay_by
        if shares and due:
            pay_by = Date.add(posting.business_date, months=product.instalment_months)
        holding._settle(
            {
                "state": "active",
                "closed_on": False,
                "opened_on": holding.opened_on if known.subscribed else posting.business_date,
                "pay_by": pay_by if due else False,
            }
        )
        posting.values.update(
            amount=total,
            partner_id=partner.id,
            savings_account_id=source.id or None,
            bearer=self._check_text(values.get("bearer")),
            note=self._check_text(values.get("note")),
        )
        posting.answer.update(
            holding_number=holding.number,
            member_name=partner.name,
            account_number=source.number or holding.number,
            till_cash=till["cash"],
            shares=after["subscribed"],
            shares_paid=after["paid"],
            shares_due=due,
        )
        self._show_shares(posting, holding, after, fee, total)

    def _show_shares(self, posting, holding, after, fee, total):
        """What the person at the counter reads before confirming."""
        _ = self.env._
        posting.show(_("Shares held"), f"{after['subscribed']} × {spaced(holding.nominal)} F")
        posting.show(_("Paid in all on shares"), after["paid"])
        due = after["subscribed"] * holding.nominal - after["paid"]
        posting.show(_("Still to pay"), due)
        if due and holding.pay_by:
            posting.show(_("To pay before"), format_date(self.env, holding.pay_by, date_format="dd/MM/y"))
        if fee:
            posting.show(_("Entrance fee"), fee)
            posting.show(_("To be received in all"), total)

    def _check_share_payment(self, product, holding, shares, amount):
        """Refuse what the rules of the share do not allow. `holding` may be empty: the member has none yet."""
        _ = self.env._
        if holding.state == "leaving":
            raise UserError(_("The refund of these shares is asked for: no share is subscribed meanwhile."))
        subscribed = (holding.subscribed or 0) + shares
        if not subscribed:
            raise UserError(_("Say how many shares the member subscribes."))
        if product.maximum_shares and shares and subscribed > product.maximum_shares:
            raise UserError(_("A member holds at most %(count)s shares.", count=product.maximum_shares))
        if shares and subscribed < product.minimum_shares:
            raise UserError(_("A member subscribes at least %(count)s shares.", count=product.minimum_shares))
        nominal = holding.nominal or product.nominal
        due = subscribed * nominal - (holding.paid or 0)
        if not due:
            raise UserError(_("These shares are paid in full. Say how many new shares the member subscribes."))
        if amount > due:
            raise UserError(_("Only %(due)s F remain to be paid on these shares.", due=spaced(due)))
        if amount < due and not product.instalment_months:
            raise UserError(_("These shares are paid at once: %(due)s F.", due=spaced(due)))
        if shares and amount < min(due, shares * product.first_payment):
            raise UserError(
                _(
                    "At least %(amount)s F are paid at once for these shares.",
                    amount=spaced(shares * product.first_payment),
                )
            )

    def _check_maximum(self, product, after):
        if product.maximum_shares and after["subscribed"] > product.maximum_shares:
            raise UserError(self.env._("A member holds at most %(count)s shares.", count=product.maximum_shares))

    @api.private
    def _window_form_share_payment(self, partner):
        products = self._share_products(partner.company_id or self.env["kondo.teller"]._company())
        if not products or (partner and partner.member_state not in ("applicant", "active")):
            return None
        holding = partner._held_shares()[:1] if partner else self.env["kondo.share.holding"]
        if holding.state == "leaving":
            return None
        product = holding.product_id or products[0]
        shares = 0 if holding.due else max(1, product.minimum_shares - holding.subscribed)
        _ = self.env._
        fields = [
            {
                "name": "shares",
                "label": _("Shares newly subscribed"),
                "type": "integer",
                "required": False,
                "default": shares,
                "help": self._share_help(product, holding),
            },
            {
                "name": "amount",
                "label": _("Paid now"),
                "type": "amount",
                "required": True,
                "default": holding.due or shares * product.nominal,
            },
            {
                "name": "source",
                "label": _("Means of payment"),
                "type": "choice",
                "required": True,
                "default": "cash",
                "options": [
                    {"value": "cash", "label": _("In cash"), "hint": ""},
                    *(
                        {
                            "value": str(account.id),
                            "label": f"{account.product_id.name} {account.number}",
                            "hint": f"{spaced(account.available)} F",
                        }
                        for account in self._share_sources(partner)
                    ),
                ],
            },
        ]
        if len(products) > 1:
            fields.insert(
                0,
                {
                    "name": "product_id",
                    "label": _("Share"),
                    "type": "choice",
                    "required": True,
                    "default": str(product.id),
                    "options": [
                        {"value": str(one.id), "label": one.name, "hint": f"{spaced(one.nominal)} F"}
                        for one in products
                    ],
                },
            )
        return {"label": _("Shares"), "cash": 1, "member": True, "fields": fields}

    def _share_help(self, product, holding):
        _ = self.env._
        parts = [_("%(nominal)s F a share", nominal=spaced(product.nominal))]
        if holding:
            parts.append(_("holds %(count)s", count=holding._in_words()))
        if holding.due:
            parts.append(_("%(due)s F still to pay", due=spaced(holding.due)))
        if product.entrance_fee and not holding:
            parts.append(_("entrance fee %(fee)s F on top", fee=spaced(product.entrance_fee)))
        return " · ".join(parts)

    # ------------------------------------------------------------------ reversal
    @api.private
    def _execute_reversal(self, posting, values):
        """The mirror image of a payment of shares also gives back the shares it subscribed."""
        super()._execute_reversal(posting, values)
        original = self.sudo().browse(values["operation_id"])
        if original.kind != "share_payment":
            return
        entries = self.env["kondo.share.entry"].sudo().search([("operation_id", "=", original.id)])
        holding = entries.holding_id
        later = self.env["kondo.share.entry"].sudo().search(
            [("holding_id", "=", holding.id), ("id", ">", max(entries.ids))]
        )  # fmt: skip
        standing = later.operation_id.filtered(lambda one: one.kind != "reversal" and not one.reversed_by_id)
        if standing or holding.state == "leaving":
            raise UserError(
                self.env._(
                    "The shares %(number)s have moved since: this payment is no longer reversed.", number=holding.number
                )
            )
        after = holding._move_subscribed(-sum(entries.mapped("shares")))
        paid = sum(entries.mapped("amount"))
        after["paid"] -= paid
        self.env["kondo.share.entry"]._add(
            posting, holding, [("cancellation", -sum(entries.mapped("shares")), -paid, None)], after
        )
        due = after["subscribed"] * holding.nominal - after["paid"]
        holding._settle(
            {
                "state": "active" if after["subscribed"] else "closed",
                "closed_on": False if after["subscribed"] else posting.business_date,
                "pay_by": (
                    holding.pay_by or Date.add(posting.business_date, months=holding.product_id.instalment_months)
                )
                if due
                else False,
            }
        )

    # ------------------------------------------------------------------ for every movement of shares
    def _post_shares(self, posting, holding, shares, paid):
        """The legs of `shares` subscribed and `paid` francs, by the scheme of the product; the caller adds the cash."""
        accounts = holding.product_id._capital_accounts()
        for role, amount, moves in share_legs(holding.product_id.scheme, shares * holding.nominal, paid):
            if moves:
                posting.move_shares(holding, -amount, gl_account=accounts[role])
            else:
                posting.add_leg(
                    accounts[role].id, amount, share_holding_id=holding.id, partner_id=holding.partner_id.id
                )

    def _share_member(self, posting, partner_id, states=None):
        """A member of this caisse. Another caisse's is refused in the same words as one that does not exist."""
        partner = self.env["res.partner"].sudo().browse(self._check_id(partner_id)).exists()
        if not partner or not partner.is_kondo_member or partner.company_id.id != posting.company_id:
            raise UserError(self.env._("This member is not in your caisse."))
        if states and partner.member_state not in states:
            raise UserError(self.env._("%(name)s is no longer a member.", name=partner.name))
        return partner

    def _share_product(self, posting, product_id):
        company = self.env["res.company"].sudo().browse(posting.company_id)
        products = self._share_products(company)
        if product_id:
            products = products.filtered(lambda product: product.id == self._check_choice(product_id))
        if not products:
            raise UserError(self.env._("This caisse offers no shares of that kind."))
        return products[0]

    def _share_products(self, company):
        return self.env["kondo.share.product"].sudo().search([("company_id", "=", company.sudo().root_id.id)])

    def _share_sources(self, partner):
        """Accounts from which a member may pay: those he may withdraw from."""
        if not partner:
            return self.env["kondo.savings.account"]
        accounts = self.env["kondo.savings.account"].sudo()
        found = accounts.search([("partner_id", "=", partner.id), ("state", "in", ("active", "inactive"))], order="id")
        return found.filtered(lambda account: account.kind in ("demand", "passbook"))

    def _share_source(self, posting, partner, source):
        """The member's account that pays, or none for cash."""
        if source in (None, False, "", "cash"):
            return self.env["kondo.savings.account"].sudo()
        account = self._window_account(posting, self._check_choice(source))
        if account.partner_id != partner:
            raise UserError(self.env._("This account is not the member's."))
        return account

    @api.model
    def _check_choice(self, value):
        """An id that a choice of the window sends, as a number or as text."""
        return self._check_id(int(value) if isinstance(value, str) and value.isdecimal() else value)

    @api.model
    def _check_count(self, value):
        """A number of shares, 0 when empty."""
        if value in (None, False, ""):
            return 0
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if type(value) is not int or not 0 <= value <= 100_000:
            raise UserError(self.env._("The number of shares is a whole number."))
        return value
