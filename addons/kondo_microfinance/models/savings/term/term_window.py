from odoo import api, models
from odoo.tools.misc import format_date

from ....engine.charts import rate_text
from ....engine.words import spaced
from .deposit import AT_MATURITY

KINDS = ["term_opening", "term_maturity", "term_break"]


class KondoOperation(models.Model):
    """Forms of the teller window for term deposits."""

    _inherit = "kondo.operation"

    @api.model
    @api.private
    def _other_kinds(self):
        return [*super()._other_kinds(), *KINDS]

    @api.private
    def _window_form_term_opening(self, partner):
        """Product and term in one choice with the rate beside it, then how the money comes and what becomes of it."""
        products = self._term_products(partner)
        offers = [offer for product in products for offer in self._offers(product, partner)]
        if not offers:
            return None
        _ = self.env._
        accounts = self._account_options(partner)
        modes = [mode for product in products for mode in product._modes()]
        instructions = [name for product in products for name in product._instructions()]
        return {
            "label": _("Opening of a term deposit"),
            "cash": 1,
            "member": True,
            "fields": [
                {"name": "amount", "label": _("Amount"), "type": "amount", "required": True},
                {
                    "name": "offer",
                    "label": _("Term"),
                    "type": "choice",
                    "required": True,
                    "options": offers,
                    "default": offers[0]["value"],
                },
                {
                    "name": "funding",
                    "label": _("Paid from"),
                    "type": "choice",
                    "required": True,
                    "options": [{"value": "cash", "label": _("Cash"), "hint": ""}, *accounts],
                    "default": "cash",
                },
                {
                    "name": "interest_mode",
                    "label": _("Interest paid"),
                    "type": "choice",
                    "required": True,
                    "options": self._mode_options(products, modes),
                    "default": modes[0],
                },
                {
                    "name": "at_maturity",
                    "label": _("At maturity"),
                    "type": "choice",
                    "required": True,
                    "options": [
                        {"value": value, "label": label, "hint": ""}
                        for value, label in self._term_selection("at_maturity")
                        if value in instructions
                    ],
                    "default": next(value for value, _label in AT_MATURITY if value in instructions),
                },
                {
                    "name": "settlement",
                    "label": _("Account paid"),
                    "type": "choice",
                    "required": False,
                    "options": accounts,
                    "default": accounts[0]["value"] if accounts else None,
                    "help": _("Empty: what the deposit pays waits for the member at the window."),
                },
                *self._counter_fields(),
            ],
        }

    @api.private
    def _window_form_term_maturity(self, partner):
        """Only when something waits for the member."""
        deposits = self._term_deposits(partner, [("waiting", ">", 0)])
        if not deposits:
            return None
        _ = self.env._
        return {
            "label": _("Payment of a matured term deposit"),
            "cash": -1,
            "member": True,
            "fields": [
                {
                    "name": "deposit",
                    "label": _("Term deposit"),
                    "type": "choice",
                    "required": True,
                    "options": [
                        {
                            "value": str(deposit.id),
                            "label": deposit.name,
                            "hint": _("%(amount)s F wait", amount=spaced(deposit.waiting)),
                        }
                        for deposit in deposits
                    ],
                    "default": str(deposits[0].id),
                },
                *self._counter_fields(),
            ],
        }

    @api.private
    def _window_form_term_break(self, partner):
        deposits = self._term_deposits(partner, [("state", "=", "open"), ("break_rule", "!=", "refused")])
        if not deposits:
            return None
        _ = self.env._
        accounts = self._account_options(partner)
        return {
            "label": _("Early break of a term deposit"),
            "cash": -1,
            "member": True,
            "fields": [
                {
                    "name": "deposit",
                    "label": _("Term deposit"),
                    "type": "choice",
                    "required": True,
                    "options": [
                        {
                            "value": str(deposit.id),
                            "label": deposit.name,
                            "hint": _(
                                "%(amount)s F until %(date)s",
                                amount=spaced(deposit.principal),
                                date=format_date(self.env, deposit.maturity),
                            ),
                        }
                        for deposit in deposits
                    ],
                    "default": str(deposits[0].id),
                },
                {
                    "name": "pay",
                    "label": _("Paid"),
                    "type": "choice",
                    "required": True,
                    "options": [{"value": "cash", "label": _("In cash"), "hint": ""}, *accounts],
                    "default": accounts[0]["value"] if accounts else "cash",
                },
                {"name": "reason", "label": _("Reason"), "type": "text", "required": True},
                {"name": "bearer", "label": _("Person at the counter"), "type": "text", "required": False},
            ],
        }

    # ------------------------------------------------------------------ what the forms offer
    def _term_products(self, partner):
        if not partner:
            return self.env["kondo.savings.product"].sudo()
        return (
            self.env["kondo.savings.product"]
            .sudo()
            .search([("kind", "=", "term"), ("company_id", "=", partner.company_id.root_id.id)])
        )

    def _offers(self, product, partner):
        """[{value: "product-months", label, hint: rates}] of the chart in force."""
        chart = self.env["kondo.term.rate"]._chart(product, partner.company_id.business_date)
        _ = self.env._
        offers = []
        for months in product._terms():
            reached = chart.filtered(lambda line, months=months: line.months_from <= months)
            longest = max(reached.mapped("months_from"), default=0)
            lines = reached.filtered(lambda line, longest=longest: line.months_from == longest)
            rates = [
                _("%(rate)s %% from %(amount)s F", rate=rate_text(line.rate), amount=spaced(line.amount_from))
                if line.amount_from
                else _("%(rate)s %%", rate=rate_text(line.rate))
                for line in lines.sorted("amount_from")
            ]
            if rates:
                offers.append(
                    {
                        "value": f"{product.id}-{months}",
                        "label": _("%(product)s, %(months)s months", product=product.name, months=months),
                        "hint": ", ".join(rates),
                    }
                )
        return offers

    def _mode_options(self, products, modes):
        periods = sorted({product.term_period_months for product in products if product.term_periodic})
        every = self.env._("every %(months)s months", months=", ".join(str(months) for months in periods))
        labels = self._term_selection("interest_mode")
        return [
            {"value": value, "label": label, "hint": every if value == "periodic" else ""}
            for value, label in labels
            if value in modes
        ]

    def _term_selection(self, name):
        return self.env["kondo.term.deposit"]._fields[name]._description_selection(self.env)

    def _account_options(self, partner):
        """The member's accounts that may pay or receive."""
        accounts = partner.savings_account_ids.filtered(
            lambda account: account.kind in ("demand", "passbook") and account.state in ("active", "inactive")
        )
        return [
            {"value": str(account.id), "label": account.number, "hint": f"{spaced(account.available)} F"}
            for account in accounts.sorted("id")
        ]

    def _term_deposits(self, partner, domain):
        if not partner:
            return self.env["kondo.term.deposit"].sudo()
        return self.env["kondo.term.deposit"].sudo().search([("partner_id", "=", partner.id), *domain])

    def _counter_fields(self):
        _ = self.env._
        return [
            {"name": "bearer", "label": _("Person at the counter"), "type": "text", "required": False},
            {"name": "note", "label": _("Note"), "type": "text", "required": False},
        ]
