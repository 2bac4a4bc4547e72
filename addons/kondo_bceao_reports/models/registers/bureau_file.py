import base64
import hashlib

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER, has_ledger_key

STATES = [
    ("draft", "Being made"),
    ("checked", "Checked"),
    ("sent", "Sent"),
    ("replaced", "Sent, then replaced"),
]
MAKERS = ("group_caisse_manager", "group_accountant", "group_network_manager", "group_controller")
FROZEN = ("sent", "replaced")


class KondoBureauFile(models.Model):
    """What is sent to the credit bureau for a month: credit data only, of members who consented, in one file.

    Law on credit bureaus of the UMOA: a signed consent before anything is shared, never a deposit (article 53), data no
    older than five years. Made, checked, then sent by a second person; from then on frozen, with the SHA-256 of what went
    out. A month is sent once; another file of it says which one it replaces.
    """

    _name = "kondo.bureau.file"
    _description = "File for the credit bureau"
    _inherit = ["kondo.guarded"]
    _order = "month desc, company_id, id desc"
    _check_company_auto = True

    _guarded_fields = frozenset(
        {
            "state", "made_by_id", "made_at", "checked_by_id", "checked_at", "sent_by_id", "sent_at", "reference", "content",
            "fingerprint", "replaced_by_id", "contracts", "members", "left_out",
        }
    )  # fmt: skip

    company_id = fields.Many2one(
        "res.company", string="Caisse or union", required=True, index=True, default=lambda self: self.env.company,
        domain="[('kondo_kind', '!=', False)]", help="The union: all its caisses in one file.",
    )  # fmt: skip
    month = fields.Date(
        string="End of month", required=True, default=lambda self: self._last_month(), help="The last day of the month."
    )
    state = fields.Selection(STATES, required=True, readonly=True, default="draft", index=True)
    replaces_id = fields.Many2one(
        "kondo.bureau.file",
        string="Replaces",
        ondelete="restrict",
        domain="[('company_id', '=', company_id), ('month', '=', month), ('state', '=', 'sent')]",
        help="The file of this month that was sent already and is put right by this one.",
    )
    replaced_by_id = fields.Many2one("kondo.bureau.file", string="Replaced by", readonly=True)
    line_ids = fields.One2many("kondo.bureau.line", "file_id", string="Contracts", readonly=True)
    left_out_ids = fields.One2many("kondo.bureau.left.out", "file_id", string="Left out", readonly=True)
    contracts = fields.Integer(string="Number of contracts", readonly=True)
    members = fields.Integer(string="Number of members", readonly=True)
    left_out = fields.Integer(string="Members left out", readonly=True)
    made_by_id = fields.Many2one("res.users", string="Made by", readonly=True)
    made_at = fields.Datetime(string="Made on", readonly=True)
    checked_by_id = fields.Many2one("res.users", string="Checked by", readonly=True)
    checked_at = fields.Datetime(string="Checked on", readonly=True)
    sent_by_id = fields.Many2one("res.users", string="Sent by", readonly=True)
    sent_at = fields.Datetime(string="Sent on", readonly=True)
    reference = fields.Char(string="Acknowledgement", readonly=True, help="What the bureau answered.")
    content = fields.Binary(string="File sent", attachment=True, readonly=True)
    content_name = fields.Char(compute="_compute_content_name")
    csv = fields.Binary(string="CSV", compute="_compute_csv", attachment=False)
    fingerprint = fields.Char(string="SHA-256", readonly=True, help="Of the file as it was sent.")

    _sent_once = models.UniqueIndex(
        "(company_id, month) WHERE state = 'sent'", "This month was sent already: say which file this one replaces."
    )
    _made_once = models.UniqueIndex(
        "(company_id, month) WHERE state IN ('draft', 'checked')", "A file of this month is being made already."
    )

    @api.model
    def _last_month(self):
        day = self.env.company.sudo().business_date or fields.Date.context_today(self)
        return fields.Date.subtract(day.replace(day=1), days=1)

    @api.depends("company_id", "month")
    def _compute_display_name(self):
        for file in self:
            file.display_name = f"{file.company_id.sudo().name} · {file.month:%m/%Y}" if file.month else ""

    @api.depends("company_id", "month")
    def _compute_content_name(self):
        for file in self:
            code = file.company_id.sudo().kondo_code or "UNION"
            file.content_name = f"BIC_{code}_{file.month:%Y%m}_{file.id or 0}.csv" if file.month else False

    def _compute_csv(self):
        """What was sent, or what would be; read by the button that downloads it only."""
        for file in self:
            file.csv = file.content if file.state in FROZEN else base64.b64encode(file._csv())

    @api.constrains("month")
    def _check_month(self):
        for file in self:
            if file.month != file.month + relativedelta(day=31):
                raise ValidationError(self.env._("The file of a month bears its last day."))

    @api.constrains("replaces_id", "company_id", "month")
    def _check_replaces(self):
        for file in self:
            old = file.replaces_id
            if old and (old.company_id != file.company_id or old.month != file.month or old.state not in FROZEN):
                raise ValidationError(self.env._("A file replaces one of the same month and caisse that was sent."))

    # ------------------------------------------------------------------ kept
    @api.model_create_multi
    def create(self, vals_list):
        self.env["kondo.four.eyes"]._check_group(*MAKERS)
        files = super().create(vals_list)
        files.company_id.with_env(self.env)._check_visible()
        return files

    def write(self, vals):
        if not has_ledger_key(self.env):
            if any(file.state in FROZEN for file in self):
                raise AccessError(self.env._("A file that was sent never changes: make another that replaces it."))
            if any(file.state == "checked" for file in self):
                raise AccessError(self.env._("A checked file is taken back before it is changed."))
            if self.line_ids and {"company_id", "month"} & set(vals):
                raise AccessError(self.env._("This file was made already: make another for that month or caisse."))
        return super().write(vals)

    def unlink(self):
        if any(file.state != "draft" for file in self):
            raise AccessError(self.env._("A file that was checked or sent is kept."))
        self.sudo().with_context(kondo_ledger=LEDGER).line_ids.unlink()
        self.sudo().with_context(kondo_ledger=LEDGER).left_out_ids.unlink()
        return super().unlink()

    @api.private
    def _hash(self, data):
        return hashlib.sha256(data).hexdigest()

    @api.private
    def _caisses(self):
        """The caisses whose loans are in this file."""
        self.ensure_one()
        company = self.company_id.sudo()
        if company.kondo_kind == "caisse":
            return company
        return (
            self.env["res.company"]
            .sudo()
            .search([("id", "child_of", company.id), ("kondo_kind", "=", "caisse")], order="name")
        )

    @api.private
    def _check_not_overlapping(self):
        """A loan goes out once a month: with its caisse, or with the union, not with both."""
        companies = self._caisses() | self.company_id.sudo().root_id
        other = self.sudo().search(
            [
                ("month", "=", self.month),
                ("state", "=", "sent"),
                ("company_id", "in", companies.ids),
                ("company_id", "!=", self.company_id.id),
            ],
            limit=1,
        )
        if other:
            raise UserError(
                self.env._("These loans were sent with another file of this month: %(file)s.", file=other.display_name)
            )
