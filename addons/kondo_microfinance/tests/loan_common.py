"""Loan products, files and their way to the first franc, for the tests of loans."""

import uuid

from odoo import fields

from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER

from .common import KondoCase


class LoanFixture:
    """Mixin: `cls.campaign` pays in fine, `cls.monthly` in level instalments; the officer of Niono makes the files."""

    @classmethod
    def build_network(cls):
        super().build_network()
        cls.union.bureau_required = False
        for model in ("kondo.loan.question", "kondo.loan.document.type"):
            cls.env[model].search([("company_id", "=", cls.union.id)]).required = False
        cls.guarantee_product = cls.env["kondo.savings.product"].create(
            {"name": "Épargne de garantie", "code": "GAR", "kind": "guarantee", "company_id": cls.union.id}
        )
        cls.monthly = cls.loan_product()
        cls.officer = cls.users["NIX"]["officer"]
        cls.manager = cls.users["NIX"]["manager"]

    @classmethod
    def loan_product(cls, **values):
        """A product of the union: 18 % a year in 12 months, level instalments, no closed days."""
        return cls.env["kondo.loan.product"].create(
            {
                "name": "Crédit commerce",
                "code": "COM",
                "company_id": cls.union.id,
                "annual_rate": 18,
                "instalments": 12,
                "closed_sunday": False,
                "closed_holidays": False,
                "shares_needed": False,
                **values,
            }
        )

    def make_member(self, *args, **values):
        """A member whose file has been accepted."""
        member = super().make_member(*args, **values)
        member.with_context(kondo_ledger=LEDGER).write(
            {"member_state": "active", "membership_date": fields.Date.subtract(fields.Date.today(), years=1)}
        )
        return member

    def file(self, member=None, product=None, amount=100_000, instalments=12, **values):
        """A request that the officer of Niono has entered."""
        member = member or self.make_member()
        return self.as_user(self.officer)["kondo.loan"].create(
            {
                "partner_id": member.id,
                "product_id": (product or self.monthly).id,
                "amount": amount,
                "instalments": instalments,
                **values,
            }
        )

    def grant(self, loan):
        """The file as a committee's decision leaves it: granted by the manager, the commitment in the books."""
        loan.with_user(self.manager).sudo()._grant(loan.amount)
        self.env.invalidate_all()
        return loan

    def pay_out(self, loan, paid="cash", session=None, **values):
        """Paid out by the teller of the caisse; returns the answer."""
        return self.loan_submit("loan_disbursement", loan, session, paid=paid, **values)

    def repay(self, loan, amount, session=None, key=None, **values):
        return self.loan_submit("loan_repayment", loan, session, key, amount=amount, **values)

    def new_key(self):
        return str(uuid.uuid4())

    def loan_submit(self, kind, loan, session=None, key=None, **values):
        session = session or self.session_of(loan.sudo().company_id)
        return self.as_user(session.user_id)["kondo.operation"].submit(
            kind, key or str(uuid.uuid4()), {"session_id": session.id, "loan_id": loan.id, **values}
        )

    def running(self, **values):
        """A loan that has been paid out in cash, as superuser sees it."""
        loan = self.grant(self.file(**values))
        self.pay_out(loan)
        self.env.invalidate_all()
        return self.env["kondo.loan"].browse(loan.id)

    def move_day(self, caisse, day):
        """The caisse stands on another business day, without the evening of the days between."""
        caisse.sudo().with_context(kondo_ledger=True)
        self.env.cr.execute("UPDATE res_company SET business_date = %s WHERE id = %s", (day, caisse.id))
        self.env.cr.execute(
            "UPDATE kondo_till_session SET business_date = %s WHERE company_id = %s AND state <> 'closed'",
            (day, caisse.id),
        )
        self.env.invalidate_all()

    def legs(self, answer):
        """{account code: francs} of an operation."""
        legs = {}
        for line in self.operation(answer).line_ids:
            code = line.account_id.with_company(self.union).code
            legs[code] = legs.get(code, 0) + line.amount
        return legs


class LoanCase(LoanFixture, KondoCase):
    """A test of loans, at whose end the books agree."""
