from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

INCOME, EXPENSE = "70293", "6029"


class KondoCollectionScheme(models.Model):
    """How a round is paid for: by the caisse or by the members, on what, when, and how much of it the collector gets."""

    _name = "kondo.collection.scheme"
    _description = "Commission scheme of collectors"
    _order = "name"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Union",
        required=True,
        index=True,
        default=lambda self: self.env.company.sudo().root_id,
        help="Schemes belong to the union; its caisses share them.",
    )
    payer = fields.Selection(
        [("caisse", "The caisse"), ("member", "The members")],
        string="Who pays",
        required=True,
        default="member",
        help="The members: taken from their savings, as income of the caisse, of which the collector gets his share. The "
        "caisse: an expense of the caisse, nothing is taken from the members.",
    )
    base = fields.Selection(
        [("percent", "A percentage of what is collected"), ("stake", "One day's stake a month")],
        required=True,
        default="stake",
        help="One day's stake: the tontine's custom, one usual stake for each month in which the member has paid at least "
        "once.",
    )
    rate = fields.Float(string="Percentage", digits=(16, 4), help="Of what is collected, 2.5 for 2.5 %.")
    share = fields.Float(
        string="Share of the collector",
        digits=(16, 4),
        default=100,
        help="Percent of the commission that is paid to the collector. The rest stays with the caisse when the members pay.",
    )
    moment = fields.Selection(
        [("month", "Once a month"), ("collection", "With each sheet received")],
        string="When",
        required=True,
        default="month",
    )
    taxed = fields.Boolean(
        string="Subject to the TAF",
        help="The tax is added to what the members pay, at the dated rate. Mutualist institutions are exempt as a rule "
        "(loi 10-013): confirm it with the tax adviser.",
    )
    income_account_id = fields.Many2one(
        "account.account",
        string="Income account",
        ondelete="restrict",
        compute="_compute_accounts",
        store=True,
        readonly=False,
        precompute=True,
        help="70293, other commissions: what the members pay. The number stands in charts derived from PARMEC's and not in "
        "the short official list: confirm it with the accountant.",
    )
    expense_account_id = fields.Many2one(
        "account.account",
        string="Expense account",
        ondelete="restrict",
        compute="_compute_accounts",
        store=True,
        readonly=False,
        precompute=True,
        help="6029, commissions paid: what the collector gets. A collector with an employment contract is paid through the "
        "payroll: confirm with the accountant.",
    )
    words = fields.Char(string="In words", compute="_compute_words")

    _rates = models.Constraint(
        "CHECK (rate BETWEEN 0 AND 100 AND share BETWEEN 0 AND 100)", "A percentage lies between 0 and 100."
    )
    _stake_by_month = models.Constraint(
        "CHECK (base <> 'stake' OR moment = 'month')", "One day's stake a month is taken once a month."
    )

    @api.constrains("base", "rate", "payer", "share")
    def _check_rate(self):
        for scheme in self:
            if scheme.base == "percent" and not scheme.rate:
                raise UserError(self.env._("Give the percentage of the commission."))
            if scheme.payer == "caisse" and not scheme.share:
                raise UserError(self.env._("The caisse pays this commission to the collector: give his share."))

    @api.depends("company_id")
    def _compute_accounts(self):
        for scheme in self:
            union = scheme.company_id.sudo().root_id
            if union.kondo_kind == "union":
                scheme.income_account_id = scheme.income_account_id or union._kondo_account(INCOME)
                scheme.expense_account_id = scheme.expense_account_id or union._kondo_account(EXPENSE)

    @api.depends("payer", "base", "rate", "share", "moment")
    @api.depends_context("lang")
    def _compute_words(self):
        for scheme in self:
            scheme.words = scheme._in_words()

    def _in_words(self):
        _ = self.env._
        rate, share = (f"{value:g}".replace(".", ",") for value in (self.rate, self.share))
        base = (
            _("one day's stake a month") if self.base == "stake" else _("%(rate)s %% of what is collected", rate=rate)
        )
        if self.payer == "caisse":
            return _("The caisse pays %(base)s; the collector gets %(share)s %% of it.", base=base, share=share)
        return _("The members pay %(base)s; the collector gets %(share)s %% of it.", base=base, share=share)

    @api.onchange("base")
    def _onchange_base(self):
        if self.base == "stake":
            self.moment = "month"

    # ------------------------------------------------------------------ exact numbers
    def _rate(self):
        return Decimal(str(self.rate))

    def _share(self):
        return Decimal(str(self.share))
