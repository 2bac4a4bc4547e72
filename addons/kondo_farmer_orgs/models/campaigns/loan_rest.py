import uuid
from dataclasses import replace

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.kondo_microfinance.engine.loan_terms import Tranche
from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER

from ...engine.campaign import merged_tranches


class KondoLoan(models.Model):
    """The end of a campaign's deliveries: what was granted and will not be delivered leaves the loan."""

    _inherit = "kondo.loan"

    def action_drop_rest(self):
        """Nothing more is paid out on this loan: its amount becomes what was paid out, its schedule follows.

        :raises UserError: not the manager, nothing is left
        """
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager")
        for loan in self:
            loan.company_id.with_env(self.env)._check_visible()
            loan.check_access("write")
            if loan.state != "active" or not loan.in_kind_amount or not loan._next_tranche():
                raise UserError(self.env._("Nothing is left to be paid out on the loan %(number)s.", number=loan.name))
            key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"kondo.loan.rest,{loan._commitment_key()}"))
            values = {"loan_id": loan.id, "change": -loan.sudo().commitment, "why": "dropped", "rest": True}
            self.env["kondo.operation"]._submit("loan_commitment", key, values, company=loan.company_id)
        self.invalidate_recordset()


class KondoOperation(models.Model):
    _inherit = "kondo.operation"

    @api.private
    def _execute_loan_commitment(self, posting, values):
        super()._execute_loan_commitment(posting, values)
        if values.get("rest"):
            self._drop_rest(posting, self._loan_of(posting, values))

    def _drop_rest(self, posting, loan):
        """The locked loan without what is not paid out of it."""
        terms = loan._stored_terms()
        loan = loan.with_context(kondo_ledger=LEDGER)
        loan.tranche_ids.filtered(lambda tranche: not tranche.disbursed).unlink()
        loan.invalidate_recordset(["tranche_ids"])
        parts = [(tranche.on, tranche.amount) for tranche in loan.tranche_ids]
        tranches = tuple(Tranche(*part) for part in merged_tranches(terms.start, parts))
        terms = replace(terms, amount=loan.disbursed, tranches=tranches)
        loan.write({"amount": loan.disbursed, "in_kind_amount": loan.in_kind_delivered})
        _terms, schedule, _rate = loan._plan(terms)
        self._replace_schedule(posting, loan, terms, schedule)
