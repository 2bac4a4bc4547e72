from odoo import fields, models

from ..models.fields import Francs


class KondoClosingPreview(models.TransientModel):
    """What the end of a day would post."""

    _name = "kondo.closing.preview"
    _description = "Trial of a closing"

    company_id = fields.Many2one("res.company", string="Caisse", readonly=True)
    date = fields.Date(string="Business day", readonly=True)
    problem = fields.Text(string="What would stop it", readonly=True)
    line_ids = fields.One2many("kondo.closing.preview.line", "preview_id", readonly=True)


class KondoClosingPreviewLine(models.TransientModel):
    _name = "kondo.closing.preview.line"
    _description = "Line of the trial of a closing"

    preview_id = fields.Many2one("kondo.closing.preview", required=True, ondelete="cascade")
    label = fields.Char(string="Operation", readonly=True)
    operations = fields.Integer(string="Operations", readonly=True)
    amount = Francs(string="Francs", readonly=True)
