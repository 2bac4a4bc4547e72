from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...ledger.key import LEDGER, has_ledger_key
from ..loan import OPEN_FILE


class KondoLoanOfficerChange(models.Model):
    """Who followed a loan, from when to when."""

    _name = "kondo.loan.officer.change"
    _description = "Change of loan officer"
    _order = "id desc"
    _log_access = False
    _check_company_auto = True

    loan_id = fields.Many2one(
        "kondo.loan", required=True, readonly=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True, index=True)
    from_id = fields.Many2one("res.users", string="From", readonly=True)
    to_id = fields.Many2one("res.users", string="To", readonly=True)
    changed_on = fields.Datetime(string="On", required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one("res.users", string="Changed by", required=True, readonly=True)
    reason = fields.Char(readonly=True)

    def create(self, vals_list):
        if not has_ledger_key(self.env):
            raise AccessError(self.env._("The history of officers is written by the loan."))
        return super().create(vals_list)

    def write(self, vals):
        raise AccessError(self.env._("The history of officers never changes."))

    def unlink(self):
        raise AccessError(self.env._("The history of officers never changes."))


class KondoLoan(models.Model):
    _inherit = "kondo.loan"

    officer_change_ids = fields.One2many("kondo.loan.officer.change", "loan_id", string="Officers", readonly=True)

    def write(self, vals):
        """Every change of officer leaves its line; a file that has been decided is handed over by a manager."""
        if "officer_id" in vals:
            if not self.env.su and any(loan.state not in OPEN_FILE for loan in self):
                self.env["kondo.four.eyes"]._check_group("group_caisse_manager", "group_network_manager")
            reason = self.env.context.get("kondo_officer_reason")
            self._note_officer(vals["officer_id"], self.env["kondo.operation"]._check_text(reason))
        return super().write(vals)

    def change_officer(self, user_id, reason):
        """Hand loans over to another officer, all or none, with what is planned on them.

        :raises UserError: who may not, no reason, or an officer who does not work in the caisse
        """
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager", "group_network_manager")
        reason = self.env["kondo.operation"]._check_text(reason)
        officer = self.env["res.users"].sudo().browse(user_id).exists()
        if not reason:
            raise UserError(self.env._("Say why the loans change hands."))
        self.check_access("read")
        for loan in self:
            loan.company_id.with_env(self.env)._check_visible()
            if not officer.active or loan.company_id not in officer.company_ids:
                raise UserError(
                    self.env._(
                        "%(officer)s does not work in the caisse of the loan %(number)s.",
                        officer=officer.name or "",
                        number=loan.name,
                    )
                )
        loans = self.sudo().filtered(lambda loan: loan.officer_id != officer)
        for loan in loans:
            loan.activity_ids.filtered(lambda todo, loan=loan: todo.user_id == loan.officer_id).user_id = officer
        loans.with_context(kondo_officer_reason=reason).write({"officer_id": officer.id})

    def _note_officer(self, user_id, reason):
        self.env["kondo.loan.officer.change"].sudo().with_context(kondo_ledger=LEDGER).create(
            [
                {
                    "loan_id": loan.id,
                    "company_id": loan.company_id.id,
                    "from_id": loan.officer_id.id,
                    "to_id": user_id,
                    "user_id": self.env.uid,
                    "reason": reason,
                }
                for loan in self
                if loan.officer_id.id != user_id
            ]
        )
