import uuid

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...engine.words import spaced
from ..fields import Francs
from ..ledger.key import LEDGER


class KondoVaultCount(models.Model):
    """The count of a vault by two persons; a difference is posted with words when the second one confirms."""

    _name = "kondo.vault.count"
    _description = "Count of a vault"
    _inherit = ["kondo.guarded", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {
            "state", "company_id", "business_date", "counted", "theoretical", "difference", "difference_note",
            "counted_by_id", "counted_at", "confirmed_by_id", "confirmed_at",
        }
    )  # fmt: skip

    vault_id = fields.Many2one(
        "kondo.till",
        string="Vault",
        required=True,
        check_company=True,
        index=True,
        domain="[('kind', '=', 'vault')]",
        default=lambda self: self.env["kondo.cash.slip"]._only_place("vault"),
    )
    company_id = fields.Many2one("res.company", string="Caisse", required=True, readonly=True, index=True)
    business_date = fields.Date(readonly=True)
    counts = fields.Json(string="Notes and coins", default=dict)
    counted = Francs(readonly=True)
    theoretical = Francs(readonly=True)
    difference = Francs(readonly=True, help="Counted less theoretical: negative when cash is missing.")
    difference_note = fields.Char(string="Explanation of the difference", readonly=True)
    state = fields.Selection(
        [("draft", "Draft"), ("counted", "To confirm"), ("confirmed", "Confirmed"), ("cancelled", "Cancelled")],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
    )
    counted_by_id = fields.Many2one("res.users", string="Counted by", readonly=True)
    counted_at = fields.Datetime(readonly=True)
    confirmed_by_id = fields.Many2one("res.users", string="Confirmed by", readonly=True)
    confirmed_at = fields.Datetime(readonly=True)

    _one_at_a_time = models.UniqueIndex(
        "(vault_id) WHERE state = 'counted'", "A count of this vault is already waiting to be confirmed."
    )

    @api.depends("vault_id", "business_date")
    def _compute_display_name(self):
        for count in self:
            day = f" · {count.business_date:%d/%m/%Y}" if count.business_date else ""
            count.display_name = f"{count.vault_id.display_name}{day}"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vault = self.env["kondo.till"].browse(vals.get("vault_id")).sudo()
            if vault.kind != "vault":
                raise UserError(self.env._("Choose the vault."))
            vals.update(company_id=vault.company_id.id, state="draft", counts=vals.get("counts") or {})
        counts = super(KondoVaultCount, self.with_context(kondo_ledger=LEDGER)).create(vals_list)
        for count in counts:
            count.company_id.with_env(self.env)._check_visible()
        return counts.with_context(kondo_ledger=None)

    def write(self, vals):
        if self.env.context.get("kondo_ledger") is not LEDGER and any(count.state != "draft" for count in self):
            if set(vals) - {"message_main_attachment_id"}:
                raise AccessError(self.env._("A count no longer changes once it is made. Make another."))
        return super().write(vals)

    def unlink(self):
        raise AccessError(self.env._("The count of a vault is kept."))

    # ------------------------------------------------------------------ actions
    def action_count(self):
        """Validate the count; from here on what the books say is shown."""
        for count in self:
            count._check_role()
            total = self.env["kondo.till.session"]._count_total(count.counts or {})
            with self.env["kondo.operation"]._posting_env() as env:
                env[self._name].browse(count.id)._count_here(total)
        self.invalidate_recordset()

    def _count_here(self, total):
        count = self._locked("draft")
        theoretical = count.vault_id.cash
        count._set(
            state="counted",
            business_date=count.company_id.business_date,
            counted=total,
            theoretical=theoretical,
            difference=total - theoretical,
            counted_by_id=self.env.uid,
            counted_at=fields.Datetime.now(),
        )

    def action_confirm(self):
        self.confirm()

    def confirm(self, note=None):
        """The second person has seen the cash: he confirms the count, and explains a difference in words."""
        self.ensure_one()
        note = self.env["kondo.operation"]._check_text(note)
        self._check_role()
        with self.env["kondo.operation"]._posting_env() as env:
            env[self._name].browse(self.id)._confirm_here(note)
        self.invalidate_recordset()

    def _confirm_here(self, note):
        count = self._locked("counted")
        self.env["kondo.four.eyes"]._check_second_person(
            count.counted_by_id, self.env._("You counted this vault: another person confirms the count.")
        )
        if count.vault_id.cash != count.theoretical or count.business_date != count.company_id.business_date:
            raise UserError(
                self.env._(
                    "Cash has moved since this count: the vault held %(then)s F, it holds %(now)s F. Count it again.",
                    then=spaced(count.theoretical),
                    now=spaced(count.vault_id.cash),
                )
            )
        if count.difference:
            if not note:
                raise UserError(self.env._("Explain the difference in a few words."))
            count._set(difference_note=note)
            key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"kondo.vault.count,{count.id}"))
            self.env["kondo.operation"]._post_here(
                "till_difference", key, count.company_id.id, {"count_id": count.id, "note": note}, key
            )
        count._set(state="confirmed", confirmed_by_id=self.env.uid, confirmed_at=fields.Datetime.now())

    def action_cancel(self):
        for count in self:
            count._check_role()
            self.env.cr.execute("SELECT state FROM kondo_vault_count WHERE id = %s FOR UPDATE", (count.id,))
            if self.env.cr.fetchone()[0] not in ("draft", "counted"):
                raise UserError(self.env._("A confirmed count is kept. Make another."))
            count._set(state="cancelled")

    # ------------------------------------------------------------------ helpers
    def _check_role(self):
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group("group_caisse_manager", "group_accountant")
        self.company_id.with_env(self.env)._check_visible()

    def _locked(self, state):
        """The count and its vault as superuser, locked until the commit, in that state."""
        self.ensure_one()
        cr = self.env.cr
        cr.execute(
            "SELECT pg_advisory_xact_lock_shared(%s, %s)", (self.env["kondo.operation"]._day_lock, self.company_id.id)
        )
        cr.execute(
            """SELECT c.state FROM kondo_vault_count c JOIN kondo_till t ON t.id = c.vault_id
                WHERE c.id = %s FOR NO KEY UPDATE OF c, t""",
            (self.id,),
        )
        if cr.fetchone()[0] != state:
            raise UserError(self.env._("This count is no longer in that state."))
        count = self.sudo()
        count.invalidate_recordset()
        count.vault_id.invalidate_recordset()
        return count

    def _set(self, **values):
        self.sudo().with_context(kondo_ledger=LEDGER).write(values)
