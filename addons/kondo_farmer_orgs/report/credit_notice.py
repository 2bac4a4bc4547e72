from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.kondo_microfinance.engine.words import amount_in_words, spaced


class ReportJointNotice(models.AbstractModel):
    """The notice to each guarantor of a group who is asked to pay for another."""

    _name = "report.kondo_farmer_orgs.report_joint_notice"
    _description = "Notice to a guarantor"
    _inherit = ["kondo.loan.paper"]

    @api.model
    def _get_report_values(self, docids, data=None):
        calls = self.env["kondo.joint.call"].browse(docids).exists()
        if not calls or any(call.state == "draft" for call in calls):
            raise UserError(self.env._("Call the guarantors first."))
        calls.check_access("read")
        self._loans(calls.loan_id.ids)  # the guards of every paper of a loan
        title = self.env._("Call of the joint guarantee")
        pages = [self._notice(line, title) for call in calls for line in call.sudo().line_ids]
        for page in pages:
            page.update(sheet=1, sheets=1)
        return self._values(docids, "kondo.joint.call", title, pages)

    def _notice(self, line, title):
        _ = self.env._
        call, guarantee = line.call_id, line.guarantee_id
        loan = call.loan_id
        facts = [
            (_("To"), line.name),
            (_("Village"), (guarantee.person_id.village_id or guarantee.partner_id.village_id).name),
            (_("Loan"), _("%(number)s of %(day)s", number=loan.name, day=self._date(loan.disbursed_on))),
            (_("Borrower"), loan.partner_id.name),
            (_("Who does not pay"), call.split_id.person_id.name),
            (_("Called on"), self._date(call.called_on)),
            (_("To be paid by"), self._date(call.deadline)),
        ]
        articles = [
            (
                _("Your guarantee"),
                _(
                    "On %(day)s you signed to answer for this loan up to %(ceiling)s FCFA.",
                    day=self._date(guarantee.signed_on),
                    ceiling=spaced(line.ceiling),
                ),
            ),
            (
                _("What we ask"),
                _(
                    "%(amount)s FCFA (%(words)s), your part of %(total)s FCFA that are late. Bring it to the window of the"
                    " caisse with this notice.",
                    amount=spaced(line.amount),
                    words=amount_in_words(line.amount),
                    total=spaced(call.amount),
                ),
            ),
        ]
        if call.text:
            articles.append((_("Besides"), call.text))
        return self._page(
            loan.company_id,
            title,
            loan.name,
            facts=[(label, text) for label, text in facts if text],
            articles=articles,
            signs=[_("The manager of the caisse"), _("Received (date and signature)")],
        )
