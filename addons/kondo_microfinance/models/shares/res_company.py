from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    kondo_minimum_shares = fields.Integer(
        string="Shares before admission",
        help="Shares an applicant has paid in full before the manager can admit him as a member. 0: not required.",
    )

    _kondo_minimum_shares_positive = models.Constraint(
        "CHECK (kondo_minimum_shares IS NULL OR kondo_minimum_shares >= 0)", "The number of shares is not negative."
    )

    @api.private
    def _kondo_next_of(self, code, prefix):
        """The next number of a sequence of the caisse, made when it does not exist yet; it takes no lock."""
        self.ensure_one()
        sequences = self.env["ir.sequence"].sudo().with_company(self)
        if not sequences.search_count([("code", "=", code), ("company_id", "=", self.id)], limit=1):
            sequences.create(
                {
                    "name": prefix,
                    "code": code,
                    "company_id": self.id,
                    "implementation": "standard",
                    "prefix": prefix,
                    "padding": 5,
                }
            )
        return sequences.next_by_code(code)
