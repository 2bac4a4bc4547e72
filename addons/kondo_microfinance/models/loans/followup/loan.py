from odoo import api, fields, models

from ....engine.words import spaced


class KondoLoan(models.Model):
    """The officer's day: what is due, what is late, which files wait, which promises were broken."""

    _inherit = "kondo.loan"

    followup_ids = fields.One2many("kondo.loan.followup", "loan_id", string="Follow-up")
    broken_promises = fields.Integer(compute="_compute_promises", search="_search_broken_promises")
    todo = fields.Selection(
        [
            ("1_promise", "Promise broken"),
            ("2_late", "Late"),
            ("3_due", "Due today"),
            ("4_decide", "File waiting"),
            ("5_pay_out", "To be paid out"),
            ("9_nothing", "Nothing to do"),
        ],
        string="To do",
        compute="_compute_todo",
        store=True,
        help="Why the loan is on the officer's list.",
    )

    def _compute_promises(self):
        counts = dict(
            self.env["kondo.loan.followup"]
            .sudo()
            ._read_group([("loan_id", "in", self.ids), ("promise_state", "=", "broken")], ["loan_id"], ["__count"])
        )
        for loan in self:
            loan.broken_promises = counts.get(loan, 0)

    def _search_broken_promises(self, operator, value):
        if operator not in (">", "!=", "=") or value:
            return NotImplemented
        found = self.env["kondo.loan.followup"].sudo().search([("promise_state", "=", "broken")]).loan_id
        return [("id", "not in" if operator == "=" else "in", found.ids)]

    @api.depends("state", "days_late", "next_due", "followup_ids.promise_state")
    def _compute_todo(self):
        for loan in self:
            last = loan.followup_ids.filtered(lambda one: one.kind == "promise")[:1]
            day = loan.company_id.sudo().business_date
            if loan.state == "active" and loan.days_late and last.promise_state == "broken":
                loan.todo = "1_promise"
            elif loan.state == "active" and loan.days_late:
                loan.todo = "2_late"
            elif loan.state == "active" and loan.next_due and day and loan.next_due <= day:
                loan.todo = "3_due"
            elif loan.state in ("draft", "review", "committee"):
                loan.todo = "4_decide"
            elif loan.state == "approved":
                loan.todo = "5_pay_out"
            else:
                loan.todo = "9_nothing"

    @api.model
    @api.private
    def _update_positions(self, company, day):
        """What each loan asks of its officer follows from its position; in one statement, as `_compute_todo` says it."""
        super()._update_positions(company, day)
        self.env.flush_all()
        self.env.cr.execute(
            """
            UPDATE kondo_loan l SET todo = q.todo
              FROM (SELECT r.id, CASE WHEN r.days_late > 0 AND p.promise_state = 'broken' THEN '1_promise'
                                      WHEN r.days_late > 0 THEN '2_late'
                                      WHEN r.next_due <= %(day)s THEN '3_due'
                                      ELSE '9_nothing' END AS todo
                      FROM kondo_loan r
                      LEFT JOIN LATERAL (SELECT f.promise_state FROM kondo_loan_followup f
                                          WHERE f.loan_id = r.id AND f.kind = 'promise'
                                          ORDER BY f.day DESC, f.id DESC LIMIT 1) p ON true
                     WHERE r.company_id = %(company)s AND r.state = 'active') q
             WHERE q.id = l.id AND l.todo IS DISTINCT FROM q.todo
            """,
            {"company": company.id, "day": day},
        )
        self.invalidate_model(["todo"])

    # ------------------------------------------------------------------ actions
    def action_followup(self):
        """A call, visit, letter or promise, entered on the road."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Follow-up"),
            "res_model": "kondo.loan.followup",
            "view_mode": "form",
            "target": "new",
            "context": {"default_loan_id": self.id, "default_kind": self.env.context.get("kondo_kind", "call")},
        }


class ResPartner(models.Model):
    _inherit = "res.partner"

    loan_count = fields.Integer(string="Loans", compute="_compute_loan_count")

    def _compute_loan_count(self):
        counts = dict(self.env["kondo.loan"]._read_group([("partner_id", "in", self.ids)], ["partner_id"], ["__count"]))
        for partner in self:
            partner.loan_count = counts.get(partner, 0)

    def _kondo_alerts(self):
        """Also what the member's loans want: paid, or paid out."""
        alerts = super()._kondo_alerts()
        loans = self.env["kondo.loan"].sudo()
        loans = loans.search([("partner_id", "=", self.id), ("state", "in", ("active", "approved"))], order="id")
        for loan in loans:
            words = {"number": loan.name, "amount": spaced(loan.due_now), "days": loan.days_late}
            if loan.state == "approved":
                alerts.append({"level": "amber", "text": self.env._("Loan %(number)s to be paid out", **words)})
            elif loan.days_late:
                text = self.env._("Loan %(number)s: %(amount)s F to pay, %(days)s days late", **words)
                alerts.append({"level": "red", "text": text})
            elif loan.due_now:
                alerts.append(
                    {"level": "amber", "text": self.env._("Loan %(number)s: %(amount)s F due today", **words)}
                )
        return alerts

    @api.model
    @api.readonly
    def member_search(self, query, limit=12):
        """Also by the number of a loan, when nothing else matches: C-00107 finds its borrower."""
        found = super().member_search(query, limit)
        text = str(query or "").strip()
        if found or len(text) < 4 or not text[-1].isdigit():
            return found
        for member in self.env["kondo.loan"].search([("name", "ilike", text)], limit=limit).partner_id:
            found += super().member_search(member.member_number, 1)
        return found

    def action_open_loans(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Loans"),
            "res_model": "kondo.loan",
            "view_mode": "list,form",
            "domain": [("partner_id", "=", self.id)],
            "context": {"default_partner_id": self.id},
        }
