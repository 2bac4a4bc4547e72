from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ...ledger.key import LEDGER


class KondoOperation(models.Model):
    """The interest of a run: a leg for each account, the house's side in one line each."""

    _inherit = "kondo.operation"

    @api.private
    def _execute_interest(self, posting, values):
        """values: run_id, a draft computed in this transaction. Posted by the run itself, see `interest_run.py`."""
        if not self.env.su:
            self.env["kondo.four.eyes"]._check_group("group_accountant")
        run = self.env["kondo.savings.interest.run"].sudo().browse(self._check_id(values.get("run_id"))).exists()
        if not run or run.company_id.id != posting.company_id or run.state != "draft":
            raise UserError(self.env._("This interest is posted already."))
        _ = self.env._
        period = {"from": format_date(self.env, run.date_from), "to": format_date(self.env, run.date_to)}
        posting.move_many(
            SQL(
                """SELECT account_id, interest, %(interest)s::text, 1::bigint FROM kondo_savings_interest_line
                    WHERE run_id = %(run)s AND interest > 0
                   UNION ALL
                   SELECT account_id, -withholding, %(withheld)s, 2 FROM kondo_savings_interest_line
                    WHERE run_id = %(run)s AND withholding > 0
                   UNION ALL
                   SELECT account_id, -overdraft_charged, %(overdraft)s, 3 FROM kondo_savings_interest_line
                    WHERE run_id = %(run)s AND overdraft_charged > 0""",
                run=run.id,
                interest=_("Interest from %(from)s to %(to)s", **period),
                withheld=_("Tax withheld on interest"),
                overdraft=_("Overdraft interest from %(from)s to %(to)s", **period),
            ),
            rule="release",
        )
        self.env["kondo.savings.interest"]._add_house_legs(
            posting, run.company_id, run.product_id, run.interest, run.withholding, run.overdraft_charged
        )
        posting.label = run.display_name
        posting.values.update(amount=run.interest + run.overdraft_charged, note=run.display_name)
        run.with_context(kondo_ledger=LEDGER, tracking_disable=True).write({"operation_id": posting.operation_id})
