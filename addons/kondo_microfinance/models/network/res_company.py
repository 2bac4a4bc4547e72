import re

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import format_date

from ..ledger.key import LEDGER, has_ledger_key


class ResCompany(models.Model):
    """The union is the root company, a caisse that keeps books is a child of it."""

    _inherit = "res.company"

    kondo_kind = fields.Selection([("union", "Union"), ("caisse", "Caisse")], string="Kind of institution", index=True)
    kondo_code = fields.Char(string="Caisse code", help="Starts member, account and receipt numbers: NIO for Niono.")
    kondo_number = fields.Integer(
        string="Caisse number", help="Three digits that distinguish the caisse's own accounts in the shared chart."
    )
    business_date = fields.Date(
        help="The day on which operations are booked. Moved only by opening the next day, when every till is closed."
    )
    agreement_number = fields.Char(help="Number of the agreement (agrément) of the institution.")
    supervisor_name = fields.Char(
        string="Supervising authority",
        default="CCS-SFD",
        help="Name printed on documents. The CCS-SFD was reported in 2025 to become the Direction de la microfinance.",
    )
    kondo_region_id = fields.Many2one("kondo.region", string="Region")
    kondo_cercle_id = fields.Many2one("kondo.cercle", string="Cercle")
    kondo_commune_id = fields.Many2one("kondo.commune", string="Commune")
    point_ids = fields.One2many("kondo.point.of.service", "company_id", string="Points of service")
    till_ids = fields.One2many("kondo.till", "company_id", string="Tills and vaults")
    general_journal_id = fields.Many2one("account.journal", string="General operations journal", check_company=True)
    liaison_journal_id = fields.Many2one("account.journal", string="Inter-caisse journal", check_company=True)

    _kondo_code_unique = models.UniqueIndex(
        "(kondo_code) WHERE kondo_code IS NOT NULL", "Another caisse of the network already uses this code."
    )

    @api.constrains("kondo_code")
    def _check_kondo_code(self):
        for company in self:
            if company.kondo_code and not re.fullmatch(r"[A-Z]{2,5}", company.kondo_code):
                raise ValidationError(self.env._("A caisse code is two to five capital letters, such as NIO."))

    @api.constrains("kondo_kind", "parent_id")
    def _check_kondo_tree(self):
        for company in self:
            if company.kondo_kind == "caisse" and not company.parent_id:
                raise ValidationError(self.env._("A caisse belongs to a union: create it from the union."))

    def write(self, vals):
        if "business_date" in vals and not has_ledger_key(self.env):
            for company in self:
                if company.business_date and fields.Date.to_date(vals["business_date"]) != company.business_date:
                    raise UserError(self.env._("The business date moves only by opening the next business day."))
        return super().write(vals)

    # ------------------------------------------------------------------ business day
    @api.model
    @api.private
    def _day_end_steps(self):
        """Steps of the end of a business day: [(sequence, code, model, method)], run in the order of their sequence.

        A method takes (company, date, next_date): it runs after the tills of `date` are closed and before the business
        date moves to `next_date`, as superuser, in transactions of its own, and may run again without doing anything
        twice. It returns what it did (see `kondo.closing.step._said`), or a pair of that and of what is left to mend.
        """
        return []

    @api.model
    @api.private
    def _ends_month(self, date, next_date):
        """Whether the day that ends is the last business day of its month."""
        return (next_date.year, next_date.month) != (date.year, date.month)

    @api.model
    @api.private
    def _evening_of(self, date, next_date):
        """The morning up to which the evening of `date` counts: the next opening, but never beyond the month."""
        return min(next_date, date + relativedelta(day=31, days=1))

    def _move_business_date(self, date):
        """The advisory lock waits for the postings under way and keeps new ones out until the day has changed."""
        self.env.cr.execute("SELECT pg_advisory_xact_lock(%s, %s)", (self.env["kondo.operation"]._day_lock, self.id))
        self._check_day_may_end(date)
        self.with_context(kondo_ledger=LEDGER).write({"business_date": date})

    def _check_day_may_end(self, date):
        open_sessions = (
            self.env["kondo.till.session"].sudo().search([("company_id", "=", self.id), ("state", "!=", "closed")])
        )
        if open_sessions:
            raise UserError(
                self.env._(
                    "These tills are not closed yet: %(tills)s.", tills=", ".join(open_sessions.till_id.mapped("name"))
                )
            )
        current = self.sudo().business_date
        if current and date <= current:
            raise UserError(
                self.env._("The next business day must be later than %(date)s.", date=format_date(self.env, current))
            )

    @api.private
    def _check_visible(self):
        """Refuse when the caisse is not one of the current user's, whatever the context claims."""
        if self.env.su:
            return
        if self - self.env.user.sudo()._kondo_companies():
            raise UserError(self.env._("This caisse is not one of yours."))
