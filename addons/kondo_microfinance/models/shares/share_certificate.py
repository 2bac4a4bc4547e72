from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..fields import Francs
from ..ledger.key import LEDGER, has_ledger_key


class KondoShareCertificate(models.Model):
    """The paper that says how many shares a member holds. A new one is issued when they change; the former falls."""

    _name = "kondo.share.certificate"
    _description = "Share certificate"
    _inherit = ["kondo.guarded"]
    _order = "id desc"
    _rec_name = "number"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {"number", "company_id", "holding_id", "shares", "amount", "issued_on", "issued_by_id", "state"}
    )

    number = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True, index=True)
    holding_id = fields.Many2one(
        "kondo.share.holding",
        string="Shares",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    partner_id = fields.Many2one(related="holding_id.partner_id", string="Holder")
    shares = fields.Integer(string="Shares paid in full", required=True, readonly=True)
    amount = Francs(readonly=True)
    issued_on = fields.Date(required=True, readonly=True)
    issued_by_id = fields.Many2one("res.users", required=True, readonly=True)
    state = fields.Selection(
        [("valid", "In force"), ("replaced", "Replaced")], required=True, readonly=True, default="valid"
    )
    print_count = fields.Integer(compute="_compute_print_count", string="Prints")

    _number_unique = models.UniqueIndex("(company_id, number)")
    _one_in_force = models.UniqueIndex(
        "(holding_id) WHERE state = 'valid'", "These shares already have a certificate in force."
    )

    def _compute_print_count(self):
        counts = dict(
            self.env["kondo.print.log"]._read_group(
                [("share_certificate_id", "in", self.ids)], ["share_certificate_id"], ["__count"]
            )
        )
        for certificate in self:
            certificate.print_count = counts.get(certificate, 0)

    @api.model_create_multi
    def create(self, vals_list):
        if not has_ledger_key(self.env):
            raise AccessError(self.env._("A certificate is issued from the member's shares."))
        return super().create(vals_list)

    def unlink(self):
        raise AccessError(self.env._("A certificate is kept."))

    @api.model
    @api.private
    def _current(self, holding):
        """The certificate in force of a holding; issued now when the shares paid in full are no longer those it says."""
        self.env["kondo.four.eyes"]._check_group("group_teller", "group_caisse_manager")
        holding.ensure_one()
        holding.check_access("read")
        holding.company_id._check_visible()
        holding = holding.sudo()
        self.env.cr.execute("SELECT 1 FROM kondo_share_holding WHERE id = %s FOR UPDATE", (holding.id,))
        holding.invalidate_recordset()
        if not holding.full_count:
            raise UserError(self.env._("The certificate is printed once at least one share is paid in full."))
        former = self.sudo().search([("holding_id", "=", holding.id), ("state", "=", "valid")])
        if former and former.shares == holding.full_count:
            return former.with_env(self.env)
        ledger = self.sudo().with_context(kondo_ledger=LEDGER)
        former.with_context(kondo_ledger=LEDGER).write({"state": "replaced"})
        self.env.flush_all()
        company = holding.company_id
        code = f"kondo.share.certificate.{company.id}"
        return ledger.create(
            {
                "number": company._kondo_next_of(code, f"{company.kondo_code}-C{holding.product_id.code}-"),
                "company_id": company.id,
                "holding_id": holding.id,
                "shares": holding.full_count,
                "amount": holding.full_count * holding.nominal,
                "issued_on": company.business_date or fields.Date.context_today(self),
                "issued_by_id": self.env.uid,
            }
        ).with_env(self.env)
