from odoo import api, models
from odoo.exceptions import UserError

from ..engine.words import amount_in_words, spaced


class ReportLoanMinutes(models.AbstractModel):
    """Minutes of a sitting: who was there, what was decided on each file, with amounts in words."""

    _name = "report.kondo_microfinance.report_loan_minutes"
    _description = "Minutes of a credit committee"
    _inherit = ["kondo.loan.paper"]

    @api.model
    def _get_report_values(self, docids, data=None):
        committees = self.env["kondo.loan.committee"].browse(docids).exists()
        if not committees:
            raise UserError(self.env._("Choose the sitting."))
        committees.check_access("read")
        title = self.env._("Minutes of the credit committee")
        return self._values(
            docids, "kondo.loan.committee", title, [self._minutes(committee, title) for committee in committees]
        )

    def _minutes(self, committee, title):
        _ = self.env._
        committee.company_id.with_env(self.env)._check_visible()
        committee = committee.sudo()
        bodies = dict(committee._fields["body"]._description_selection(self.env))
        present = committee.attendance_ids.filtered("present")
        absent = committee.attendance_ids - present
        # a file seen twice in a sitting counts as it was left
        latest = {decision.loan_id: decision for decision in committee.decision_ids}
        granted = sum(one.amount for one in latest.values() if one.decision in ("granted", "changed"))
        kinds = dict(committee.decision_ids._fields["decision"]._description_selection(self.env))
        return self._page(
            committee.company_id,
            title,
            committee.name,
            facts=[
                (label, text)
                for label, text in (
                    (_("Body"), bodies[committee.body]),
                    (_("Held on"), self._date(committee.held_on)),
                    (_("Place"), committee.place),
                    (
                        _("Quorum"),
                        _("%(present)s present for %(quorum)s", present=len(present), quorum=committee.quorum),
                    ),
                    (_("Files seen"), str(len(committee.decision_ids.loan_id))),
                    (_("Granted in all"), self._francs(granted) if granted else ""),
                    (
                        _("Present at the sitting"),
                        ", ".join(f"{one.name} ({one.role})" if one.role else one.name for one in present),
                    ),
                    (_("Absent"), ", ".join(absent.mapped("name"))),
                )
                if text
            ],
            articles=[
                (
                    f"{decision.loan_id.name} · {decision.partner_id.name} : {kinds[decision.decision]}",
                    self._decision_text(decision),
                )
                for decision in committee.decision_ids
            ],
            notice="" if committee.state == "closed" else _("Draft: the minutes are not signed yet."),
            intro=committee.notes or "",
            signs=[f"{one.name} ({one.role})" if one.role else one.name for one in present]
            or [_("The president"), _("The secretary"), _("The members")],
        )

    def _decision_text(self, decision):
        _ = self.env._
        loan = decision.loan_id
        parts = [
            _(
                "Asked for: %(amount)s F in %(instalments)s",
                amount=spaced(loan.requested_amount),
                instalments=loan._instalments_text(loan.requested_instalments),
            )
            + (f", {loan.purpose_id.name}." if loan.purpose_id else ".")
        ]
        if decision.decision in ("granted", "changed"):
            parts.append(
                _(
                    "%(figures)s FCFA (%(words)s) in %(instalments)s at %(rate)s a year, TEG %(teg)s.",
                    figures=spaced(decision.amount),
                    words=amount_in_words(decision.amount),
                    instalments=loan._instalments_text(decision.instalments),
                    rate=self._percent(decision.annual_rate),
                    teg=self._percent(round(decision.teg, 2)),
                )
            )
        if decision.reason and decision.decision == "granted":
            parts.append(_("Conditions: %(reason)s.", reason=decision.reason.rstrip(".")))
        elif decision.reason:
            parts.append(_("Reason: %(reason)s.", reason=decision.reason.rstrip(".")))
        parts.append(
            _(
                "Votes: %(yes)s for, %(no)s against, %(blank)s abstained.",
                yes=decision.votes_for,
                no=decision.votes_against,
                blank=decision.votes_blank,
            )
        )
        if decision.withdrawn:
            parts.append(_("Did not take part: %(names)s.", names=decision.withdrawn))
        return " ".join(parts)
