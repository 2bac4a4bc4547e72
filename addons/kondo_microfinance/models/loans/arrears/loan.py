from odoo import api, fields, models

from ....engine.classification import RISING
from ...fields import Francs

# Stage: months that the oldest unpaid instalment is late for at least (civil months), account, provision, expense, income.
STAGE_ACCOUNTS = {
    "immobilised": ("immobilised", None, None, None),
    "late_6": ("late_6", "provision_6", "charge_6", "reversal_6"),
    "late_12": ("late_12", "provision_12", "charge_12", "reversal_12"),
    "late_24": ("late_24", "provision_24", "charge_24", "reversal_24"),
}


class KondoLoan(models.Model):
    """What lateness leaves on the file."""

    _inherit = "kondo.loan"

    waiver_ids = fields.One2many("kondo.loan.waiver", "loan_id", string="Waivers of penalties", readonly=True)
    write_off_asked_by_id = fields.Many2one("res.users", string="Write-off asked by", readonly=True, copy=False)
    write_off_reason = fields.Char(string="Why it is written off", readonly=True, copy=False)
    written_off_on = fields.Date(string="Written off on", readonly=True, copy=False)
    deceased_on = fields.Date(string="Borrower died on", readonly=True, copy=False)
    death_document = fields.Char(string="Death certificate", readonly=True, copy=False)
    insurer = fields.Char(string="Insurer", readonly=True, copy=False)
    deposits_held = Francs(
        string="Guarantee deposits",
        compute="_compute_deposits_held",
        help="Savings held for this loan, the borrower's and the guarantors': no provision is needed for that part.",
    )

    def _refuse_guarded(self, names):
        mine = {
            "write_off_asked_by_id",
            "write_off_reason",
            "written_off_on",
            "deceased_on",
            "death_document",
            "insurer",
        }
        super()._refuse_guarded(names)
        if mine & set(names):
            super()._refuse_guarded({"state"})

    def _compute_deposits_held(self):
        held = dict(
            self.env["kondo.savings.hold"]
            .sudo()
            ._read_group(
                [
                    ("origin", "in", [name for name in self.mapped("name") if name]),
                    ("company_id", "in", self.company_id.ids),
                    ("kind", "=", "guarantee"),
                    ("state", "=", "active"),
                ],
                ["origin"],
                ["amount:sum"],
            )
        )
        for loan in self:
            loan.deposits_held = held.get(loan.name, 0)

    @api.model
    def _stage_months(self, day):
        """{stage: months late above which it begins}, from the dated parameters."""
        get = self.env["kondo.parameter"]._get
        return {stage: int(get(f"loan_stage_{stage}", day)) for stage in RISING}
