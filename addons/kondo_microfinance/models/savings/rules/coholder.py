from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class KondoSavingsCoholder(models.Model):
    """Another member to whom the account belongs too, from a day and possibly until one."""

    _name = "kondo.savings.coholder"
    _description = "Co-holder"
    _order = "account_id, date_from, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    account_id = fields.Many2one(
        "kondo.savings.account", required=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(
        related="account_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Member",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('is_kondo_member', '=', True), ('member_state', '=', 'active')]",
    )
    member_number = fields.Char(related="partner_id.member_number")
    date_from = fields.Date(string="From", required=True, default=fields.Date.context_today)
    date_to = fields.Date(string="Until", help="Last day; empty: until it is ended.")
    is_current = fields.Boolean(string="In force", compute="_compute_is_current", search="_search_is_current")

    _dates = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)", "A co-holder cannot leave before he comes."
    )
    _once = models.UniqueIndex(
        "(account_id, partner_id) WHERE date_to IS NULL", "This member already holds the account with the others."
    )

    @api.depends("date_from", "date_to")
    def _compute_is_current(self):
        today = fields.Date.context_today(self)
        for coholder in self:
            coholder.is_current = bool(
                coholder.date_from
                and coholder.date_from <= today
                and (not coholder.date_to or coholder.date_to >= today)
            )

    def _search_is_current(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        return [("date_from", "<=", today), "|", ("date_to", "=", False), ("date_to", ">=", today)]

    @api.constrains("account_id", "partner_id")
    def _check_partner(self):
        for coholder in self:
            partner, account = coholder.partner_id, coholder.account_id
            if not partner.is_kondo_member or partner.company_id != account.company_id:
                raise ValidationError(self.env._("A co-holder is a member of the same caisse."))
            if partner == account.partner_id:
                raise ValidationError(self.env._("%(name)s already holds this account.", name=partner.name))

    @api.model_create_multi
    def create(self, vals_list):
        coholders = super().create(vals_list)
        for coholder in coholders:
            coholder._check_manager()
            coholder._log(self.env._("Co-holder: %(name)s", name=coholder.partner_id.name))
        return coholders

    def write(self, vals):
        if {"account_id", "partner_id", "date_from"} & set(vals):
            raise UserError(self.env._("A co-holder stays as he was entered: end him and enter another."))
        for coholder in self:
            coholder._check_manager()
        result = super().write(vals)
        for coholder in self.filtered("date_to"):
            coholder._log(
                self.env._("Co-holder until %(date)s: %(name)s", date=coholder.date_to, name=coholder.partner_id.name)
            )
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A co-holder is kept to show whose money it was, and when: end him instead."))

    def action_end(self):
        """No longer a holder from today."""
        for coholder in self.filtered("is_current"):
            coholder._check_manager()
            coholder._end(fields.Date.subtract(fields.Date.context_today(self), days=1))

    def _end(self, day):
        for coholder in self:
            super(KondoSavingsCoholder, coholder).write({"date_to": max(coholder.date_from, day)})

    def _check_manager(self):
        if not self.env.su:
            self.env["kondo.four.eyes"]._check_group("group_caisse_manager")
            self.company_id._check_visible()

    def _log(self, text):
        self.account_id.sudo().message_post(body=text, author_id=self.env.user.partner_id.id)


class KondoSavingsAccount(models.Model):
    _inherit = "kondo.savings.account"

    joint_rule = fields.Selection(
        [("either", "Either holder signs"), ("all", "All holders sign together")],
        string="Signatures",
        required=True,
        default="either",
        tracking=True,
        help="Who signs for a withdrawal when the account has several holders.",
    )
    coholder_ids = fields.One2many("kondo.savings.coholder", "account_id", string="Co-holders")
    is_joint = fields.Boolean(string="Joint account", compute="_compute_is_joint", search="_search_is_joint")

    @api.depends("coholder_ids.date_from", "coholder_ids.date_to")
    def _compute_is_joint(self):
        for account in self:
            account.is_joint = bool(account.coholder_ids.filtered("is_current"))

    def _search_is_joint(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("coholder_ids", "any", [("is_current", "=", True)])]

    def _holders(self):
        """Who holds the account today: the holder, then the co-holders in force."""
        self.ensure_one()
        return self.partner_id | self.coholder_ids.filtered("is_current").partner_id


class ResPartner(models.Model):
    _inherit = "res.partner"

    coholding_ids = fields.One2many("kondo.savings.coholder", "partner_id", string="Accounts held with others")

    def _kondo_blocking_accounts(self):
        """A member leaves no account of which he is still a co-holder."""
        joint = self.sudo().coholding_ids.filtered(lambda one: one.is_current and one.account_id.state != "closed")
        return [*super()._kondo_blocking_accounts(), *joint.account_id.mapped("number")]
