import re

from odoo import api, models

from odoo.addons.base.models.ir_actions_report import _wkhtml

OURS = re.compile(r"kondo_\w+\.report_")  # papers of this add-on and of those that build on it
PAGE = "kondo_microfinance.print_page"
UNPATCHED_ZOOM = 1.3  # an unpatched wkhtmltopdf draws a millimetre of the page as 0.77 mm
PAPERS = ("paperformat_receipt_80", "paperformat_receipt_a5", "paperformat_statement", "paperformat_passbook")


class IrActionsReport(models.Model):
    """Kondo's papers carry their letterhead, style and images in the page itself.

    Nothing is fetched while wkhtmltopdf draws them: they print without a second worker, with any base address, and
    with the unpatched builds of wkhtmltopdf, which know neither headers nor footers.
    """

    _inherit = "ir.actions.report"

    def _get_layout(self):
        if len(self) == 1 and OURS.match(self.report_name or ""):
            return self.env.ref(PAGE)
        return super()._get_layout()

    @api.model
    def _build_wkhtmltopdf_args(
        self, paperformat_id, landscape, specific_paperformat_args=None, set_viewport_size=False
    ):
        arguments = super()._build_wkhtmltopdf_args(
            paperformat_id, landscape, specific_paperformat_args, set_viewport_size
        )
        if paperformat_id in self._kondo_papers() and "--javascript-delay" in arguments:
            # No script runs in these pages, and a member waits at the window.
            arguments[arguments.index("--javascript-delay") + 1] = "1"
        for side in ("height", "width"):
            size = (specific_paperformat_args or {}).get(f"data-report-page-{side}")
            if size and f"--page-{side}" in arguments:
                arguments[arguments.index(f"--page-{side}") + 1] = f"{int(size)}mm"
        return arguments

    @api.model
    def _kondo_zoom(self):
        """What brings a millimetre of the page to a millimetre of paper."""
        return 1 if _wkhtml().is_patched_qt else UNPATCHED_ZOOM

    @api.model
    def _kondo_papers(self):
        papers = self.env["report.paperformat"].sudo()
        for name in PAPERS:
            papers |= self.env.ref(f"kondo_microfinance.{name}", raise_if_not_found=False) or papers
        return papers

    def report_action(self, docids, data=None, config=True):
        """Never ask for Odoo's document layout first: these papers do not use it."""
        own = len(self) == 1 and OURS.match(self.report_name or "")
        return super().report_action(docids, data=data, config=config and not own)
