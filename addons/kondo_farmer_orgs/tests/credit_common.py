"""A women's group with a split contract: ten women, an advance account, a payment by list at the till."""

import uuid

from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER

from .common import OrgCase


class CreditCase(OrgCase):
    """The ten women of Benkadi; `borrow` gives them a contract of which each has 100 000 F."""

    @classmethod
    def build_network(cls):
        super().build_network()
        cls.group_loan = cls.loan_product(
            name="Crédit de groupe", code="GRP", amortization="in_fine", split_mode="enforced", instalments=6
        )

    def setUp(self):
        super().setUp()
        names = [f"FEMME {rank:02d}" for rank in range(1, 11)]
        self.org = self.make_organisation("Groupement Benkadi", people=[(name,) for name in names])
        self.people = self.org.org_membership_ids.person_id.sorted("name")
        self.advance = self.make_account(self.org, self.demand)
        self.org.org_advance_account_id = self.advance

    def request_split(self, each=100_000, product=None, **values):
        """The request of the group, its parts entered by the officer."""
        loan = self.file(self.org, product or self.group_loan, each * 10, values.pop("instalments", 6), **values)
        self.enter_parts(loan, [each] * 10)
        return loan

    def enter_parts(self, loan, granted):
        rows = zip(self.people, granted, strict=False)
        loan.split_ids = [
            (0, 0, {"person_id": person.id, "requested": francs, "granted": francs}) for person, francs in rows
        ]

    def borrow(self, **values):
        """The contract paid out in cash, as superuser sees it."""
        loan = self.grant(self.request_split(**values))
        self.pay_out(loan)
        self.env.invalidate_all()
        return self.env["kondo.loan"].browse(loan.id)

    def part(self, loan, rank):
        return loan.split_ids.filtered(lambda part: part.person_id == self.people[rank - 1])

    def pay_by_list(self, loan, francs, **values):
        """The teller takes the money of {rank of the woman: francs}."""
        rows = [[self.people[rank - 1].id, amount] for rank, amount in francs.items()]
        amount = sum(francs.values()) + values.get("advance", 0)
        return self.repay(loan, amount, split=rows, **values)

    def reverse(self, answer):
        return self.as_user(self.manager)["kondo.operation"].submit(
            "reversal", str(uuid.uuid4()), {"operation_id": answer["operation_id"], "reason": "Erreur de liste"}
        )

    def prove(self):
        """The database's own proof, which otherwise waits for the commit; the sums once more from outside."""
        self.env.flush_all()
        self.env.cr.execute(
            "SET CONSTRAINTS kondo_split_whole, kondo_split_contract, kondo_split_payment_agrees,"
            " kondo_split_allocation_agrees IMMEDIATE;"
            "SET CONSTRAINTS kondo_split_whole, kondo_split_contract, kondo_split_payment_agrees,"
            " kondo_split_allocation_agrees DEFERRED"
        )
        self.env.invalidate_all()

    def assert_shared(self, loan):
        self.prove()
        received = sum(loan.allocation_ids.mapped("amount"))
        rows = self.env["kondo.loan.split.payment"].search([("loan_id", "=", loan.id)])
        self.assertEqual(sum(rows.mapped("amount")), received)
        self.assertEqual(sum(loan.split_ids.mapped("repaid")), received)
        for part in loan.split_ids:
            self.assertEqual(part.repaid, sum(part.payment_ids.mapped("amount")))
        if loan.state == "active":
            owed = sum(due.total for due in loan._dues())
            ahead = sum(max(0, one.paid - one.asked) for one in loan.split_ids._standing().values())
            self.assertEqual(sum(loan.split_ids.mapped("rest")) - ahead, owed)

    def set_ledger(self, record, **values):
        record.sudo().with_context(kondo_ledger=LEDGER).write(values)
