from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

WAYS = [
    ("call", "Call"),
    ("visit", "Visit"),
    ("letter", "Letter"),
    ("relative", "Through relatives or the village"),
    ("notice", "Notice posted or published"),
]
RESULTS = [
    ("found", "Holder found"),
    ("heirs", "Heirs found"),
    ("no_answer", "No answer"),
    ("unknown", "Unknown at the address"),
]
SEARCHERS = ("group_teller", "group_loan_officer", "group_caisse_manager")


class KondoDormantContact(models.Model):
    """An attempt to find the holder of a dormant account: when, how, by whom, with what result. Never changed.

    BCEAO instructions 05, 06 and 07-06-2014: the search is to be proved before the money goes to the BCEAO.
    """

    _name = "kondo.dormant.contact"
    _description = "Search of the holder of a dormant account"
    _order = "day desc, id desc"
    _rec_name = "account_id"
    _check_company_auto = True

    account_id = fields.Many2one(
        "kondo.savings.account", required=True, index=True, ondelete="restrict", check_company=True,
        domain="[('state', 'in', ('inactive', 'dormant'))]",
    )  # fmt: skip
    company_id = fields.Many2one(
        related="account_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    partner_id = fields.Many2one(related="account_id.partner_id", string="Holder")
    day = fields.Date(
        required=True, default=lambda self: self.env.company.sudo().business_date or fields.Date.context_today(self)
    )
    way = fields.Selection(WAYS, required=True, default="call")
    user_id = fields.Many2one(
        "res.users", string="By", required=True, readonly=True, default=lambda self: self.env.user
    )
    result = fields.Selection(RESULTS, required=True, default="no_answer")
    note = fields.Char(help="What was said, by whom; the reference of the letter or of the notice.")

    @api.model_create_multi
    def create(self, vals_list):
        self.env["kondo.four.eyes"]._check_group(*SEARCHERS)
        contacts = super().create([{**vals, "user_id": self.env.uid} for vals in vals_list])
        for contact in contacts:
            contact.company_id.with_env(self.env)._check_visible()
            if contact.account_id.state not in ("inactive", "dormant"):
                raise UserError(self.env._("The account %(number)s is in use.", number=contact.account_id.number))
            if contact.day > (contact.company_id.sudo().business_date or fields.Date.context_today(self)):
                raise UserError(self.env._("An attempt is recorded once it was made."))
        return contacts

    def write(self, vals):
        raise AccessError(self.env._("An attempt that was recorded is never changed: record another one."))

    def unlink(self):
        raise AccessError(self.env._("An attempt that was recorded is never changed: record another one."))


class KondoSavingsAccount(models.Model):
    _inherit = "kondo.savings.account"

    dormant_contact_ids = fields.One2many(
        "kondo.dormant.contact", "account_id", string="Search of the holder", readonly=True
    )
