import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...engine.ages import is_young
from ...engine.words import spaced
from ..fields import Francs
from ..ledger.key import LEDGER

ROOTS = [
    ("181", "181 Earmarked resources, short term"),
    ("182", "182 Earmarked resources, medium term"),
    ("183", "183 Earmarked resources, long term"),
    ("503", "503 Credit funds"),
]
FLOWS = ("received", "returned", "lent", "repaid", "written_off")
# A loan that goes from one line to another: what the one is given back, the other lends.
MOVED = {"moved_in": "lent", "moved_out": "repaid"}


class KondoFundingLine(models.Model):
    """Money of a donor or a bank for lending: what came, what is lent of it, what is left.

    Its figures are moved by operations only: received - returned - written off - outstanding = available, never below
    zero. A line that does not revolve keeps what borrowers pay back (``held``) until it is given back to the donor: it is
    available and is not lent again (``lendable`` = available - held). The account of the line in the books is its own.
    """

    _name = "kondo.funding.line"
    _description = "Donor's line"
    _inherit = ["mail.thread", "kondo.guarded"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    _guarded_fields = frozenset({*FLOWS, "held", "account_id"})

    name = fields.Char(required=True, tracking=True)
    donor_id = fields.Many2one("res.partner", string="Donor", required=True, ondelete="restrict")
    agreement = fields.Char(required=True, help="Number and day of the agreement signed with the donor.")
    company_id = fields.Many2one(
        "res.company", string="Union", required=True, index=True, default=lambda self: self.env.company.sudo().root_id
    )
    active = fields.Boolean(default=True, tracking=True)
    amount = Francs(string="Amount agreed", required=True, tracking=True)
    date_from = fields.Date(string="From", required=True, default=fields.Date.context_today, tracking=True)
    date_to = fields.Date(
        string="Until", help="No loan is paid out of it after this day. Empty: no end.", tracking=True
    )
    currency_id = fields.Many2one(
        "res.currency", string="Currency of the agreement", default=lambda self: self.env.ref("base.XOF", False)
    )
    currency_amount = fields.Float(string="Amount in that currency", digits=(16, 2))
    revolving = fields.Boolean(
        default=True,
        tracking=True,
        help="What borrowers repay is lent again. Otherwise it waits to be given back to the donor.",
    )
    guarantee_percent = fields.Float(
        string="Loss borne by the donor (%)",
        digits=(16, 6),
        help="Of what is written off; 0: the network bears it all.",
    )
    account_root = fields.Selection(ROOTS, string="Account", required=True, default="182")
    account_id = fields.Many2one("account.account", string="Ledger account", readonly=True, ondelete="restrict")

    # Whom it may reach
    for_individuals = fields.Boolean(string="Individuals", default=True, tracking=True)
    for_groups = fields.Boolean(string="Groups", default=True, tracking=True)
    for_legal = fields.Boolean(string="Legal persons", default=True, tracking=True)
    women_only = fields.Boolean(help="Of individuals; a group is judged by its product.", tracking=True)
    youth_only = fields.Boolean(tracking=True)
    youth_from = fields.Integer(
        string="Young from (years)", default=15, required=True, help="Age on the day of the disbursement, included."
    )
    youth_to = fields.Integer(
        string="Young to (years)", default=35, required=True, help="Age on the day of the disbursement, included."
    )
    purpose_ids = fields.Many2many("kondo.loan.purpose", string="Purposes", help="Empty: every purpose.")
    sector_ids = fields.Many2many("kondo.loan.sector", string="Sectors", help="Empty: every sector.")
    zone_ids = fields.Many2many(
        "kondo.zone", string="Zones", help="Where the borrower's village must lie. Empty: everywhere."
    )
    maximum_rate = fields.Float(string="Highest rate (%)", digits=(16, 6), help="0: no limit.", tracking=True)
    borrower_limit = Francs(string="At most per borrower", help="Principal of this line; 0: no limit.", tracking=True)

    # Where it stands
    received = Francs(readonly=True, copy=False)
    returned = Francs(string="Given back", readonly=True, copy=False)
    lent = Francs(readonly=True, copy=False)
    repaid = Francs(readonly=True, copy=False)
    written_off = Francs(readonly=True, copy=False)
    held = Francs(
        string="Kept for the donor",
        readonly=True,
        copy=False,
        help="Paid back by borrowers of a line that does not revolve, and not yet given back to the donor.",
    )
    outstanding = fields.Integer(compute="_compute_standing", help="Principal that borrowers owe of it.")
    available = fields.Integer(compute="_compute_standing")
    lendable = fields.Integer(
        compute="_compute_standing", help="Of what is available; a line that does not revolve lends what came, once."
    )
    reserved = fields.Integer(compute="_compute_reserved", help="Granted, not yet paid out.")
    move_ids = fields.One2many("kondo.funding.move", "line_id", string="Movements", readonly=True)
    share_ids = fields.One2many("kondo.loan.funding", "line_id", string="Loans", readonly=True)

    _sane = models.Constraint(
        "CHECK (amount > 0 AND borrower_limit >= 0 AND maximum_rate >= 0 AND (date_to IS NULL OR date_to >= date_from)"
        " AND COALESCE(guarantee_percent, 0) BETWEEN 0 AND 100 AND COALESCE(currency_amount, 0) >= 0)",
        "A line has an amount, and ends after it begins.",
    )
    _never_below_zero = models.Constraint(
        "CHECK (received >= 0 AND returned >= 0 AND lent >= 0 AND repaid >= 0 AND written_off >= 0"
        " AND held >= 0 AND received - returned - lent + repaid >= held AND lent - repaid - written_off >= 0)",
        "A line never pays out more than it has.",
    )
    _youth_sane = models.Constraint(
        "CHECK (youth_from >= 0 AND youth_to >= youth_from)",
        "The ages of young people go from the lower to the higher.",
    )
    _name_unique = models.UniqueIndex("(company_id, name)", "Another line already has this name.")

    # ------------------------------------------------------------------ computes
    @api.depends(*FLOWS, "held")
    def _compute_standing(self):
        for line in self:
            line.outstanding = line.lent - line.repaid - line.written_off
            line.available = line.received - line.returned - line.lent + line.repaid
            line.lendable = line.available - line.held

    @api.depends("share_ids.loan_id.state", "share_ids.percent")
    def _compute_reserved(self):
        promised = self.env["kondo.loan.funding"].sudo()
        promised = promised.search([("line_id", "in", self.ids), ("loan_id.commitment", ">", 0)])
        for line in self:
            line.reserved = sum(share._promised() for share in promised if share.line_id == line)

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        for line in lines:
            if line.company_id != line.company_id.root_id:
                raise ValidationError(self.env._("A line belongs to the union; its caisses lend from it."))
            line._open_account()
        return lines

    def write(self, vals):
        if {"company_id", "account_root"}.intersection(vals) and self.sudo().move_ids:
            raise UserError(self.env._("Money has moved on this line: its account no longer changes."))
        changed = "revolving" in vals and self.filtered(lambda line: line.revolving != bool(vals["revolving"]))
        if changed and any(changed.sudo().mapped("lent")):
            raise UserError(self.env._("Money of this line has been lent: whether it is lent again no longer changes."))
        result = super().write(vals)
        if "account_root" in vals:
            for line in self:
                line._open_account()
        return result

    def unlink(self):
        if self.sudo().move_ids or self.sudo().share_ids:
            raise UserError(self.env._("This line finances loans or has received money: archive it."))
        return super().unlink()

    @api.private
    def _is_young(self, born, day):
        """Whether somebody born on a day is a young person of this line on another."""
        self.ensure_one()
        return is_young(born, day, self.youth_from, self.youth_to)

    def _open_account(self):
        """The line's own account under its root: 1820001, 1820002…"""
        self.ensure_one()
        accounts = self.env["account.account"].sudo().with_company(self.sudo().company_id)
        root = self.sudo().company_id._kondo_account(self.account_root)
        rank = accounts.search_count([("code", "=like", f"{self.account_root}____")]) + 1
        account = accounts.create(
            {
                "code": f"{self.account_root}{rank:04d}",
                "name": self.name,
                "account_type": root.account_type,
                "company_ids": [(6, 0, self.company_id.ids)],
            }
        )
        account.with_context(kondo_ledger=LEDGER).kondo_control = "funding"
        self.with_context(kondo_ledger=LEDGER).account_id = account

    # ------------------------------------------------------------------ money of the donor
    def action_receive(self):
        """The window that enters a tranche received from the donor, or money given back to him."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "kondo.funding.transfer",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_id": self.id},
        }

    def receive(self, journal_id, amount, note, key=None):
        """Book a tranche that the donor has paid to a bank account; returns the answer of the operation.

        :param journal_id: bank journal of a caisse or of the union, in whose books it comes
        :param amount: francs, above zero
        :raises UserError: more than agreed, not the accountant, another network's bank
        """
        return self._transfer("funding_receipt", journal_id, amount, note, key)

    def give_back(self, journal_id, amount, note, key=None):
        """Book what is paid back to the donor from a bank account, out of what the line has left."""
        return self._transfer("funding_return", journal_id, amount, note, key)

    def _transfer(self, kind, journal_id, amount, note, key):
        self.ensure_one()
        self.check_access("read")
        journal = self.env["account.journal"].browse(journal_id).exists()
        journal.check_access("read")
        if not journal:
            raise UserError(self.env._("Choose a bank account of your caisse."))
        values = {"line_id": self.id, "journal_id": journal.id, "amount": amount, "note": note}
        company = journal.sudo().company_id
        return self.env["kondo.operation"]._submit(kind, key or str(uuid.uuid4()), values, company=company)

    @api.private
    def _flow(self, posting, flow, amount, loan=None):
        """Move a figure of the line by `amount` francs with its row, in the transaction of `posting`."""
        self.ensure_one()
        if not amount:
            return
        self.env.flush_all()
        figure = MOVED.get(flow, flow)
        change = {"received": 1, "returned": -1, "lent": -1, "repaid": 1, "written_off": 0}[figure] * amount
        kept = {"repaid": amount, "returned": -amount}.get(flow, 0)  # what a line that does not revolve keeps
        self.env.cr.execute(
            f"""UPDATE kondo_funding_line
                   SET {figure} = {figure} + %(amount)s,
                       held = CASE WHEN revolving THEN 0 ELSE GREATEST(0, held + %(kept)s) END
                 WHERE id = %(line)s AND received - returned - lent + repaid + %(change)s
                       >= CASE WHEN revolving THEN 0 ELSE GREATEST(0, held + %(kept)s) END""",
            {"amount": amount, "line": self.id, "change": change, "kept": kept},
        )
        if not self.env.cr.rowcount:
            self.invalidate_recordset()
            raise UserError(
                self.env._(
                    "The line %(line)s has only %(available)s F left; %(amount)s F are asked of it.",
                    line=self.name,
                    available=spaced(self.lendable if figure == "lent" else self.available),
                    amount=spaced(amount),
                )
            )
        self.invalidate_recordset([*FLOWS, "held", "outstanding", "available", "lendable"], flush=False)
        self.env["kondo.funding.move"].sudo().with_context(kondo_ledger=LEDGER).create(
            {
                "line_id": self.id,
                "loan_id": loan.id if loan else False,
                "company_id": posting.company_id,
                "operation_id": posting.operation_id,
                "flow": flow,
                "amount": amount,
            }
        )
