import time

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...engine.words import spaced


class KondoClosingStep(models.Model):
    """One step of a closing: when it ran, how long, what it did, why it stopped or what it left to mend."""

    _name = "kondo.closing.step"
    _description = "Step of a closing"
    _inherit = ["kondo.guarded"]
    _order = "closing_id, sequence, id"
    _check_company_auto = True

    _guarded_fields = frozenset({"closing_id", "sequence", "code", "state", "ended_at", "seconds", "result", "reason"})

    closing_id = fields.Many2one("kondo.closing", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(
        related="closing_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    sequence = fields.Integer(readonly=True)
    code = fields.Char(required=True, readonly=True)
    label = fields.Char(string="Step", compute="_compute_label")
    state = fields.Selection([("done", "Done"), ("failed", "Stopped")], required=True, readonly=True)
    ended_at = fields.Datetime(required=True, readonly=True)
    seconds = fields.Float(string="Took (s)", digits=(16, 2), readonly=True)
    result = fields.Char(readonly=True)
    reason = fields.Char(readonly=True, help="Why it stopped; of a step that is done, what it left to mend.")

    _once = models.UniqueIndex("(closing_id, code)")

    def _compute_label(self):
        labels = self._labels()
        for step in self:
            step.label = labels.get(step.code, step.code)

    @api.model
    def _labels(self):
        """{code: words} of the steps; a room that adds a step adds its words."""
        _ = self.env._
        return {
            "remote_close": _("Operations between caisses"),
            "collections": _("Collectors' sheets"),
            "term_maturities": _("Term deposits that mature"),
            "loan_repayments": _("Loan instalments taken from savings"),
            "standing_orders": _("Standing orders"),
            "loan_accrual": _("Interest earned on loans"),
            "loan_penalties": _("Penalties"),
            "loan_positions": _("Days past due"),
            "loan_promises": _("Promises to pay"),
            "loan_class": _("Classes of loans"),
            "loan_provisions": _("Provisions"),
            "accruals": _("Accrued interest on deposits and borrowings"),
            "write_offs": _("Write-offs to propose"),
            "loan_morning": _("Loans at the next opening"),
            "savings_plans": _("Savings plans"),
            "interest": _("Interest on savings"),
            "fees": _("Fees on accounts"),
            "dormancy": _("Dormant accounts"),
            "holds": _("Holds that end"),
            "snapshot": _("Photograph of the day"),
            "proof": _("Books against balances"),
            "book_hash": _("Seal of the books"),
        }

    @api.model
    def _said(self, code, result):
        """What a step did, in words: it returns francs, a number of things, a text, or nothing."""
        _ = self.env._
        if type(result) is not int:
            return str(result) if result else False
        if code in ("loan_accrual", "accruals"):
            return _("%(francs)s F", francs=spaced(result))
        words = {
            "loan_penalties": _("late instalments: %(count)s", count=result),
            "loan_promises": _("promises that fell due: %(count)s", count=result),
            "snapshot": _("rows written: %(count)s", count=result),
        }
        return words.get(code) or _("loans: %(count)s", count=result)

    @api.model
    def _clock(self):
        return time.clock_gettime(time.CLOCK_MONOTONIC)

    @api.model
    @api.private
    def _record(self, closing, sequence, code, begun, state, result=False, reason=False, then=False):
        """Write down how a step ended and which one runs `then`, in one transaction; one row per closing and step."""
        values = {
            "closing": closing.id,
            "sequence": sequence,
            "code": code,
            "state": state,
            "ended_at": fields.Datetime.now(),
            "seconds": round(self._clock() - begun, 2),
            "result": result or None,
            "reason": reason or None,
            "then": then or None,
            "user": self.env.uid,
        }
        with self.env["kondo.operation"]._posting_env() as env:
            env.flush_all()
            env.cr.execute(
                """
                INSERT INTO kondo_closing_step (closing_id, company_id, sequence, code, state, ended_at, seconds, result, reason,
                            create_uid, write_uid, create_date, write_date)
                SELECT id, company_id, %(sequence)s, %(code)s, %(state)s, %(ended_at)s, %(seconds)s, %(result)s, %(reason)s,
                       %(user)s, %(user)s, %(ended_at)s, %(ended_at)s
                  FROM kondo_closing WHERE id = %(closing)s
                ON CONFLICT (closing_id, code) DO UPDATE
                   SET sequence = excluded.sequence, state = excluded.state, ended_at = excluded.ended_at,
                       seconds = excluded.seconds, result = excluded.result, reason = excluded.reason;
                UPDATE kondo_closing SET current = %(then)s, current_since = %(ended_at)s WHERE id = %(closing)s
                """,
                values,
            )
            env["kondo.closing"].invalidate_model()
            env["kondo.closing.step"].invalidate_model()

    def unlink(self):
        raise AccessError(self.env._("A closing is never deleted."))
