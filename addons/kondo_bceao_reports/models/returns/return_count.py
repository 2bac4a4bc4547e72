from collections import namedtuple
from datetime import date as Date
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.kondo_microfinance.engine.periods import add_months

from ...engine.changes import change_percent, is_big, to_explain
from ...engine.coverage import accounts_of
from ...engine.evaluate import Evaluator
from ...engine.formula import FormulaError
from ...engine.layout import manual_cells, packed, reached

SCALE = Decimal("0.000001")
Count = namedtuple("Count", "forms codes facts evaluator values rows faults")


def stored(value):
    """A value of the engine as a column of six decimals keeps it; None stays None.

    >>> stored(Fraction(1, 3)), stored(5), stored(None)
    (Decimal('0.333333'), Decimal('5.000000'), None)
    """
    if value is None:
        return None
    exact = Fraction(value)
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(SCALE)


class KondoReturn(models.Model):
    """Counts the cells of a return, and lays them beside those of the period before."""

    _inherit = "kondo.return"

    # ------------------------------------------------------------------ forms
    def _forms(self):
        """The forms in force on the last day of the period that this return is made of."""
        self.ensure_one()
        return self.sudo().type_id._forms_of(self.date, self.edition, self.frequency, self.scope)

    @api.private
    def _lay_out_forms(self):
        """Take the forms in force, and ask for what no ledger knows."""
        self.ensure_one()
        forms = self._forms()
        engine = self.env["kondo.form"]._engine_forms(self.date, self.edition)
        records = {form.code: form for form in self.env["kondo.form"]._at(self.date, self.edition).sudo()}
        layout = [
            packed(
                engine[code],
                form_id=records[code].id,
                own=code in forms.mapped("code"),
                legal_reference=records[code].legal_reference or "",
                document=records[code].document or "",
                signatures=records[code].signatures or "",
                edition=records[code].edition,
                note=records[code].note or "",
            )
            for code in reached(engine, forms.mapped("code"))
        ]
        self._set(form_ids=[(6, 0, forms.ids)], layout=layout)
        asked = [
            (records[form.code], part, line, column)
            for form in (engine[code] for code in forms.mapped("code"))
            for part, line, column in manual_cells(form)
        ]
        self.env["kondo.return.input"].sudo()._ask(self, asked)

    # ------------------------------------------------------------------ counting
    def _year_of(self, date):
        """First day of the financial year of a day, and whether the day is its last: it is the calendar year."""
        return Date(date.year, 1, 1), (date.month, date.day) == (12, 31)

    def _facts_on(self, date, companies=None):
        start, annual = self._year_of(date)
        source = self.env["kondo.return.source"].sudo()
        return source._facts(companies or self._companies(), date, start, annual, self.frequency)

    def _count(self):
        """Every cell from the books as they are: a `Count`; faults of formulas are told, not raised."""
        self.ensure_one()
        forms = self.env["kondo.form"]._engine_forms(self.date, self.edition)
        codes = self._forms().mapped("code")
        facts = self._facts_on(self.date)
        inputs = {one._key(): one._engine_value() for one in self.sudo().input_ids if one.complete}
        evaluator = Evaluator(forms, facts, inputs)
        values, faults = {}, []
        for key in self._keys(forms, codes):
            try:
                values[key] = evaluator.cell(*key)
            except FormulaError as error:
                values[key] = None
                faults.append((key, self.env["kondo.form"]._said(error)))
            except UserError as error:  # a measure, a filter or a parameter that is not known
                values[key] = None
                faults.append((key, str(error)))
        rows = {}
        for code in codes:
            for part in forms[code].parts:
                if part.rows:
                    try:
                        rows[code, part.code] = self.env["kondo.return.source"].sudo()._rows(facts.scope, part.rows)
                    except UserError as error:
                        faults.append(((code, part.code, "", ""), str(error)))
        return Count(forms, codes, facts, evaluator, values, rows, faults)

    @staticmethod
    def _keys(forms, codes):
        return [
            (code, part.code, line.code, column.key)
            for code in codes
            for part in forms[code].parts
            for line in part.lines
            if line.level != "heading"
            for column in part.columns
        ]

    @api.private
    def _count_anew(self):
        """Replace the cells; ask for explanations of what changed much."""
        self._lay_out_forms()
        count = self._count()
        before, compared = self._before(count)
        limits = self._limits()
        cells, asked = [], []
        for code in count.codes:
            form = count.forms[code]
            record = self.form_ids.sudo().filtered(lambda form, code=code: form.code == code)
            for part in form.parts:
                big = set()
                if not part.rows and part.by_key[part.main].kind == "amount":
                    big = {
                        line.code
                        for line in part.lines
                        if line.level != "heading"
                        and (key := (code, part.code, line.code, part.main)) in before
                        and is_big(count.values[key], before[key], *limits)
                    }
                flagged = to_explain(part, big)
                for line in part.lines:
                    if line.level == "heading":
                        continue
                    for column in part.columns:
                        key = (code, part.code, line.code, column.key)
                        cell = self._cell_values(record, part, line, column, count.values[key], before.get(key))
                        if column.key == part.main and line.code in flagged:
                            cell["flagged"] = True
                            asked.append(cell)
                        cells.append(cell)
                cells += self._row_cells(record, part, count.rows.get((code, part.code), ()))
        for sequence, cell in enumerate(cells, 1):
            cell["sequence"] = sequence
        keyed = self.sudo()._keyed().with_context(tracking_disable=True)
        keyed.cell_ids.unlink()
        keyed.check_ids.unlink()
        keyed.env["kondo.return.cell"].create(cells)
        self.env["kondo.return.explanation"].sudo()._ask(self, asked)
        self._set(compared_with_id=compared.id)
        self.invalidate_recordset()

    def _cell_values(self, form, part, line, column, value, previous):
        kept, was = stored(value), stored(previous)
        change = change_percent(kept, was) if column.kind == "amount" else None
        return {
            "return_id": self.id,
            "form_id": form.id,
            "form_code": form.code,
            "part": part.code,
            "code": line.code,
            "label": line.label,
            "column": column.key,
            "column_label": column.label or column.key,
            "level": line.level,
            "kind": column.kind,
            "unit": part.unit,
            "value": float(kept or 0),
            "no_data": kept is None,
            "manual": line.formulas.get(column.key, column.formula) == "?",
            "text": self._typed_text(form.code, part, line, column),
            "previous": float(was or 0),
            "previous_known": was is not None,
            "change": float(change) if change is not None else 0.0,
        }

    def _typed_text(self, form_code, part, line, column):
        """What was typed into a cell of text or of a date."""
        if column.kind not in ("text", "date"):
            return False
        key = (form_code, part.code, line.code, column.key)
        return next((one.text for one in self.sudo().input_ids if one._key() == key), False)

    def _row_cells(self, form, part, rows):
        """Cells of the rows that a source lists, numbered from 1."""
        found = []
        for number, row in enumerate(rows, 1):
            for column in part.columns:
                value = row.get(column.key)
                if isinstance(value, Date):
                    value = value.strftime("%d/%m/%Y")
                is_text = column.kind in ("text", "date") or isinstance(value, str)
                kept = None if is_text or value is None else stored(value)
                found.append(
                    {
                        "return_id": self.id,
                        "form_id": form.id,
                        "form_code": form.code,
                        "part": part.code,
                        "code": f"#{number}",
                        "label": row.get("label") or str(number),
                        "column": column.key,
                        "column_label": column.label or column.key,
                        "level": "detail",
                        "kind": column.kind,
                        "unit": part.unit,
                        "value": float(kept or 0),
                        "no_data": kept is None,
                        "text": str(value) if is_text and value is not None else False,
                    }
                )
        return found

    def _changed_since(self, count):
        """Whether the books, the forms or the typed values give other cells than those that were computed."""
        mine = {
            (cell.form_code, cell.part, cell.code, cell.column): None if cell.no_data else cell.value
            for cell in self.sudo().cell_ids
            if not cell.code.startswith("#")
        }
        return mine != {
            key: None if value is None else float(stored(value)) for key, value in count.values.items()
        }  # fmt: skip

    # ------------------------------------------------------------------ the period before
    def _limits(self):
        """Per cent and francs from which a change is explained, in force on the last day of the period."""
        parameter = self.env["kondo.parameter"]
        return (
            Fraction(parameter._get("return_change_percent", self.date)),
            int(parameter._get("return_change_minimum", self.date)),
        )

    def _before(self, count):
        """{cell: value} to compare with, and the return they stand in.

        What stands on a day is compared with the end of the period before; incomes and expenses, which add up from
        January, with the same day one year earlier. A return of that period tells; else the books are counted again.
        """
        stocks, compared = self._values_on(self.date_from - timedelta(days=1), count)
        if self.frequency == "year":
            return stocks, compared
        flows, _same = self._values_on(add_months(self.date + timedelta(days=1), -12) - timedelta(days=1), count)
        return {
            key: value
            for key in count.values
            if (value := (flows if self._is_flow(count, key) else stocks).get(key, self)) is not self
        }, compared

    def _values_on(self, date, count):
        """{cell: value} of an earlier period, from its return or from the books."""
        earlier = self.sudo().search(
            [
                ("company_id", "=", self.company_id.id),
                ("type_id", "=", self.type_id.id),
                ("scope", "=", self.scope),
                ("date", "=", date),
                ("state", "in", ("validated", "filed")),
            ],
            order="state, id desc",
            limit=1,
        )
        if earlier:
            return {
                (cell.form_code, cell.part, cell.code, cell.column): None if cell.no_data else stored(str(cell.value))
                for cell in earlier.cell_ids
            }, earlier
        facts = self._facts_on(date)
        if not facts.closing:  # the institution did not keep its books here yet
            return {}, earlier
        evaluator, values = Evaluator(count.forms, facts), {}
        for key in count.values:
            try:
                values[key] = evaluator.cell(*key)
            except (FormulaError, UserError):  # told as a fault of the forms by the controls
                continue
        return values, earlier

    @staticmethod
    def _is_flow(count, key):
        """Whether a cell counts incomes and expenses only."""
        try:
            terms = [term for term, _view, _back in accounts_of(count.evaluator, *key)]
        except FormulaError:
            return False
        return bool(terms) and all(term.prefix[:1] in ("6", "7") for term in terms)
