from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..fields import Francs

REMOTE_KINDS = ("remote_deposit", "remote_withdrawal", "remote_transfer")
# Kinds whose two sides carry liaison legs under one UUID.
PAIRED_KINDS = (*REMOTE_KINDS, "cash_received", "settlement", "reversal")


class KondoIntercaisse(models.Model):
    """What one caisse did on an account of another: the neutral record between the two operations.

    Neither side's operation points to the other side's member or account. What both caisses may know, because both hold
    the receipt, stands here as text: number and holder of the account, and of the payer's for a transfer.
    """

    _name = "kondo.intercaisse"
    _description = "Operation between caisses"
    _inherit = ["kondo.guarded"]
    _order = "id desc"
    _rec_name = "uuid"

    uuid = fields.Char(string="Identifier", required=True, readonly=True)
    kind = fields.Selection(
        [
            ("remote_deposit", "Deposit at another caisse"),
            ("remote_withdrawal", "Withdrawal at another caisse"),
            ("remote_transfer", "Transfer between caisses"),
        ],
        required=True,
        readonly=True,
    )
    company_id = fields.Many2one("res.company", string="Made at", required=True, readonly=True, index=True)
    home_company_id = fields.Many2one(
        "res.company", string="Caisse of the account", required=True, readonly=True, index=True
    )
    business_date = fields.Date(required=True, readonly=True, help="Business day of the caisse where it was made.")
    home_business_date = fields.Date(required=True, readonly=True, help="Business day of the caisse of the account.")
    amount = Francs(readonly=True)
    fee = Francs(readonly=True, help="Kept by the caisse where it was made.")
    account_number = fields.Char(string="Account", required=True, readonly=True, index=True)
    holder_name = fields.Char(string="Holder", required=True, readonly=True)
    payer_number = fields.Char(string="From account", readonly=True)
    payer_name = fields.Char(string="Payer", readonly=True)
    identity = fields.Char(string="Identity document seen", readonly=True)
    bearer = fields.Char(string="Person at the counter", readonly=True)
    operation_id = fields.Many2one("kondo.operation", readonly=True, required=True, ondelete="restrict", index=True)
    home_operation_id = fields.Many2one(
        "kondo.operation", readonly=True, required=True, ondelete="restrict", index=True
    )
    reversed_on = fields.Date(readonly=True)

    _guarded_fields = frozenset(
        {
            "uuid", "kind", "company_id", "home_company_id", "business_date", "home_business_date", "amount", "fee",
            "account_number", "holder_name", "payer_number", "payer_name", "identity", "bearer", "operation_id",
            "home_operation_id", "reversed_on",
        }
    )  # fmt: skip

    _uuid_unique = models.UniqueIndex("(company_id, uuid)")
    _two_caisses = models.Constraint("CHECK (company_id <> home_company_id)", "The two caisses are not the same.")
    _positive = models.Constraint("CHECK (amount > 0 AND fee >= 0)", "An amount is never negative.")
    _day_of_account = models.Index("(home_company_id, account_number, home_business_date)")

    @api.depends("kind", "amount")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for record in self:
            record.display_name = f"{kinds.get(record.kind, '')} {record.account_number or ''}".strip()

    def unlink(self):
        raise AccessError(self.env._("An operation between caisses is kept."))

    # ------------------------------------------------------------------ actions
    def action_open_operation(self):
        """The operation on the user's own side; on both sides for who sees both."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Operations"),
            "res_model": "kondo.operation",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", (self.sudo().operation_id | self.sudo().home_operation_id).ids)],
        }

    # ------------------------------------------------------------------ business
    @api.model
    @api.private
    def _withdrawn_elsewhere(self, account, date):
        """Francs that other caisses paid from an account on its caisse's business day `date`, reversals left out."""
        [(total,)] = self.sudo()._read_group(
            [
                ("home_company_id", "=", account.company_id.id),
                ("account_number", "=", account.number),
                ("home_business_date", "=", date),
                ("kind", "=", "remote_withdrawal"),
                ("reversed_on", "=", False),
            ],
            [],
            ["amount:sum"],
        )
        return int(total or 0)

    @api.model
    @api.private
    def _of_operation(self, operation):
        """The record of which `operation` is one side, its reversal's included."""
        operation = operation.sudo()
        original = operation.reversal_of_id or operation
        return self.sudo().search(
            ["|", ("operation_id", "=", original.id), ("home_operation_id", "=", original.id)], limit=1
        )

    @api.model
    @api.private
    def _day_end(self, company, date, next_date):
        """First step of a day's end: other caisses no longer move this caisse's accounts on the day that ends.

        Without it a deposit made elsewhere could be booked on a day whose interest is already computed. The exclusive
        lock waits for the operations under way; the next business day lifts the pause by itself.
        """
        with self.env["kondo.operation"]._posting_env() as env:
            env.cr.execute("SELECT pg_advisory_xact_lock(%s, %s)", (self.env["kondo.operation"]._day_lock, company.id))
            env.cr.execute("UPDATE res_company SET remote_closed_on = %s WHERE id = %s", (date, company.id))
        company.invalidate_recordset(["remote_closed_on"])

    @api.model
    @api.private
    def _liaison_gaps(self, union):
        """Where liaison accounts do not cancel out over a network: [(what, francs)], empty when they do (R14).

        Three proofs: the sum over the network, each pair of caisses, each UUID.
        """
        self.env.cr.execute(
            """
            WITH legs AS (
                SELECT o.uuid, l.company_id AS here, other.id AS there, l.amount
                  FROM kondo_operation_line l
                  JOIN kondo_operation o ON o.id = l.operation_id
                  JOIN res_company c ON c.id = l.company_id AND c.parent_path LIKE %(tree)s
                  JOIN account_account a ON a.id = l.account_id AND a.kondo_control = 'liaison'
                  JOIN res_company other ON other.partner_id = l.partner_id
            )
            SELECT 'network', sum(amount) FROM legs HAVING sum(amount) <> 0
            UNION ALL
            SELECT 'pair ' || least(here, there) || '-' || greatest(here, there), sum(amount) FROM legs
             GROUP BY least(here, there), greatest(here, there) HAVING sum(amount) <> 0
            UNION ALL
            SELECT 'uuid ' || uuid, sum(amount) FROM legs GROUP BY uuid
            HAVING sum(amount) <> 0 OR count(DISTINCT here) < 2
            """,
            {"tree": f"{union.id}/%"},
        )
        return [(what, int(francs)) for what, francs in self.env.cr.fetchall()]
