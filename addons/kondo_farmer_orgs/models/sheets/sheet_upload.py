from odoo import models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from odoo.addons.kondo_microfinance.engine.names import fold
from odoo.addons.kondo_microfinance.engine.spreadsheet import MAX_BYTES
from odoo.addons.kondo_microfinance.engine.words import spaced

from ...engine.sheet_file import FILLED, read
from .sheet import OPEN


class KondoSheet(models.Model):
    """A sheet that was filled as a spreadsheet comes back: each row is known by its UUID, all of them or none."""

    _inherit = "kondo.sheet"

    def _take_file(self, content):
        """Put what a filled spreadsheet says on the rows; the same file again changes nothing.

        :param content: bytes of the file
        :return: (number of rows read, [sentences of what is wrong]); with a sentence nothing was changed
        """
        self.ensure_one()
        self._guard()
        rows = {row.uuid: row for row in self.row_ids}
        filled = read(content, self.uuid, self._as_given_out(), self._attendance_words())
        faults = [self._fault_in_words(fault) for fault in filled.faults]
        faults += [
            self._at(row_name, reason)
            for uuid, values in filled.rows.items()
            for row_name, reason in rows[uuid]._refusals(values)
        ]
        if faults:
            return 0, faults
        changed = {
            rows[uuid]: values
            for uuid, values in filled.rows.items()
            if any((rows[uuid][name] or False) != (values[name] or False) for name in FILLED)
        }
        if self.state not in OPEN:
            if changed:
                raise UserError(
                    self.env._(
                        "The sheet %(number)s was returned already, and this file says something else. Nothing was "
                        "changed.",
                        number=self.name,
                    )
                )
            return len(filled.rows), []
        self._lock(OPEN, self.env._("This sheet is no longer being filled in."))
        for row, values in changed.items():
            row.write(values)
        return len(filled.rows), []

    def action_fill_rows(self, rows):
        """What was typed elsewhere, from a telephone for instance; sent twice it says the same.

        :param rows: [{uuid, paid?, saved? (francs), attendance?, note?}]
        :return: number of rows taken
        """
        self.ensure_one()
        self._guard()
        self._lock(OPEN, self.env._("This sheet is no longer being filled in."))
        known = {row.uuid: row for row in self.row_ids}
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise UserError(self.env._("The request is not readable."))
        operations = self.env["kondo.operation"]
        marks = dict(self.env["kondo.sheet.row"]._fields["attendance"].selection)
        for values in rows:
            row = known.get(values.get("uuid"))
            if not row:
                raise UserError(
                    self.env._("A row that was sent does not stand on the sheet %(number)s.", number=self.name)
                )
            if values.get("attendance") and values["attendance"] not in marks:
                raise UserError(self.env._("The request is not readable."))
            row.write(
                {
                    **{
                        name: operations._check_amount(values[name]) if values[name] else 0
                        for name in ("paid", "saved")
                        if name in values
                    },
                    **({"attendance": values["attendance"] or False} if "attendance" in values else {}),
                    **({"note": operations._check_text(values["note"])} if "note" in values else {}),
                }
            )
        return len(rows)

    # ------------------------------------------------------------------ what was given out
    def _as_given_out(self):
        """{row UUID: what stands in the cells that nobody may change}; the report writes the same."""
        return {
            row.uuid: {
                "name": row.name,
                "loan": row.loan_id.sudo().name or "",
                "account": row.account_id.sudo().number or "",
                "due": row.due,
            }
            for row in self.row_ids
        }

    def _attendance_words(self):
        """{folded word: code} in the languages of the house."""
        field = self.env["kondo.sheet.row"]._fields["attendance"]
        words = {}
        for lang, _name in self.env["res.lang"].get_installed():
            for code, label in field._description_selection(self.with_context(lang=lang).env):
                words[fold(label)] = words[fold(code)] = code
        return words

    # ------------------------------------------------------------------ in words
    def _at(self, place, reason):
        return self.env._("%(place)s: %(reason)s", place=place, reason=reason)

    def _fault_in_words(self, fault):
        """A `Fault` of the file with its place and what to do."""
        reason = self._sheet_fault_sentences().get(fault.code) or self.env["kondo.batch"]._sentence(fault)
        if fault.value and fault.code in self._sheet_fault_sentences():
            reason = self.env._("%(reason)s (“%(value)s”)", reason=reason, value=fault.value)
        if not fault.row:
            return reason
        if fault.name:
            return self._at(self.env._("Row %(row)s, %(name)s", row=fault.row, name=fault.name), reason)
        return self._at(self.env._("Row %(row)s", row=fault.row), reason)

    def _sheet_fault_sentences(self):
        _ = self.env._
        return {
            "not_a_sheet": _("This is not a sheet downloaded from here: download it and fill that file in."),
            "other_sheet": _(
                "This file is another sheet than %(number)s of %(date)s.",
                number=self.name,
                date=format_date(self.env, self.date),
            ),
            "too_large": _("The file is too large: at most %(size)s MB", size=MAX_BYTES // 1_000_000),
            "no_row": _("No row of the sheet is in the file."),
            "no_identifier": _("This row was added by hand: add the person to the sheet on the screen instead."),
            "unknown_row": _("This row does not stand on the sheet: it was removed, or comes from another one."),
            "row_twice": _("This row stands in the file twice: keep one."),
            "changed_name": _("The name was changed: put back the one of the sheet."),
            "changed_loan": _("The loan was changed: put back the one of the sheet."),
            "changed_account": _("The account was changed: put back the one of the sheet."),
            "changed_due": _("What is due was changed: put back the figure of the sheet."),
            "attendance": _("The attendance is not one of the list."),
            "formula": _("A formula: type the figure instead."),
        }


class KondoSheetRow(models.Model):
    _inherit = "kondo.sheet.row"

    def _refusals(self, values):
        """[(name, sentence)] of what a row cannot take."""
        _ = self.env._
        faults = []
        if values["paid"] and not self.loan_id:
            faults.append(
                _("no loan here, %(paid)s F cannot be repaid: put them under savings.", paid=spaced(values["paid"]))
            )
        if values["saved"] and not self.account_id:
            faults.append(_("no account for savings, %(saved)s F cannot be put on one.", saved=spaced(values["saved"])))
        return [(self.name, fault) for fault in faults]
