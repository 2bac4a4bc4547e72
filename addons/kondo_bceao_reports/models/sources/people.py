from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# What a filter of a measure may say; None: anything that the list beside it knows.
VALUES = {
    "sex": ("female", "male", "none"),
    "kind": ("person", "group", "company"),
    "age": ("young",),
    "term": ("short", "medium", "long"),
    "class": ("performing", "immobilised", "late_6", "late_12", "late_24"),
    "product": ("sight", "term", "plan", "guarantee", "other"),
    "fund": ("own", "line"),
    "first_time": ("yes", "no"),
}
MODELS = {"purpose": "kondo.loan.purpose", "sector": "kondo.loan.sector"}
PEOPLE = ("sex", "kind", "age")


def _meets(row, key, value):
    if key == "late":
        return row["days_late"] >= int(value)
    if key == "age":
        return row["young"]
    if key == "first_time":
        return row["first_time"] == (value == "yes")
    if key == "product" and isinstance(row["product"], list):
        return value in row["product"]
    return row[key] == value


class KondoReturnSource(models.AbstractModel):
    """How figures are cut: by sex, kind and age of the member, and by what his loan or account is."""

    _inherit = "kondo.return.source"

    @api.model
    def _select(self, name, rows, filters, known):
        """The rows of a measure that meet its filters.

        :param rows: dicts with a key for each filter, or None for "no data"
        :param known: filters that this measure understands
        """
        self._check_filters(name, filters, known)
        for key, value in filters.items():
            self._check_value(key, value)
        if rows is None:
            return None
        return [row for row in rows if all(_meets(row, key, value) for key, value in filters.items())]

    @api.model
    def _check_value(self, key, value):
        if key in MODELS:
            known = self.env[MODELS[key]].sudo().with_context(active_test=False)
            right = bool(known.search_count([("code", "=", value)], limit=1))
        elif key == "late":
            right = str(value).isdigit()
        else:
            right = value in VALUES[key]
        if not right:
            raise UserError(
                self.env._("“%(value)s” is not a value of the filter “%(filter)s”.", value=value, filter=key)
            )

    @api.model
    def _sum(self, name, rows, filters, known, column):
        """The sum of a column over the rows that meet the filters; None for no data."""
        rows = self._select(name, rows, filters, known)
        return None if rows is None else sum(row[column] for row in rows)

    @api.model
    def _prepare_sums(self):
        """Compiling costs more than it saves here; thousands of rows are joined in memory, not on disk."""
        self.env.cr.execute("SET LOCAL jit = off; SET LOCAL work_mem = '64MB'")

    @api.model
    def _fetch(self, query):
        """The rows of a query as dicts."""
        self._prepare_sums()
        self.env.cr.execute(query)
        return self.env.cr.dictfetchall()

    @api.model
    def _people_sql(self, scope, day=None):
        """The columns sex, kind and young of the partner `p`, for a SELECT. Ages are those of `day`, SQL (the scope's)."""
        parameters = self.env["kondo.parameter"]
        return SQL(
            """CASE WHEN p.member_kind = 'individual' THEN COALESCE(p.sex, 'none') ELSE 'none' END AS sex,
               CASE p.member_kind WHEN 'group' THEN 'group' WHEN 'legal' THEN 'company' ELSE 'person' END AS kind,
               COALESCE(p.member_kind = 'individual' AND EXTRACT(year FROM age(%(day)s, p.birth_date)) BETWEEN %(low)s AND %(high)s,
                        FALSE) AS young""",
            day=day or SQL("%s::date", scope.date),
            low=int(parameters._get("youth_age_min", scope.date)),
            high=int(parameters._get("youth_age_max", scope.date)),
        )
