from odoo import api, fields, models
from odoo.exceptions import UserError


class KondoLoanDecide(models.TransientModel):
    """What the committee has decided, or why a file ends or lives again. Hands over to the loan."""

    _name = "kondo.loan.decide"
    _description = "Decision on a loan"

    loan_id = fields.Many2one("kondo.loan", required=True, readonly=True)
    committee_id = fields.Many2one("kondo.loan.committee", string="Sitting", domain="[('state', '=', 'open')]")
    decision = fields.Selection(
        [
            ("granted", "Granted"),
            ("changed", "Granted with changes"),
            ("deferred", "Deferred"),
            ("refused", "Refused"),
            ("cancel", "Given up"),
            ("undo", "Refusal undone"),
        ],
        required=True,
        default="granted",
    )
    # not Francs: its default of 0 would stand for what is computed
    amount = fields.Integer(compute="_compute_terms", store=True, readonly=False)
    instalments = fields.Integer(compute="_compute_terms", store=True, readonly=False)
    annual_rate = fields.Float(
        string="Rate a year (%)", digits=(16, 6), compute="_compute_terms", store=True, readonly=False
    )
    company_id = fields.Many2one(related="loan_id.company_id")
    instalment_amount = fields.Integer(string="Instalment", compute="_compute_figures")
    teg = fields.Float(string="TEG (%)", digits=(16, 4), compute="_compute_figures")
    teg_over = fields.Boolean(compute="_compute_figures")
    fault = fields.Char(string="Not possible", compute="_compute_figures")
    votes_for = fields.Integer(string="In favour", compute="_compute_votes", store=True, readonly=False)
    votes_against = fields.Integer(string="Against")
    votes_blank = fields.Integer(string="Abstained")
    reason = fields.Char()
    warning = fields.Text(related="loan_id.warning")

    @api.depends("loan_id")
    def _compute_terms(self):
        for wizard in self:
            for name in ("amount", "instalments", "annual_rate"):
                wizard[name] = wizard.loan_id[name]

    @api.depends("loan_id", "decision", "amount", "instalments", "annual_rate")
    def _compute_figures(self):
        """What the loan would be on the terms typed: instalment and TEG, before anybody says yes."""
        for wizard in self:
            wizard.update({"instalment_amount": 0, "teg": 0, "teg_over": False, "fault": False})
            loan = wizard.loan_id
            if not loan or wizard.decision not in ("granted", "changed"):
                continue
            if wizard.decision == "changed":
                terms = {name: wizard[name] for name in ("amount", "instalments", "annual_rate")}
                loan = loan.new(terms, origin=loan)
                try:
                    loan._plan()
                except UserError as fault:
                    wizard.fault = str(fault)
                    continue
            for name in ("instalment_amount", "teg", "teg_over"):
                wizard[name] = loan[name]

    @api.depends("loan_id", "committee_id")
    def _compute_votes(self):
        """Everybody who decides, until it is said otherwise."""
        for wizard in self:
            wizard.votes_for = len(wizard.loan_id._seated(wizard.committee_id)[0]) if wizard.committee_id else 0

    @api.model
    def default_get(self, names):
        values = super().default_get(names)
        if "committee_id" in names and not values.get("committee_id"):
            committee = (
                self.env.context.get("kondo_committee")
                or self.env["kondo.loan.committee"].search([("state", "=", "open")], limit=1).id
            )
            values["committee_id"] = committee
        return values

    def action_confirm(self):
        self.ensure_one()
        if self.decision == "cancel":
            self.loan_id.action_cancel(self.reason)
        elif self.decision == "undo":
            self.loan_id.undo_refusal(self.reason)
        else:
            if not self.committee_id:
                raise UserError(self.env._("Open a sitting of the committee first."))
            values = {
                "amount": self.amount,
                "instalments": self.instalments,
                "annual_rate": self.annual_rate,
                "reason": self.reason,
                "votes_for": self.votes_for,
                "votes_against": self.votes_against,
                "votes_blank": self.votes_blank,
            }
            self.loan_id.decide(self.committee_id.id, self.decision, values)
        return {"type": "ir.actions.act_window_close"}
