from odoo import api, fields, models

from odoo.addons.kondo_microfinance.models.fields import Francs

from ...engine.quorum import is_adopted


class KondoOrgDecision(models.Model):
    """What a general meeting voted on; a decision to borrow names the amount."""

    _name = "kondo.org.decision"
    _description = "Decision of a general meeting"
    _order = "meeting_id, sequence, id"
    _check_company_auto = True

    meeting_id = fields.Many2one("kondo.org.meeting", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(
        related="meeting_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("borrow", "Ask for a loan"),
            ("officers", "Election of officers"),
            ("accounts", "Approval of the accounts"),
            ("members", "People who join or leave"),
            ("other", "Other"),
        ],
        required=True,
        default="other",
    )
    name = fields.Char(string="Decision", required=True)
    amount = Francs(string="Amount (F)")
    votes_for = fields.Integer(string="For")
    votes_against = fields.Integer(string="Against")
    votes_blank = fields.Integer(string="Abstained")
    adopted = fields.Boolean(compute="_compute_adopted", store=True, precompute=True)

    _sane = models.Constraint(
        "CHECK (votes_for >= 0 AND votes_against >= 0 AND votes_blank >= 0 AND amount >= 0)",
        "Votes and amounts are not negative.",
    )
    _borrowed = models.Constraint(
        "CHECK (kind <> 'borrow' OR amount > 0)", "A decision to ask for a loan names its amount."
    )

    @api.depends("votes_for", "votes_against")
    def _compute_adopted(self):
        for decision in self:
            decision.adopted = is_adopted(decision.votes_for, decision.votes_against)

    @api.onchange("kind")
    def _onchange_kind(self):
        """The usual words of a decision, to be completed."""
        if self.kind == "borrow" and not self.name:
            self.name = self.env._("Ask the caisse for a loan")

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        decisions = super().create(vals_list)
        decisions.meeting_id._check_draft()
        return decisions

    def write(self, vals):
        self.meeting_id._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        self.meeting_id._check_draft()
