from odoo import api, models
from odoo.exceptions import UserError

from ..engine.passbook import line_top
from ..engine.words import spaced

TEXT = 34  # characters of a movement


class ReportPassbook(models.AbstractModel):
    """Lines of a passbook, each where its place on the page is; nothing else is printed."""

    _name = "report.kondo_microfinance.report_passbook"
    _description = "Passbook lines"
    _inherit = ["kondo.print"]

    @api.model
    def _get_report_values(self, docids, data=None):
        prints = self.env["kondo.savings.passbook.print"].browse(docids)
        if not prints:
            raise UserError(self.env._("Choose the account first."))
        prints.check_access("read")
        prints.company_id._check_visible()
        union = prints[:1].company_id.sudo().root_id
        return {
            "doc_ids": docids,
            "doc_model": "kondo.savings.passbook.print",
            "docs": prints,
            "title": self.env._("Passbook"),
            "pages": [self._page(printed) for printed in prints],
            "page_width": union.passbook_width,
            "page_height": union.passbook_height,
            "left": union.passbook_left,
        }

    def _page(self, printed):
        union = printed.company_id.sudo().root_id
        rows = []
        for offset, row in enumerate(printed._rows()):
            rows.append(
                {
                    "top": line_top(printed.line + offset, union.passbook_top, union.passbook_pitch),
                    "date": f"{row['date']:%d/%m/%y}" if row["date"] else "",
                    "text": row["text"] if len(row["text"]) <= TEXT else f"{row['text'][: TEXT - 1]}…",
                    "debit": spaced(row["debit"]) if row["debit"] else "",
                    "credit": spaced(row["credit"]) if row["credit"] else "",
                    "balance": spaced(row["balance"]).replace("-", "\u2212"),
                }
            )
        return {"rows": rows, "height": union.passbook_height, "pitch": union.passbook_pitch}
