from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from ..engine.words import amount_in_words, spaced

FIRST_ROWS, ROWS = 20, 34  # of the table, on the first page and on the others


class ReportSimulation(models.AbstractModel):
    """What a deposit would earn, for whoever asked to take home."""

    _name = "report.kondo_microfinance.report_simulation"
    _description = "Simulation of a deposit"
    _inherit = ["kondo.print"]

    @api.model
    def _get_report_values(self, docids, data=None):
        simulators = self.env["kondo.deposit.simulator"].browse(docids).exists()
        if not simulators:
            raise UserError(self.env._("Simulate a deposit first."))
        simulators.check_access("read")
        return {
            "doc_ids": docids,
            "doc_model": "kondo.deposit.simulator",
            "docs": simulators,
            "title": self.env._("Simulation of a deposit"),
            "simulations": [self._simulation(simulator) for simulator in simulators],
        }

    def _simulation(self, simulator):
        _ = self.env._
        rows = [
            {
                "day": self._date(line.day),
                "label": line.label,
                "deposit": self._amount(line.deposit),
                "interest": self._amount(line.interest),
                "withheld": self._amount(line.withheld),
                "balance": spaced(line.balance),
            }
            for line in simulator.line_ids
        ]
        facts = [
            (_("Product"), simulator.display_name),
            (_("From"), self._date(simulator.start)),
            (_("Until"), self._date(simulator.end)),
            (_("Rate"), simulator.rate_label),
        ]
        totals = [
            (_("Paid in"), spaced(simulator.deposits)),
            (_("Interest"), spaced(simulator.interest)),
            (_("Bonus"), self._amount(simulator.bonus)),
            (_("Withheld"), self._amount(simulator.withheld)),
        ]
        return {
            **self._letterhead(simulator.company_id),
            "facts": [(label, text) for label, text in facts if text],
            "totals": [(label, text) for label, text in totals if text],
            "balance": spaced(simulator.balance),
            "words": amount_in_words(simulator.balance),
            "pages": [rows[:FIRST_ROWS], *split_every(ROWS, rows[FIRST_ROWS:], list)],
            "has_withheld": bool(simulator.withheld),
            "printed": self._time(fields.Datetime.now()),
            "printed_by": self.env.user.name,
        }

    @api.model
    def _amount(self, amount):
        return spaced(amount) if amount else ""
