from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.kondo_microfinance.models.fields import Francs
from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER, has_ledger_key


class KondoCampaignNeed(models.Model):
    """What an organisation asks of a campaign: for how much land or cattle, which inputs, how much cash."""

    _name = "kondo.campaign.need"
    _description = "Needs of an organisation"
    _order = "campaign_id, partner_id"
    _rec_name = "partner_id"
    _check_company_auto = True

    campaign_id = fields.Many2one("kondo.campaign", required=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner",
        string="Organisation",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('is_organisation', '=', True)]",
    )
    company_id = fields.Many2one(
        related="partner_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    measure = fields.Float(
        string="Hectares, heads or bags",
        digits=(16, 2),
        compute="_compute_measure",
        store=True,
        readonly=False,
        precompute=True,
        help="As the crop is counted; the organisation's hectares at first.",
    )
    input_ids = fields.One2many("kondo.campaign.need.input", "need_id", string="Inputs asked for")
    inputs_amount = Francs(string="Inputs (F)", compute="_compute_total", store=True)
    cash_asked = Francs(string="Cash (F)")
    total = Francs(string="Total (F)", compute="_compute_total", store=True)
    loan_id = fields.Many2one("kondo.loan", string="Loan request", readonly=True, copy=False, index="btree_not_null")
    loan_state = fields.Selection(related="loan_id.state", string="State of the loan")

    _once = models.UniqueIndex("(campaign_id, partner_id)", "The needs of this organisation are entered already.")
    _sane = models.Constraint("CHECK (COALESCE(measure, 0) >= 0 AND cash_asked >= 0)", "Needs are not negative.")

    # ------------------------------------------------------------------ computes, constraints
    @api.depends("partner_id")
    def _compute_measure(self):
        for need in self:
            need.measure = need.measure or need.partner_id.org_hectares

    @api.depends("input_ids.amount", "cash_asked")
    def _compute_total(self):
        for need in self:
            need.inputs_amount = sum(need.input_ids.mapped("amount"))
            need.total = need.inputs_amount + need.cash_asked

    @api.constrains("campaign_id", "partner_id")
    def _check_organisation(self):
        for need in self:
            if not need.partner_id.is_organisation or not need.company_id:
                raise ValidationError(self.env._("%(name)s is not an organisation.", name=need.partner_id.name))
            if need.campaign_id.sudo().company_id != need.company_id.sudo().root_id:
                raise ValidationError(self.env._("This campaign is not of your network."))

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("loan_id") for vals in vals_list) and not has_ledger_key(self.env):
            raise UserError(self.env._("The loan request of a need is made from the campaign."))
        needs = super().create(vals_list)
        needs.campaign_id._check_phase("needs", "committee")
        return needs

    def write(self, vals):
        if not has_ledger_key(self.env):
            self._check_open()
            if "loan_id" in vals:
                raise UserError(self.env._("The loan request of a need is made from the campaign."))
        return super().write(vals)

    def unlink(self):
        self._check_open()
        return super().unlink()

    def _check_open(self):
        """Refuse a change of needs that have their loan request, or after their time."""
        for need in self:
            if need.loan_id and need.loan_id.sudo().state not in ("refused", "cancelled"):
                raise UserError(
                    self.env._(
                        "The loan %(number)s was asked for with these needs: change the loan file.",
                        number=need.loan_id.sudo().name,
                    )
                )
        self.campaign_id._check_phase("needs", "committee")

    @api.private
    def _ask_with(self, loan):
        """Note the loan request made of these needs."""
        self.ensure_one()
        self.with_context(kondo_ledger=LEDGER).write({"loan_id": loan.id})
