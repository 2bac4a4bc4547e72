import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ....engine.dated_interest import next_posting
from ....engine.periods import DAY
from ...fields import Francs
from ...ledger.key import LEDGER
from ...ledger.savings_guard import OVERDRAFT

READERS = (
    "group_accountant",
    "group_caisse_manager",
    "group_controller",
    "group_network_manager",
    "group_administrator",
)
TOTALS = ("interest", "withholding", "overdraft_interest", "overdraft_charged", "unpaid", "account_count")


class KondoSavingsInterestRun(models.Model):
    """The interest of one product in one caisse for one period: computed, looked at, posted once.

    The end of the day makes and posts it by itself; an accountant does so by hand for a period that was missed.
    """

    _name = "kondo.savings.interest.run"
    _description = "Interest run"
    _inherit = ["kondo.guarded", "mail.thread"]
    _order = "date_to desc, id desc"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {
            "company_id",
            "product_id",
            "date_from",
            "date_to",
            "state",
            "posted_on",
            "posted_by_id",
            "operation_id",
            "withholding_rate",
            "failure",
            "line_ids",
            *TOTALS,
        }
    )

    company_id = fields.Many2one(
        "res.company",
        string="Caisse",
        required=True,
        index=True,
        domain="[('kondo_kind', '=', 'caisse')]",
        default=lambda self: self.env.company if self.env.company.kondo_kind == "caisse" else False,
    )
    product_id = fields.Many2one(
        "kondo.savings.product",
        required=True,
        ondelete="restrict",
        index=True,
        domain="[('interest_rule_ids', '!=', False)]",
    )
    date_from = fields.Date(string="From", readonly=True)
    date_to = fields.Date(string="To", readonly=True, help="Last day of the period.")
    state = fields.Selection(
        [("draft", "To post"), ("posted", "Posted")], required=True, readonly=True, default="draft", tracking=True
    )
    posted_on = fields.Date(readonly=True, help="Business date of the operation.")
    posted_by_id = fields.Many2one("res.users", string="Posted by", readonly=True)
    operation_id = fields.Many2one(
        "kondo.operation", readonly=True, index="btree_not_null", ondelete="restrict", check_company=True
    )
    move_id = fields.Many2one(related="operation_id.move_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    withholding_rate = fields.Float(string="Tax withheld (%)", digits=(16, 6), required=True, default=0, readonly=True)
    interest = Francs(string="Interest", readonly=True)
    withholding = Francs(string="Tax withheld", readonly=True)
    overdraft_interest = Francs(string="Overdraft interest owed", readonly=True)
    overdraft_charged = Francs(string="Overdraft interest taken", readonly=True)
    unpaid = Francs(
        string="Overdraft interest not taken",
        readonly=True,
        help="The overdraft limit left no room for it: to be claimed.",
    )
    account_count = fields.Integer(string="Accounts", required=True, default=0, readonly=True)
    failure = fields.Char(string="Why it is not posted", readonly=True)
    line_ids = fields.One2many("kondo.savings.interest.line", "run_id", string="Accounts of the run", readonly=True)

    _period_once = models.UniqueIndex(
        "(company_id, product_id, date_to)", "There is already an interest run of this product for this period."
    )

    @api.depends("product_id", "date_to")
    def _compute_display_name(self):
        for run in self:
            run.display_name = self.env._(
                "Interest %(product)s until %(date)s",
                product=run.product_id.code or "",
                date=format_date(self.env, run.date_to) if run.date_to else "…",
            )

    @api.onchange("company_id", "product_id")
    def _onchange_period(self):
        """Show which period is to be posted before the run is made."""
        self.date_to = False
        if self.company_id and self.product_id:
            self.date_to = self._due_period(self.company_id, self.product_id)

    @api.model_create_multi
    def create(self, vals_list):
        """A run by hand: of the oldest period that has ended and is not posted."""
        self.env["kondo.four.eyes"]._check_group("group_accountant")
        runs = self.browse()
        for vals in vals_list:
            company = self.env["res.company"].browse(vals.get("company_id") or self.env.company.id)
            company._check_visible()
            product = self.env["kondo.savings.product"].browse(vals.get("product_id"))
            if not product or company.kondo_kind != "caisse":
                raise UserError(self.env._("Choose the caisse and the product."))
            product.check_access("read")
            runs += self.sudo()._draft(company.sudo(), product.sudo(), self._due_period(company, product))._fill()
        return runs.with_env(self.env)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        if any(run.state != "draft" for run in self):
            raise UserError(self.env._("A posted interest run is never deleted."))

    # ------------------------------------------------------------------ actions
    def action_compute(self):
        """Compute a draft again."""
        self._check_mine()
        self.sudo()._fill()

    def action_post(self):
        """Post a draft, if it still says what the accountant saw."""
        self.ensure_one()
        self._check_mine()
        with self.env["kondo.operation"]._posting_env() as env:
            run = env[self._name].sudo().browse(self.id)
            run._post(seen={name: self[name] for name in TOTALS})
        self.invalidate_recordset()

    def action_open_move(self):
        self.ensure_one()
        return self.operation_id.action_open_move()

    def action_open_lines(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "kondo.savings.interest.line",
            "view_mode": "list",
            "domain": [("run_id", "=", self.id)],
        }

    def action_print_xlsx(self):
        self.ensure_one()
        return self.env.ref("kondo_microfinance.interest_run_xlsx").report_action(self)

    def _check_mine(self):
        self.env["kondo.four.eyes"]._check_group("group_accountant")
        self.check_access("read")
        self.company_id._check_visible()
        if any(run.state != "draft" for run in self):
            raise UserError(self.env._("This interest is posted already."))

    # ------------------------------------------------------------------ making
    def _due_period(self, company, product):
        """The last day of the oldest period that has ended and is not posted; UserError when none is due."""
        day = company.sudo().business_date
        stop = day and self.env["kondo.savings.interest"].sudo()._next_due(company, product, day)
        if stop:
            return stop - DAY
        rules = product._interest_rules()
        if not rules:
            raise UserError(self.env._("The product “%(product)s” has no interest rule.", product=product.name))
        if all(rule.posting == "anniversary" for _day, rule in rules) or not day:
            raise UserError(self.env._("No interest of “%(product)s” is due.", product=product.name))
        raise UserError(
            self.env._(
                "No interest of “%(product)s” is due: the period under way ends on %(date)s.",
                product=product.name,
                date=format_date(self.env, next_posting(rules, max(day, rules[0][0])) - DAY),
            )
        )

    @api.private
    def _draft(self, company, product, date_to):
        """The draft of a period, made when there is none."""
        run = self.search(
            [("company_id", "=", company.id), ("product_id", "=", product.id), ("date_to", "=", date_to)], limit=1
        )
        if run.state == "posted":
            raise UserError(self.env._("This interest is posted already."))
        values = {"company_id": company.id, "product_id": product.id, "date_to": date_to}
        draft = run or super(KondoSavingsInterestRun, self.with_context(kondo_ledger=LEDGER)).create([values])
        return draft.with_context(kondo_ledger=None)

    @api.private
    def _fill(self):
        """Compute a draft as of the business date: its lines and its totals."""
        for run in self:
            company, day = run.company_id, run.company_id.business_date
            run.env["kondo.savings.interest"]._compute(company, run.product_id, None, run.date_to, day)
            run.env.cr.execute("DELETE FROM kondo_savings_interest_line WHERE run_id = %s", (run.id,))
            run.env.cr.execute(
                SQL(
                    """INSERT INTO kondo_savings_interest_line
                              (run_id, company_id, account_id, date_from, days, basis, rate, exact, interest, withholding,
                               overdraft_interest, overdraft_charged, unpaid)
                       SELECT %(run)s, %(company)s, r.account_id, r.start_on, r.days, r.basis, r.rate, COALESCE(r.exact, 0),
                              r.interest, r.withholding, r.overdraft_interest, r.charged, r.overdraft_interest - r.charged
                         FROM (SELECT r.account_id, r.start_on, r.days, r.basis, r.rate, r.exact, i.*,
                                      LEAST(i.overdraft_interest,
                                            GREATEST(0, a.balance + i.interest - i.withholding + %(overdraft)s)) AS charged
                                 FROM kondo_interest_result r
                                 CROSS JOIN LATERAL (
                                     SELECT COALESCE(r.interest, 0) AS interest, COALESCE(r.withholding, 0) AS withholding,
                                            COALESCE(r.overdraft_interest, 0) AS overdraft_interest
                                 ) AS i
                                 JOIN kondo_savings_account a ON a.id = r.account_id
                                 CROSS JOIN (SELECT %(day)s::date AS day) AS v
                                WHERE i.interest > 0 OR i.overdraft_interest > 0) AS r""",
                    run=run.id,
                    company=company.id,
                    day=day,
                    overdraft=OVERDRAFT,
                )
            )
            run.env.cr.execute("SELECT min(start_on) FROM kondo_interest_account")
            (start,) = run.env.cr.fetchone()
            run.env.cr.execute(
                """SELECT COALESCE(sum(interest), 0)::bigint AS interest, COALESCE(sum(withholding), 0)::bigint AS withholding,
                          COALESCE(sum(overdraft_interest), 0)::bigint AS overdraft_interest,
                          COALESCE(sum(overdraft_charged), 0)::bigint AS overdraft_charged,
                          COALESCE(sum(unpaid), 0)::bigint AS unpaid, count(*) AS account_count
                     FROM kondo_savings_interest_line WHERE run_id = %s""",
                (run.id,),
            )
            totals = run.env.cr.dictfetchone()
            rate = run.product_id._withholding_rate(day)
            run._set(date_from=start, withholding_rate=float(rate), failure=False, **totals)
            run.invalidate_recordset(["line_ids"])
        return self

    def _set(self, **values):
        self.with_context(kondo_ledger=LEDGER, tracking_disable=True).write(values)

    @api.private
    def _note_failure(self, reason):
        """Keep on the draft why the end of the day could not post it."""
        self._set(failure=reason)

    # ------------------------------------------------------------------ posting
    @api.private
    def _post(self, seen=None):
        """Compute and post in the transaction of `self`, opened by `_posting_env`; the accounts are paid until `date_to`.

        No operation of the caisse comes in between: its day is held for the time of this.

        :param seen: totals that somebody looked at; other ones are refused
        """
        self.ensure_one()
        cr, company = self.env.cr, self.company_id
        cr.execute("SELECT pg_advisory_xact_lock(%s, %s)", (self.env["kondo.operation"]._day_lock, company.id))
        cr.execute("SELECT state FROM kondo_savings_interest_run WHERE id = %s FOR UPDATE", (self.id,))
        if cr.fetchone() != ("draft",):
            raise UserError(self.env._("This interest is posted already."))
        company.invalidate_recordset(["business_date"])
        self._fill()
        if seen and seen != {name: self[name] for name in TOTALS}:
            raise UserError(
                self.env._("The accounts have moved since this was computed: compute it again and look at it first.")
            )
        if self.account_count and self.interest + self.overdraft_charged:
            key = str(
                uuid.uuid5(uuid.NAMESPACE_OID, f"kondo.interest,{company.id},{self.product_id.id},{self.date_to}")
            )
            self.env["kondo.operation"]._post_here("interest", key, company.id, {"run_id": self.id}, key)
        cr.execute(
            """UPDATE kondo_savings_account a SET interest_posted_until = i.stop_on - 1
                 FROM kondo_interest_account i WHERE a.id = i.account_id"""
        )
        self.env["kondo.savings.account"].invalidate_model(["interest_posted_until", "balance"])
        self._set(state="posted", posted_on=company.business_date, posted_by_id=self.env.uid)
