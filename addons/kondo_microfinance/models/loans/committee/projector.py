from odoo import models
from odoo.tools.misc import format_date

from ....engine.charts import rate_text
from ....engine.words import spaced
from ..product_settings import exact_rate

OWED = ("active", "closed", "written_off")  # states of the loans a member has had


class KondoLoanCommittee(models.Model):
    """What the projector shows of a sitting: its members, each file on a page of its own, what was decided."""

    _inherit = "kondo.loan.committee"

    def projector(self):
        """The sitting for the projector, in words and figures ready to be shown.

        :return: dict of id, name, body, caisse, held_on, state, quorum, present, can_decide, members (dicts of id, name,
            role, present) and files (see `_page`): those that wait and those this sitting has decided on
        """
        self.ensure_one()
        self.check_access("read")
        self.company_id.with_env(self.env)._check_visible()
        bodies = dict(self._fields["body"]._description_selection(self.env))
        decided = self.decision_ids.filtered(lambda decision: decision.decision != "undone")
        loans = self._waiting()
        latest = {decision.loan_id: decision for decision in decided}
        loans |= self.env["kondo.loan"].union(*latest)
        return {
            "id": self.id,
            "name": self.name,
            "body": bodies[self.body],
            "caisse": self.company_id.sudo().name,
            "held_on": format_date(self.env, self.held_on),
            "state": self.state,
            "quorum": self.quorum,
            "present": self.present_count,
            "can_decide": any(
                self.env.user.has_group(f"kondo_microfinance.{group}")
                for group in ("group_caisse_manager", "group_network_manager")
            ),
            "members": [
                {"id": member.id, "name": member.name, "role": member.role or "", "present": member.present}
                for member in self.attendance_ids
            ],
            "files": [self._page(loan, latest.get(loan)) for loan in loans.sorted("id")],
        }

    # ------------------------------------------------------------------ one file
    def _page(self, loan, decision):
        """One file: who, how much, what for; cards of lines {label, value, tone}; what forbids it; its decision."""
        _ = self.env._
        member = loan.partner_id
        facts = [
            member.member_number,
            loan.product_id.name,
            member.profession,
            member.village_id.name,
            member.membership_date and _("member since %(day)s", day=format_date(self.env, member.membership_date)),
        ]
        asked = loan.requested_amount != loan.amount or loan.requested_instalments != loan.instalments
        waits = loan.state == "committee"
        return {
            "id": loan.id,
            "number": loan.name,
            "member": member.name,
            "facts": " · ".join(fact for fact in facts if fact),
            "amount": spaced(loan.amount),
            "terms": _(
                "%(instalments)s of %(amount)s F at most, %(rate)s %% a year",
                instalments=loan._instalments_text(loan.instalments),
                amount=spaced(loan.instalment_amount),
                rate=rate_text(exact_rate(loan.annual_rate)),
            ),
            "asked": _(
                "Asked for: %(amount)s F in %(instalments)s",
                amount=spaced(loan.requested_amount),
                instalments=loan._instalments_text(loan.requested_instalments),
            )
            if asked
            else "",
            "purpose": loan.purpose_id.display_name or "",
            "reason": loan.reason or "",
            "cards": [
                {"key": "capacity", "title": _("Cash flow"), "lines": self._capacity_lines(loan)},
                {"key": "history", "title": _("History with us"), "lines": self._history_lines(loan)},
                {"key": "guarantees", "title": _("Guarantees"), "lines": self._guarantee_lines(loan)},
                {"key": "ratios", "title": _("Exposure and ratios"), "lines": self._ratio_lines(loan)},
            ],
            "opinion": self._choice(loan, "opinion"),
            "opinion_tone": {"favourable": "success", "reserved": "warning", "unfavourable": "danger"}.get(
                loan.opinion, ""
            ),
            "opinion_text": loan.opinion_text or "",
            "officer": loan.officer_id.sudo().name or "",
            "faults": loan._check_blocking() if waits else [],
            "withdraws": self._withdraws(loan) if waits else [],
            "waits": waits and self.state == "open",
            "decision": decision and self._decided(decision),
        }

    def _line(self, label, value, tone=""):
        return {"label": label, "value": value, "tone": tone}

    def _choice(self, record, name):
        return dict(record._fields[name]._description_selection(self.env)).get(record[name], "")

    def _francs(self, amount):
        return f"{spaced(amount)} F"

    def _capacity_lines(self, loan):
        """What the visit found: its totals, then what is left and what the loan takes of it."""
        _ = self.env._
        figures = loan.answer_ids.filtered(
            lambda answer: answer.kind in ("amount", "formula") and answer.counted and not answer.question_id.capacity
        )
        # a long form is read on its own page; here its totals
        shown = figures.filtered(lambda answer: answer.kind == "formula") or figures
        lines = [self._line(answer.question_id.name, self._francs(answer.counted)) for answer in shown]
        if figures or loan.capacity:
            tone = "strong" if loan.capacity > 0 else "danger"
            lines.append(self._line(_("May repay a month"), self._francs(loan.capacity), tone))
        if loan.capacity > 0:
            taken = round(loan.capacity_ratio)
            lines.append(self._line(_("Taken by the loan"), f"{taken} %", "danger" if taken > 100 else "success"))
        return lines or [self._line(_("The visit form has no figures."), "", "muted")]

    def _history_lines(self, loan):
        """Loans he has had; what he has put aside."""
        _ = self.env._
        member = loan.partner_id
        loans = self.env["kondo.loan"].search([("partner_id", "=", member.id), ("state", "in", OWED)])
        running = loans.filtered(lambda other: other.state == "active")
        late, lost = sum(running.mapped("amount_late")), loans.filtered(lambda other: other.state == "written_off")
        lines = [self._line(_("Loan no."), str(loan.cycle))]
        repaid = len(loans.filtered(lambda other: other.state == "closed"))
        if repaid:
            lines.append(self._line(_("Repaid"), str(repaid), "success"))
        if running:
            lines.append(self._line(_("Still owed"), self._francs(sum(running.mapped("principal")))))
        if late:
            days = max(running.mapped("days_late"))
            lines.append(
                self._line(_("Late"), _("%(amount)s F, %(days)s days", amount=spaced(late), days=days), "danger")
            )
        if lost:
            lines.append(self._line(_("Written off"), str(len(lost)), "danger"))
        accounts = self.env["kondo.savings.account"].search([("partner_id", "=", member.id), ("state", "!=", "closed")])
        lines.append(self._line(_("Savings"), self._francs(sum(accounts.mapped("balance")))))
        return lines

    def _guarantee_lines(self, loan):
        _ = self.env._
        lines = []
        if loan.guarantee_savings:
            lines.append(self._line(_("Guarantee savings"), self._francs(loan.guarantee_savings)))
        lines += [
            self._line(_("Answers for it: %(name)s", name=one.name), self._francs(one.ceiling))
            for one in loan.guarantor_ids
        ]
        lines += [self._line(one.name, self._francs(one.counted)) for one in loan.collateral_ids]
        total = loan.guarantee_savings + loan.guarantor_total + loan.collateral_total
        if not lines:
            return [self._line(_("None"), "", "muted")]
        cover = round(100 * total / loan.amount) if loan.amount else 0
        return [*lines, self._line(_("Total"), f"{self._francs(total)} ({cover} %)", "strong")]

    def _ratio_lines(self, loan):
        _ = self.env._
        lines = [
            self._line(
                _("TEG"),
                _(
                    "%(teg)s %% (ceiling %(ceiling)s %%)",
                    teg=rate_text(exact_rate(round(loan.teg, 2))),
                    ceiling=rate_text(exact_rate(loan.teg_ceiling)),
                ),
                "danger" if loan.teg_over else "success",
            ),
            self._line(_("All loans of the member"), self._francs(loan.exposure)),
        ]
        if loan.exposure_limit:
            over = loan.exposure > loan.exposure_limit
            lines.append(
                self._line(
                    _("Limit of a single signature"), self._francs(loan.exposure_limit), "danger" if over else ""
                )
            )
        if loan.bureau_on:
            lines.append(self._line(_("Credit bureau"), loan.bureau_score or format_date(self.env, loan.bureau_on)))
            lines.append(
                self._line(_("Debts elsewhere"), self._francs(loan.bureau_debts), "danger" if loan.bureau_late else "")
            )
        if loan.related_party != "none":
            lines.append(self._line(_("Tied to the institution"), self._choice(loan, "related_party"), "warning"))
        return lines

    def _withdraws(self, loan):
        """Names of the members present who have a part in the file."""
        return loan._seated(self)[1].mapped("name")

    def _decided(self, decision):
        tones = {"granted": "success", "changed": "success", "refused": "danger"}
        granted = decision.decision in ("granted", "changed")
        return {
            "label": self._choice(decision, "decision"),
            "tone": tones.get(decision.decision, "warning"),
            "amount": self._francs(decision.amount) if granted else "",
            "reason": decision.reason or "",
            "votes": f"{decision.votes_for} – {decision.votes_against} – {decision.votes_blank}",
            "withdrawn": decision.withdrawn or "",
        }
