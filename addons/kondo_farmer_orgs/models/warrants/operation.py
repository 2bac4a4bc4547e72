from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER


class KondoOperation(models.Model):
    """Pledged stock in the books, off balance: guarantees received (914) against the counterpart of class 9."""

    _inherit = "kondo.operation"

    kind = fields.Selection(selection_add=[("warrant_stock", "Stock pledged")], ondelete={"warrant_stock": "cascade"})

    @api.private
    def _execute_warrant_stock(self, posting, values):
        """values: warrant_id, what ("received", "revalued", "released" with release_id). By the lot's own steps."""
        warrant = self.env["kondo.warrant"].sudo().browse(self._check_id(values.get("warrant_id"))).exists()
        if not warrant or warrant.company_id.id != posting.company_id:
            raise UserError(self.env._("This record is not in your caisse."))
        warrant._lock_stock()
        what, release = values["what"], self.env["kondo.warrant.release"].sudo()
        kg = bags = 0
        price, day = warrant.price, warrant.priced_on
        if what == "received":
            if warrant.state != "draft":
                raise UserError(
                    self.env._("The warehouse receipt %(number)s is not at this step.", number=warrant.name)
                )
            warrant.with_user(self.env.uid).sudo()._check_entry()
            kg, bags, price, day = warrant.kg, warrant.bags, warrant.first_price, warrant.valued_on
            account, counterpart = warrant.company_id._warrant_accounts()
            self._set_stock(
                warrant,
                state="received",
                account_id=account.id,
                counter_account_id=counterpart.id,
                confirmed_by_id=self.env.uid,
                confirmed_on=posting.business_date,
            )
        elif what == "revalued":
            price, day = warrant.with_user(self.env.uid).sudo()._check_price_of_another()
        else:
            release = release.browse(self._check_id(values.get("release_id"))).exists()
            if release.warrant_id != warrant or release.state != "draft":
                raise UserError(self.env._("This stock has left the store: its release no longer changes."))
            release.with_user(self.env.uid).sudo()._check_exit()
            kg, bags = -release.kg, -release.bags
            release.with_context(kondo_ledger=LEDGER).write(
                {
                    "state": "done",
                    "date": posting.business_date,
                    "confirmed_by_id": self.env.uid,
                    "operation_id": posting.operation_id,
                }
            )
        change = (warrant.kg_left + kg) * price - warrant.value
        if not change:
            raise UserError(self.env._("The value of the stock does not change."))
        self._book_stock(posting, warrant, change)
        self._move_stock(posting, warrant, what, kg, bags, price, day, release)
        texts = {
            "received": self.env._("Warehouse receipt %(number)s: stock received", number=warrant.name),
            "revalued": self.env._("Warehouse receipt %(number)s: valued anew", number=warrant.name),
            "released": self.env._("Warehouse receipt %(number)s: stock released", number=warrant.name),
        }
        posting.label = texts[what]
        posting.values.update(amount=abs(change), partner_id=warrant.partner_id.id, note=release.taken_by or None)
        posting.answer.update(warrant_number=warrant.name, member_name=warrant.partner_id.name)

    def _book_stock(self, posting, warrant, change):
        """A pledge received stands on the credit side, its counterpart on the debit side."""
        posting.add_leg(warrant.account_id.id, -change, partner_id=warrant.partner_id.id)
        posting.add_leg(warrant.counter_account_id.id, change, partner_id=warrant.partner_id.id)

    def _move_stock(self, posting, warrant, what, kg, bags, price, day, release):
        """The figures of the lot with the row that moved them."""
        before = warrant.price, warrant.value
        left = warrant.kg_left + kg
        self._set_stock(
            warrant,
            kg_left=left,
            bags_left=warrant.bags_left + bags,
            price=price,
            priced_on=day,
            value=left * price,
            **({"state": "released"} if what == "released" and not left else {}),
        )
        self.env["kondo.warrant.move"].sudo().with_context(kondo_ledger=LEDGER).create(
            {
                "warrant_id": warrant.id,
                "company_id": warrant.company_id.id,
                "operation_id": posting.operation_id,
                "release_id": release.id,
                "what": what,
                "kg": kg,
                "bags": bags,
                "price_before": before[0],
                "price": price,
                "amount": left * price - before[1],
                "account_id": warrant.account_id.id,
            }
        )
        self.env.flush_all()

    def _set_stock(self, warrant, **values):
        warrant.with_context(kondo_ledger=LEDGER).write(values)

    # ------------------------------------------------------------------ undone
    def _reversible_kinds(self):
        return super()._reversible_kinds() | {"warrant_stock"}

    @api.private
    def _execute_reversal(self, posting, values):
        original = self.browse(self._check_id(values.get("operation_id"))).exists().sudo()
        move = self.env["kondo.warrant.move"].sudo()
        if original.kind == "warrant_stock":
            move = move.search([("operation_id", "=", original.id)])
            move.warrant_id._lock_stock()
            self._check_stock_reversal(move)
        super()._execute_reversal(posting, values)
        if move:
            self._undo_stock(posting, move)

    def _check_stock_reversal(self, move):
        """Refuse to undo what later steps were built on."""
        warrant = move.warrant_id
        if move != warrant.move_ids.sorted("id")[-1:]:
            raise UserError(self.env._("The stock %(number)s has moved since: undo that first.", number=warrant.name))
        if move.what == "received" and warrant.loan_id.state in ("approved", "active", "written_off"):
            raise UserError(
                self.env._("The loan %(number)s was granted on this stock: it stays.", number=warrant.loan_id.name)
            )

    def _undo_stock(self, posting, move):
        """The lot as it was before the movement; the mirror image has undone its legs."""
        warrant, release = move.warrant_id, move.release_id
        price = move.price_before if move.what == "revalued" else warrant.price
        if move.what == "received":
            self._set_stock(warrant, state="draft", confirmed_by_id=False, confirmed_on=False)
        elif move.what == "released":
            self._set_stock(warrant, state="received")
            release.with_context(kondo_ledger=LEDGER).write({"state": "reversed"})
        self._move_stock(
            posting, warrant, "reversed", -move.kg, -move.bags, price, warrant.priced_on,
            release,
        )  # fmt: skip
