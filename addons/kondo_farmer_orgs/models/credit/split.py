from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.kondo_microfinance.models.fields import Francs
from odoo.addons.kondo_microfinance.models.ledger.database_rules import apply_rules
from odoo.addons.kondo_microfinance.models.loans.loan import OPEN_FILE

from .database_rules import SPLIT_RULES


class KondoLoanSplit(models.Model):
    """The part of one person in the contract of an organisation: asked for, granted, and for how much land or cattle.

    The parts add up to the contract: the database refuses anything else once the file has left the officer's hands.
    """

    _name = "kondo.loan.split"
    _description = "Part of a person in a group loan"
    _inherit = ["kondo.guarded"]
    _order = "loan_id, sequence, id"
    _rec_name = "person_id"
    _check_company_auto = True

    _guarded_fields = frozenset({"repaid", "rest", "amount_late", "days_late", "late_since"})

    loan_id = fields.Many2one("kondo.loan", required=True, ondelete="cascade", index=True, check_company=True)
    company_id = fields.Many2one(
        related="loan_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    organisation_id = fields.Many2one(related="loan_id.partner_id", string="Organisation")
    loan_state = fields.Selection(related="loan_id.state", string="State of the loan")
    sequence = fields.Integer(default=10)
    person_id = fields.Many2one("kondo.org.person", required=True, ondelete="restrict", index=True, check_company=True)
    sex = fields.Selection(related="person_id.sex")
    requested = Francs(string="Asked for (F)")
    granted = Francs(string="Granted (F)")
    measure = fields.Float(string="Quantity", digits=(16, 2), help="Hectares, heads or bags, as the crop is counted.")
    payment_ids = fields.One2many("kondo.loan.split.payment", "split_id", string="Payments", readonly=True)

    # Where the part stands: written with each payment and by the closing of the day, see split_standing.py
    repaid = Francs(string="Repaid (F)", readonly=True, copy=False, help="Principal, interest and all the rest.")
    rest = Francs(string="Left to pay (F)", readonly=True, copy=False)
    amount_late = Francs(string="Late (F)", readonly=True, copy=False)
    days_late = fields.Integer(string="Days late", readonly=True, copy=False, aggregator=None)
    late_since = fields.Date(string="Late since", readonly=True, copy=False)
    repaid_percent = fields.Float(string="Repaid (%)", digits=(16, 1), compute="_compute_repaid_percent")

    _sane = models.Constraint(
        "CHECK (COALESCE(requested, 0) >= 0 AND COALESCE(granted, 0) >= 0 AND COALESCE(measure, 0) >= 0)",
        "A part is not negative.",
    )
    _one_part = models.UniqueIndex("(loan_id, person_id)", "This person has a part in this loan already.")
    _late = models.Index("(company_id, days_late) WHERE days_late > 0")

    def init(self):
        apply_rules(self.env, self._table, SPLIT_RULES, ("kondo_split_whole",))

    # ------------------------------------------------------------------ computes
    @api.depends("repaid", "rest")
    def _compute_repaid_percent(self):
        for part in self:
            asked = part.repaid + part.rest
            part.repaid_percent = 100 * part.repaid / asked if asked else 0

    def _compute_display_name(self):
        for part in self:
            part.display_name = f"{part.person_id.name} · {part.loan_id.name}"

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts.loan_id._check_parts_change()
        return parts

    def write(self, vals):
        self.check_access("write")
        if "loan_id" in vals or "person_id" in vals and any(part.payment_ids for part in self):
            raise UserError(self.env._("A part stays with its loan and its person: remove it and enter another."))
        typed = set(vals) - self._guarded_fields - {"sequence"}
        if typed:
            self.loan_id._check_parts_change()
        return super().write(vals)

    def unlink(self):
        self.check_access("unlink")
        self.loan_id._check_parts_change()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_before_the_decision(self):
        if any(part.loan_id.state not in OPEN_FILE for part in self):
            raise UserError(self.env._("This loan has been decided: its parts are changed, not removed."))
