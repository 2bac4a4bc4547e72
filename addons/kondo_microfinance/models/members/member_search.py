from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, sql

from ...engine.names import name_key, parse, search_text

LIMIT_MAX = 80


class ResPartner(models.Model):
    """Found in two keystrokes: by number, name, sound of the name, phone or village, in any order.

    `kondo_search` holds what `engine.names.search_text` makes of every partner (not only of members, so that Odoo's
    own look-ups use the same index); the patterns of a query come from `engine.names.parse`.
    """

    _inherit = "res.partner"

    kondo_search = fields.Char(string="Search text", compute="_compute_kondo_search", store=True, precompute=True)
    kondo_name_key = fields.Char(string="Name key", compute="_compute_kondo_search", store=True, precompute=True)

    def init(self):
        super().init()
        self.env.cr.execute(SQL("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
        for column in ("kondo_search", "kondo_name_key"):
            index = f"res_partner__{column}_trgm"
            if not sql.index_exists(self.env.cr, index):
                self.env.cr.execute(
                    SQL("CREATE INDEX %s ON res_partner USING gin (%s gin_trgm_ops)", SQL.identifier(index),
                        SQL.identifier(column))
                )  # fmt: skip

    @api.depends("name", "parent_id.name", "member_number", "phone", "phone2", "village_id.name", "email", "ref", "vat")
    def _compute_kondo_search(self):
        for partner in self:
            partner.kondo_search = search_text(
                [partner.name, partner.sudo().parent_id.name],
                partner.member_number,
                [partner.phone, partner.phone2],
                [partner.village_id.sudo().name, partner.email, partner.ref, partner.vat],
            )
            partner.kondo_name_key = name_key(partner.name) or False

    @api.depends("member_number")
    def _compute_display_name(self):
        """Half a village is called Traoré: the number goes with the name."""
        super()._compute_display_name()
        for partner in self.filtered("is_kondo_member"):
            if partner.member_number and partner.display_name:
                first, *rest = partner.display_name.split("\n")
                partner.display_name = "\n".join([f"{first} ({partner.member_number})", *rest])

    @api.model
    def _search_display_name(self, operator, value):
        if operator in ("ilike", "like") and isinstance(value, str) and (terms := parse(value)):
            return self._terms_domain(terms)
        return super()._search_display_name(operator, value)

    @api.model
    @api.readonly
    def member_search(self, query, limit=12):
        """Members the user may see, best first: exact number, then beginnings of words, then the rest.

        :param query: words in any order: number (42 finds NIO-00042), names, part of a phone, village
        :return: list of dicts with id, number, name, kind, sex, phone, village, birth_year, state, company
        """
        terms = parse(query)
        if not terms or (len(terms) == 1 and len(terms[0].text) < 2 and not terms[0].exact):
            return []
        members = self._member_matches(terms, max(1, min(int(limit), LIMIT_MAX)))
        return [
            {
                "id": member.id,
                "number": member.member_number,
                "name": member.name,
                "kind": member.member_kind,
                "sex": member.sex or False,
                "phone": member.phone or member.phone2 or False,
                "village": member.village_id.name or False,
                "birth_year": member.birth_year or False,
                "state": member.member_state,
                "company": member.company_id.sudo().name,
            }
            for member in members
        ]

    # ------------------------------------------------------------------ helpers
    @api.model
    def _terms_domain(self, terms):
        return Domain.AND(
            Domain.OR(Domain("kondo_search", "=like", pattern) for pattern in term.patterns) for term in terms
        )

    @api.model
    def _member_matches(self, terms, limit):
        """Members matching all terms within the record rules of the user, the best first."""
        query = self._search(Domain("is_kondo_member", "=", True) & self._terms_domain(terms))
        text = SQL.identifier(self._table, "kondo_search")

        def every(patterns):
            return SQL(" AND ").join(SQL("%s LIKE %s", text, pattern) for pattern in patterns)

        ranks = [every([term.start for term in terms])]
        if len(terms) == 1 and terms[0].exact:
            ranks.insert(0, every([terms[0].exact]))
        ranks.append(every([term.inside or term.start for term in terms]))
        whens = SQL(" ").join(SQL("WHEN %s THEN %s", rank, place) for place, rank in enumerate(ranks))
        name = SQL.identifier(self._table, "name")
        query.order = SQL("CASE %s ELSE %s END, %s, %s", whens, len(ranks), name, SQL.identifier(self._table, "id"))
        query.limit = limit
        return self.browse(query)
