from odoo import fields, models


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
    date_from = fields.Date(string="Begins on", required=True, default=fields.Date.context_today)
    marketing_on = fields.Date(
        string="Marketing on", required=True, help="When the harvest is paid: loans are due then."
    )
    date_to = fields.Date(string="Ends on")
    loan_ids = fields.One2many("kondo.loan", "campaign_id", string="Loans")

    _dates = models.Constraint(
        "CHECK (marketing_on > date_from AND (date_to IS NULL OR date_to >= marketing_on))",
        "A campaign is marketed after it begins and before it ends.",
    )
    _name_unique = models.UniqueIndex("(company_id, name)", "Another campaign has this name.")
