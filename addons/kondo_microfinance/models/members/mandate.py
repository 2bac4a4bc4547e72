from odoo import api, fields, models
from odoo.exceptions import UserError


class KondoMandate(models.Model):
    """Somebody whom a member lets act on his accounts: alone or with another, until a day, and with his own face."""

    _name = "kondo.mandate"
    _description = "Mandatary"
    _inherit = ["mail.thread"]
    _order = "partner_id, date_from desc, id"
    _rec_name = "holder_name"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner", string="Member", required=True, index=True, ondelete="cascade",
        domain="[('is_kondo_member', '=', True)]", check_company=True,
    )  # fmt: skip
    company_id = fields.Many2one(
        related="partner_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    holder_name = fields.Char(string="Name", required=True, tracking=True)
    holder_phone = fields.Char(string="Phone")
    holder_document = fields.Char(string="Identity document", help="Kind and number: NINA 18701234567890K.")
    role = fields.Char(help="Place in the group or the family: president, treasurer, spouse…")
    photo = fields.Image(max_width=512, max_height=512)
    specimen_signature = fields.Image(string="Signature or thumbprint", max_width=1024, max_height=512)
    scope = fields.Selection(
        [
            ("alone", "Withdraws alone"),
            ("together", "Withdraws with another signatory"),
            ("inquire", "Asks and deposits only"),
        ],
        string="May do",
        required=True,
        default="alone",
        tracking=True,
    )
    date_from = fields.Date(string="From", required=True, default=fields.Date.context_today, tracking=True)
    date_to = fields.Date(string="Until", tracking=True, help="Empty: until it is withdrawn.")
    is_current = fields.Boolean(string="In force", compute="_compute_is_current", search="_search_is_current")

    _dates = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)", "A mandate cannot end before it begins."
    )

    @api.depends("date_from", "date_to")
    def _compute_is_current(self):
        today = fields.Date.context_today(self)
        for mandate in self:
            mandate.is_current = bool(
                mandate.date_from and mandate.date_from <= today and (not mandate.date_to or mandate.date_to >= today)
            )

    def _search_is_current(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        return [("date_from", "<=", today), "|", ("date_to", "=", False), ("date_to", ">=", today)]

    @api.model_create_multi
    def create(self, vals_list):
        mandates = super().create(vals_list)
        mandates.partner_id._check_kondo_file_access()
        return mandates

    def write(self, vals):
        if "partner_id" in vals and any(mandate.partner_id.id != vals["partner_id"] for mandate in self):
            raise UserError(self.env._("A mandate stays with the member who gave it."))
        return super().write(vals)

    def action_end(self):
        """The member withdraws the mandate: it no longer holds from today."""
        yesterday = fields.Date.subtract(fields.Date.context_today(self), days=1)
        for mandate in self.filtered("is_current"):
            mandate.date_to = max(mandate.date_from, yesterday)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A mandate is kept to show who could withdraw, and when: end it instead."))

    # ------------------------------------------------------------------ helpers
    def _card(self):
        self.ensure_one()
        scopes = dict(self._fields["scope"]._description_selection(self.env))
        return {
            "name": self.holder_name,
            "role": self.role or False,
            "phone": self.holder_phone or False,
            "scope": scopes[self.scope],
            "until": fields.Date.to_string(self.date_to) if self.date_to else False,
            "photo_url": self._image_url("photo"),
            "signature_url": self._image_url("specimen_signature"),
        }

    def _image_url(self, name):
        if not self.with_context(bin_size=True)[name]:
            return False
        return f"/web/image/{self._name}/{self.id}/{name}?unique={self.write_date:%Y%m%d%H%M%S}"
