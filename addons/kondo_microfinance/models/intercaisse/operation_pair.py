from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import UserError

from ..ledger.posting import Posting
from .intercaisse import REMOTE_KINDS


class KondoOperation(models.Model):
    """Several caisses in one transaction under one UUID: all of their operations stand, or none.

    One lock order for every such transaction: day locks and UUIDs by id of the caisse, then the till or vault, then the
    savings accounts by id, then the liaison journals by id of the caisse. Two caisses that pay each other's members at
    the same moment therefore never wait for each other in a circle.
    """

    _inherit = "kondo.operation"

    @api.private
    def _post_here(self, kind, uuid, company_id, values, mark):
        """An operation at another caisse, or its reversal, is posted on both sides at once."""
        others = self._other_sides(kind, company_id, values)
        if not others:
            return super()._post_here(kind, uuid, company_id, values, mark)
        return self._post_together(kind, uuid, company_id, others, values, mark)

    def _other_sides(self, kind, company_id, values):
        """Ids of the other caisses in which a request also posts; empty for an operation of one caisse."""
        if kind in REMOTE_KINDS:
            company = self.env["res.company"].sudo().browse(company_id)
            return [self._remote_account(company, values.get("account_number")).company_id.id]
        if kind == "reversal":
            original = self.sudo().browse(self._check_id(values.get("operation_id"))).exists()
            if original.kind in REMOTE_KINDS:
                link = self.env["kondo.intercaisse"]._of_operation(original)
                return [link.home_company_id.id if link.company_id.id == company_id else link.company_id.id]
        return []

    @api.private
    def _post_together(self, kind, uuid, company_id, other_ids, values, mark):
        """Claim in every caisse, let the handler collect the legs of all, seal all. Returns the first caisse's answer.

        The handler finds the postings of the other caisses in `posting.others` ({company id: Posting}).
        """
        claimed, stored = {}, {}
        for one in sorted({company_id, *other_ids}):
            claimed[one], stored[one] = self._claim(kind, uuid, one, mark)
        known = [one for one, answer in stored.items() if answer is not None]
        if known:
            if len(known) < len(stored):
                raise UserError(
                    self.env._("This operation number was already used for another operation. Start again.")
                )
            return {**stored[company_id], "uuid": uuid, "replayed": True}
        posting = claimed.pop(company_id)
        posting.others = claimed
        for other in claimed.values():
            other.others = {company_id: posting}
        getattr(self, f"_execute_{kind}")(posting, values)
        self._seal_together(posting)
        getattr(self, f"_after_{kind}", lambda *_args: None)(posting, values)
        return {**posting.answer, "uuid": uuid, "replayed": False}

    def _seal_together(self, posting):
        """A till's journal first, which nobody else writes, then the liaison journals by id of the caisse."""
        everyone = {posting.company_id: posting, **posting.others}
        for company_id in sorted(everyone, key=lambda one: (not everyone[one].till_locked, one)):
            side = everyone[company_id]
            if side is posting:
                side.seal()
            else:
                # one receipt, one number, in the books of all
                side.values.setdefault("receipt_number", posting.values.get("receipt_number"))
                with self._discreet():
                    side.seal()
        posting.prove()

    # ------------------------------------------------------------------ helpers for handlers
    def _other_posting(self, posting, company):
        """The posting of another caisse that belongs to this one; a trial makes it on the spot.

        Its entry stands in that caisse's liaison journal.
        """
        if company.id not in posting.others and posting.dry:
            posting.others[company.id] = Posting(
                self.env, None, posting.kind, company.id, company.sudo().business_date, dry=True
            )
        other = posting.others[company.id]
        company._kondo_set_up_liaison()
        other.journal_id = other.journal_id or company.sudo().liaison_journal_id.id
        return other

    def _lock_accounts(self, accounts):
        """Lock savings accounts by id until the commit, before any liaison journal: see the class."""
        self.env.cr.execute(
            "SELECT id FROM kondo_savings_account WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", (accounts.ids,)
        )
        accounts.invalidate_recordset()

    @contextmanager
    def _discreet(self):
        """A refusal that comes from another caisse's account, told without its balance or the reason of a block."""
        try:
            yield
        except UserError as refusal:
            raise UserError(
                self.env._(
                    "The account does not allow this operation (balance, block or rule of its product). "
                    "The holder may ask his own caisse."
                )
            ) from refusal
