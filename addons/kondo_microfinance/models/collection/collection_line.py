from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..fields import Francs
from ..ledger.key import has_ledger_key


class KondoCollectionLine(models.Model):
    """What one member gave on one round; 0 when he gave nothing."""

    _name = "kondo.collection.line"
    _description = "Row of a collector's sheet"
    _order = "collection_id desc, sequence, id"
    _check_company_auto = True

    collection_id = fields.Many2one("kondo.collection", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(
        related="collection_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    collector_id = fields.Many2one(
        related="collection_id.collector_id", store=True, precompute=True, required=True, index=True
    )
    date = fields.Date(related="collection_id.date", store=True)
    state = fields.Selection(related="collection_id.state")
    member_id = fields.Many2one(
        "kondo.collector.member",
        string="In the book",
        required=True,
        ondelete="restrict",
        check_company=True,
        domain="[('collector_id', '=', collector_id)]",
    )
    account_id = fields.Many2one(
        "kondo.savings.account", string="Account", readonly=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one("res.partner", string="Member", readonly=True, index=True, ondelete="restrict")
    member_name = fields.Char(related="member_id.member_name")
    account_number = fields.Char(related="member_id.account_number")
    sequence = fields.Integer(string="Rank", default=10)
    expected = Francs(string="Usual stake", readonly=True)
    amount = Francs(string="Paid")
    carnet_line = fields.Char(string="Carnet line")
    note = fields.Char()

    _once = models.UniqueIndex("(collection_id, account_id)", "This member already stands on the sheet.")
    _amount_positive = models.Constraint("CHECK (amount >= 0)", "An amount is never negative.")

    @api.depends("member_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.member_name or ""

    @api.model_create_multi
    def create(self, vals_list):
        """Account, stake and rank are those of the book; nobody pays on an account outside it."""
        prepared = []
        for vals in vals_list:
            row = self.env["kondo.collector.member"].browse(vals.get("member_id")).exists()
            if not row:
                raise UserError(self.env._("Choose a member of the collector's book."))
            prepared.append(
                {
                    **{name: vals[name] for name in ("collection_id", "amount", "carnet_line", "note") if name in vals},
                    "member_id": row.id,
                    "account_id": row.sudo().account_id.id,
                    "partner_id": row.sudo().partner_id.id,
                    "sequence": row.sequence,
                    "expected": row.stake,
                }
            )
        lines = super().create(prepared)
        lines._check_open()
        for line in lines:
            if line.member_id.collector_id != line.collection_id.collector_id:
                raise UserError(self.env._("Choose a member of the collector's book."))
        lines.collection_id._refresh_totals()
        return lines

    def write(self, vals):
        self._check_open()
        if not has_ledger_key(self.env) and set(vals) - {"amount", "carnet_line", "note", "sequence"}:
            raise AccessError(self.env._("A row keeps its member. Remove it and add another."))
        result = super().write(vals)
        if "amount" in vals:
            self.collection_id._refresh_totals()
        return result

    def unlink(self):
        self._check_open()
        sheets = self.collection_id
        result = super().unlink()
        sheets._refresh_totals()
        return result

    def _check_open(self):
        if any(sheet.state != "draft" for sheet in self.collection_id):
            raise AccessError(
                self.env._("A sheet that was announced no longer changes. The teller sends it back to be corrected.")
            )
