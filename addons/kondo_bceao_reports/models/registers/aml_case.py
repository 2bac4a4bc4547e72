from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date

from odoo.addons.kondo_microfinance.models.fields import Francs
from odoo.addons.kondo_microfinance.models.ledger.database_rules import apply_rules
from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER, has_ledger_key

from .register import WATCHERS

KINDS = [
    ("single", "One operation"),
    ("linked", "Linked operations of a day"),
    ("split", "Split just under a threshold"),
]
STATES = [("detected", "Detected"), ("review", "Under review"), ("decided", "Decided")]
DECISIONS = [("none", "No follow-up"), ("report", "Reported to the CENTIF")]

RULES = """
CREATE OR REPLACE FUNCTION kondo_aml_case_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state = 'decided' THEN
        RAISE EXCEPTION 'kondo: case % is kept as it was decided', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS kondo_aml_case_kept ON kondo_aml_case;
CREATE TRIGGER kondo_aml_case_kept BEFORE UPDATE OR DELETE ON kondo_aml_case
    FOR EACH ROW EXECUTE FUNCTION kondo_aml_case_is_kept();
"""


class KondoAmlCase(models.Model):
    """Cash of one day over the thresholds, with what was found about it and decided: the register of cash operations.

    Ordinance 2024-011, decision 021 of 21/12/2023/CM/UMOA, instruction 010-09-2017. Nobody is told: tellers and loan
    officers never see a case, and nothing of it stands on the member, on the operation or in the closing of the day.
    Whoever made one of the operations neither reviews nor decides; a decided case never changes.
    """

    _name = "kondo.aml.case"
    _description = "Cash over the thresholds"
    _inherit = ["kondo.guarded"]
    _order = "day desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", readonly=True)
    company_id = fields.Many2one(
        "res.company", string="Caisse", required=True, readonly=True, index=True,
        help="The union, for operations of one person in several caisses.",
    )  # fmt: skip
    day = fields.Date(string="Day", required=True, readonly=True, index=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    thresholds = fields.Char(readonly=True, help="Codes of the thresholds passed, separated by commas.")
    thresholds_text = fields.Char(string="Thresholds passed", compute="_compute_thresholds_text")
    direction = fields.Selection(
        [("in", "Paid in"), ("out", "Paid out"), ("both", "Both")], string="Cash", readonly=True
    )
    total = Francs(readonly=True, help="Cash of the day, paid in and paid out added up.")
    count = fields.Integer(string="Number of operations", readonly=True)
    members = fields.Char(readonly=True)
    line_ids = fields.One2many("kondo.aml.case.line", "case_id", string="Operations", readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True, default="detected", index=True)

    reviewer_id = fields.Many2one("res.users", string="Reviewed by", readonly=True)
    reviewed_at = fields.Datetime(string="Reviewed on", readonly=True)
    review_note = fields.Text(string="What was found", readonly=True)
    unusual = fields.Boolean(string="Unusual or complex", readonly=True)
    decider_id = fields.Many2one("res.users", string="Decided by", readonly=True)
    decided_at = fields.Datetime(string="Decided on", readonly=True)
    decision = fields.Selection(DECISIONS, readonly=True)
    reason = fields.Text(string="Reason", readonly=True)
    centif_reference = fields.Char(string="Reference of the report", readonly=True)
    centif_on = fields.Date(string="Reported on", readonly=True)

    _decided = models.Constraint(
        "CHECK (state <> 'decided' OR (decision IS NOT NULL AND decider_id IS NOT NULL AND reason IS NOT NULL))",
        "A decision has an author and a reason.",
    )
    _reported = models.Constraint(
        "CHECK (decision IS DISTINCT FROM 'report' OR (centif_reference IS NOT NULL AND centif_on IS NOT NULL))",
        "A report to the CENTIF has its reference and its day.",
    )

    @property
    def _guarded_fields(self):
        return frozenset(self._fields) - {"id", "display_name"} - set(models.MAGIC_COLUMNS)

    def init(self):
        apply_rules(self.env, self._table, RULES, ("kondo_aml_case_kept",))

    @api.depends("thresholds")
    @api.depends_context("lang")
    def _compute_thresholds_text(self):
        _ = self.env._
        words = {
            "linked": _("identification of linked operations"),
            "unusual": _("enhanced examination if unusual or complex"),
            "report": _("systematic report of cash"),
            "normal": _("enhanced examination"),
        }
        for case in self:
            keys = (case.thresholds or "").split(",")
            case.thresholds_text = ", ".join(words[key] for key in keys if key in words) or _("just under one")

    def _compute_display_name(self):
        for case in self:
            case.display_name = f"{case.name or ''} · {format_date(self.env, case.day)}" if case.day else case.name

    # ------------------------------------------------------------------ kept
    def write(self, vals):
        if any(case.state == "decided" for case in self):
            raise AccessError(self.env._("A decided case is never changed."))
        return super().write(vals)

    def unlink(self):
        raise AccessError(self.env._("A case is kept ten years: it is decided, never deleted."))

    # ------------------------------------------------------------------ steps
    def review(self, note, unusual=False):
        """Take the case up and write down what was found; again, to add to it, until it is decided.

        :raises UserError: not a role that watches cash, another's caisse, one's own operation, no words
        """
        for case in self:
            case._take(("detected", "review"))
            text = self.env["kondo.operation"]._check_text(note)
            if not text:
                raise UserError(self.env._("Write down what was found."))
            case._set(
                state="review",
                reviewer_id=self.env.uid,
                reviewed_at=fields.Datetime.now(),
                review_note="\n".join(filter(None, [case.sudo().review_note, text])),
                unusual=bool(unusual),
            )

    def decide(self, decision, reason, reference=None, on=None):
        """Close the case, by a second person: nothing follows, or it was reported to the CENTIF.

        :param decision: "none" or "report"; a report has a `reference` and a day `on`
        :raises UserError: as `review`; the same person as the reviewer; what a decision needs is missing
        """
        text = self.env["kondo.operation"]._check_text(reason)
        reference = self.env["kondo.operation"]._check_text(reference)
        on = fields.Date.to_date(on) if on else False
        for case in self:
            case._take(("review",))
            self.env["kondo.four.eyes"]._check_second_person(
                case.sudo().reviewer_id,
                self.env._("You reviewed this case: somebody else decides."),
            )
            if decision not in dict(DECISIONS):
                raise UserError(self.env._("The request is not readable."))
            if not text:
                raise UserError(self.env._("Say why, in a few words."))
            if decision == "report" and not (reference and on):
                raise UserError(self.env._("A report to the CENTIF has its reference and its day."))
            if on and (on < case.day or on > fields.Date.context_today(self)):
                raise UserError(self.env._("The day of the report is between the day of the operations and today."))
            case._set(
                state="decided",
                decider_id=self.env.uid,
                decided_at=fields.Datetime.now(),
                decision=decision,
                reason=text,
                centif_reference=reference if decision == "report" else False,
                centif_on=on if decision == "report" else False,
            )

    def _take(self, states):
        """The case locked, for one who may go on with it."""
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group(*WATCHERS)
        self.check_access("read")
        self.company_id.with_env(self.env)._check_visible()
        self.env.flush_all()
        self.env.cr.execute("SELECT state FROM kondo_aml_case WHERE id = %s FOR NO KEY UPDATE", (self.id,))
        self.invalidate_recordset()
        if self.state not in states:
            raise UserError(
                self.env._("This case was decided already.")
                if self.state == "decided"
                else self.env._("Somebody first reviews the case.")
            )
        self.env["kondo.four.eyes"]._check_second_person(
            self.sudo().line_ids.operation_id.user_id,
            self.env._("You made one of these operations: somebody else reviews and decides."),
        )

    def _set(self, **values):
        self.sudo().with_context(kondo_ledger=LEDGER).write(values)

    # ------------------------------------------------------------------ buttons
    def action_review(self):
        return self._step("review", self.env._("Review"))

    def action_decide(self):
        return self._step("decide", self.env._("Decision"))

    def _step(self, step, name):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "kondo.aml.step",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_case_id": self.id, "default_step": step},
        }

    @api.model_create_multi
    def create(self, vals_list):
        if not has_ledger_key(self.env):
            raise AccessError(self.env._("Cases are detected, never typed in."))
        cases = super().create(vals_list)
        for case in cases:
            case.name = f"{case.company_id.sudo().kondo_code or 'U'}-AML-{case.id:05d}"
        return cases
