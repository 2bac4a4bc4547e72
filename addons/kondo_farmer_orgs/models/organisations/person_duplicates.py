from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, sql

from odoo.addons.kondo_microfinance.engine.names import name_key, phone_digits, similarity
from odoo.addons.kondo_microfinance.models.members.member_duplicates import (
    NAME,
    NAME_FROM,
    NEAR_YEAR,
    OTHER_SEX,
    OTHER_YEAR,
    PHONE,
    SAME_YEAR,
    SHOWN_FROM,
    VILLAGE,
)


class KondoOrgPerson(models.Model):
    """Probable duplicates of a person, weighed as those of a member. Shown, never a refusal: cousins share names."""

    _inherit = "kondo.org.person"

    duplicate_note = fields.Html(compute="_compute_duplicate_note", sanitize=False)
    checked_unique = fields.Boolean(
        string="Checked: somebody else", help="The people who look alike were looked at: none of them is this person."
    )

    def init(self):
        super().init()
        self.env.cr.execute(SQL("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
        if not sql.index_exists(self.env.cr, "kondo_org_person__name_key_trgm"):
            self.env.cr.execute(
                SQL(
                    "CREATE INDEX kondo_org_person__name_key_trgm ON kondo_org_person USING gin (name_key gin_trgm_ops)"
                )
            )

    @api.depends("name", "sex", "birth_date", "village_id", "phone", "partner_id", "checked_unique")
    def _compute_duplicate_note(self):
        for person in self:
            person.duplicate_note = False
            if person.checked_unique or not person.name:
                continue
            people = person._likely_people()
            files = person._likely_files() if not person.partner_id else []
            lines = [
                Markup("<li>%s %s <em>(%s)</em></li>")
                % (
                    other.name,
                    " · ".join(filter(None, [str(other.birth_year or ""), other.village_id.name, other.phone])),
                    ", ".join(
                        other.membership_ids.organisation_id.mapped("name")
                        or [self.env._("in no organisation any more")]
                    ),
                )
                for other in people
            ]
            lines += [
                Markup("<li>%s %s <em>(%s)</em></li>")
                % (file["number"], file["name"], self.env._("member of the caisse: choose the file"))
                for file in files
            ]
            if lines:
                person.duplicate_note = Markup("<strong>%s</strong><ul class='mb-0'>%s</ul>") % (
                    self.env._("This person may be in the list already:"),
                    Markup().join(lines),
                )

    def _likely_people(self, limit=5):
        """People of the caisses the user sees who may be this one, the likeliest first.

        Same sound of the name, same year of birth, same village or phone: the weights of a member's duplicates.
        """
        self.ensure_one()
        key = name_key(self.name)
        if len(key) < 3:
            return self.browse()
        self.env["kondo.org.person"].flush_model(["name_key", "birth_date", "village_id"])
        query = self._search(Domain("id", "!=", self._origin.id or 0))
        column = SQL.identifier(self._table, "name_key")
        self.env.cr.execute(SQL("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", str(NAME_FROM)))
        query.add_where(SQL("%s %% %s", column, key))
        query.order = SQL("similarity(%s, %s) DESC, %s", column, key, SQL.identifier(self._table, "id"))
        query.limit = 40
        scored = [(other, self._likeness_to(other, key)) for other in self.browse(query)]
        scored = [row for row in scored if row[1] >= SHOWN_FROM]
        people = sorted(scored, key=lambda row: (-row[1], row[0].id))[:limit]
        return self.browse([other.id for other, _score in people])

    def _likeness_to(self, other, key):
        score = round(NAME * similarity(other.name_key or "", key))
        if self.birth_date and other.birth_date:
            gap = abs(self.birth_date.year - other.birth_date.year)
            score += SAME_YEAR if not gap else NEAR_YEAR if gap <= 2 else OTHER_YEAR if gap > 5 else 0
        if self.village_id and self.village_id == other.village_id:
            score += VILLAGE
        phone = phone_digits(self.phone)
        if phone and phone == phone_digits(other.phone):
            score += PHONE
        if self.sex and other.sex and self.sex != other.sex:
            score += OTHER_SEX
        return score

    def _likely_files(self):
        """Members' files that may be this person's, unless they are another person's of the list already."""
        self.ensure_one()
        files = self.env["res.partner"].duplicate_candidates(
            {
                "name": self.name,
                "sex": self.sex,
                "birth_date": self.birth_date,
                "village_id": self.village_id.id,
                "phone": self.phone,
            },
            limit=3,
        )
        ids = [file["id"] for file in files if not file.get("elsewhere")]
        taken = set(self.search([("partner_id", "in", ids)]).partner_id.ids)
        individuals = set(self.env["res.partner"].search([("id", "in", ids), ("member_kind", "=", "individual")]).ids)
        return [file for file in files if file.get("id") in individuals - taken]

    def action_checked(self):
        """Somebody looked: this is another person."""
        self.check_access("write")
        self.checked_unique = True
