from odoo import api, fields, models
from odoo.tools import SQL

from .sheet import GRADES


class ResPartner(models.Model):
    """The grade that an organisation has today, and those it had before."""

    _inherit = "res.partner"

    grading_ids = fields.One2many("kondo.grading", "partner_id", string="Gradings", readonly=True)
    org_grade = fields.Selection(GRADES, string="Grade", compute="_compute_org_grade", search="_search_org_grade")
    org_grade_until = fields.Date(string="Grade valid until", compute="_compute_org_grade")

    @api.depends("grading_ids.state", "grading_ids.valid_until")
    def _compute_org_grade(self):
        sheets = self._grades_on(self.env["kondo.grading"]._today())
        for partner in self:
            sheet = sheets.get(partner._origin.id)
            partner.org_grade = sheet.grade if sheet else False
            partner.org_grade_until = sheet.valid_until if sheet else False

    def _search_org_grade(self, operator, value):
        if operator != "in":
            return NotImplemented
        sheets = self.search([("is_organisation", "=", True)])._grades_on(self.env["kondo.grading"]._today())
        graded = [partner for partner, sheet in sheets.items() if sheet.grade in value]
        if False in value:
            return ["|", ("id", "in", graded), ("id", "not in", list(sheets))]
        return [("id", "in", graded)]

    def _grades_on(self, date):
        """{organisation id: its sheet in force on a day}: the last one confirmed and made by then, if it still holds."""
        if not self.ids:
            return {}
        self.env["kondo.grading"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT id, partner_id FROM (
                    SELECT DISTINCT ON (partner_id) id, partner_id, valid_until
                      FROM kondo_grading
                     WHERE partner_id = ANY(%s) AND purpose = 'grading' AND state = 'confirmed' AND graded_on <= %s
                     ORDER BY partner_id, graded_on DESC, id DESC) last
                 WHERE valid_until >= %s
                """,
                self.ids,
                date,
                date,
            )
        )
        rows = self.env.cr.fetchall()
        sheets = self.env["kondo.grading"].sudo().browse([sheet for sheet, _partner in rows])
        return {partner: sheet for sheet, (_id, partner) in zip(sheets, rows, strict=True)}

    def action_grade(self):
        """A new sheet, or the draft that waits."""
        self.ensure_one()
        self.check_access("read")
        draft = self.env["kondo.grading"].search(
            [("partner_id", "=", self.id), ("state", "=", "draft"), ("purpose", "=", "grading")], limit=1
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Grading"),
            "res_model": "kondo.grading",
            "res_id": draft.id,
            "view_mode": "form",
            "context": {"default_partner_id": self.id},
        }

    def action_open_gradings(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Gradings of %(name)s", name=self.name),
            "res_model": "kondo.grading",
            "view_mode": "list,form",
            "domain": [("partner_id", "=", self.id)],
            "context": {"default_partner_id": self.id},
        }
