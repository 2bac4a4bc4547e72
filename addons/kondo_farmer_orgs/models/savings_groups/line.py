from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.kondo_microfinance.models.fields import Francs
from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER, has_ledger_key

from ...engine.avec import Row, cash_of

FIGURES = ("shares", "social", "aid", "taken", "principal", "interest", "fine")


class KondoAvecLine(models.Model):
    """What one person brought and took at a meeting; or a correction of what an earlier meeting had wrong."""

    _name = "kondo.avec.line"
    _description = "Person at a meeting"
    _inherit = ["kondo.guarded"]
    _order = "meeting_id, correction, id"
    _rec_name = "person_id"
    _check_company_auto = True

    _guarded_fields = frozenset({"shares_before", "loan_before", "interest_before", "charged"})

    meeting_id = fields.Many2one(
        "kondo.avec.meeting", required=True, ondelete="restrict", index=True, check_company=True
    )
    cycle_id = fields.Many2one(
        related="meeting_id.cycle_id", string="Cycle", store=True, precompute=True, required=True, index=True
    )
    company_id = fields.Many2one(
        related="meeting_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    person_id = fields.Many2one("kondo.org.person", required=True, ondelete="restrict", index=True, check_company=True)
    correction = fields.Boolean(readonly=True)
    reason = fields.Char(string="What was wrong")
    present = fields.Boolean(default=True)
    shares = fields.Integer(string="Shares")
    social = Francs(string="Social fund (F)")
    aid = Francs(string="Aid paid (F)", help="From the social fund: a death, an illness, a birth.")
    principal = Francs(string="Loan repaid (F)")
    interest = Francs(string="Interest (F)")
    taken = Francs(string="Loan taken (F)")
    fine = Francs(string="Fine (F)")
    fine_id = fields.Many2one("kondo.avec.fine", string="Fined for", ondelete="restrict", check_company=True)

    # As the meeting found it
    shares_before = fields.Integer(string="Shares before", readonly=True)
    loan_before = Francs(string="Loan owed (F)", readonly=True)
    interest_before = Francs(readonly=True)
    charged = Francs(string="Interest since", readonly=True)
    interest_due = fields.Integer(string="Interest owed (F)", compute="_compute_after")
    loan_after = fields.Integer(string="Loan after (F)", compute="_compute_after")
    into_box = fields.Integer(string="Box (F)", compute="_compute_after", help="Plus is cash into the box.")
    into_social = fields.Integer(compute="_compute_after")
    cash = fields.Integer(
        string="Cash (F)", compute="_compute_after", help="Handed over by the person; below zero: to him."
    )

    _once = models.UniqueIndex("(meeting_id, person_id) WHERE NOT correction", "This person is on the sheet already.")
    _correction_said = models.Constraint(
        "CHECK (NOT COALESCE(correction, FALSE) OR reason IS NOT NULL)", "Say what was wrong."
    )

    @api.depends(*FIGURES, "charged", "interest_before", "loan_before", "meeting_id.cycle_id.share_value")
    def _compute_after(self):
        terms = {cycle: cycle._terms() for cycle in self.meeting_id.cycle_id}
        for line in self:
            cycle = line.meeting_id.cycle_id
            line.interest_due = line.interest_before + line.charged
            line.loan_after = line.loan_before + line.taken - line.principal
            box, social = cash_of(terms[cycle], line._row()) if cycle else (0, 0)
            line.into_box, line.into_social, line.cash = box, social, box + social

    def _row(self):
        return Row(
            self.person_id.id,
            present=self.present,
            correction=self.correction,
            **{name: self[name] for name in FIGURES},
        )

    @api.onchange("present")
    def _onchange_present(self):
        """Who is not there brings nothing; who comes after all brings the social fund."""
        if not self.present:
            self.update({"shares": 0, "social": 0})
        elif not self.social:
            self.social = self.meeting_id.cycle_id.social_contribution

    @api.onchange("fine_id")
    def _onchange_fine_id(self):
        if self.fine_id:
            self.fine = self.fine_id.amount

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        if not has_ledger_key(self.env):
            self.env["kondo.four.eyes"]._check_group("group_loan_officer", "group_caisse_manager")
        lines = super().create(vals_list)
        lines._check_open()
        if not has_ledger_key(self.env):
            lines.filtered(lambda line: not line.correction)._find_standing()
        return lines

    def _find_standing(self):
        """What somebody owes who was added to the sheet by hand: back in the group, or forgotten."""
        for meeting in self.meeting_id:
            people, terms, days = meeting.cycle_id._people(), meeting.cycle_id._terms(), meeting._days()
            for line in self.filtered(lambda one, meeting=meeting: one.meeting_id == meeting):
                found = meeting._standing_of(people.get(line.person_id.id), terms, days)
                line.with_context(kondo_ledger=LEDGER).write(found)

    def write(self, vals):
        if not has_ledger_key(self.env):
            self._check_open()
            if {"meeting_id", "correction"}.intersection(vals):
                raise UserError(self.env._("A row stays on its sheet."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_open(self):
        self._check_open()
        for line in self:
            if (line.loan_before or line.interest_before) and not self.env.context.get("kondo_whole_sheet"):
                raise UserError(
                    self.env._("%(name)s owes a loan: he stays on the sheet, absent.", name=line.person_id.name)
                )

    def _check_open(self):
        if any(line.meeting_id.state == "closed" for line in self):
            raise UserError(
                self.env._("This meeting is closed. A mistake is put right by a correction in the next meeting.")
            )

    @api.constrains("person_id", "meeting_id", "correction")
    def _check_person(self):
        """On the sheet stand people of the group; a correction is about somebody who was once on it."""
        for line in self:
            group = line.meeting_id.organisation_id
            if group not in line.person_id.membership_ids.organisation_id:
                raise ValidationError(self.env._("%(name)s is not of this group.", name=line.person_id.name))
