from odoo import api, models

from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER

from ...engine.warrants import tenths

ACTIVITY = "kondo_farmer_orgs.mail_activity_warrant_cover"


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model
    @api.private
    def _day_end_steps(self):
        return [*super()._day_end_steps(), (39, "warrant_watch", "kondo.loan", "_day_end_warrants")]


class KondoClosingStep(models.Model):
    _inherit = "kondo.closing.step"

    @api.model
    def _labels(self):
        return {**super()._labels(), "warrant_watch": self.env._("Stock in warehouse receipts")}

    @api.model
    def _said(self, code, result):
        if code == "warrant_watch" and type(result) is int:
            return self.env._("loans whose stock no longer covers them: %(count)s", count=result)
        return super()._said(code, result)


class KondoLoan(models.Model):
    """The evening's look at the price of stock: a task for the officer when it falls too low, done when it is back."""

    _inherit = "kondo.loan"

    @api.model
    @api.private
    def _day_end_warrants(self, company, date, next_date):
        """One task for each loan that falls under the alert, none while it stays there; run again, nothing more."""
        with self.env["kondo.operation"]._posting_env() as env:
            loans = env["kondo.loan"].sudo().with_context(mail_activity_quick_update=True)
            pledged = loans.search(
                [
                    ("company_id", "=", company.id),
                    "|",
                    ("warrant_alert", "=", True),
                    "&",
                    ("state", "=", "active"),
                    ("warrant_ids.state", "=", "received"),
                ]
            )
            cover = pledged._warrant_cover()
            low = pledged.filtered(lambda loan: cover.get(loan.id, (None, False))[1])
            fallen = low.filtered(lambda loan: not loan.warrant_alert)
            back = (pledged - low).filtered("warrant_alert")
            texts = {
                loan: env._(
                    "The stock is worth %(percent)s %% of what is owed: ask for a repayment or more stock.",
                    percent=loan._percent_text(cover[loan.id][0]),
                )
                for loan in fallen
            }
            fallen._remind(texts, next_date)
            back.activity_feedback([ACTIVITY], feedback=env._("The stock covers the loan again, or it is repaid."))
            fallen.with_context(kondo_ledger=LEDGER).write({"warrant_alert": True})
            back.with_context(kondo_ledger=LEDGER).write({"warrant_alert": False})
            return len(low) or None

    @api.model
    def _percent_text(self, percent):
        """A Fraction of percent with one decimal."""
        return f"{tenths(percent):.1f}".replace(".", ",")

    def _remind(self, texts, deadline):
        """Tasks of the evening, in as many steps as there are sentences to tell apart."""
        officers = {}
        for loan in self:
            key = loan.officer_id or loan.create_uid, texts[loan]
            officers[key] = officers.get(key, loan.browse()) | loan
        for (officer, text), loans in officers.items():
            loans.activity_schedule(ACTIVITY, deadline, summary=text, user_id=officer.id)
