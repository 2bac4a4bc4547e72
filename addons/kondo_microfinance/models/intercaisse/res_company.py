from odoo import api, fields, models
from odoo.exceptions import UserError

from ..fields import Francs
from ..ledger.key import LEDGER


class ResCompany(models.Model):
    """What caisses need to work for each other: liaison accounts and journal, and the union's rules for it."""

    _inherit = "res.company"

    remote_operations = fields.Boolean(
        string="Operations at other caisses",
        default=True,
        help="On the union: members may deposit and withdraw at every caisse of the network, and transfer between caisses.",
    )
    remote_withdrawal_ceiling = Francs(
        string="Ceiling of a withdrawal elsewhere",
        help="Above this amount a supervisor of the paying caisse authorises the withdrawal; 0 for none.",
    )
    remote_withdrawal_day_ceiling = Francs(
        string="Ceiling of a day's withdrawals elsewhere",
        help="Total that an account may give at other caisses in one business day without a supervisor; 0 for none.",
    )
    remote_day_gap = fields.Integer(
        string="Days between business days",
        default=0,
        help="Largest difference, in days, between the business days of the two caisses of an operation; 0: the same day.",
    )
    liaison_days = fields.Integer(
        string="Days to settle between caisses",
        default=5,
        help="A balance between two caisses that is older is shown in red.",
    )
    remote_fee_ids = fields.One2many("kondo.remote.fee", "company_id", string="Fees of operations elsewhere")
    remote_closed_on = fields.Date(
        readonly=True,
        help="Business day that the caisse is ending: from then on no other caisse moves its accounts on that day.",
    )

    _remote_day_gap_positive = models.Constraint(
        "CHECK (remote_day_gap >= 0)", "The number of days between business days is not negative."
    )

    @api.model
    @api.private
    def _day_end_steps(self):
        return [*super()._day_end_steps(), (1, "remote_close", "kondo.intercaisse", "_day_end")]

    # ------------------------------------------------------------------ set-up
    def _kondo_set_up_caisse(self, tills):
        super()._kondo_set_up_caisse(tills)
        self._kondo_set_up_liaison()

    @api.private
    def _kondo_set_up_liaison(self):
        """The liaison journal, and the accounts that only operations between caisses move; safe to run again."""
        self.ensure_one()
        company = self.sudo()
        for code in ("391", "392", "3783"):
            company._kondo_controlled(code)
        if not company.liaison_journal_id:
            company.liaison_journal_id = (
                self.env["account.journal"]
                .sudo()
                .with_company(company)
                .create(
                    {
                        "name": self.env._("Inter-caisse"),
                        "code": "LIA",
                        "type": "general",
                        "company_id": company.id,
                        "restrict_mode_hash_table": True,
                    }
                )
            )

    def _kondo_controlled(self, code):
        """The shared account with this code, controlled by the ledger from its first use between caisses."""
        account = (
            self.env["account.account"]
            .sudo()
            .with_company(self.root_id)
            .search([("code", "=", code), ("company_ids", "parent_of", self.id)], limit=1)
        )
        if not account and code == "3783":
            account = account.with_context(kondo_ledger=LEDGER).create(
                {
                    "code": code,
                    "name": self.env._("Cash on the road between caisses"),
                    "account_type": "asset_current",
                    "company_ids": [(6, 0, self.root_id.ids)],
                }
            )
        account = account or self._kondo_account(code)
        if not account.kondo_control:
            account.with_context(kondo_ledger=LEDGER).kondo_control = "liaison"
        return account

    # ------------------------------------------------------------------ between two caisses
    @api.private
    def _kondo_liaison_account(self, other):
        """Where this caisse keeps what it owes to `other` or has to receive from it (391 the union, 392 a caisse)."""
        self.ensure_one()
        return self.sudo()._kondo_controlled("391" if other == self.root_id else "392")

    @api.private
    def _kondo_liaison_leg(self, posting, other, amount, label=""):
        """Add to `posting`, of this caisse, the leg of `amount` francs (debit positive) towards `other`."""
        posting.add_leg(
            self._kondo_liaison_account(other).id, amount, partner_id=other.sudo().partner_id.id, label=label
        )

    @api.private
    def _kondo_partner_caisses(self):
        """The other caisses of the network that keep books."""
        self.ensure_one()
        return (
            self.env["res.company"]
            .sudo()
            .search([("id", "child_of", self.sudo().root_id.id), ("kondo_kind", "=", "caisse"), ("id", "!=", self.id)])
        )

    @api.private
    def _kondo_check_days(self, other, here, there):
        """Refuse when the business days of this caisse (`here`) and of `other` (`there`) are too far apart."""
        if not there:
            raise UserError(
                self.env._(
                    "The caisse %(caisse)s has no open business day: try again when it is open.", caisse=other.name
                )
            )
        if abs((here - there).days) > self.sudo().root_id.remote_day_gap:
            raise UserError(
                self.env._(
                    "The caisse %(caisse)s works on the business day of %(there)s, yours on that of %(here)s: "
                    "both caisses must be on the same day.",
                    caisse=other.name,
                    there=f"{there:%d/%m/%Y}",
                    here=f"{here:%d/%m/%Y}",
                )
            )

    @api.private
    def _check_one_visible(self):
        """Refuse unless the user works in at least one of these companies."""
        if not self.env.su and not (self & self.env.user.sudo()._kondo_companies()):
            raise UserError(self.env._("This caisse is not one of yours."))
