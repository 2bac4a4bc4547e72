from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.names import document_key, name_key, phone_digits, similarity

# What each likeness weighs. A document alone convinces; a common name alone does not.
DOCUMENT, PHONE, NAME, SAME_YEAR, NEAR_YEAR, VILLAGE = 100, 40, 50, 20, 10, 15
OTHER_YEAR, OTHER_SEX = -30, -40
# From here a file is shown; a name counts from this likeness (pg_trgm's scale).
SHOWN_FROM, NAME_FROM = 55, 0.45
# Shorter numbers would let somebody probe the other caisses.
DOCUMENT_MIN = 8


class ResPartner(models.Model):
    """Probable duplicates, shown before a second file is opened. Shown, never a refusal: cousins share names."""

    _inherit = "res.partner"

    duplicate_note = fields.Html(compute="_compute_duplicate_note", sanitize=False)

    @api.model
    @api.readonly
    def duplicate_candidates(self, values, limit=5):
        """Files that may already be this person's, the likeliest first.

        :param values: dict of any of name, sex, birth_year or birth_date, village_id, phone, phone2, documents (list
            of numbers), exclude_id (the file itself)
        :return: list of dicts. In the caisses the user sees: id, number, name, birth, village, phone, state, company,
            score, reasons. In the others only {"elsewhere": True, "company", "reasons"}, and only for a document
            with the same number: that somebody is a member there, nothing about him.
        """
        if not self.env.user.has_group("kondo_microfinance.group_kondo_user"):
            raise AccessError(self.env._("Members' files are kept by the staff of the caisses."))
        wanted = self._wanted(values)
        found = self._likely_members(wanted)
        scored = [(member, *member._likeness(wanted)) for member in found]
        scored = sorted((row for row in scored if row[1] >= SHOWN_FROM), key=lambda row: (-row[1], row[0].id))
        answer = [
            {
                "id": member.id,
                "number": member.member_number,
                "name": member.name,
                "birth": member.birth_label or False,
                "village": member.village_id.name or False,
                "phone": member.phone or False,
                "state": member.member_state,
                "company": member.company_id.sudo().name,
                "score": score,
                "reasons": reasons,
            }
            for member, score, reasons in scored[: max(1, min(int(limit), 20))]
        ]
        return answer + self._elsewhere(wanted)

    @api.depends("name", "sex", "birth_date", "village_id", "phone", "phone2", "id_numbers.name", "member_state")
    def _compute_duplicate_note(self):
        """For a file not yet admitted only: afterwards the question is settled."""
        for partner in self:
            partner.duplicate_note = False
            if not partner.is_kondo_member or partner.member_state not in (False, "applicant"):
                continue
            if not partner.name and not partner.phone and not partner.id_numbers:
                continue
            candidates = self.duplicate_candidates(
                {
                    "name": partner.name,
                    "sex": partner.sex,
                    "birth_year": partner.birth_year,
                    "village_id": partner.village_id.id,
                    "phone": partner.phone,
                    "phone2": partner.phone2,
                    "documents": partner.id_numbers.mapped("name"),
                    "exclude_id": partner._origin.id,
                }
            )
            partner.duplicate_note = self._duplicate_lines(candidates)

    # ------------------------------------------------------------------ helpers
    @api.model
    def _duplicate_lines(self, candidates):
        if not candidates:
            return False
        lines = []
        for candidate in candidates:
            reasons = ", ".join(candidate["reasons"])
            if candidate.get("elsewhere"):
                text = self.env._(
                    "A person with this document is already a member of another caisse: %(caisse)s.",
                    caisse=candidate["company"],
                )
                lines.append(Markup("<li>%s</li>") % text)
                continue
            facts = " · ".join(str(candidate[key]) for key in ("birth", "village", "phone") if candidate[key])
            lines.append(
                Markup('<li><a href="/odoo/kondo-membres/%s" target="_blank">%s %s</a> %s <em>(%s)</em></li>')
                % (candidate["id"], candidate["number"], candidate["name"], facts, reasons)
            )
        return Markup("<strong>%s</strong><ul class='mb-0'>%s</ul>") % (
            self.env._("This person may already have a file:"),
            Markup().join(lines),
        )

    @api.model
    def _wanted(self, values):
        birth = fields.Date.to_date(values.get("birth_date"))
        return {
            "key": name_key(values.get("name")),
            "sex": values.get("sex") or False,
            "birth_year": int(values.get("birth_year") or 0) or (birth.year if birth else 0),
            "village_id": int(values.get("village_id") or 0),
            "phones": {
                phone for phone in map(phone_digits, (values.get("phone"), values.get("phone2"))) if len(phone) >= 8
            },
            "documents": {key for key in map(document_key, values.get("documents") or []) if len(key) >= DOCUMENT_MIN},
            "exclude_id": int(values.get("exclude_id") or 0),
        }

    @api.model
    def _likely_members(self, wanted):
        """Members the user may see who share a document, a phone or nearly a name (by the trigram indexes)."""
        members = Domain("is_kondo_member", "=", True)
        if wanted["exclude_id"]:
            members &= Domain("id", "!=", wanted["exclude_id"])
        found = self.browse()
        if wanted["documents"]:
            found |= self.search(members & Domain("id_numbers.number_key", "in", list(wanted["documents"])), limit=20)
        if wanted["phones"]:
            phones = Domain.OR(Domain("kondo_search", "=like", f"% {phone} %") for phone in wanted["phones"])
            found |= self.search(members & phones, limit=20)
        if len(wanted["key"]) >= 3:
            query = self._search(members)
            key = SQL.identifier(self._table, "kondo_name_key")
            self.env.cr.execute(SQL("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", str(NAME_FROM)))
            query.add_where(SQL("%s %% %s", key, wanted["key"]))
            # The likeliest names first, then those of the same village and year: a hundred Awa Traoré are possible.
            query.order = SQL(
                "(similarity(%s, %s) * %s + CASE WHEN %s = %s THEN %s ELSE 0 END"
                " + CASE WHEN EXTRACT(year FROM %s) = %s THEN %s ELSE 0 END) DESC",
                key, wanted["key"], NAME,
                SQL.identifier(self._table, "village_id"), wanted["village_id"], VILLAGE,
                SQL.identifier(self._table, "birth_date"), wanted["birth_year"], SAME_YEAR,
            )  # fmt: skip
            query.limit = 20
            found |= self.browse(query)
        return found

    def _likeness(self, wanted):
        """How likely this member is the person wanted: a weight and its reasons in words."""
        self.ensure_one()
        score, reasons = 0, []
        if wanted["documents"].intersection(self.id_numbers.mapped("number_key")):
            score += DOCUMENT
            reasons.append(self.env._("same document"))
        if wanted["phones"].intersection(map(phone_digits, (self.phone, self.phone2))):
            score += PHONE
            reasons.append(self.env._("same phone"))
        alike = similarity(self.kondo_name_key or "", wanted["key"])
        if alike >= NAME_FROM:
            score += round(NAME * alike)
            reasons.append(self.env._("same name") if alike == 1 else self.env._("similar name"))
        if self.birth_year and wanted["birth_year"]:
            gap = abs(self.birth_year - wanted["birth_year"])
            score += SAME_YEAR if not gap else NEAR_YEAR if gap <= 2 else OTHER_YEAR if gap > 5 else 0
            if gap <= 2:
                reasons.append(self.env._("same birth year") if not gap else self.env._("close birth year"))
        if self.village_id and self.village_id.id == wanted["village_id"]:
            score += VILLAGE
            reasons.append(self.env._("same village"))
        if self.sex and wanted["sex"] and self.sex != wanted["sex"]:
            score += OTHER_SEX
        return score, reasons

    @api.model
    def _elsewhere(self, wanted):
        """Caisses the user does not see where a document of this number is known."""
        if not wanted["documents"]:
            return []
        documents = (
            self.env["res.partner.id_number"]
            .sudo()
            .search(
                [
                    ("number_key", "in", list(wanted["documents"])),
                    ("partner_id.is_kondo_member", "=", True),
                ]
            )
        )
        documents = documents.filtered(lambda document: document.partner_id.id != wanted["exclude_id"])
        visible = self.env.user._kondo_companies()
        return [
            {"elsewhere": True, "company": caisse.name, "reasons": [self.env._("same document")]}
            for caisse in (documents.company_id - visible).sorted("name")
        ]
