from odoo import fields, models
from odoo.exceptions import UserError

from ....engine.rounding import half_up
from ...ledger.key import LEDGER
from ..product_settings import exact_rate


class KondoLoan(models.Model):
    """The decision on a file: by the body of its amount, by nobody who has a part in it."""

    _inherit = "kondo.loan"

    decision_ids = fields.One2many("kondo.loan.decision", "loan_id", string="Decisions", readonly=True)
    body = fields.Char(string="Decided by", compute="_compute_body_name")

    def _compute_body_name(self):
        levels = self.env["kondo.loan.approval.level"].sudo()
        for loan in self:
            try:
                loan.body = levels._level_for(loan.company_id, loan.amount).display_name
            except UserError as none:
                loan.body = str(none)

    def _body(self):
        return self.env["kondo.loan.approval.level"]._level_for(self.company_id, self.amount).body

    def _body_or_none(self):
        """The body of this amount; None while the network has set none."""
        try:
            return self._body()
        except UserError:
            return None

    # ------------------------------------------------------------------ who may decide
    def _interested(self):
        """res.partner of everybody who has a part in this file, and their relatives."""
        loan = self.sudo()
        people = loan.partner_id | loan.coborrower_ids | loan.guarantor_ids.partner_id
        relatives = self.env["kondo.member.relation"]._relatives(people)
        makers = (loan.officer_id | loan.submitted_by_id | loan.create_uid).partner_id
        return relatives | self.env["kondo.member.relation"]._same(makers)

    def _check_decides(self, committee):
        """Refuse who may not record this decision.

        :return: (members who decide, members who withdraw), two recordsets of kondo.loan.attendance
        """
        self.ensure_one()
        _ = self.env._
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager", "group_network_manager")
        committee = committee.exists()
        if not committee:
            raise UserError(_("Open a sitting of the committee first."))
        committee.company_id.with_env(self.env)._check_visible()
        self.company_id.with_env(self.env)._check_visible()
        committee.check_access("read")
        self.check_access("read")
        if committee.state != "open":
            raise UserError(_("The minutes of this sitting are signed."))
        if self.company_id not in self.env["res.company"].sudo().search([("id", "child_of", committee.company_id.id)]):
            raise UserError(_("This file is not before this committee."))
        self.env["kondo.four.eyes"]._check_second_person(
            (self.officer_id | self.submitted_by_id | self.create_uid).sudo(),
            _("You made this file: somebody else records the decision."),
        )
        interested = self._interested()
        if self.env.user.partner_id in interested:
            raise UserError(_("This file is yours or a relative's: somebody else records the decision."))
        deciders, withdrawn = self._seated(committee)
        if len(deciders) < committee.quorum or not committee.quorum:
            raise UserError(
                _(
                    "The quorum of %(quorum)s is not reached for this file: %(present)s members may decide on it.",
                    quorum=committee.quorum,
                    present=len(deciders),
                )
            )
        return deciders, withdrawn

    def _seated(self, committee):
        """Members present at a sitting: (those who decide on this file, those who withdraw), kondo.loan.attendance."""
        self.ensure_one()
        interested = self._interested()
        present = committee.sudo().attendance_ids.filtered("present")
        withdrawn = present.filtered(lambda member: member._people() & interested)
        return present - withdrawn, withdrawn

    def _read_votes(self, values, deciders):
        """Votes for and against what is recorded; unanimous when none were counted.

        :param deciders: number of members who decide
        :return: dict of votes_for, votes_against, votes_blank, whose sum is `deciders`
        :raises UserError: a vote too many or too few, or a majority against
        """
        votes = {name: values.get(name) or 0 for name in ("votes_for", "votes_against", "votes_blank")}
        if not any(votes.values()):
            return {**votes, "votes_for": deciders}
        if any(type(count) is not int or count < 0 for count in votes.values()):
            raise UserError(self.env._("The request is not readable."))
        if sum(votes.values()) != deciders:
            raise UserError(
                self.env._(
                    "%(votes)s votes were counted, %(deciders)s members decide on this file.",
                    votes=sum(votes.values()),
                    deciders=deciders,
                )
            )
        if votes["votes_for"] < votes["votes_against"]:
            raise UserError(self.env._("The votes are against this decision."))
        return votes

    # ------------------------------------------------------------------ decisions
    def decide(self, committee_id, decision, values=None):
        """Record the decision of a sitting on this file.

        :param decision: "granted", "changed", "deferred" or "refused"
        :param values: dict of amount, instalments, annual_rate (of "changed"), reason (of all but "granted"), votes_for,
            votes_against and votes_blank (left out: everybody for)
        :raises UserError: who may not, no quorum, a body too low, what forbids the loan, no reason
        """
        values = values or {}
        committee = self.env["kondo.loan.committee"].browse(committee_id)
        deciders, withdrawn = self._check_decides(committee)
        reason = self.env["kondo.operation"]._check_text(values.get("reason"))
        if decision not in ("granted", "changed", "deferred", "refused"):
            raise UserError(self.env._("The request is not readable."))
        if decision != "granted" and not reason:
            raise UserError(self.env._("Say why: the reason stands in the minutes."))
        record = {
            "decision": decision,
            "committee_id": committee.id,
            "reason": reason,
            "withdrawn": ", ".join(withdrawn.mapped("name")) or None,
            "deciders": ", ".join(deciders.mapped("name")),
            **self._read_votes(values, len(deciders)),
        }
        if decision in ("granted", "changed"):
            self._grant_by(committee, record, values if decision == "changed" else {})
            return
        self._lock()
        committee._lock_open()
        if self.state != "committee":
            raise UserError(self.env._("This file is not before the committee."))
        self._write_decision(record)
        if decision == "refused":
            self._set_state("refused", ended_reason=reason)
        else:
            self._set_state("review")

    def _grant_by(self, committee, record, values):
        amount = self.env["kondo.operation"]._check_amount(values.get("amount") or self.amount)
        self._check_body(committee, amount)
        terms = {"amount": amount}
        if values.get("instalments"):
            terms["instalments"] = int(values["instalments"])
        if values.get("annual_rate") is not None and values.get("annual_rate") is not False:
            terms["annual_rate"] = float(exact_rate(values["annual_rate"]))
        # the change and the decision are written by the posting, in its own transaction
        self._grant(amount, {"decision": record, "terms": terms})

    def _check_body(self, committee, amount):
        """Refuse a file that is elsewhere, and an amount above what this body decides on."""
        if self.state != "committee":
            raise UserError(self.env._("This file is not before the committee."))
        levels = self.env["kondo.loan.approval.level"]
        needed = levels._level_for(self.company_id, amount)
        if levels._rank(committee.body) < levels._rank(needed.body):
            raise UserError(self.env._("This amount is decided by: %(body)s.", body=needed.display_name))

    def _decide_grant(self, values):
        super()._decide_grant(values)
        if values.get("decision"):
            # once more under the lock: the file may have been changed, or the minutes signed, since it was looked at
            committee = self.env["kondo.loan.committee"].browse(values["decision"]["committee_id"])
            committee._lock_open()
            self._check_body(committee, values["terms"]["amount"])
            if values["decision"]["decision"] == "granted" and values["terms"]["amount"] != self.amount:
                raise UserError(self.env._("This file has changed: read it again before you decide."))
        if values.get("terms"):
            self._set(**self._guarantee_for(values["terms"]["amount"]), **values["terms"])
            self.invalidate_recordset(["schedule_id"])
        if values.get("decision"):
            self._write_decision(values["decision"])

    def _guarantee_for(self, amount):
        """The guarantee savings that follow a changed amount, where the file asks for what its product does."""
        percent = exact_rate(self.product_id.guarantee_percent)
        if not percent or self.guarantee_savings != half_up(self.amount * percent / 100):
            return {}
        return {"guarantee_savings": half_up(amount * percent / 100)}

    def _write_decision(self, record):
        self.env["kondo.loan.decision"].sudo().with_context(kondo_ledger=LEDGER).create(
            {
                **record,
                "loan_id": self.id,
                "company_id": self.company_id.id,
                "amount": self.amount,
                "instalments": self.instalments,
                "annual_rate": self.annual_rate,
                "teg": self.teg,
                "user_id": self.env.uid,
            }
        )

    def undo_refusal(self, reason):
        """A refused file is looked at again: a manager who did not make it says why."""
        reason = self.env["kondo.operation"]._check_text(reason)
        for loan in self:
            self.env["kondo.four.eyes"]._check_group("group_caisse_manager", "group_network_manager")
            loan.company_id.with_env(self.env)._check_visible()
            loan.check_access("read")
            self.env["kondo.four.eyes"]._check_second_person((loan.officer_id | loan.submitted_by_id).sudo())
            loan._lock()
            if loan.state != "refused":
                raise UserError(self.env._("This file was not refused."))
            if not reason:
                raise UserError(self.env._("Say why the refusal is undone."))
            loan._write_decision({"decision": "undone", "reason": reason})
            loan._set_state("review", ended_reason=False)
