from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..fields import Francs
from ..ledger.database_rules import apply_rules

ENTRY_RULES = """
CREATE OR REPLACE FUNCTION kondo_share_entry_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'kondo: the register of shares is only ever added to' USING ERRCODE = 'restrict_violation';
END $$;

DROP TRIGGER IF EXISTS kondo_share_entry_immutable ON kondo_share_entry;
CREATE TRIGGER kondo_share_entry_immutable BEFORE UPDATE OR DELETE ON kondo_share_entry
    FOR EACH ROW EXECUTE FUNCTION kondo_share_entry_is_immutable();
DROP TRIGGER IF EXISTS kondo_share_entry_no_truncate ON kondo_share_entry;
CREATE TRIGGER kondo_share_entry_no_truncate BEFORE TRUNCATE ON kondo_share_entry
    FOR EACH STATEMENT EXECUTE FUNCTION kondo_share_entry_is_immutable();
"""
DROP_ENTRY_RULES = """
DROP FUNCTION IF EXISTS kondo_share_entry_is_immutable, kondo_share_register_agrees CASCADE;
"""
KINDS = [
    ("subscription", "Subscription"),
    ("payment", "Payment"),
    ("transfer_in", "Received by transfer"),
    ("transfer_out", "Given by transfer"),
    ("refund", "Refund"),
    ("cancellation", "Cancelled by a reversal"),
]


class KondoShareEntry(models.Model):
    """One line of the register of holders: shares and francs that a holding gained or lost. Only ever added to."""

    _name = "kondo.share.entry"
    _description = "Register of shares"
    _order = "id"
    _log_access = False
    _check_company_auto = True

    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True)
    holding_id = fields.Many2one(
        "kondo.share.holding", string="Shares no.", required=True, readonly=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Holder", required=True, readonly=True, ondelete="restrict", index=True
    )
    product_id = fields.Many2one(related="holding_id.product_id")
    date = fields.Date(required=True, readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    shares = fields.Integer(required=True, default=0, readonly=True, help="Shares gained (positive) or lost.")
    amount = Francs(readonly=True, help="Francs paid (positive) or taken back.")
    shares_after = fields.Integer(string="Shares held", required=True, default=0, readonly=True)
    paid_after = Francs(string="Paid in all", readonly=True)
    operation_id = fields.Many2one(
        "kondo.operation", required=True, readonly=True, ondelete="restrict", index=True, check_company=True
    )
    receipt_number = fields.Char(related="operation_id.receipt_number")
    counterpart_id = fields.Many2one("res.partner", string="From or to", readonly=True, ondelete="restrict")

    _book_order = models.Index("(company_id, date, holding_id)")
    _not_nothing = models.Constraint("CHECK (shares <> 0 OR amount <> 0)", "A line of nothing is no line.")

    def init(self):
        apply_rules(
            self.env, self._table, ENTRY_RULES, ("kondo_share_entry_immutable", "kondo_share_entry_no_truncate")
        )

    @api.depends("kind", "date")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for entry in self:
            entry.display_name = f"{kinds.get(entry.kind, '')} {entry.date:%d/%m/%Y}" if entry.date else ""

    # ------------------------------------------------------------------ written by the ledger only
    @api.model
    @api.private
    def _add(self, posting, holding, rows, after):
        """Write the lines of one operation for one holding; nothing in a preview.

        :param rows: [(kind, shares, francs, counterpart partner or None)], those of nothing are left out
        :param after: {"subscribed", "paid"} once all of them are counted
        """
        rows = [row for row in rows if row[1] or row[2]]
        if posting.dry or not rows:
            return
        shares = after["subscribed"] - sum(row[1] for row in rows)
        paid = after["paid"] - sum(row[2] for row in rows)
        values = []
        for kind, change, amount, counterpart in rows:
            shares += change
            paid += amount
            values.append(
                (
                    posting.company_id,
                    holding.id,
                    holding.partner_id.id,
                    posting.business_date,
                    kind,
                    change,
                    amount,
                    shares,
                    paid,
                    posting.operation_id,
                    counterpart.id if counterpart else None,
                )
            )
        self.env.cr.execute_values(
            """INSERT INTO kondo_share_entry (company_id, holding_id, partner_id, date, kind, shares, amount,
                    shares_after, paid_after, operation_id, counterpart_id) VALUES %s""",
            values,
        )
        self.invalidate_model()
        holding.invalidate_recordset(["entry_ids"])

    @api.model_create_multi
    def create(self, vals_list):
        raise AccessError(self.env._("The register of shares is written by operations, never typed in."))

    def write(self, vals):
        raise AccessError(self.env._("The register of shares is only ever added to."))

    def unlink(self):
        raise AccessError(self.env._("The register of shares is only ever added to."))

    def copy(self, default=None):
        raise AccessError(self.env._("The register of shares is only ever added to."))
