from odoo import api, models
from odoo.tools import SQL

from .people import PEOPLE


class KondoReturnSource(models.AbstractModel):
    """Members at the end of a day and those who came and left, by their files.

    A file keeps the last admission only: somebody who left and came back counts from his return. A member who moved to
    another caisse since counts in the one he was in.
    """

    _inherit = "kondo.return.source"

    @api.model
    def _member_rows(self, scope):
        """Numbers of files by sex, kind and age: members, joined, left (in the year), users."""

        def read():
            return self._fetch(
                SQL(
                    """
                    WITH moved AS (
                        SELECT DISTINCT ON (t.partner_id) t.partner_id, t.company_id FROM kondo_member_transfer t
                         WHERE t.state = 'done' AND t.done_on > %(day)s ORDER BY t.partner_id, t.done_on, t.id
                    ), files AS (
                        SELECT p.id, %(people)s, COALESCE(p.membership_date, p.create_date::date) AS joined_on, p.exit_date,
                               p.member_state = 'active' OR p.membership_date IS NOT NULL AND p.member_state <> 'applicant'
                               AS admitted
                          FROM res_partner p LEFT JOIN moved m ON m.partner_id = p.id
                         WHERE p.is_kondo_member AND COALESCE(m.company_id, p.company_id) = ANY(%(companies)s)
                    ), here AS (
                        SELECT *, admitted AND joined_on <= %(day)s AND (exit_date IS NULL OR exit_date > %(day)s) AS inside
                          FROM files
                    ), seen AS (
                        SELECT a.partner_id, bool_or(q.state = 'active') AS active FROM (%(accounts)s) q
                          JOIN kondo_savings_account a ON a.id = q.account_id GROUP BY 1
                        UNION ALL
                        SELECT l.partner_id, TRUE FROM (%(loans)s) q JOIN kondo_loan l ON l.id = q.loan_id
                    ), busy AS (
                        SELECT partner_id, bool_or(active) AS active FROM seen GROUP BY 1
                    )
                    SELECT h.sex, h.kind, h.young, count(*) FILTER (WHERE h.inside) AS members,
                           count(*) FILTER (WHERE h.admitted AND h.joined_on BETWEEN %(start)s AND %(day)s) AS joined,
                           count(*) FILTER (WHERE h.admitted AND h.exit_date BETWEEN %(start)s AND %(day)s) AS left,
                           count(*) FILTER (WHERE h.inside AND b.active) AS active,
                           count(*) FILTER (WHERE NOT h.inside AND b.partner_id IS NOT NULL) AS users
                      FROM here h LEFT JOIN busy b ON b.partner_id = h.id
                     GROUP BY 1, 2, 3
                    """,
                    day=scope.date,
                    start=scope.start,
                    companies=scope.companies.ids,
                    people=self._people_sql(scope),
                    accounts=self._evening_rows(scope, "kondo_snapshot_account"),
                    loans=self._evening_rows(scope, "kondo_snapshot_loan"),
                )
            )

        return scope.once("members", read)

    @api.model
    def _evening_rows(self, scope, table):
        """SQL of the rows photographed of the scope's caisses."""
        return SQL(
            "SELECT s.* FROM (%s) d JOIN %s s ON s.company_id = d.company_id AND s.date = d.day",
            self._days(self._evenings(scope, scope.date)),
            SQL.identifier(table),
        )

    @api.model
    def _photographed_members(self, scope):
        return self._member_rows(scope) if self._photographed(scope) else None

    @api.model
    def _measure_members(self, scope, filters):
        """Members at the end of the day."""
        return self._sum("members", self._member_rows(scope), filters, PEOPLE, "members")

    @api.model
    def _measure_members_joined(self, scope, filters):
        """Members admitted in the year."""
        return self._sum("members.joined", self._member_rows(scope), filters, PEOPLE, "joined")

    @api.model
    def _measure_members_left(self, scope, filters):
        """Members who resigned, were excluded or died in the year."""
        return self._sum("members.left", self._member_rows(scope), filters, PEOPLE, "left")

    @api.model
    def _measure_members_users(self, scope, filters):
        """Holders of an account or of a loan who were no members on that day."""
        return self._sum("members.users", self._photographed_members(scope), filters, PEOPLE, "users")

    @api.model
    def _measure_members_active(self, scope, filters):
        """Members with an account in use, or a running loan."""
        return self._sum("members.active", self._photographed_members(scope), filters, PEOPLE, "active")

    @api.model
    def _measure_members_inactive(self, scope, filters):
        """The other members."""
        rows = self._select("members.inactive", self._photographed_members(scope), filters, PEOPLE)
        return None if rows is None else sum(row["members"] - row["active"] for row in rows)

    @api.model
    def _measure_members_target(self, scope, filters):
        """People whom the caisses are meant for: the dated parameter `target_population` when the network has set it."""
        self._check_filters("members.target", filters, ())
        found = self.env["kondo.parameter"].sudo().search(
            [("key", "=", "target_population"), ("date_from", "<=", scope.date)], limit=1
        )  # fmt: skip
        return int(found.value) if found and found.value.strip().isdigit() else None

    @api.model
    def _measure_members_in_groups(self, scope, filters):
        """People of the organisations that are members; no data where no add-on keeps their names."""
        rows = scope.once("in_groups", lambda: self._people_in_groups(scope))
        return self._sum("members.in_groups", rows, filters, ("sex", "age"), "people")

    @api.model
    def _people_in_groups(self, scope):
        """Numbers by sex and age of the people in organisations; None without an add-on that knows them."""
        if "kondo.org.membership" not in self.env:
            return None
        parameters = self.env["kondo.parameter"]
        return self._fetch(
            SQL(
                """
                SELECT COALESCE(o.sex, 'none') AS sex, count(*) AS people,
                       COALESCE(EXTRACT(year FROM age(%(day)s::date, o.birth_date)) BETWEEN %(low)s AND %(high)s, FALSE) AS young
                  FROM kondo_org_person o
                 WHERE o.id IN (SELECT m.person_id FROM kondo_org_membership m
                                 WHERE m.company_id = ANY(%(companies)s) AND m.date_from <= %(day)s
                                   AND (m.date_to IS NULL OR m.date_to >= %(day)s))
                 GROUP BY 1, 3
                """,
                day=scope.date,
                companies=scope.companies.ids,
                low=int(parameters._get("youth_age_min", scope.date)),
                high=int(parameters._get("youth_age_max", scope.date)),
            )
        )
