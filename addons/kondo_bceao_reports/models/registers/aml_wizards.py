from odoo import fields, models
from odoo.exceptions import UserError

from .aml_case import DECISIONS
from .register import WATCHERS

MOST_DAYS = 366  # of one search


class KondoAmlStep(models.TransientModel):
    """What the reviewer or the decider writes down; `kondo.aml.case` checks it."""

    _name = "kondo.aml.step"
    _description = "Step of a case"

    case_id = fields.Many2one("kondo.aml.case", required=True, readonly=True, ondelete="cascade")
    step = fields.Selection([("review", "Review"), ("decide", "Decision")], required=True, readonly=True)
    note = fields.Text(string="What was found, or why", required=True)
    unusual = fields.Boolean(
        string="Unusual or complex", help="Then the examination is enhanced from a lower amount on."
    )
    decision = fields.Selection(DECISIONS)
    centif_reference = fields.Char(string="Reference of the report")
    centif_on = fields.Date(string="Reported on")

    def action_confirm(self):
        self.ensure_one()
        if self.step == "review":
            self.case_id.review(self.note, self.unusual)
        else:
            self.case_id.decide(self.decision, self.note, self.centif_reference, self.centif_on)
        return {"type": "ir.actions.act_window_close"}


class KondoAmlSearch(models.TransientModel):
    """Detection over days that were closed before it was there, or after a threshold has changed."""

    _name = "kondo.aml.search"
    _description = "Search for cash over the thresholds"

    caisse_id = fields.Many2one(
        "res.company",
        string="Caisse",
        domain="[('kondo_kind', '=', 'caisse')]",
        default=lambda self: self.env.company if self.env.company.kondo_kind == "caisse" else False,
        help="Empty: every caisse that you see, and those who came to several of them on one day.",
    )
    date_from = fields.Date(
        string="From", required=True, default=lambda self: fields.Date.context_today(self).replace(day=1)
    )
    date_to = fields.Date(string="To", required=True, default=fields.Date.context_today)

    def action_search(self):
        """Find the cases of the days, and show those of the period."""
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group(*WATCHERS)
        if self.caisse_id:
            self.caisse_id._check_visible()
        if self.date_from > self.date_to:
            raise UserError(self.env._("The period ends before it begins: check the dates."))
        if (self.date_to - self.date_from).days >= MOST_DAYS:
            raise UserError(self.env._("Search a year at most."))
        seen = self.env.user.sudo()._kondo_companies()
        caisses = (self.caisse_id.sudo() or seen) & seen.filtered(lambda one: one.kondo_kind == "caisse")
        unions = (seen & caisses.root_id) if not self.caisse_id else seen.browse()
        cases = self.env["kondo.aml.case"]
        for day in self._days(caisses):
            for caisse in caisses:
                cases._detect(caisse, caisse, day)
            for union in unions:
                cases._detect(union, caisses.filtered(lambda one, union=union: one.root_id == union), day)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cash over the thresholds"),
            "res_model": "kondo.aml.case",
            "views": [(False, "list"), (False, "form")],
            "target": "main",
            "domain": [
                ("company_id", "in", (caisses | unions).ids),
                ("day", ">=", self.date_from),
                ("day", "<=", self.date_to),
            ],
        }

    def _days(self, caisses):
        """The days of the period on which cash moved."""
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT DISTINCT business_date FROM kondo_operation
                WHERE company_id = ANY(%s) AND business_date BETWEEN %s AND %s ORDER BY 1""",
            (caisses.ids, self.date_from, self.date_to),
        )
        return [day for (day,) in self.env.cr.fetchall()]
