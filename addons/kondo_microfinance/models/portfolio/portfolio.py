from datetime import date
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ...engine.portfolio import percent

READERS = (
    "group_loan_officer",
    "group_caisse_manager",
    "group_accountant",
    "group_controller",
    "group_network_manager",
)

AMOUNTS = ("principal", "late", "needed", "provision", "restructured")


class Source(NamedTuple):
    """Where the figures of a caisse for a day are read: its loans as they stand now, or the photograph of an evening."""

    company_id: int
    live: bool
    day: date  # the open business day, or the evening photographed
    monthly: bool  # whether the loans of that evening are kept one by one


class Asked(NamedTuple):
    """What somebody wants to see, checked.

    :param sources: a Source for each caisse with figures for that day
    :param by, campaign_by: keys of `_dimensions` and `_campaign_dimensions`
    :param due_from, due_to: due dates of the campaign; `in_fine`: only loans whose principal falls due in one go
    :param loss_from: first day of the period of the losses, which ends with `day`
    """

    day: date
    sources: list
    by: str
    due_from: date
    due_to: date
    campaign_by: str
    in_fine: bool
    loss_from: date

    @property
    def live(self):
        """{company id: business day} of the caisses whose loans are read as they stand now."""
        return {source.company_id: source.day for source in self.sources if source.live}

    @property
    def evenings(self):
        """{company id: evening} of the caisses read from photographs."""
        return {source.company_id: source.day for source in self.sources if not source.live}

    @property
    def companies(self):
        return [source.company_id for source in self.sources]


