from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.kondo_microfinance.models.fields import Francs
from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER, has_ledger_key

PHASES = [
    ("needs", "Needs"),
    ("committee", "Committee"),
    ("vouchers", "Input vouchers"),
    ("harvest", "Harvest"),
    ("marketing", "Marketing"),
    ("ended", "Ended"),
]
KEYS = [key for key, _label in PHASES]


class KondoCampaign(models.Model):
    """A season of a crop in a zone: what it needs, when it is paid for, when its harvest is sold."""

    _name = "kondo.campaign"
    _description = "Campaign"
    _inherit = ["mail.thread"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", string="Union", required=True, index=True, default=lambda self: self.env.company.sudo().root_id
    )
    crop_id = fields.Many2one("kondo.crop", required=True, ondelete="restrict", check_company=True)
    zone_id = fields.Many2one("kondo.zone", ondelete="restrict", check_company=True)
    state = fields.Selection(
        PHASES, string="Phase", required=True, readonly=True, default="needs", copy=False, tracking=True, index=True
    )

    # Calendar
    date_from = fields.Date(string="Begins on", required=True, default=fields.Date.context_today)
    committee_on = fields.Date(string="Committee on", help="When the loan requests of the campaign are decided.")
    vouchers_on = fields.Date(string="Inputs from", help="From when vouchers are issued and inputs delivered.")
    harvest_on = fields.Date(string="Harvest from")
    marketing_on = fields.Date(
        string="Marketing on", required=True, tracking=True, help="When the harvest is paid: loans are due then."
    )
    date_to = fields.Date(string="Ends on")
    grace_days = fields.Integer(
        string="Days after the marketing",
        default=0,
        tracking=True,
        help="Loans asked for from now on are due so many days after the marketing date.",
    )
    due_on = fields.Date(string="Loans due on", compute="_compute_due_on", store=True)

    # Plan
    loan_product_id = fields.Many2one(
        "kondo.loan.product",
        string="Loan product",
        ondelete="restrict",
        help="Of the loan requests made from the needs: repaid in one go.",
    )
    purpose_id = fields.Many2one("kondo.loan.purpose", string="Purpose", ondelete="restrict")
    sector_id = fields.Many2one("kondo.loan.sector", string="Sector", ondelete="restrict")
    expected_yield = fields.Float(
        string="Expected yield (kg)", digits=(16, 2), help="Of one hectare, head or bag, as the crop is counted."
    )
    expected_price = Francs(string="Expected price of a kg (F)")
    need_ids = fields.One2many("kondo.campaign.need", "campaign_id", string="Needs")
    loan_ids = fields.One2many("kondo.loan", "campaign_id", string="Loans")
    supply_ids = fields.One2many("kondo.input.supply", "campaign_id", string="Supply agreements")

    _dates = models.Constraint(
        "CHECK (marketing_on > date_from AND (date_to IS NULL OR date_to >= marketing_on))",
        "A campaign is marketed after it begins and before it ends.",
    )
    _calendar = models.Constraint(
        "CHECK (COALESCE(committee_on, date_from) >= date_from"
        " AND COALESCE(vouchers_on, committee_on, date_from) >= COALESCE(committee_on, date_from)"
        " AND COALESCE(harvest_on, vouchers_on, committee_on, date_from) >= COALESCE(vouchers_on, committee_on, date_from)"
        " AND marketing_on >= COALESCE(harvest_on, vouchers_on, committee_on, date_from))",
        "The dates of a campaign follow each other: needs, committee, inputs, harvest, marketing, end.",
    )
    _sane = models.Constraint(
        "CHECK (COALESCE(grace_days, 0) BETWEEN 0 AND 366 AND COALESCE(expected_yield, 0) >= 0 AND expected_price >= 0)",
        "Grace is 0 to 366 days; yield and price are not negative.",
    )
    _name_unique = models.UniqueIndex("(company_id, name)", "Another campaign has this name.")

    # ------------------------------------------------------------------ computes
    @api.depends("marketing_on", "grace_days")
    def _compute_due_on(self):
        for campaign in self:
            campaign.due_on = campaign.marketing_on and fields.Date.add(campaign.marketing_on, days=campaign.grace_days)

    # ------------------------------------------------------------------ create, write
    @api.model_create_multi
    def create(self, vals_list):
        if not has_ledger_key(self.env) and any(vals.get("state", "needs") != "needs" for vals in vals_list):
            raise UserError(self.env._("A campaign begins with its needs."))
        return super().create(vals_list)

    def write(self, vals):
        if "state" in vals and not has_ledger_key(self.env):
            raise UserError(self.env._("A campaign goes from phase to phase by its buttons."))
        return super().write(vals)

    # ------------------------------------------------------------------ phases
    def action_next_phase(self):
        """Go to the next phase: by the network."""
        self._move_phase(1, self.env._("This campaign has ended."))

    def action_previous_phase(self):
        """Back to the phase before, when it was left too early."""
        self._move_phase(-1, self.env._("This campaign is in its first phase."))

    def _move_phase(self, step, beyond):
        self.env["kondo.four.eyes"]._check_group("group_network_manager", "group_administrator")
        for campaign in self:
            campaign.check_access("write")
            place = KEYS.index(campaign.state) + step
            if not 0 <= place < len(KEYS):
                raise UserError(beyond)
            campaign.with_context(kondo_ledger=LEDGER).write({"state": KEYS[place]})

    def _check_phase(self, *phases):
        """Refuse what belongs to other phases of the campaign."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        for campaign in self.sudo():
            if campaign.state not in phases:
                raise UserError(
                    self.env._(
                        "The campaign %(campaign)s is in the phase “%(phase)s”: this is done in “%(phases)s”.",
                        campaign=campaign.name,
                        phase=labels[campaign.state],
                        phases=", ".join(labels[phase] for phase in phases),
                    )
                )
