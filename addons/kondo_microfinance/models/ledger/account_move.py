from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .database_rules import MOVE_RULES, apply_rules
from .key import has_ledger_key


class AccountMove(models.Model):
    """The entry of an operation follows the operation: nobody edits, resets or deletes it through Odoo."""

    _inherit = "account.move"

    kondo_operation_id = fields.Many2one(
        "kondo.operation",
        string="Operation",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )

    # An evening's step has one entry for all its operations; `kondo_operation_id` is then the first of them.
    kondo_operation_ids = fields.One2many("kondo.operation", "move_id", string="Operations", readonly=True)

    def init(self):
        super().init()
        apply_rules(self.env, self._table, MOVE_RULES, ("kondo_move_immutable",))

    # ------------------------------------------------------------------ guards
    @api.model_create_multi
    def create(self, vals_list):
        if not has_ledger_key(self.env) and any(vals.get("kondo_operation_id") for vals in vals_list):
            raise AccessError(self.env._("Only the ledger links an entry to an operation."))
        return super().create(vals_list)

    def write(self, vals):
        if has_ledger_key(self.env):
            # Odoo writes it on each new entry; on one of the ledger it is false from the start.
            return vals == {"is_manually_modified": False} or super().write(vals)
        if "kondo_operation_id" in vals:
            raise AccessError(self.env._("Only the ledger links an entry to an operation."))
        if self._kondo_protected_fields().intersection(vals):
            self._refuse_kondo_change()
        return super().write(vals)

    @api.model
    def _kondo_protected_fields(self):
        return {"state", "name", "date", "journal_id", "company_id", "line_ids", "ref", "currency_id", "partner_id"}

    def _refuse_kondo_change(self):
        if any(move.kondo_operation_id for move in self):
            raise UserError(
                self.env._("This entry comes from an operation at the counter. Reverse the operation instead.")
            )

    def button_draft(self):
        self._refuse_kondo_change()
        return super().button_draft()

    def button_cancel(self):
        self._refuse_kondo_change()
        return super().button_cancel()

    def _reverse_moves(self, default_values_list=None, cancel=False):
        self._refuse_kondo_change()
        return super()._reverse_moves(default_values_list, cancel)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kondo_operation(self):
        self._refuse_kondo_change()

    def _post(self, soft=True):
        if not has_ledger_key(self.env):
            self.line_ids._refuse_controlled_accounts()
            self._refuse_till_journals()
        return super()._post(soft)

    def _refuse_till_journals(self):
        """Only operations post in the journal of a till: its numbers follow each other under the till's own lock."""
        tills = self.env["kondo.till"].sudo().with_context(active_test=False)
        till = tills.search([("journal_id", "in", self.journal_id.ids)], limit=1)
        if till:
            raise UserError(
                self.env._(
                    "The journal %(journal)s is kept by operations at the counter. Use the journal of general operations.",
                    journal=till.journal_id.display_name,
                )
            )

    def action_open_kondo_operations(self):
        """The operations behind the entry, one or the many of an evening."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Operations of %(entry)s", entry=self.name),
            "res_model": "kondo.operation",
            "views": [(False, "list"), (False, "form")],
            "domain": [("move_id", "=", self.id)],
        }

    # ------------------------------------------------------------------ less work for the counter
    # An entry written with the ledger's key is new, has two lines or more that nothing can be matched with yet, and
    # (with `kondo_chain` in the context) a number that `Posting._next_name` took under the till's lock.
    def _kondo_chain(self):
        """(name, hash of the entry before it) of the one entry that is being written, else None."""
        chain = self.env.context.get("kondo_chain") if has_ledger_key(self.env) else None
        return chain if chain and len(self) == 1 and self.name == chain[0] else None

    def _compute_made_sequence_gap(self):
        if self._kondo_chain():
            self.made_sequence_gap = False
            return None
        return super()._compute_made_sequence_gap()

    def _set_next_made_sequence_gap(self, made_gap):
        if self._kondo_chain():
            return None
        return super()._set_next_made_sequence_gap(made_gap)

    def _get_chains_to_hash(self, **kwargs):
        """The chain of this entry is known: the entry before it, and itself."""
        if not kwargs and (chain := self._kondo_chain()):
            return [{"moves": self, "previous_hash": chain[1], "journal_restrict_mode": True}]
        return super()._get_chains_to_hash(**kwargs)

    def _affect_tax_report(self):
        """Legs carry no tax."""
        return False if has_ledger_key(self.env) else super()._affect_tax_report()

    def _compute_invoice_partner_display_info(self):
        """The ledger gives the member's name."""
        return None if has_ledger_key(self.env) else super()._compute_invoice_partner_display_info()

    def _compute_reconciled_payment_ids(self):
        if has_ledger_key(self.env):
            self.reconciled_payment_ids = False
            return None
        return super()._compute_reconciled_payment_ids()

    def _message_log_batch(self, *args, **kwargs):
        """An operation is its own log; a message for each entry would double the size of the books."""
        if has_ledger_key(self.env):
            return self.env["mail.message"]
        return super()._message_log_batch(*args, **kwargs)


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _compute_amount_residual(self):
        """A line being written by the ledger is matched with nothing: its residual is the whole of it."""
        if not has_ledger_key(self.env):
            return super()._compute_amount_residual()
        for line in self:
            open_ended = line.account_id.reconcile or line.account_id.account_type in (
                "asset_cash",
                "liability_credit_card",
            )
            line.amount_residual = line.balance if open_ended else 0
            line.amount_residual_currency = line.amount_currency if open_ended else 0
            line.reconciled = False
        return None

    def _refuse_controlled_accounts(self):
        controlled = self.account_id.filtered("kondo_control")
        if controlled:
            raise UserError(
                self.env._(
                    "The account %(account)s moves only through operations of members and tills.",
                    account=controlled[0].display_name,
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if not has_ledger_key(self.env):
            lines.move_id._refuse_kondo_change()
            lines.filtered(lambda line: line.parent_state == "posted")._refuse_controlled_accounts()
        return lines

    def write(self, vals):
        if has_ledger_key(self.env):
            return super().write(vals)
        protected = {
            "account_id",
            "debit",
            "credit",
            "balance",
            "amount_currency",
            "currency_id",
            "move_id",
            "date",
            "partner_id",
        }
        if protected.intersection(vals):
            self.move_id._refuse_kondo_change()
        result = super().write(vals)
        if protected.intersection(vals):
            self.filtered(lambda line: line.parent_state == "posted")._refuse_controlled_accounts()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kondo_operation(self):
        self.move_id._refuse_kondo_change()
