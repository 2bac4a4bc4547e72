from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ...engine.words import spaced


class KondoOperation(models.Model):
    """A collector's money counted at the window: one operation for the whole sheet, all or nothing."""

    _inherit = "kondo.operation"

    @api.model
    @api.private
    def _counter_kinds(self):
        return super()._counter_kinds() | {"collection"}

    @api.model
    @api.private
    def _other_kinds(self):
        return [*super()._other_kinds(), "collection"]

    def _reversible_kinds(self):
        return super()._reversible_kinds() | {"collection"}

    @api.private
    def _execute_collection(self, posting, values):
        """values: session_id, collection_id, amount (francs counted), counts? (notes and coins), approval_id?

        D the till, C each member's account; with a commission taken at each sheet, its legs too.
        """
        self.env["kondo.four.eyes"]._check_group("group_teller")
        counted = self._check_amount(values.get("amount"))
        counts = self._check_counts(values, counted)
        sheet = self._lock_sheet(posting, values)
        sheet.with_env(self.env)._check_second_receiver()
        refusal = sheet._count_refusal(counted)
        if refusal:
            raise UserError(refusal)
        sheet._check_rows()
        self._check_authorised(posting, values, self.env["kondo.savings.product"], counted)
        session_id = self._check_id(values.get("session_id"))
        till = posting.take_till(session_id, counted)
        posting.add_leg(till["account_id"], counted, till_id=till["id"])
        collector = sheet.collector_id
        label = self.env._(
            "Collection of %(date)s (%(collector)s)", date=format_date(self.env, sheet.date), collector=collector.name
        )
        rows = SQL(
            "SELECT account_id, amount, %s, 2 * sequence FROM kondo_collection_line WHERE collection_id = %s AND amount > 0",
            label,
            sheet.id,
        )
        commission = self.env["kondo.collection.commission"].sudo()._of_sheet(sheet, posting)
        if commission:
            rows = SQL("%s UNION ALL %s", rows, commission._rows())
        posting.move_many(rows, rule="window")
        if commission:
            commission._add_house_legs(posting)
        sheet.with_env(self.env)._mark_received(posting, session_id, counts)
        posting.label = f"{sheet.name} {collector.name}"
        posting.show(self.env._("Collector"), collector.name)
        posting.show(self.env._("Payments"), str(sheet.count))
        if commission.pay:
            posting.show(self.env._("Collector's commission"), commission.pay)
        posting.values.update(
            amount=counted, bearer=collector.name, note=" · ".join(filter(None, [sheet.name, sheet.note]))
        )
        posting.answer.update(
            collection=sheet.name,
            count=sheet.count,
            till_cash=till["cash"],
            cash_after={till["id"]: till["cash"]},
        )

    def _check_counts(self, values, counted):
        """Notes and coins, when given, make up the amount counted."""
        counts = values.get("counts")
        if counts is not None and self.env["kondo.till.session"]._count_total(counts) != counted:
            raise UserError(self.env._("The notes and coins do not make up the amount counted. Count again."))
        return counts

    def _lock_sheet(self, posting, values):
        """The sheet that waits to be counted in this caisse, its row locked."""
        sheet = self._sheet_of(values)
        if not sheet or sheet.company_id.id != posting.company_id:
            raise UserError(self.env._("This sheet is not in your caisse."))
        self.env.cr.execute("SELECT state FROM kondo_collection WHERE id = %s FOR UPDATE", (sheet.id,))
        sheet.invalidate_recordset()
        if sheet.state == "received":
            raise UserError(
                self.env._(
                    "The sheet %(number)s was already received (receipt %(receipt)s).",
                    number=sheet.name,
                    receipt=sheet.operation_id.receipt_number,
                )
            )
        if sheet.state != "to_count":
            raise UserError(self.env._("The sheet %(number)s has not been announced yet.", number=sheet.name))
        return sheet

    def _sheet_of(self, values):
        return self.env["kondo.collection"].sudo().browse(self._check_id(values.get("collection_id"))).exists()

    # ------------------------------------------------------------------ reversal
    @api.private
    def _execute_reversal(self, posting, values):
        """The sheet of a reversed collection waits to be counted again, its commission never was."""
        super()._execute_reversal(posting, values)
        sheet = self.env["kondo.collection"].sudo().search([("operation_id", "=", values["operation_id"])])
        if sheet:
            self.env["kondo.collection.commission"].sudo().search([("collection_id", "=", sheet.id)])._mark_reversed()
            sheet._mark_reversed(posting.values["note"])

    # ------------------------------------------------------------------ the window
    @api.private
    def _window_form_collection(self, partner):
        """Sheets that wait to be counted; no member is needed, the collector stands at the counter."""
        company = self.env["kondo.teller"]._company()
        sheets = (
            self.env["kondo.collection"]
            .sudo()
            .search([("company_id", "=", company.id), ("state", "=", "to_count")], order="date, id")
        )
        if partner or not sheets:
            return None
        _ = self.env._
        return {
            "label": _("Collector's money"),
            "cash": 1,
            "member": False,
            "fields": [
                {
                    "name": "collection_id",
                    "label": _("Sheet"),
                    "type": "choice",
                    "required": True,
                    "default": sheets[0].id,
                    "options": [
                        {
                            "value": sheet.id,
                            "label": f"{sheet.collector_id.name} · {format_date(self.env, sheet.date)}",
                            "hint": f"{sheet.name} · {spaced(sheet.total)} F",
                        }
                        for sheet in sheets
                    ],
                },
                {
                    "name": "amount",
                    "label": _("Amount counted"),
                    "type": "amount",
                    "required": True,
                    "default": False,
                    "help": _("Count the notes and coins in front of the collector before you enter it."),
                },
            ],
        }
