import uuid

from odoo import api, models
from odoo.exceptions import UserError

from ....engine.words import spaced


class KondoLoan(models.Model):
    """Writing a loan off: asked by one, done by another, once everything is set aside for it."""

    _inherit = "kondo.loan"

    def ask_write_off(self, reason):
        """Put the write-off before those who decide."""
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group("group_loan_officer", "group_caisse_manager")
        self.company_id.with_env(self.env)._check_visible()
        self.check_access("read")
        reason = self.env["kondo.operation"]._check_text(reason)
        if not reason:
            raise UserError(self.env._("Say why the loan is written off."))
        if self.state != "active":
            raise UserError(self.env._("Nothing is owed on the loan %(number)s.", number=self.name))
        self._set(write_off_asked_by_id=self.env.uid, write_off_reason=reason)
        self.sudo().message_post(body=self.env._("Write-off asked for: %(why)s", why=reason))

    def refuse_write_off(self, reason):
        """The loan stays in the books; who asked may ask again."""
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager", "group_network_manager")
        self.company_id.with_env(self.env)._check_visible()
        self.check_access("read")
        reason = self.env["kondo.operation"]._check_text(reason)
        if not reason:
            raise UserError(self.env._("Say why the write-off is refused."))
        if self.state != "active" or not self.write_off_asked_by_id:
            raise UserError(self.env._("Nobody asks for the write-off of this loan."))
        self._set(write_off_asked_by_id=False, write_off_reason=False)
        self.sudo().message_post(body=self.env._("Write-off refused: %(why)s", why=reason))

    def write_off(self):
        """Take the loan out of the books. Returns the answer of the operation."""
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager", "group_network_manager")
        self.company_id.with_env(self.env)._check_visible()
        self.check_access("read")
        if not self.write_off_asked_by_id:
            raise UserError(self.env._("Somebody else first asks for the write-off."))
        self.env["kondo.four.eyes"]._check_second_person(self.write_off_asked_by_id.sudo())
        key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"kondo.loan.write_off,{self.id}"))
        values = {"loan_id": self.id}
        return self.env["kondo.operation"]._submit("loan_write_off", key, values, company=self.company_id)


class KondoOperation(models.Model):
    _inherit = "kondo.operation"

    @api.private
    def _execute_loan_write_off(self, posting, values):
        """D 6691 C 29x for the whole outstanding, all of it covered; D 299x C 764x for the provision; by `kondo.loan.write_off`."""
        loan = self._loan_of(posting, values)
        loan._lock()
        _ = self.env._
        if loan.state != "active" or not loan.principal:
            raise UserError(_("Nothing is owed on the loan %(number)s.", number=loan.name))
        if self._holds_of(loan):
            raise UserError(_("Savings are still held for this loan: call the guarantee first."))
        if loan.provision < loan.principal:
            raise UserError(
                _(
                    "Only %(provision)s F of %(principal)s F are set aside: a loan is written off once all of it is."
                    " Classify and set aside first.",
                    provision=spaced(loan.provision),
                    principal=spaced(loan.principal),
                )
            )
        product, partner = loan.product_id, loan.partner_id.id
        principal, provision = loan.principal, loan.provision
        posting.move_loan(loan, -principal)
        posting.add_leg(product._account("loss_covered").id, principal, partner_id=partner)
        posting.move_loan(loan, -provision, "provision")
        posting.add_leg(product._provision_results(loan.provision_account_id)[1].id, -provision, partner_id=partner)
        self._accrued_dropped(posting, loan, loan.accrued)
        self._move_commitment(posting, loan, -loan.commitment, "dropped")
        loan._set_state("written_off", lost=principal, written_off_on=posting.business_date)
        loan._refresh_position(posting.business_date)
        posting.label = _("Loan %(number)s written off: %(why)s", number=loan.name, why=loan.write_off_reason)
        posting.values.update(amount=principal, partner_id=partner, loan_id=loan.id, note=loan.write_off_reason)
        posting.answer.update(member_name=loan.partner_id.name, loan_number=loan.name)
