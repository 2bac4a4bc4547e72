from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from ...engine.words import spaced
from ..fields import Francs
from ..ledger.database_rules import apply_rules
from ..ledger.key import LEDGER, has_ledger_key

# At the end of every operation the register of a holding says what stands on it, whoever wrote either.
HOLDING_RULES = """
CREATE OR REPLACE FUNCTION kondo_share_register_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    h record;
    total_shares bigint;
    total_paid bigint;
BEGIN
    SELECT * INTO h FROM kondo_share_holding WHERE id = NEW.id;
    IF h.id IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT COALESCE(sum(shares), 0), COALESCE(sum(amount), 0) INTO total_shares, total_paid
      FROM kondo_share_entry WHERE holding_id = h.id;
    IF h.paid > h.subscribed::bigint * h.nominal OR total_shares <> h.subscribed OR total_paid <> h.paid THEN
        RAISE EXCEPTION 'kondo: shares %: % subscribed and % paid, register % and %',
            h.number, h.subscribed, h.paid, total_shares, total_paid USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS kondo_share_register ON kondo_share_holding;
CREATE CONSTRAINT TRIGGER kondo_share_register AFTER INSERT OR UPDATE ON kondo_share_holding
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION kondo_share_register_agrees();
"""


class KondoShareHolding(models.Model):
    """The shares of one member: how many he subscribed, how many francs he paid. Only the ledger moves them."""

    _name = "kondo.share.holding"
    _description = "Shares of a member"
    _inherit = ["kondo.guarded"]
    _order = "company_id, number"
    _rec_name = "number"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {
            "number",
            "company_id",
            "product_id",
            "partner_id",
            "nominal",
            "subscribed",
            "paid",
            "ledger_account_id",
            "state",
            "opened_on",
            "closed_on",
            "pay_by",
        }
    )

    number = fields.Char(readonly=True, copy=False)
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True, index=True)
    product_id = fields.Many2one(
        "kondo.share.product", string="Share", required=True, readonly=True, ondelete="restrict", index=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Holder",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
        check_company=True,
    )
    member_number = fields.Char(related="partner_id.member_number")
    currency_id = fields.Many2one(related="company_id.currency_id")
    nominal = Francs(string="Nominal value", readonly=True)
    subscribed = fields.Integer(string="Shares subscribed", required=True, default=0, readonly=True)
    paid = Francs(string="Paid up", readonly=True, help="Francs paid on the shares.")
    full_count = fields.Integer(
        string="Shares paid in full", compute="_compute_amounts", help="Whole shares that what is paid covers."
    )
    value = fields.Integer(string="Value subscribed", compute="_compute_amounts")
    due = fields.Integer(string="Still to pay", compute="_compute_amounts")
    pay_by = fields.Date(string="To pay before", readonly=True)
    is_late = fields.Boolean(string="Late", compute="_compute_is_late", search="_search_is_late")
    ledger_account_id = fields.Many2one(
        "account.account", string="General ledger account", required=True, readonly=True, ondelete="restrict"
    )
    state = fields.Selection(
        [("active", "Active"), ("leaving", "Leaving"), ("closed", "Closed")],
        required=True,
        readonly=True,
        default="active",
        index=True,
    )
    opened_on = fields.Date(string="Since", readonly=True)
    closed_on = fields.Date(readonly=True)
    dividend_savings_id = fields.Many2one(
        "kondo.savings.account",
        string="Dividends paid to",
        ondelete="restrict",
        check_company=True,
        domain="[('partner_id', '=', partner_id), ('state', '!=', 'closed')]",
        help="Empty: the member's demand account or passbook; without one the dividend waits at the caisse.",
    )
    entry_ids = fields.One2many("kondo.share.entry", "holding_id", string="Register", readonly=True)
    request_ids = fields.One2many("kondo.share.request", "holding_id", string="Requests", readonly=True)
    certificate_ids = fields.One2many("kondo.share.certificate", "holding_id", string="Certificates", readonly=True)

    _one_per_member = models.UniqueIndex("(product_id, partner_id)", "This member already has shares of this kind.")
    _number_unique = models.UniqueIndex("(company_id, number)")
    _never_negative = models.Constraint(
        "CHECK (paid >= 0 AND subscribed >= 0 AND nominal > 0)", "This member does not have that much in shares."
    )

    def init(self):
        apply_rules(self.env, self._table, HOLDING_RULES, ("kondo_share_register",))

    # ------------------------------------------------------------------ constraints, computes
    @api.constrains("dividend_savings_id")
    def _check_dividend_savings(self):
        for holding in self:
            account = holding.dividend_savings_id
            if account and (account.partner_id != holding.partner_id or account.kind in ("term", "guarantee")):
                raise ValidationError(self.env._("Dividends are paid to a demand account or a passbook of the holder."))

    @api.depends("subscribed", "paid", "nominal")
    def _compute_amounts(self):
        for holding in self:
            holding.value = holding.subscribed * holding.nominal
            holding.due = holding.value - holding.paid
            holding.full_count = holding.paid // holding.nominal if holding.nominal else 0

    @api.depends("pay_by", "company_id.business_date")
    def _compute_is_late(self):
        for holding in self:
            day = holding.company_id.sudo().business_date or fields.Date.context_today(holding)
            holding.is_late = bool(holding.pay_by and holding.pay_by < day)

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = SQL(
            "(SELECT h.id FROM kondo_share_holding h JOIN res_company c ON c.id = h.company_id"
            " WHERE h.pay_by < c.business_date)"
        )
        return [("id", "in" if True in value else "not in", late)]

    @api.depends("number", "partner_id")
    @api.depends_context("short_account")
    def _compute_display_name(self):
        for holding in self:
            holding.display_name = holding.number or "/"
            if not self.env.context.get("short_account"):
                holding.display_name += f" · {holding.partner_id.name or ''}"

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        if not has_ledger_key(self.env):
            raise AccessError(self.env._("Shares are subscribed at the counter, never typed in as a record."))
        return super().create(vals_list)

    def unlink(self):
        raise AccessError(self.env._("The shares of a member are refunded or transferred, never deleted."))

    # ------------------------------------------------------------------ for the ledger
    @api.model
    @api.private
    def _of(self, partner, product, dry=False):
        """The holding of a member, made empty when he has none yet. In a posting's transaction, as superuser."""
        holding = self.sudo().search([("product_id", "=", product.id), ("partner_id", "=", partner.id)], limit=1)
        if holding:
            return holding
        company = partner.company_id
        return (
            self.sudo()
            .with_context(kondo_ledger=LEDGER)
            .create(
                {
                    "number": "" if dry else self._next_number(company, product),
                    "company_id": company.id,
                    "product_id": product.id,
                    "partner_id": partner.id,
                    "nominal": product.nominal,
                    "ledger_account_id": product._paid_account().id,
                    "opened_on": company.business_date,
                }
            )
            .with_context(kondo_ledger=None)
        )

    @api.private
    def _move_subscribed(self, change):
        """Add `change` shares, guarded; locks the row. Returns {"subscribed", "paid"} after it."""
        self.ensure_one()
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE kondo_share_holding SET subscribed = subscribed + %s
                WHERE id = %s AND subscribed + %s >= 0 RETURNING subscribed, paid""",
            (change, self.id, change),
        )
        row = self.env.cr.dictfetchone()
        self.invalidate_recordset()
        if not row:
            raise UserError(self.env._("This member does not have that much in shares."))
        return row

    @api.private
    def _settle(self, values):
        """State and dates that follow a movement."""
        self.sudo().with_context(kondo_ledger=LEDGER).write(values)

    @api.model
    def _next_number(self, company, product):
        """NIO-PS-00042: a PostgreSQL sequence per caisse and kind of share, which takes no lock."""
        code = f"kondo.share.{company.id}.{product.id}"
        return company._kondo_next_of(code, f"{company.kondo_code}-{product.code}-")

    # ------------------------------------------------------------------ actions
    def action_request_refund(self):
        """Open a request for the refund of the shares, for the form's user to complete."""
        return self._new_request("refund")

    def action_request_transfer(self):
        return self._new_request("transfer")

    def _new_request(self, kind):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refund of shares") if kind == "refund" else self.env._("Transfer of shares"),
            "res_model": "kondo.share.request",
            "view_mode": "form",
            "context": {
                "default_holding_id": self.id,
                "default_kind": kind,
                "default_shares": self.subscribed if kind == "refund" else 1,
            },
        }

    def action_print_certificate(self):
        """Print the certificate of the shares paid in full; a new one when they changed since the last."""
        self.ensure_one()
        certificate = self.env["kondo.share.certificate"]._current(self)
        return self.env.ref("kondo_microfinance.action_report_share_certificate").report_action(certificate)

    @api.private
    def _card(self):
        """For the teller window."""
        self.ensure_one()
        return {
            "id": self.id,
            "number": self.number,
            "product": self.product_id.name,
            "subscribed": self.subscribed,
            "paid": self.paid,
            "nominal": self.nominal,
            "due": self.due,
            "pay_by": fields.Date.to_string(self.pay_by) if self.pay_by else False,
            "late": self.is_late,
            "state": self.state,
        }

    def _in_words(self):
        """4 × 5 000 F"""
        return f"{self.subscribed} × {spaced(self.nominal)} F"
