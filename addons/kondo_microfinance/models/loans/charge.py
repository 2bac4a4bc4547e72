from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.loan_terms import Charge
from ..fields import Francs
from .product_settings import exact_rate


class KondoLoanCharge(models.Model):
    """What a loan of this product costs beside interest, or what is saved with it."""

    _name = "kondo.loan.charge"
    _description = "Charge of a loan product"
    _order = "product_id, sequence, id"
    _check_company_auto = True

    product_id = fields.Many2one("kondo.loan.product", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(
        related="product_id.company_id", string="Union", store=True, precompute=True, required=True, index=True
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        [("fee", "Fee"), ("insurance", "Insurance"), ("guarantee", "Guarantee savings")], required=True, default="fee"
    )
    when = fields.Selection(
        [("disbursement", "At the disbursement"), ("instalment", "With each instalment"), ("date", "On a date")],
        required=True,
        default="disbursement",
    )
    due_on = fields.Date(string="On")
    base = fields.Selection(
        [
            ("amount", "A fixed amount"),
            ("principal", "% of the amount lent"),
            ("interest", "% of all interest"),
            ("instalment_principal", "% of the instalment's principal"),
            ("instalment_interest", "% of the instalment's interest"),
            ("instalment", "% of the instalment"),
            ("balance", "% of what is owed"),
        ],
        required=True,
        default="principal",
    )
    value = fields.Float(digits=(16, 6), required=True, default=0, help="Percent, or francs of a fixed amount.")
    minimum = Francs(help="0: none.")
    maximum = Francs(help="0: none.")
    is_tax = fields.Boolean(string="Tax", help="Kept for the State, and left out of the TEG: the TAF, a stamp.")
    account_id = fields.Many2one(
        "account.account",
        string="Account",
        ondelete="restrict",
        help="Empty: the product's account for fees, insurance or taxes.",
    )

    _name_unique = models.UniqueIndex("(product_id, name)", "This product already has a charge of that name.")
    _sane = models.Constraint(
        "CHECK (value >= 0 AND minimum >= 0 AND (maximum = 0 OR maximum >= minimum))",
        "A charge is not negative, and its maximum is not below its minimum.",
    )

    # ------------------------------------------------------------------ constraints
    @api.constrains("kind", "when", "due_on", "base", "value", "is_tax")
    def _check_charge(self):
        for charge in self:
            if charge.is_tax and charge.kind != "fee":
                raise ValidationError(self.env._("A tax is entered as a fee."))
            try:
                charge._charge()
            except ValueError as fault:
                raise ValidationError(
                    self.env._("This charge cannot be counted that way: %(fault)s.", fault=fault)
                ) from None

    def _charge(self):
        """The engine's Charge; its name tells charges apart."""
        self.ensure_one()
        return Charge(
            exact_rate(self.value),
            base=self.base,
            when=self.when,
            kind=self.kind,
            due_on=(self.due_on or None) if self.when == "date" else None,
            minimum=self.minimum,
            maximum=self.maximum or None,
            name=str(self.id or self._origin.id or self.name),
        )


class KondoLoanProduct(models.Model):
    _inherit = "kondo.loan.product"

    charge_ids = fields.One2many("kondo.loan.charge", "product_id", string="Fees, insurance and savings")
