from odoo import api, models
from odoo.exceptions import UserError

from ..engine.words import spaced


class ReportLoanSimulation(models.AbstractModel):
    """A simulation to take home: the schedule, what it costs, and that it binds nobody."""

    _name = "report.kondo_microfinance.report_loan_simulation"
    _description = "Loan simulation"
    _inherit = ["kondo.loan.paper"]

    @api.model
    def _get_report_values(self, docids, data=None):
        simulators = self.env["kondo.loan.simulator"].browse(docids).exists()
        if not simulators:
            raise UserError(self.env._("Simulate a loan first."))
        simulators.check_access("read")
        pages = [page for simulator in simulators for page in self._simulation(simulator)]
        return self._values(docids, "kondo.loan.simulator", self.env._("Loan simulation"), pages)

    def _simulation(self, simulator):
        _ = self.env._
        simulator.company_id.with_env(self.env)._check_visible()
        if simulator.problem:
            raise UserError(simulator.problem)
        loan = simulator._loan()
        _terms, schedule, _rate = loan._plan()
        pages = self._schedule_pages(loan, self._rows_of_engine(schedule), _("Loan simulation"))
        pages[0]["facts"] = [
            (label, text)
            for label, text in (
                (_("In the name of"), simulator.partner_name),
                (_("Product"), simulator.product_id.name),
                (_("Amount lent"), f"{spaced(simulator.amount)} FCFA"),
                (_("Received on the first day"), f"{spaced(simulator.received)} FCFA"),
                (_("Instalment"), f"{spaced(simulator.instalment)} FCFA"),
                (_("Rate"), _("%(rate)s a year", rate=self._percent(simulator.annual_rate))),
                (_("Interest"), f"{spaced(simulator.interest)} FCFA"),
                (_("Fees and insurance"), f"{spaced(simulator.charges)} FCFA"),
                (_("Guarantee savings"), f"{spaced(simulator.savings)} FCFA" if simulator.savings else ""),
                (_("To pay in all"), f"{spaced(simulator.to_pay)} FCFA"),
                (
                    _("TEG"),
                    _(
                        "%(proportional)s proportional, %(actuarial)s actuarial (ceiling %(ceiling)s)",
                        proportional=self._percent(round(simulator.teg_proportional, 2)),
                        actuarial=self._percent(round(simulator.teg_actuarial, 2)),
                        ceiling=self._percent(simulator.teg_ceiling),
                    ),
                ),
            )
            if text
        ]
        for page in pages:
            page["number"], page["signs"] = "", []
        for number, page in enumerate(pages, 1):
            page.update(sheet=number, sheets=len(pages))
        pages[-1]["closing"] = _(
            "For information: the loan is granted by the committee, at the conditions of that day."
        )
        return pages
