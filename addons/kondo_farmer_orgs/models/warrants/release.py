from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.kondo_microfinance.engine.words import spaced
from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER, has_ledger_key


class KondoWarrantRelease(models.Model):
    """Bags that leave the store, against a repayment: who took them, and both padlocks opened."""

    _name = "kondo.warrant.release"
    _description = "Release of pledged stock"
    _inherit = ["kondo.guarded"]
    _order = "id desc"
    _check_company_auto = True

    _guarded_fields = frozenset({"name", "state", "entered_by_id", "confirmed_by_id", "operation_id"})

    name = fields.Char(string="Number", readonly=True, copy=False)
    warrant_id = fields.Many2one(
        "kondo.warrant",
        string="Warehouse receipt",
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
        domain="[('state', '=', 'received')]",
    )
    company_id = fields.Many2one(
        related="warrant_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    partner_id = fields.Many2one(related="warrant_id.partner_id", string="Organisation or member")
    crop_id = fields.Many2one(related="warrant_id.crop_id", string="Product")
    date = fields.Date(
        string="Day",
        required=True,
        default=lambda self: self.env.company.sudo().business_date or fields.Date.context_today(self),
    )
    bags = fields.Integer(required=True)
    kg = fields.Integer(string="Weight (kg)", required=True)
    taken_by = fields.Char(string="Taken by", required=True, help="Name, and number of the identity paper.")
    caisse_key_id = fields.Many2one(
        "res.users",
        string="Key of the caisse",
        required=True,
        compute="_compute_keys",
        store=True,
        readonly=False,
        precompute=True,
    )
    producer_key = fields.Char(
        string="Key of the producers",
        required=True,
        compute="_compute_keys",
        store=True,
        readonly=False,
        precompute=True,
    )
    producer_signed = fields.Boolean(string="The producers' key holder has signed")
    state = fields.Selection(
        [("draft", "To be confirmed"), ("done", "Released"), ("reversed", "Undone")],
        required=True,
        readonly=True,
        default="draft",
    )
    entered_by_id = fields.Many2one("res.users", string="Entered by", readonly=True, copy=False)
    confirmed_by_id = fields.Many2one("res.users", string="Confirmed by", readonly=True, copy=False)
    operation_id = fields.Many2one("kondo.operation", string="Operation", readonly=True, copy=False)
    releasable_kg = fields.Integer(related="warrant_id.releasable_kg", string="May be released (kg)")
    releasable_bags = fields.Integer(related="warrant_id.releasable_bags", string="May be released (bags)")
    kg_left = fields.Integer(related="warrant_id.kg_left", string="In store (kg)")

    _sane = models.Constraint("CHECK (bags >= 0 AND kg > 0)", "A release has a weight.")
    _second_person = models.Constraint(
        "CHECK (confirmed_by_id IS NULL OR confirmed_by_id <> entered_by_id)",
        "Somebody else confirms a release than who entered it.",
    )

    @api.depends("warrant_id")
    def _compute_keys(self):
        for release in self:
            release.caisse_key_id = release.warrant_id.caisse_key_id or release.caisse_key_id
            release.producer_key = release.warrant_id.producer_key or release.producer_key

    @api.depends("name")
    def _compute_display_name(self):
        for release in self:
            release.display_name = release.name or self.env._("New release")

    @api.onchange("bags")
    def _onchange_bags(self):
        """Bags of a lot weigh the same as far as anybody knows; the scales say otherwise."""
        lot = self.warrant_id
        if self.bags and lot.bags_left and not self.kg:
            self.kg = lot.kg_left * min(self.bags, lot.bags_left) // lot.bags_left

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        self.env["kondo.four.eyes"]._check_group("group_loan_officer", "group_caisse_manager")
        if not has_ledger_key(self.env):
            for vals in vals_list:
                self._refuse_guarded(name for name in vals if vals[name])
        ledger = self.with_context(kondo_ledger=LEDGER)
        releases = super(KondoWarrantRelease, ledger).create(
            [{**vals, "entered_by_id": self.env.uid} for vals in vals_list]
        )
        for release in releases:
            release.warrant_id.company_id.with_env(self.env)._check_visible()
            rank = self.sudo().search_count([("warrant_id", "=", release.warrant_id.id), ("id", "<=", release.id)])
            release.name = f"{release.warrant_id.name}/{rank}"
        return releases.with_context(kondo_ledger=None)

    def write(self, vals):
        if has_ledger_key(self.env):
            return super().write(vals)
        if any(release.state != "draft" for release in self):
            raise AccessError(self.env._("This stock has left the store: its release no longer changes."))
        if "warrant_id" in vals:
            raise UserError(self.env._("A release stays with its receipt."))
        self._refuse_guarded(vals)
        result = super().write(vals)
        if {"bags", "kg", "taken_by"}.intersection(vals):
            super(KondoWarrantRelease, self.with_context(kondo_ledger=LEDGER)).write({"entered_by_id": self.env.uid})
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_in_preparation(self):
        if any(release.state != "draft" for release in self):
            raise UserError(self.env._("This stock has left the store: its release is kept."))

    # ------------------------------------------------------------------ out of the store
    def action_confirm(self):
        """Let the bags go, by a second person, both key holders present."""
        for release in self:
            self.env["kondo.four.eyes"]._check_group("group_loan_officer", "group_caisse_manager")
            release.company_id.with_env(self.env)._check_visible()
            release.check_access("write")
            if release.state != "draft":
                raise UserError(self.env._("This stock has left the store: its release no longer changes."))
            release.warrant_id._move({"what": "released", "release_id": release.id})
            release.invalidate_recordset()

    def _check_exit(self):
        """Refuse a release that leaves the debt without its stock, or that both padlocks were not opened for."""
        _, lot = self.env._, self.warrant_id
        self.env["kondo.four.eyes"]._check_second_person(
            self.entered_by_id | self.create_uid, _("You entered this release: a second person confirms it.")
        )
        if self.caisse_key_id != self.env.user and self.caisse_key_id != self.entered_by_id:
            raise UserError(
                _("%(name)s holds the key of the caisse: he enters the release or confirms it.",
                  name=self.caisse_key_id.name)
            )  # fmt: skip
        if not self.producer_signed:
            raise UserError(_("The producers' key holder signs first: %(name)s.", name=self.producer_key))
        if self.kg > lot.kg_left or self.bags > lot.bags_left:
            raise UserError(
                _("The store holds %(bags)s bags, %(kg)s kg of this lot.",
                  bags=spaced(lot.bags_left), kg=spaced(lot.kg_left))
            )  # fmt: skip
        if (self.kg == lot.kg_left) != (self.bags == lot.bags_left):
            raise UserError(_("The last kilo leaves with the last bag: count and weigh again."))
        free = lot._releasable()
        if self.kg > free:
            loan = lot.loan_id
            raise UserError(
                _("The loan %(number)s still owes %(owed)s F: at most %(kg)s kg (%(value)s F) may leave now.",
                  number=loan.name, owed=spaced(loan.principal), kg=spaced(free),
                  value=spaced(free * lot._prudent_prices()[lot.id]))
                if loan.state == "active"
                else _("The stock stays in store while the loan %(number)s counts on it.", number=loan.name)
            )  # fmt: skip
