import re
from fractions import Fraction
from functools import cached_property, partial

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.facts import Facts
from ...engine.scope import FREQUENCIES, Scope

NAME = re.compile(r"[a-z]+(_[a-z0-9]+)*(\.[a-z0-9]+(_[a-z0-9]+)*)?")


class DatabaseFacts(Facts):
    """The engine's facts, each part read when a formula first asks for it."""

    def __init__(self, source, scope):
        self.source, self.scope = source, scope
        self.date, self.start, self.annual = scope.date, scope.start, scope.annual
        self.measure = partial(source._measure, scope)

    def __repr__(self):
        return f"DatabaseFacts({self.scope!r})"

    __eq__ = object.__eq__
    __hash__ = object.__hash__

    @cached_property
    def closing(self):
        return self.source._closing(self.scope)

    @cached_property
    def opening(self):
        return self.source._opening(self.scope)

    @cached_property
    def movement(self):
        return self.source._movement(self.scope)

    @cached_property
    def bands(self):
        return self.source._bands(self.scope, self.closing)

    @cached_property
    def previous(self):
        return self.source._earlier_facts(self.scope, "year")

    @cached_property
    def before(self):
        if self.scope.frequency == "year":
            return self.previous
        return self.source._earlier_facts(self.scope, self.scope.frequency)


class KondoReturnSource(models.AbstractModel):
    """Where the figures of a return come from: the books for balances, the photographs for numbers and classes.

    Everything is read by SQL for the caisses that are given, whoever asks: who calls checks that they are the user's.
    """

    _name = "kondo.return.source"
    _description = "Source of the figures of returns"

    # ------------------------------------------------------------------ doors
    @api.model
    @api.private
    def _facts(self, companies, date, start=None, annual=None, frequency="year"):
        """What formulas read, for caisses whose books are added up.

        :param companies: res.company, one of them, or the union and all its caisses (consolidated)
        :param date: the day at whose end the figures stand
        :param start: first day of its financial year; default the first of January
        :param annual: whether `date` ends a financial year; default: when it is the eve of the next one
        :param frequency: what the return is filed for, "month", "quarter" or "year"
        :return: `engine.facts.Facts`; its parts are read when they are asked for. `facts.scope` serves `_rows`.
        """
        self.env.flush_all()
        return DatabaseFacts(self, self._scope(companies, date, start, annual, frequency))

    @api.model
    @api.private
    def _scope(self, companies, date, start=None, annual=None, frequency="year"):
        """The `Scope` of `_facts`' arguments, for who wants rows or measures without balances."""
        date = fields.Date.to_date(date)
        start = fields.Date.to_date(start) or date.replace(month=1, day=1)
        if frequency not in FREQUENCIES or not companies or not start <= date < fields.Date.add(start, years=1):
            raise UserError(self.env._("Figures are asked of caisses, for a day of a financial year."))
        if annual is None:
            annual = date == fields.Date.subtract(fields.Date.add(start, years=1), days=1)
        return Scope(companies.sudo(), date, start, bool(annual), frequency)

    @api.model
    def _earlier_facts(self, scope, frequency):
        """Facts a month, a quarter or a year before; None when there were no books yet."""
        earlier = scope.earlier(frequency)
        if frequency == "year":
            earlier.memo["trial"] = self._trial_before(scope)
        return DatabaseFacts(self, earlier) if self._trial(earlier) else None

    @api.model
    @api.private
    def _measure(self, scope, name, filters=()):
        """A figure that is in no account.

        :param name: such as "loans.outstanding", see the methods `_measure_…`
        :param filters: pairs (key, value) of text
        :return: int, Fraction, or None for "no data": the photograph of that evening is missing in one of the caisses
        :raises UserError: a measure or a filter that nobody knows
        """
        method = getattr(self, f"_measure_{name.replace('.', '_')}", None) if NAME.fullmatch(name or "") else None
        if method is None:
            raise UserError(self.env._("The figure “%(name)s” is not known.", name=name))
        filters = dict(filters)
        return scope.once(("measure", name, tuple(sorted(filters.items()))), lambda: method(scope, filters))

    @api.model
    @api.private
    def _rows(self, scope, name, **options):
        """The rows of a part of a form that lists them: [{"label": …, column: value}]."""
        method = getattr(self, f"_rows_{name}", None) if NAME.fullmatch(name or "") else None
        if method is None:
            raise UserError(self.env._("The list “%(name)s” is not known.", name=name))
        return method(scope, **options)

    # ------------------------------------------------------------------ what measures share
    @api.model
    def _measure_parameter(self, scope, filters):
        """{parameter:key=…}: the dated parameter as a number; no data before it came into force."""
        key = filters.get("key")
        if set(filters) != {"key"}:
            raise UserError(self.env._("A parameter is asked for by its key."))
        parameters = self.env["kondo.parameter"].sudo()
        found = parameters.search([("key", "=", key), ("date_from", "<=", scope.date)], limit=1)
        if not found:
            if not parameters.search_count([("key", "=", key)], limit=1):
                raise UserError(self.env._("The parameter “%(key)s” is not known.", key=key))
            return None
        try:
            return Fraction(found.value.strip().replace(",", "."))
        except ValueError:
            raise UserError(self.env._("The parameter “%(key)s” is not a number.", key=key)) from None

    @api.model
    def _measure_caisses(self, scope, filters):
        """Caisses whose books had begun."""
        self._check_filters("caisses", filters, ())
        return len(self._begun(scope, scope.date))

    @api.model
    def _measure_points_of_service(self, scope, filters):
        """Places where members are received: the seat of each caisse and its points of service."""
        self._check_filters("points.of_service", filters, ())
        caisses = self._begun(scope, scope.date)
        points = self.env["kondo.point.of.service"].sudo().search_count([("company_id", "in", caisses)])
        return len(caisses) + points

    @api.model
    def _check_filters(self, name, filters, known):
        for key in filters:
            if key not in known:
                raise UserError(
                    self.env._("The figure “%(name)s” cannot be asked for by “%(filter)s”.", name=name, filter=key)
                )
