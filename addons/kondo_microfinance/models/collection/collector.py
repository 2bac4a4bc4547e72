from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..fields import Francs


class KondoCollector(models.Model):
    """Who goes round and takes in the members' stakes at their door or stall.

    What he carries is nobody's cash yet: it stands on his sheets, "to be counted", and in no ledger account until a
    till has received it.
    """

    _name = "kondo.collector"
    _description = "Collector"
    _inherit = ["mail.thread"]
    _order = "name"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", string="Caisse", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        string="User",
        domain="[('company_ids', 'in', company_id)]",
        help="Empty when he works on paper only and somebody of the caisse enters his sheets.",
    )
    phone = fields.Char()
    zone = fields.Char(help="The market, quarter or villages of the round, in his own words.")
    village_ids = fields.Many2many("kondo.village", string="Villages")
    scheme_id = fields.Many2one("kondo.collection.scheme", string="Commission", required=True, ondelete="restrict")
    scheme_words = fields.Char(related="scheme_id.words")
    account_id = fields.Many2one(
        "kondo.savings.account",
        string="His account",
        check_company=True,
        ondelete="restrict",
        domain="[('state', 'in', ('active', 'inactive')), ('kind', 'in', ('demand', 'passbook'))]",
        help="Where his commission is paid.",
    )
    ceiling = Francs(
        string="May carry at most", tracking=True, help="An alert above this, sheets to be counted together; 0: none."
    )
    member_ids = fields.One2many("kondo.collector.member", "collector_id", string="Book of members")
    member_count = fields.Integer(compute="_compute_member_count", string="Members")
    carried = fields.Integer(
        compute="_compute_carried", search="_search_carried", string="Carries", help="Announced and not yet counted."
    )
    waiting_count = fields.Integer(compute="_compute_carried", string="Sheets to count")
    oldest_on = fields.Date(compute="_compute_carried", string="Since")
    age = fields.Integer(compute="_compute_carried", string="Days", help="Age of the oldest sheet not yet counted.")
    over_ceiling = fields.Boolean(compute="_compute_carried")

    _one_user = models.UniqueIndex(
        "(user_id, company_id) WHERE user_id IS NOT NULL AND active", "This user is already a collector."
    )
    _ceiling_positive = models.Constraint("CHECK (ceiling >= 0)", "An amount is never negative.")

    @api.constrains("company_id", "scheme_id", "account_id", "active")
    def _check_collector(self):
        for collector in self:
            company = collector.company_id.sudo()
            if company.kondo_kind != "caisse":
                raise UserError(self.env._("A collector works for a caisse, not for the union: change to your caisse."))
            if collector.scheme_id.sudo().company_id != company.root_id:
                raise UserError(self.env._("This commission scheme is not offered by your union."))
            if collector.active and collector.scheme_id.share and not collector.account_id:
                raise UserError(self.env._("Choose the account on which the collector's commission is paid."))

    def _compute_member_count(self):
        counts = dict(
            self.env["kondo.collector.member"]._read_group(
                [("collector_id", "in", self.ids)], ["collector_id"], ["__count"]
            )
        )
        for collector in self:
            collector.member_count = counts.get(collector, 0)

    @api.depends("ceiling")
    def _compute_carried(self):
        sums = {
            collector.id: values
            for collector, *values in self.env["kondo.collection"]._read_group(
                [("collector_id", "in", self.ids), ("state", "=", "to_count")],
                ["collector_id"],
                ["total:sum", "__count", "date:min"],
            )
        }
        for collector in self:
            total, count, oldest = sums.get(collector.id, (0, 0, False))
            collector.carried = total
            collector.waiting_count = count
            collector.oldest_on = oldest
            collector.age = collector.company_id._days_since(oldest) if oldest else 0
            collector.over_ceiling = bool(collector.ceiling and total > collector.ceiling)

    def _search_carried(self, operator, value):
        """Only whether he carries something at all: `carried > 0`."""
        if (operator, value) not in ((">", 0), ("!=", 0)):
            return NotImplemented
        waiting = self.env["kondo.collection"]._search([("state", "=", "to_count")])
        return Domain("id", "in", waiting.subselect("collector_id"))

    # ------------------------------------------------------------------ create, actions
    @api.model_create_multi
    def create(self, vals_list):
        collectors = super().create(vals_list)
        collectors.company_id._check_visible()
        return collectors

    def write(self, vals):
        if "company_id" in vals:
            raise UserError(self.env._("A collector stays with his caisse. Enter him anew in the other one."))
        return super().write(vals)

    def action_new_sheet(self):
        """Today's sheet, the one in preparation when there is one."""
        self.ensure_one()
        self.check_access("read")
        self.company_id._check_visible()
        return self._sheet()._open()

    def action_print_sheet(self):
        """Today's sheet on paper, one row for each member of the book."""
        self.ensure_one()
        self.check_access("read")
        self.company_id._check_visible()
        return self.env.ref("kondo_microfinance.action_report_collection").report_action(self._sheet())

    def action_open_sheets(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sheets of %(name)s", name=self.name),
            "res_model": "kondo.collection",
            "view_mode": "list,form",
            "domain": [("collector_id", "=", self.id)],
            "context": {"default_collector_id": self.id},
        }

    def action_open_book(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Book of %(name)s", name=self.name),
            "res_model": "kondo.collector.member",
            "view_mode": "list",
            "domain": [("collector_id", "=", self.id)],
            "context": {"default_collector_id": self.id},
        }

    def _sheet(self):
        """The sheet in preparation of the business day, made when there is none."""
        sheets = self.env["kondo.collection"]
        return sheets.search(
            [("collector_id", "=", self.id), ("state", "=", "draft"), ("date", "=", self.company_id._collection_day())],
            limit=1,
        ) or sheets.create({"collector_id": self.id})


class ResCompany(models.Model):
    _inherit = "res.company"

    def _collection_day(self):
        return self.sudo().business_date or fields.Date.context_today(self)

    def _days_since(self, date):
        return max(0, (self._collection_day() - date).days)
