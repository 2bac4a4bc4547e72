from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

READERS = ("group_caisse_manager", "group_accountant", "group_controller", "group_network_manager")
# Whoever made an operation, or sits beside who did, must not learn that it is looked at.
WATCHERS = ("group_caisse_manager", "group_controller", "group_network_manager")
KINDS = [
    ("provisions", "Provisions by loan"),
    ("debtors", "Largest debtors"),
    ("insiders", "Loans to officers, staff and related parties"),
    ("dormant", "Dormant accounts"),
    ("cash", "Cash operations over the thresholds"),
]


class KondoRegister(models.TransientModel):
    """A register of a caisse or of the network on a day: shown, printed to be signed, given as a spreadsheet.

    Each kind is a part of this model: `_tables_<kind>` reads it and says what it is made of. A table is a dict {title,
    note, columns, rows, total}; a column (name, label, kind, width) of kind text, francs, count, share or day; a row
    {name: value}. The screen, the paper and the spreadsheet show the same.
    """

    _name = "kondo.register"
    _description = "Register"

    kind = fields.Selection(KINDS, required=True, readonly=True, default="provisions")
    caisse_id = fields.Many2one(
        "res.company",
        string="Caisse",
        domain="[('kondo_kind', '=', 'caisse')]",
        default=lambda self: self.env.company if self.env.company.kondo_kind == "caisse" else False,
        help="Empty: every caisse that you see.",
    )
    date_from = fields.Date(string="From", default=lambda self: self._last_day().replace(day=1))
    date = fields.Date(string="On", required=True, default=lambda self: self._last_day())
    shown = fields.Boolean(readonly=True)
    summary = fields.Text(readonly=True)

    @api.model
    def _last_day(self):
        """The end of the last month: what is reported."""
        day = self.env.company.sudo().business_date or fields.Date.context_today(self)
        return fields.Date.subtract(day.replace(day=1), days=1)

    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for register in self:
            register.display_name = f"{kinds.get(register.kind, '')} · {register.date:%d/%m/%Y}"

    # ------------------------------------------------------------------ doors
    def _caisses(self):
        """The caisses of this register, for one who may read it."""
        self.ensure_one()
        self.check_access("read")
        self.env["kondo.four.eyes"]._check_group(*(WATCHERS if self.kind == "cash" else READERS))
        if self.caisse_id:
            self.caisse_id._check_visible()
        seen = self.env.user.sudo()._kondo_companies().filtered(lambda one: one.kondo_kind == "caisse")
        chosen = self.env["res.company"].sudo().search([("id", "child_of", self.env.companies.ids)])
        caisses = (self.caisse_id.sudo() or seen & chosen) & seen
        if not caisses:
            raise UserError(self.env._("Choose a caisse of yours."))
        return caisses.sorted("name")

    def _tables(self):
        """The tables of the register, read now with the rights of the current user."""
        caisses = self._caisses()
        if self.date_from and self.kind == "cash" and self.date_from > self.date:
            raise UserError(self.env._("The period ends before it begins: check the dates."))
        self.env.flush_all()
        return getattr(self, f"_tables_{self.kind}")(caisses)

    def action_show(self):
        """Read the register with the day and the caisse that are chosen."""
        tables = self._tables()
        self.sudo()._lay_out(tables)
        self.write({"shown": True, "summary": "\n".join(self._sentences(tables))})

    def _lay_out(self, tables):
        """Write the rows that the screen of a kind shows; the kinds that have some extend this."""

    def _sentences(self, tables):
        return [table["note"] for table in tables if table["note"]]

    def action_print(self):
        self._caisses()
        return self.env.ref("kondo_bceao_reports.action_report_register").report_action(self)

    def action_xlsx(self):
        self._caisses()
        return self.env.ref("kondo_bceao_reports.action_report_register_xlsx").report_action(self)

    # ------------------------------------------------------------------ what paper and spreadsheet say above the tables
    @api.private
    def _heading(self):
        """(title, [sentences])."""
        self.ensure_one()
        scope = self.caisse_id.sudo().name or self.env._("The whole network")
        if self.kind == "cash":
            day = self.env._(
                "From %(first)s to %(last)s",
                first=format_date(self.env, self.date_from),
                last=format_date(self.env, self.date),
            )
        else:
            # dormant accounts are read as they stand: their day is the open one, whatever day was asked for
            today = max(filter(None, self._caisses().mapped("business_date")), default=fields.Date.context_today(self))
            shown = today if self.kind == "dormant" else self.date
            day = self.env._("On %(day)s", day=format_date(self.env, shown))
        return dict(self._fields["kind"]._description_selection(self.env))[self.kind], [f"{scope} · {day}"]

    @api.private
    def _signatures(self):
        """Who signs the paper."""
        _ = self.env._
        second = _("The compliance officer") if self.kind == "cash" else _("The accountant")
        return [second, _("The manager")]

    @api.private
    def _speaker(self):
        """The caisse when there is one, else the union it belongs to."""
        caisses = self._caisses()
        return caisses if len(caisses) == 1 else caisses[0].root_id
