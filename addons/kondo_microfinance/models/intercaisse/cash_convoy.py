import uuid

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...engine.words import spaced
from ..fields import Francs
from ..ledger.key import LEDGER

HANDLERS = ("group_caisse_manager", "group_accountant")


class KondoCashConvoy(models.Model):
    """A sealed bag of cash on the road between two caisses.

    Two persons let it leave the sender's vault; until it is counted at the other end it stands on the sender's account
    of cash on the road. The receiving caisse books what it counted; what is missing or too much stays with the sender,
    in words, confirmed by a second person.
    """

    _name = "kondo.cash.convoy"
    _description = "Cash between caisses"
    _inherit = ["kondo.guarded", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {
            "name", "state", "amount", "prepared_by_id", "prepared_at", "sent_by_id", "sent_at", "sent_on",
            "received_amount", "counted_by_id", "counted_at", "confirmed_by_id", "arrived_at", "arrived_on",
            "difference", "difference_note", "sent_operation_id", "received_operation_id", "received_counts",
        }
    )  # fmt: skip

    name = fields.Char(readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company", string="Sending caisse", required=True, index=True, default=lambda self: self.env.company
    )
    vault_id = fields.Many2one(
        "kondo.till",
        string="Vault",
        required=True,
        check_company=True,
        domain="[('kind', '=', 'vault'), ('company_id', '=', company_id)]",
        default=lambda self: self._only_vault(self.env.company),
    )
    dest_company_id = fields.Many2one("res.company", string="Receiving caisse", required=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    carrier = fields.Char(string="Carried by", help="Names of the persons who travel with the bag, and their vehicle.")
    seal = fields.Char(string="Seal number")
    counts = fields.Json(string="Notes and coins", default=dict)
    amount = Francs(readonly=True)
    note = fields.Char()
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("prepared", "Bag sealed"),
            ("road", "On the road"),
            ("counted", "Difference to confirm"),
            ("received", "Received"),
            ("returned", "Returned"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
    )
    prepared_by_id = fields.Many2one("res.users", string="Counted by", readonly=True)
    prepared_at = fields.Datetime(readonly=True)
    sent_by_id = fields.Many2one("res.users", string="Let go by", readonly=True)
    sent_at = fields.Datetime(readonly=True)
    sent_on = fields.Date(readonly=True, help="Business day of the sender.")
    received_counts = fields.Json(string="Counted on arrival", default=dict, readonly=True)
    received_amount = Francs(string="Received", readonly=True)
    counted_by_id = fields.Many2one("res.users", string="Received by", readonly=True)
    counted_at = fields.Datetime(readonly=True)
    confirmed_by_id = fields.Many2one("res.users", string="Difference confirmed by", readonly=True)
    arrived_at = fields.Datetime(string="Booked at", readonly=True)
    arrived_on = fields.Date(readonly=True, help="Business day of the sender when it left his account.")
    difference = Francs(readonly=True, help="Received less sent: negative when cash is missing.")
    difference_note = fields.Char(string="Explanation of the difference", readonly=True)
    sent_operation_id = fields.Many2one("kondo.operation", readonly=True)
    received_operation_id = fields.Many2one("kondo.operation", readonly=True)
    days = fields.Integer(string="Days on the road", compute="_compute_days")
    mine = fields.Selection(
        [("from", "Sender"), ("to", "Receiver")], compute="_compute_mine", string="Side of the user"
    )

    _amounts_positive = models.Constraint(
        "CHECK (amount >= 0 AND received_amount >= 0)", "An amount is never negative."
    )
    _two_caisses = models.Constraint("CHECK (company_id <> dest_company_id)", "A convoy goes to another caisse.")

    # ------------------------------------------------------------------ defaults, computes
    def _only_vault(self, company):
        vaults = self.env["kondo.till"].search([("kind", "=", "vault"), ("company_id", "=", company.id)])
        return vaults if len(vaults) == 1 else vaults.browse()

    @api.depends("state", "sent_on")
    def _compute_days(self):
        today = fields.Date.context_today(self)
        for convoy in self:
            waiting = convoy.state in ("road", "counted")
            convoy.days = max(0, (today - convoy.sent_on).days) if waiting and convoy.sent_on else 0

    @api.depends_context("uid", "allowed_company_ids")
    @api.depends("company_id", "dest_company_id")
    def _compute_mine(self):
        companies = self.env.companies
        for convoy in self:
            convoy.mine = "from" if convoy.company_id in companies else "to"

    @api.constrains("company_id", "dest_company_id", "vault_id")
    def _check_places(self):
        for convoy in self.sudo():
            if convoy.vault_id.kind != "vault" or convoy.vault_id.company_id != convoy.company_id:
                raise UserError(self.env._("Choose the vault."))
            if (
                convoy.dest_company_id.kondo_kind != "caisse"
                or convoy.dest_company_id.root_id != convoy.company_id.root_id
            ):
                raise UserError(self.env._("Choose a caisse of the same union."))

    # ------------------------------------------------------------------ writing
    @api.model_create_multi
    def create(self, vals_list):
        """The amount is the total of the count; the number is given at once."""
        for vals in vals_list:
            vals["counts"] = vals.get("counts") or {}
            vals["amount"] = self.env["kondo.till.session"]._count_total(vals["counts"])
            vals["state"] = "draft"
        convoys = super(KondoCashConvoy, self.with_context(kondo_ledger=LEDGER)).create(vals_list)
        for convoy in convoys:
            convoy.company_id.with_env(self.env)._check_visible()
            convoy.name = f"FR-{convoy.sudo().company_id.kondo_code}-{convoy.id:05d}"
        return convoys.with_context(kondo_ledger=None)

    def write(self, vals):
        inside = self.env.context.get("kondo_ledger") is LEDGER
        if (
            not inside
            and any(convoy.state != "draft" for convoy in self)
            and set(vals) - {"message_main_attachment_id"}
        ):
            raise AccessError(self.env._("A sealed bag no longer changes. Cancel it and prepare another."))
        result = super().write(vals)
        if "counts" in vals and not inside:
            for convoy in self:
                convoy.with_context(kondo_ledger=LEDGER).amount = self.env["kondo.till.session"]._count_total(
                    convoy.counts or {}
                )
        return result

    def unlink(self):
        raise AccessError(self.env._("A convoy is cancelled, never deleted."))

    # ------------------------------------------------------------------ actions
    def action_prepare(self):
        """The bag is counted and sealed by one person; another lets it go."""
        for convoy in self:
            convoy._check_side(convoy.company_id)
            convoy._check_state("draft", self.env._("This bag is already sealed."))
            if not convoy.amount:
                raise UserError(self.env._("Count the notes and coins first."))
            if not convoy.seal or not convoy.carrier:
                raise UserError(self.env._("Note the number of the seal and who carries the bag."))
            convoy._set(state="prepared", prepared_by_id=self.env.uid, prepared_at=fields.Datetime.now())

    def action_send(self):
        """Let the bag go: out of the vault, on the road. Never the person who counted it."""
        for convoy in self:
            convoy._check_side(convoy.company_id)
            with self.env["kondo.operation"]._posting_env() as env:
                env[self._name].browse(convoy.id)._send_here()
        self.invalidate_recordset()

    def _send_here(self):
        convoy = self._locked("prepared", self.env._("This bag is not ready to leave."))
        self.env["kondo.four.eyes"]._check_second_person(
            convoy.prepared_by_id, self.env._("You counted this bag: another person lets it go.")
        )
        key = convoy._key("sent")
        answer = self.env["kondo.operation"]._post_here(
            "cash_sent", key, convoy.company_id.id, {"convoy_id": convoy.id}, key
        )
        convoy._set(
            state="road",
            sent_by_id=self.env.uid,
            sent_at=fields.Datetime.now(),
            sent_on=answer["business_date"],
            sent_operation_id=answer["operation_id"],
        )

    def action_cancel(self):
        for convoy in self:
            convoy._check_side(convoy.company_id)
            self.env.cr.execute("SELECT state FROM kondo_cash_convoy WHERE id = %s FOR UPDATE", (convoy.id,))
            if self.env.cr.fetchone()[0] not in ("draft", "prepared"):
                raise UserError(self.env._("The bag has left: it is received, or returned."))
            convoy._set(state="cancelled")

    def receive(self, counts, returned=False):
        """Count the bag on arrival. An equal count is booked at once; a difference waits for a second person.

        :param counts: {denomination key: pieces}
        :param returned: True when the bag comes back to the caisse that sent it
        :return: dict received, sent, difference in francs
        """
        self.ensure_one()
        total = self.env["kondo.till.session"]._count_total(counts)
        self._check_side(self.company_id if returned else self.sudo().dest_company_id)
        with self.env["kondo.operation"]._posting_env() as env:
            result = env[self._name].browse(self.id)._receive_here(counts, total, bool(returned))
        self.invalidate_recordset()
        return result

    def _receive_here(self, counts, total, returned):
        convoy = self._locked("road", self.env._("This bag is not on the road."))
        if returned:
            self.env["kondo.four.eyes"]._check_group(*HANDLERS)
            if total != convoy.amount:
                raise UserError(
                    self.env._(
                        "The bag left with %(sent)s F and %(counted)s F are counted: a bag that comes back incomplete "
                        "is received at the other caisse, or declared to the network.",
                        sent=spaced(convoy.amount),
                        counted=spaced(total),
                    )
                )
        convoy._set(
            received_counts=counts,
            received_amount=total,
            difference=total - convoy.amount,
            counted_by_id=self.env.uid,
            counted_at=fields.Datetime.now(),
        )
        if total == convoy.amount:
            convoy._book_arrival("returned" if returned else "received")
        else:
            convoy._set(state="counted")
        return {"received": total, "sent": convoy.amount, "difference": total - convoy.amount}

    def action_recount(self):
        """Open the bag's count again, before the difference is booked."""
        for convoy in self:
            convoy._check_side(convoy.sudo().dest_company_id)
            with self.env["kondo.operation"]._posting_env() as env:
                again = env[self._name].browse(convoy.id)._locked("counted", env._("Nothing is waiting here."))
                again.message_post(
                    body=env._(
                        "New count asked: %(counted)s F had been counted for %(sent)s F.",
                        counted=spaced(again.received_amount),
                        sent=spaced(again.amount),
                    ),
                    author_id=env.user.partner_id.id,
                )
                again._set(state="road", received_amount=0, difference=0, received_counts={}, counted_by_id=False)
        self.invalidate_recordset()

    def confirm_difference(self, note):
        """Book an arrival with a difference, explained in words by another person than the one who counted."""
        self.ensure_one()
        note = self.env["kondo.operation"]._check_text(note)
        self._check_side(self.sudo().dest_company_id)
        with self.env["kondo.operation"]._posting_env() as env:
            convoy = env[self._name].browse(self.id)._locked("counted", env._("Nothing is waiting here."))
            env["kondo.four.eyes"]._check_second_person(
                convoy.counted_by_id, env._("You counted this bag: another person confirms the difference.")
            )
            if not note:
                raise UserError(env._("Explain the difference in a few words."))
            convoy._set(difference_note=note, confirmed_by_id=env.uid)
            convoy._book_arrival("received")
        self.invalidate_recordset()

    def action_open_operations(self):
        """The operations of the convoy in the books that the user sees."""
        self.ensure_one()
        keys = [self._key("sent"), self._key("received")]
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "kondo.operation",
            "views": [(False, "list"), (False, "form")],
            "domain": [("uuid", "in", keys)],
        }

    # ------------------------------------------------------------------ helpers
    @api.private
    def _book_arrival(self, state):
        """Post the arrival in both caisses; `self` as superuser in a posting's transaction."""
        operations = self.env["kondo.operation"].sudo(False)
        key = self._key("received")
        values = {"convoy_id": self.id}
        if state == "returned" or not self.received_amount:
            answer = operations._post_here("cash_received", key, self.company_id.id, values, key)
        else:
            self.dest_company_id._kondo_check_days(
                self.company_id, self.dest_company_id.business_date, self.company_id.business_date
            )
            answer = operations._post_together(
                "cash_received", key, self.dest_company_id.id, self.company_id.ids, values, key
            )
        self._set(
            state=state,
            arrived_at=fields.Datetime.now(),
            arrived_on=self.company_id.business_date,
            received_operation_id=answer["operation_id"],
        )

    def _key(self, step):
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"kondo.cash.convoy,{self.id},{step}"))

    def _check_side(self, company):
        """A manager or accountant of that caisse."""
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group(*HANDLERS)
        company.with_env(self.env)._check_visible()

    def _check_state(self, state, message):
        if self.state != state:
            raise UserError(message)

    def _locked(self, state, message):
        """The convoy as superuser, locked until the commit, in that state."""
        self.ensure_one()
        self.env.cr.execute("SELECT state FROM kondo_cash_convoy WHERE id = %s FOR NO KEY UPDATE", (self.id,))
        convoy = self.sudo()
        convoy.invalidate_recordset()
        convoy._check_state(state, message)
        return convoy

    def _set(self, **values):
        self.sudo().with_context(kondo_ledger=LEDGER).write(values)
