from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.people import is_majority, percent

COUNTS = ("women", "men", "young_women", "young_men", "total")


class ResPartner(models.Model):
    """Women, men and young people of organisations, at any date: counted from their stays, never typed where there are
    names.
    """

    _inherit = "res.partner"

    women_count = fields.Integer(compute="_compute_group_counts", store=True, readonly=False)
    men_count = fields.Integer(compute="_compute_group_counts", store=True, readonly=False)
    org_people = fields.Integer(string="Number of people", compute="_compute_org_people")
    org_women = fields.Integer(string="Women", compute="_compute_org_people")
    org_men = fields.Integer(string="Men", compute="_compute_org_people")
    org_young_women = fields.Integer(string="Young women", compute="_compute_org_people")
    org_young_men = fields.Integer(string="Young men", compute="_compute_org_people")
    org_people_text = fields.Char(string="People today", compute="_compute_org_people")
    org_women_share = fields.Float(string="Women (%)", digits=(16, 1), compute="_compute_org_people")
    org_youth_share = fields.Float(string="Young people (%)", digits=(16, 1), compute="_compute_org_people")
    is_women_org = fields.Boolean(
        string="Women's organisation", compute="_compute_org_people", search="_search_is_women_org"
    )
    is_youth_org = fields.Boolean(
        string="Young people's organisation", compute="_compute_org_people", search="_search_is_youth_org"
    )

    # ------------------------------------------------------------------ the numbers of the member's file
    @api.depends(
        "org_membership_ids.date_from",
        "org_membership_ids.date_to",
        "org_membership_ids.person_id",
        "org_membership_ids.person_id.sex",
    )
    def _compute_group_counts(self):
        """Whoever has people entered by name has their number of today; for the others the number that was typed stays."""
        today = fields.Date.context_today(self)
        for partner in self:
            stays = partner.org_membership_ids
            if not stays:
                partner.women_count, partner.men_count = partner.women_count, partner.men_count
                continue
            people = stays.filtered(
                lambda stay: stay.date_from and stay.date_from <= today and (not stay.date_to or stay.date_to >= today)
            ).person_id
            partner.women_count = len(people.filtered(lambda person: person.sex == "female"))
            partner.men_count = len(people.filtered(lambda person: person.sex == "male"))

    @api.model
    @api.private
    def _refresh_group_counts(self):
        """Stays that began or ended by the mere passing of days: the numbers kept on the files follow. Run each night."""
        today = fields.Date.context_today(self)
        self.env["kondo.org.membership"].flush_model()
        self.flush_model(["women_count", "men_count"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE res_partner p SET women_count = q.women, men_count = q.men
                  FROM (SELECT m.organisation_id,
                               count(DISTINCT w.id) FILTER (WHERE w.sex = 'female') AS women,
                               count(DISTINCT w.id) FILTER (WHERE w.sex = 'male') AS men
                          FROM kondo_org_membership m
                          LEFT JOIN kondo_org_person w ON w.id = m.person_id AND m.date_from <= %(day)s
                                AND (m.date_to IS NULL OR m.date_to >= %(day)s)
                         GROUP BY m.organisation_id) q
                 WHERE p.id = q.organisation_id
                   AND (p.women_count, p.men_count) IS DISTINCT FROM (q.women::int, q.men::int)
                RETURNING p.id
                """,
                day=today,
            )
        )
        changed = self.browse([row[0] for row in self.env.cr.fetchall()])
        changed.invalidate_recordset(["women_count", "men_count"])
        return len(changed)

    # ------------------------------------------------------------------ counted at a date
    def _people_on(self, date):
        """People who are in these organisations on a day: each person once."""
        stays = self.env["kondo.org.membership"].search(
            [
                ("organisation_id", "in", self.ids),
                ("date_from", "<=", date),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", date),
            ]
        )
        return stays.person_id

    def _head_count(self, date, youth_from=None, youth_to=None):
        """How many people each organisation has on a day, in one query.

        :param youth_from: first and `youth_to` last age of a young person, both included; the network's dated ages
            (15 and 35) unless given
        :return: {organisation id: {"women", "men", "young_women", "young_men", "total"}}; a person whose sex is not
            known is in the total only; organisations without people have zeros
        """
        counts = {organisation: dict.fromkeys(COUNTS, 0) for organisation in self.ids}
        counts.update(self._count_people(date, youth_from, youth_to, by_organisation=True))
        return counts

    def _head_count_together(self, date, youth_from=None, youth_to=None):
        """The same numbers for all these organisations at once: whoever is in two of them counts once."""
        return self._count_people(date, youth_from, youth_to).get(0, dict.fromkeys(COUNTS, 0))

    def _count_people(self, date, youth_from, youth_to, by_organisation=False):
        if not self.ids:
            return {}
        date = fields.Date.to_date(date)
        earliest, latest = self.env["kondo.org.person"]._young_births_on(date, youth_from, youth_to)
        self.env["kondo.org.membership"].flush_model()
        self.env["kondo.org.person"].flush_model(["sex", "birth_date"])
        young = SQL("p.birth_date BETWEEN %s AND %s", earliest, latest)
        self.env.cr.execute(
            SQL(
                """
                SELECT %(key)s, count(DISTINCT p.id) FILTER (WHERE p.sex = 'female'),
                       count(DISTINCT p.id) FILTER (WHERE p.sex = 'male'),
                       count(DISTINCT p.id) FILTER (WHERE p.sex = 'female' AND %(young)s),
                       count(DISTINCT p.id) FILTER (WHERE p.sex = 'male' AND %(young)s),
                       count(DISTINCT p.id)
                  FROM kondo_org_membership m JOIN kondo_org_person p ON p.id = m.person_id
                 WHERE m.organisation_id = ANY(%(ids)s) AND m.date_from <= %(day)s
                   AND (m.date_to IS NULL OR m.date_to >= %(day)s)
                 GROUP BY 1
                """,
                key=SQL("m.organisation_id") if by_organisation else SQL("0"),
                young=young,
                ids=self.ids,
                day=date,
            )
        )
        return {key: dict(zip(COUNTS, numbers, strict=True)) for key, *numbers in self.env.cr.fetchall()}

    @api.depends("org_membership_ids.date_from", "org_membership_ids.date_to", "women_count", "men_count", "org_form")
    @api.depends_context("lang")
    def _compute_org_people(self):
        """Of today. Where nobody is entered by name, women and men are the typed numbers and nobody is known young."""
        today = fields.Date.context_today(self)
        organisations = self.filtered("is_organisation")._origin
        counts = organisations._head_count(today)
        named = {
            organisation.id
            for (organisation,) in self.env["kondo.org.membership"]._read_group(
                [("organisation_id", "in", organisations.ids)], ["organisation_id"]
            )
        }
        women_above, youth_above = self._majorities(today)
        for partner in self:
            count = counts.get(partner._origin.id) or dict.fromkeys(COUNTS, 0)
            if partner._origin.id not in named:
                count = {**count, "women": partner.women_count, "men": partner.men_count}
                count["total"] = count["women"] + count["men"]
            young = count["young_women"] + count["young_men"]
            partner.org_people, partner.org_women, partner.org_men = count["total"], count["women"], count["men"]
            partner.org_young_women, partner.org_young_men = count["young_women"], count["young_men"]
            partner.org_women_share = percent(count["women"], count["total"])
            partner.org_youth_share = percent(young, count["total"])
            partner.org_people_text = self.env._(
                "%(total)s: %(women)s women (%(women_share)s %%), %(men)s men; young: %(young_women)s women,"
                " %(young_men)s men (%(youth_share)s %%)",
                women_share=partner._share_text(partner.org_women_share),
                youth_share=partner._share_text(partner.org_youth_share),
                **count,
            )
            partner.is_women_org = partner.is_organisation and is_majority(count["women"], count["total"], women_above)
            partner.is_youth_org = partner.is_organisation and is_majority(young, count["total"], youth_above)

    @api.model
    def _share_text(self, share):
        """A share in percent as it is read: 66,7."""
        return f"{share:.1f}".removesuffix(".0").replace(".", ",")

    def _majorities(self, date):
        """Above which percentages an organisation is one of women, one of young people."""
        parameters = self.env["kondo.parameter"]
        return (
            float(parameters._get("women_organisation_percent", date)),
            float(parameters._get("youth_organisation_percent", date)),
        )

    def _search_is_women_org(self, operator, value):
        return self._search_majority(operator, "is_women_org")

    def _search_is_youth_org(self, operator, value):
        return self._search_majority(operator, "is_youth_org")

    def _search_majority(self, operator, name):
        if operator != "in":
            return NotImplemented
        organisations = self.search([("is_organisation", "=", True)])
        return [("id", "in", organisations.filtered(name).ids)]
