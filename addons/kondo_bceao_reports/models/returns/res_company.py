from odoo import api, fields, models

CATEGORIES = [
    ("unit", "Mutualist, unit institution, not affiliated"),
    ("affiliated", "Mutualist, affiliated to a network"),
    ("apex", "Union, federation or other apex body"),
    ("company", "Limited company"),
    ("association", "Association"),
]


class ResCompany(models.Model):
    """What the regulations make depend on the kind of institution: due dates, addressees, the liquidity norm."""

    _inherit = "res.company"

    kondo_category = fields.Selection(
        CATEGORIES,
        string="Category of institution",
        compute="_compute_kondo_category",
        store=True,
        readonly=False,
        help="Declared in the agreement. With the taking of deposits it decides which liquidity norm applies.",
    )
    kondo_affiliated = fields.Boolean(
        string="Affiliated to a network",
        compute="_compute_kondo_affiliated",
        store=True,
        readonly=False,
        help="An affiliated institution has a liquidity norm of its own and stands in the consolidated returns of its "
        "union.",
    )
    kondo_deposit_taking = fields.Boolean(string="Takes deposits", default=True)
    kondo_article_44 = fields.Boolean(
        string="Subject to article 44",
        help="Outstanding deposits or outstanding loans of at least 2 000 000 000 FCFA over two consecutive years "
        "(instruction n°007-06-2010 of the BCEAO). In a network the threshold applies to the apex body and to its "
        "affiliates: what is ticked on the union holds for its caisses. The periodic indicators are then due each month "
        "instead of each quarter, and copies go to the BCEAO and to the Commission bancaire.",
    )
    kondo_article_44_since = fields.Date(
        string="Article 44 since", help="First day on which it counts. Empty: from the beginning."
    )
    kondo_article_44_reference = fields.Char(
        string="Article 44: reference", help="Letter of the authority, or decision, with its date."
    )
    kondo_return_edition = fields.Selection(
        [("developed", "Developed"), ("light", "Light")],
        string="Edition of the statements",
        default="developed",
        required=True,
        help="The light edition is open to institutions with less than 50 000 000 FCFA of deposits or of loans over two "
        "consecutive years (instruction n°021-12-2010 of the BCEAO). Who has chosen the developed one keeps it.",
    )

    @api.depends("kondo_kind")
    def _compute_kondo_category(self):
        for company in self:
            if not company.kondo_category:
                company.kondo_category = {"union": "apex", "caisse": "affiliated"}.get(company.kondo_kind)

    @api.depends("kondo_category")
    def _compute_kondo_affiliated(self):
        for company in self:
            company.kondo_affiliated = company.kondo_category == "affiliated"

    @api.private
    def _article_44_on(self, date):
        """Whether article 44 applies on a day, to the institution or to its whole network."""
        self.ensure_one()
        own = self.sudo()
        return any(
            company.kondo_article_44 and (not company.kondo_article_44_since or company.kondo_article_44_since <= date)
            for company in own | own.root_id
        )

    @api.private
    def _liquidity_norm_key(self):
        """The dated parameter that holds the institution's liquidity norm (instruction n°010-08-2010, R05)."""
        self.ensure_one()
        if not self.kondo_deposit_taking:
            return "liquidity_norm_no_deposits"
        return "liquidity_norm_affiliated" if self.kondo_affiliated else "liquidity_norm_not_affiliated"
