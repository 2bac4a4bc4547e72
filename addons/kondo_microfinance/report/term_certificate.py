from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.charts import rate_text
from ..engine.words import amount_in_words, spaced


class ReportTermCertificate(models.AbstractModel):
    """The certificate of a term deposit; each print after the first says DUPLICATA."""

    _name = "report.kondo_microfinance.report_term_certificate"
    _description = "Term deposit certificate"
    _inherit = ["kondo.print"]

    @api.model
    def _get_report_values(self, docids, data=None):
        deposits = self.env["kondo.term.deposit"].browse(docids)
        if not deposits:
            raise UserError(self.env._("Choose the term deposit."))
        deposits.check_access("read")
        deposits.company_id._check_visible()
        self.env["kondo.four.eyes"]._check_group("group_teller", "group_caisse_manager")
        return {
            "doc_ids": docids,
            "doc_model": "kondo.term.deposit",
            "docs": deposits,
            "title": self.env._("Term deposit certificate"),
            "certificates": [self._certificate(deposit) for deposit in deposits],
        }

    def _certificate(self, deposit):
        number = self.env["kondo.print.log"]._record_deposit(deposit)
        deposit = deposit.sudo()
        operation, partner = deposit.opening_operation_id, deposit.partner_id
        return {
            **self._letterhead(deposit.company_id),
            "town": deposit.company_id.city or "",
            "number": deposit.name,
            "opened": self._date(deposit.start),
            "holder": partner.name,
            "left": self._left(deposit),
            "right": self._right(deposit),
            "amount": spaced(deposit.principal),
            "words": amount_in_words(deposit.principal),
            "clauses": self._clauses(deposit),
            "ended": self._ended(deposit),
            "is_reversed": deposit.state == "cancelled",
            "print_number": number,
            "receipt": operation.receipt_number or "",
            "book": operation.move_id.name or "",
            "uuid": operation.uuid,
            "qr": self._qr(operation.uuid),
            "teller": operation.user_id.name,
            "printed": self._time(fields.Datetime.now()),
            "printed_by": self.env.user.name,
        }

    def _left(self, deposit):
        """Whose money and for how long: (label, text)."""
        _ = self.env._
        partner = deposit.partner_id
        rows = [
            (_("Holder"), partner.name),
            (_("Member no."), partner.member_number),
            (_("Village"), partner.village_id.name),
            (_("Product"), deposit.product_id.name),
            (_("Renewal of"), deposit.renewed_from_id.name),
        ]
        return [(label, text) for label, text in rows if text]

    def _right(self, deposit):
        _ = self.env._
        return [
            (_("Deposit of"), self._date(deposit.start)),
            (_("Term"), _("%(months)s months", months=deposit.months)),
            (_("Maturity"), self._date(deposit.maturity)),
            (_("Rate"), _("%(rate)s %% a year", rate=rate_text(deposit.rate))),
            (_("Interest of the term"), f"{spaced(deposit.interest_total)} FCFA"),
        ]

    def _clauses(self, deposit):
        """What was agreed, in sentences: (label, sentence)."""
        _ = self.env._
        modes = dict(deposit._fields["interest_mode"]._description_selection(self.env))
        interest = modes[deposit.interest_mode]
        if deposit.interest_mode == "periodic":
            interest = _("every %(months)s months", months=deposit.period_months)
        instructions = dict(deposit._fields["at_maturity"]._description_selection(self.env))
        return [
            (_("Interest paid"), _("%(when)s, less the tax where the law asks for it", when=interest)),
            (_("At maturity"), instructions[deposit.at_maturity]),
            (_("Account paid"), deposit.settlement_account_id.number or _("none: the money waits at the window")),
            (_("Early break"), self._break_clause(deposit)),
        ]

    def _break_clause(self, deposit):
        _ = self.env._
        clause = {
            "refused": _("Not allowed."),
            "contract": _("Contract rate for the time held"),
            "held": _("Chart rate of the time held"),
            "reduced": _("Reduced rate of %(rate)s %% for the time held", rate=rate_text(deposit.break_reduced_rate)),
            "none": _("All interest lost"),
        }[deposit.break_rule]
        if deposit.break_rule in ("contract", "held", "reduced") and deposit.break_points:
            clause = _("%(rule)s, less %(points)s points", rule=clause, points=rate_text(deposit.break_points))
        if deposit.break_rule != "refused" and deposit.break_penalty:
            clause = _("%(rule)s, less a penalty of %(amount)s FCFA", rule=clause, amount=spaced(deposit.break_penalty))
        return clause

    def _ended(self, deposit):
        """A certificate of the past says so."""
        if deposit.state == "open":
            return ""
        states = dict(deposit._fields["state"]._description_selection(self.env))
        return self.env._("%(state)s on %(date)s", state=states[deposit.state], date=self._date(deposit.ended_on))
