from odoo import api, models

from ...engine.sharing import share_out
from ..ledger.key import LEDGER


class KondoLoan(models.Model):
    """Principal that moves, moves on the lines that pay it, in the same transaction."""

    _inherit = "kondo.loan"

    @api.model
    @api.private
    def _principal_moved(self, posting, changes):
        super()._principal_moved(posting, changes)
        loans = self.sudo().browse(sorted(changes)).filtered("funding_ids")
        # what comes back first: a loan that takes others over may need what they give back
        for loan in loans.sorted(lambda one: (changes[one.id] > 0, one.id)):
            loan._move_funding(posting, changes[loan.id])

    def _move_funding(self, posting, change):
        """Share a change of the principal among the lines of this loan and its own funds, with their figures."""
        shares = self.funding_ids.sorted("id")
        reversal = posting.values.get("reversal_of_id")
        parts = self._undone_parts(reversal, shares, change) if reversal else None
        if parts is None and change > 0:
            parts = shares._parts(change)
        elif parts is None:
            own = self.principal - change - sum(shares.mapped("outstanding"))  # of the caisse's own funds, before
            parts = share_out(-change, [*shares.mapped("outstanding"), max(0, own)])[:-1]
        for share, part in zip(shares, parts, strict=True):
            amount = part if change > 0 else -part
            share.with_context(kondo_ledger=LEDGER).outstanding += amount
            if posting.kind == "loan_write_off":
                share.line_id._flow(posting, "written_off", part, self)
            elif reversal:  # undone where it was done
                share.line_id._flow(posting, "repaid" if change > 0 else "lent", -part, self)
            else:
                share.line_id._flow(posting, "lent" if change > 0 else "repaid", part, self)
        self.env.flush_all()

    def _undone_parts(self, original_id, shares, change):
        """Francs that each share gave or took in the operation that is undone, so that its mirror image is exact: parts
        of a payment and parts of the loan round apart.

        None when the principal moves by something else than the opposite of it: later payments allocated anew.
        """
        original = self.env["kondo.operation"].sudo().browse(original_id)
        legs = original.line_ids.filtered(lambda leg: leg.loan_id == self and leg.loan_component == "principal")
        if sum(legs.mapped("movement")) != -change:
            return None
        moves = self.env["kondo.funding.move"].sudo()
        moves = moves.search([("operation_id", "=", original.id), ("loan_id", "=", self.id)])
        given = {move.line_id: move.amount for move in moves}
        if set(given) - set(shares.line_id):
            return None
        return [given.get(share.line_id, 0) for share in shares]
