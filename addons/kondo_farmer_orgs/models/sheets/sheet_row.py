import uuid

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.kondo_microfinance.models.fields import Francs
from odoo.addons.kondo_microfinance.models.ledger.key import has_ledger_key

from .sheet import OPEN

# What is typed in the field; everything else of a row is made with it and never changes.
TYPED = frozenset({"paid", "saved", "attendance", "note", "sequence", "account_id"})
SAVINGS = ("demand", "passbook", "group", "planned")


class KondoSheetRow(models.Model):
    """Somebody on a collection sheet with one debt: what he owes, what he paid, what he saved, whether he came.

    The UUID is made with the row and goes out with the paper and the spreadsheet: what comes back is known by it.
    """

    _name = "kondo.sheet.row"
    _description = "Row of a collection sheet"
    _order = "sheet_id desc, sequence, id"
    _check_company_auto = True

    sheet_id = fields.Many2one("kondo.sheet", string="Sheet", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(
        related="sheet_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    date = fields.Date(related="sheet_id.date", store=True)
    state = fields.Selection(related="sheet_id.state", string="Sheet is")
    uuid = fields.Char(required=True, readonly=True, copy=False, default=lambda self: str(uuid.uuid4()))
    sequence = fields.Integer(string="No.", default=10)
    person_id = fields.Many2one(
        "kondo.org.person", string="Person", readonly=True, index="btree_not_null", ondelete="restrict",
        check_company=True,
    )  # fmt: skip
    partner_id = fields.Many2one(
        "res.partner", string="Member", readonly=True, index="btree_not_null", ondelete="restrict", check_company=True
    )
    organisation_id = fields.Many2one(
        "res.partner", string="Organisation", readonly=True, ondelete="restrict", check_company=True
    )
    village_id = fields.Many2one("kondo.village", string="Village", readonly=True, ondelete="restrict")
    name = fields.Char(required=True, readonly=True)
    phone = fields.Char(readonly=True)
    loan_id = fields.Many2one(
        "kondo.loan", string="Loan", readonly=True, index="btree_not_null", ondelete="restrict", check_company=True
    )
    due_principal = Francs(string="Principal due", readonly=True)
    due_interest = Francs(string="Interest due", readonly=True)
    due_other = Francs(string="Fees and penalties due", readonly=True)
    late = Francs(string="Late", readonly=True)
    due = Francs(string="Due", readonly=True)
    paid = Francs(string="Repaid")
    account_id = fields.Many2one(
        "kondo.savings.account", string="Savings account", index="btree_not_null", ondelete="restrict",
        check_company=True,
        domain="[('kind', 'in', ('demand', 'passbook', 'group', 'planned')), ('state', 'in', ('active', 'inactive')),"
        " '|', ('partner_id', '=', partner_id), ('partner_id', '=', organisation_id)]",
    )  # fmt: skip
    saved = Francs(string="Saved")
    attendance = fields.Selection(
        [("present", "Present"), ("represented", "Represented"), ("excused", "Excused"), ("absent", "Absent")]
    )
    note = fields.Char()

    _uuid_unique = models.UniqueIndex("(company_id, uuid)")
    _once = models.UniqueIndex(
        "(sheet_id, COALESCE(person_id, 0), COALESCE(partner_id, 0), COALESCE(loan_id, 0))",
        "This person already stands on the sheet for this loan.",
    )
    _sane = models.Constraint(
        "CHECK (paid >= 0 AND saved >= 0 AND late BETWEEN 0 AND due AND due = due_principal + due_interest + due_other"
        " AND due_principal >= 0 AND due_interest >= 0 AND due_other >= 0)",
        "An amount is never negative.",
    )
    _somewhere_to_go = models.Constraint(
        "CHECK ((paid = 0 OR loan_id IS NOT NULL) AND (saved = 0 OR account_id IS NOT NULL))",
        "A repayment needs a loan and savings need an account.",
    )
    _somebody = models.Constraint("CHECK (person_id IS NOT NULL OR partner_id IS NOT NULL)", "A row is somebody's.")

    # ------------------------------------------------------------------ constraints
    @api.constrains("account_id", "partner_id", "organisation_id")
    def _check_account(self):
        """Savings go to an account of the person or of his organisation, of a kind that takes deposits."""
        for row in self.filtered("account_id"):
            account = row.account_id.sudo()
            holders = row.partner_id | row.organisation_id
            if account.partner_id not in holders or account.kind not in SAVINGS:
                raise UserError(
                    self.env._(
                        "The account %(account)s takes no savings of %(name)s.", account=account.number, name=row.name
                    )
                )

    # ------------------------------------------------------------------ create, write, unlink
    @api.model_create_multi
    def create(self, vals_list):
        if not has_ledger_key(self.env):
            raise AccessError(self.env._("Rows are made by the sheet: fill it, or add somebody to it."))
        return super().create(vals_list)

    def write(self, vals):
        if not has_ledger_key(self.env):
            self._check_open()
            if set(vals) - TYPED:
                raise AccessError(
                    self.env._("A row keeps its person, its loan and what is due. Remove it and add another.")
                )
            self._check_places(vals)
        result = super().write(vals)
        if {"paid", "saved"}.intersection(vals):
            self.sheet_id._refresh_totals()
        return result

    def unlink(self):
        self._check_open()
        sheets = self.sheet_id
        result = super().unlink()
        sheets._refresh_totals()
        return result

    def _check_places(self, vals):
        """Say in words, and with the name, what the database would only refuse."""
        for row in self:
            if vals.get("paid") and not row.loan_id:
                raise UserError(self.env._("%(name)s has no loan here: put the money under savings.", name=row.name))
            if vals.get("saved") and not (vals["account_id"] if "account_id" in vals else row.account_id):
                raise UserError(self.env._("%(name)s has no account for savings.", name=row.name))

    def _check_open(self):
        if any(sheet.state not in OPEN for sheet in self.sheet_id):
            raise AccessError(
                self.env._("A sheet that was returned no longer changes. The teller sends it back to be corrected.")
            )