class KondoPortfolio(models.AbstractModel):
    """Portfolio quality: tables of figures, each of which opens its loans. The screen, the XLSX and the PDF show the same.

    A table is a dict {key, title, note, columns, rows, total}; a column {name, label, kind} of kind count, francs, share
    (percent) or text; a row {key, label, cells, shares, opens}: `cells` {column: value}, `shares` {column: percent shown
    beside it}, `opens` the columns whose loans can be opened.
    """

    _name = "kondo.portfolio"
    _description = "Portfolio quality"

    # ------------------------------------------------------------------ what is asked
    @api.model
    def read_tables(self, filters=None):
        """Everything the screen shows.

        :param filters: dict of day, company_id, by, due_from, due_to, campaign_by, in_fine, loss_from; all optional
        :return: dict of filters (as they were understood), choices, notes (sentences on where figures come from), tables
        :raises UserError: not a role that reads portfolio quality, another's caisse, filters that cannot be read
        """
        asked = self._read(filters)
        return {
            "filters": self._filters(asked, filters),
            "choices": self._choices(),
            "notes": self._notes(asked),
            "tables": self._tables(asked),
        }

    @api.model
    def open_cell(self, filters, table, row, column):
        """The window action with the loans behind a figure of a table.

        :param row: key of the row, "total" for the last one
        :raises UserError: as `read_tables`; a figure whose loans are not kept one by one
        """
        asked = self._read(filters)
        opener = self._openers().get(table)
        if not opener or not isinstance(row, str) or not isinstance(column, str):
            raise UserError(self.env._("The request is not readable."))
        return opener(asked, row, column)

    @api.model
    def print_tables(self, filters, format):
        """The report action that prints the tables: `format` is "pdf" or "xlsx"."""
        asked = self._read(filters)
        reports = {"pdf": "action_report_portfolio", "xlsx": "action_report_portfolio_xlsx"}
        if format not in reports:
            raise UserError(self.env._("The request is not readable."))
        paper = self.env["kondo.portfolio.print"].create({"filters": self._filters(asked, filters)})
        return self.env.ref(f"kondo_microfinance.{reports[format]}").report_action(paper)

    @api.model
    def _read(self, filters):
        """The `Asked` of filters that came from outside; the door of every figure."""
        self.env["kondo.four.eyes"]._check_group(*READERS)
        self.env.flush_all()
        self.env.cr.execute("SET LOCAL jit = off")  # compiling costs seconds where running costs a tenth of one
        filters = filters or {}
        if not isinstance(filters, dict):
            raise UserError(self.env._("The request is not readable."))
        companies = self._companies(filters.get("company_id"))
        today = max(companies.mapped("business_date"), default=fields.Date.context_today(self))
        day = self._read_day(filters.get("day")) or today
        by, campaign_by = filters.get("by") or "product", filters.get("campaign_by") or "product"
        # a year back, and half a year ahead: what is to fall due at the next harvest
        due_from = self._read_day(filters.get("due_from")) or fields.Date.subtract(day.replace(day=1), years=1)
        due_to = self._read_day(filters.get("due_to")) or fields.Date.end_of(fields.Date.add(day, months=6), "month")
        loss_from = self._read_day(filters.get("loss_from")) or day.replace(month=1, day=1)
        if by not in self._dimensions() or campaign_by not in self._campaign_dimensions():
            raise UserError(self.env._("The request is not readable."))
        if due_from > due_to or loss_from > day:
            raise UserError(self.env._("The period ends before it begins: check the dates."))
        in_fine = bool(filters.get("in_fine", True))
        return Asked(day, self._sources(companies, day), by, due_from, due_to, campaign_by, in_fine, loss_from)

    @api.model
    def _read_day(self, value):
        try:
            return fields.Date.to_date(value or None)
        except (TypeError, ValueError):
            raise UserError(self.env._("The request is not readable.")) from None

    @api.model
    def _companies(self, company_id=None):
        """The open caisses in sight of the user: those of the companies he works in, or below the one asked for."""
        roots = self.env.companies
        if company_id:
            if type(company_id) is not int:
                raise UserError(self.env._("The request is not readable."))
            roots = self.env["res.company"].browse(company_id)
            roots._check_visible()
        domain = [("id", "child_of", roots.ids), ("kondo_kind", "=", "caisse"), ("business_date", "!=", False)]
        seen = self.env["res.company"].sudo().search([("id", "child_of", self.env.companies.ids)])
        return self.env["res.company"].sudo().search(domain) & self.env.user.sudo()._kondo_companies() & seen

    @api.model
    def _sources(self, companies, day):
        """Where each caisse is read for a day: live once its business day has come, else the last evening up to then."""
        self.env.cr.execute(
            """
            SELECT c.id, GREATEST((SELECT max(date) FROM kondo_snapshot_portfolio WHERE company_id = c.id AND date <= %(day)s),
                                  (SELECT max(date) FROM kondo_snapshot_deposits WHERE company_id = c.id AND date <= %(day)s)),
                   GREATEST((SELECT max(date) FROM kondo_snapshot_loan WHERE company_id = c.id AND date <= %(day)s),
                            (SELECT max(date) FROM kondo_snapshot_account WHERE company_id = c.id AND date <= %(day)s))
              FROM unnest(%(companies)s) AS c(id)
            """,
            {"day": day, "companies": companies.ids},
        )
        evenings = {company: (evening, monthly) for company, evening, monthly in self.env.cr.fetchall()}
        sources = []
        for company in companies:
            evening, monthly = evenings[company.id]
            if day >= company.business_date:
                sources.append(Source(company.id, True, company.business_date, False))
            elif evening:
                sources.append(Source(company.id, False, evening, evening == monthly))
        return sources

    # ------------------------------------------------------------------ what the screen needs beside the tables
    @api.model
    def _filters(self, asked, filters):
        return {
            "day": str(asked.day),
            "company_id": (filters or {}).get("company_id") or False,
            "by": asked.by,
            "due_from": str(asked.due_from),
            "due_to": str(asked.due_to),
            "campaign_by": asked.campaign_by,
            "in_fine": asked.in_fine,
            "loss_from": str(asked.loss_from),
        }

    @api.model
    def _choices(self):
        companies = self._companies()
        ends = self._month_ends({company.id: company.business_date for company in companies})
        month_ends = sorted({day for days in ends.values() for day in days}, reverse=True)[:24]
        return {
            "companies": [{"id": company.id, "name": company.name} for company in companies.sorted("name")],
            "by": [{"key": key, "label": label} for key, (label, *_more) in self._dimensions().items()],
            "campaign_by": [
                {"key": key, "label": label} for key, (label, *_more) in self._campaign_dimensions().items()
            ],
            "month_ends": [{"day": str(day), "label": format_date(self.env, day)} for day in month_ends],
            "today": str(max(companies.mapped("business_date"), default=fields.Date.context_today(self))),
        }

    @api.model
    def _notes(self, asked):
        """Sentences: where the figures come from, and what of them opens."""
        _ = self.env._
        names = {company.id: company.name for company in self.env["res.company"].sudo().browse(asked.companies)}
        if not asked.sources:
            return [_("No figures were kept for this day.")]
        notes = []
        for day in sorted(set(asked.evenings.values())):
            caisses = ", ".join(sorted(names[one] for one, evening in asked.evenings.items() if evening == day))
            notes.append(_("Evening of %(day)s: %(caisses)s.", day=format_date(self.env, day), caisses=caisses))
        for day in sorted(set(asked.live.values())):
            caisses = ", ".join(sorted(names[one] for one, opened in asked.live.items() if opened == day))
            notes.append(
                _("Now, business day of %(day)s: %(caisses)s.", day=format_date(self.env, day), caisses=caisses)
            )
        if not self._loans_kept(asked):
            notes.append(self._not_kept())
        return notes

    @api.model
    def _loans_kept(self, asked):
        """Where the loans behind the figures are: "live", "monthly", or None when they are not kept one by one."""
        if asked.sources and all(source.live for source in asked.sources):
            return "live"
        if asked.sources and all(source.monthly for source in asked.sources):
            return "monthly"
        return None

    @api.model
    def _not_kept(self):
        return self.env._(
            "Loans are kept one by one at the end of each month: choose a month end, or today, to open those of a figure."
        )

    # ------------------------------------------------------------------ tables
    @api.model
    def _tables(self, asked):
        """The tables in the order in which they are shown."""
        return self._add_tables(asked, self._cells(asked))

    @api.model
    def _add_tables(self, asked, cells):
        """Tables of a part of the room, after those of the parts before it; `cells` as `_cells`."""
        return []

    @api.model
    def _cells(self, asked):
        """The outstanding read once for all tables: sums by the dimension asked for, caisse, class and bucket.

        :return: list of dicts key, company_id, stage, bucket, loans, parts, principal, late, needed, provision, restructured
        """
        column = self._dimensions()[asked.by][1]
        self.env.cr.execute(
            SQL(
                """SELECT %(key)s AS key, company_id, stage, bucket, sum(loans)::int AS loans, sum(parts)::int AS parts, %(sums)s
                     FROM (%(figures)s) f GROUP BY %(key)s, company_id, stage, bucket""",
                key=SQL.identifier(column),
                sums=SQL(", ").join(
                    SQL("sum(%s)::bigint AS %s", SQL.identifier(name), SQL.identifier(name)) for name in AMOUNTS
                ),
                figures=self._figures(asked),
            )
        )
        return self.env.cr.dictfetchall()

    @api.model
    def _summed(self, cells, by, names):
        """{value of `by`: {name: sum}} of cells."""
        sums = {}
        for cell in cells:
            row = sums.setdefault(cell[by], dict.fromkeys(names, 0))
            for name in names:
                row[name] += cell[name]
        return sums

    @api.model
    def _openers(self):
        """{key of a table: method(asked, row, column) that gives the action with the loans of a figure}."""
        return {}

    @api.model
    def _dimensions(self):
        """{key: (label, column of the positions, model of its records or {value: label})}."""
        return {}

    @api.model
    def _campaign_dimensions(self):
        """As `_dimensions`, for the recovery of a campaign."""
        return {}

    @api.model
    def _labels(self, values, model, empty):
        """{value: words} of records' ids (`model` its name) or of the values of a selection (`model` a dict)."""
        if isinstance(model, dict):
            return {value: model.get(value, empty) for value in values}
        records = self.env[model].sudo().browse([value for value in values if value])
        return {False: empty, None: empty, **{record.id: record.display_name for record in records}}

    @api.model
    def _share(self, part, whole):
        """A percentage to be shown, or None of nothing."""
        share = percent(part, whole)
        return None if share is None else float(share)

    @api.model
    def _action(self, name, model, ids, **more):
        """The window with some records, found by the caller within the caisses asked for."""
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "list"), (False, "form")] if model == "kondo.loan" else [(False, "list")],
            "domain": [("id", "in", ids)],
            "context": {"create": False, **more},
        }


class KondoPortfolioPrint(models.TransientModel):
    """What somebody prints of portfolio quality: his filters, read again with his rights when it is drawn."""

    _name = "kondo.portfolio.print"
    _description = "Print of portfolio quality"

    filters = fields.Json(readonly=True)

    def _asked(self):
        """The filters of this print, for one who may read it."""
        self.ensure_one()
        self.check_access("read")
        return self.filters

    def _compute_display_name(self):
        for paper in self:
            paper.display_name = self.env._("Portfolio quality %(day)s", day=(paper.filters or {}).get("day", ""))
