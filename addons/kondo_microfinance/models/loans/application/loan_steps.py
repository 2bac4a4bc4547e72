from odoo import models
from odoo.exceptions import UserError

from ...ledger.key import has_ledger_key
from ..loan import DECIDED

MAKERS = ("group_loan_officer", "group_caisse_manager")
# What is entered while the file is reviewed; only a correction of it sends the file back.
BUREAU = frozenset(
    {
        "bureau_consent_on", "bureau_on", "bureau_reference", "bureau_score", "bureau_debts", "bureau_late", "bureau_file",
    }
)  # fmt: skip
# What the committee reads beside the terms.
JUDGED = BUREAU | {"coborrower_ids", "related_party", "opinion", "opinion_text", "visited_on", "requested_amount"}


class KondoLoan(models.Model):
    """The file goes from the request to the committee; a change on the way sends it back."""

    _inherit = "kondo.loan"

    # ------------------------------------------------------------------ actions
    def action_submit(self):
        """The officer has made the file: it is reviewed."""
        for loan in self:
            loan._guard_step(("draft",), self.env._("This file has been submitted already."))
            loan._check_complete()
            loan._set_state("review", submitted_by_id=self.env.uid, submitted_on=loan.company_id.sudo().business_date)
            blocking = loan._check_blocking()
            if blocking:
                loan.message_post(
                    body=self.env._("To settle before the decision: %(faults)s", faults=" ".join(blocking))
                )

    def action_present(self):
        """The reviewed file goes before the committee."""
        for loan in self:
            loan._guard_step(("review",), self.env._("Only a file under review goes before the committee."))
            loan._check_complete()
            loan._set_state("committee")

    def action_back(self):
        """Back to the officer."""
        for loan in self:
            loan._guard_step(("review", "committee"), self.env._("This file is not under review."))
            loan._set_state("draft", submitted_by_id=False, submitted_on=False)

    def action_cancel(self, reason=None):
        """The member gives up; what was granted and not paid out leaves the books.

        :param reason: text, required: it stays on the file
        """
        reason = self.env["kondo.operation"]._check_text(reason)
        for loan in self:
            if not reason:
                raise UserError(self.env._("Say why the file is given up."))
            if loan.state == "approved":
                # the posting has a transaction of its own, which would wait for a lock taken here
                self.env["kondo.four.eyes"]._check_group("group_caisse_manager")
                loan.check_access("write")
                loan._take_back_grant(reason)
                continue
            loan._guard_step(("draft", "review", "committee"), self.env._("This file has ended or was paid out."))
            loan._set_state("cancelled", ended_reason=reason)

    # ------------------------------------------------------------------ guards
    def _guard_step(self, states, message):
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group(*MAKERS)
        self.company_id.with_env(self.env)._check_visible()
        self.check_access("write")
        self._lock()
        if self.state not in states:
            raise UserError(message)

    def _check_complete(self):
        """Refuse a file with holes, all of them named at once."""
        _ = self.env._
        missing = []
        if self.amount <= 0:
            missing.append(_("the amount"))
        if not self.purpose_id:
            missing.append(_("the purpose"))
        if not self.sector_id:
            missing.append(_("the sector"))
        if not self.opinion:
            missing.append(_("the officer's opinion"))
        missing += [
            answer.question_id.name for answer in self.answer_ids if answer.required and not answer.filled
            and answer.kind != "formula"
        ]  # fmt: skip
        missing += [document.name for document in self.document_ids if document.required and not document.seen]
        if missing:
            raise UserError(
                _("The file %(number)s is not complete: %(missing)s.", number=self.name, missing=", ".join(missing))
            )
        self._plan()

    # ------------------------------------------------------------------ a change sends the file back
    def write(self, vals):
        if has_ledger_key(self.env):
            return super().write(vals)
        if JUDGED.intersection(vals):
            self._check_editable()
        replaced = {name for name in BUREAU.intersection(vals) if any(self.mapped(name))}
        changed = (DECIDED | JUDGED).intersection(vals) - {"savings_account_id", "guarantee_account_id"} - BUREAU
        changed |= replaced
        result = super().write(vals)
        if changed:
            labels = ", ".join(self._fields[name]._description_string(self.env) for name in sorted(changed))
            self._send_back(labels)
        return result

    def _send_back(self, what):
        """A file that has been submitted and is changed begins anew."""
        if has_ledger_key(self.env):
            return
        for loan in self.filtered(lambda loan: loan.state in ("review", "committee")):
            loan._set_state("draft", submitted_by_id=False, submitted_on=False)
            loan.message_post(
                body=self.env._("Changed after it was submitted (%(what)s): the file begins anew.", what=what)
            )
