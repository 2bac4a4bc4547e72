from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """The passbook of the network, as its printer sees it; kept on the union."""

    _inherit = "res.company"

    passbook_pages = fields.Integer(string="Pages of a passbook", required=True, default=16)
    passbook_lines = fields.Integer(string="Lines on a page", required=True, default=20)
    passbook_width = fields.Integer(string="Width of the page (mm)", required=True, default=176)
    passbook_height = fields.Integer(string="Height of the page (mm)", required=True, default=125)
    passbook_top = fields.Float(
        string="First line from the top (mm)", digits=(6, 2), required=True, default=18.0,
        help="From the edge of the page to the first line, measured on the book.",
    )  # fmt: skip
    passbook_left = fields.Float(string="Left margin (mm)", digits=(6, 2), required=True, default=8.0)
    passbook_pitch = fields.Float(string="From line to line (mm)", digits=(6, 2), required=True, default=5.0)

    @api.constrains(
        "passbook_pages", "passbook_lines", "passbook_width", "passbook_height", "passbook_pitch", "passbook_top"
    )
    def _check_passbook(self):
        for company in self:
            if not (1 <= company.passbook_pages <= 200 and 1 <= company.passbook_lines <= 60):
                raise ValidationError(self.env._("A passbook has 1 to 200 pages of 1 to 60 lines."))
            if not (60 <= company.passbook_width <= 300 and 60 <= company.passbook_height <= 300):
                raise ValidationError(self.env._("A page of a passbook measures 60 to 300 mm."))
            needed = company.passbook_top + company.passbook_lines * company.passbook_pitch
            if company.passbook_pitch < 2.5 or company.passbook_top < 0 or needed > company.passbook_height:
                raise ValidationError(
                    self.env._(
                        "%(lines)s lines do not fit on a page of %(height)s mm: they need %(needed)s mm.",
                        lines=company.passbook_lines,
                        height=company.passbook_height,
                        needed=round(needed),
                    )
                )
