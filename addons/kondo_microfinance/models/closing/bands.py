"""What photographs and portfolio quality are read by: days late, sex, age. `engine.portfolio` says the same of one loan."""

from odoo.tools import SQL

from ...engine.portfolio import AGES as YEARS
from ...engine.portfolio import BOUNDS

BUCKETS = [
    ("0", "Not late"),
    ("1", "1 to 29 days"),
    ("30", "30 to 59 days"),
    ("60", "60 to 89 days"),
    ("90", "90 to 179 days"),
    ("180", "180 to 364 days"),
    ("365", "365 days and more"),
]
AGES = [
    ("0", "Under 18"),
    ("18", "18 to 25"),
    ("26", "26 to 35"),
    ("36", "36 to 45"),
    ("46", "46 to 60"),
    ("61", "Over 60"),
    ("unknown", "Age not known"),
    ("none", "Groups and legal persons"),
]
SEXES = [
    ("female", "Women"),
    ("male", "Men"),
    ("group", "Groups"),
    ("legal", "Legal persons"),
    ("individual", "Not given"),
]


def _steps(value, bounds):
    cases = SQL(" ").join(SQL("WHEN %s >= %s THEN %s", value, bound, str(bound)) for bound in reversed(bounds))
    return SQL("CASE %s ELSE '0' END", cases)


def bucket_sql(days):
    """The bucket of a number of days late, both SQL."""
    return _steps(days, BOUNDS)


def sex_sql(partner):
    """The row of SEXES that a partner counts in, by the alias of his table."""
    return SQL("CASE WHEN %(p)s.member_kind = 'individual' THEN COALESCE(%(p)s.sex, 'individual')"
               " ELSE COALESCE(%(p)s.member_kind, 'individual') END", p=partner)  # fmt: skip


def age_sql(partner, day):
    """The row of AGES that a partner counts in on a day."""
    years = SQL("EXTRACT(year FROM age(%s, %s.birth_date))", day, partner)
    return SQL(
        """CASE WHEN %(p)s.member_kind IN ('group', 'legal') THEN 'none' WHEN %(p)s.birth_date IS NULL THEN 'unknown'
                ELSE %(band)s END""",
        p=partner,
        band=_steps(years, YEARS),
    )
