from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

KEEPERS = ("group_loan_officer", "group_caisse_manager")


class KondoBureauConsent(models.Model):
    """What a member signed about the credit bureau beside his loan files: a consent, or its withdrawal.

    A loan file holds the consent signed for it (`bureau_consent_on`); this keeps the others, and above all the withdrawal:
    from its day on nothing of the member is sent any more, until he signs again.
    """

    _name = "kondo.bureau.consent"
    _description = "Consent to the credit bureau"
    _order = "day desc, id desc"
    _rec_name = "partner_id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner", string="Member", required=True, index=True, ondelete="restrict", check_company=True,
        domain="[('is_kondo_member', '=', True)]",
    )  # fmt: skip
    company_id = fields.Many2one(
        related="partner_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    kind = fields.Selection(
        [("signed", "Consent signed"), ("withdrawn", "Consent withdrawn")], required=True, default="signed"
    )
    day = fields.Date(string="Signed on", required=True, default=fields.Date.context_today)
    reference = fields.Char(help="Number of the paper, or where it is kept.")
    file = fields.Binary(string="Signed paper", attachment=True)
    file_name = fields.Char()
    user_id = fields.Many2one(
        "res.users", string="Recorded by", required=True, readonly=True, default=lambda self: self.env.user
    )

    @api.model_create_multi
    def create(self, vals_list):
        self.env["kondo.four.eyes"]._check_group(*KEEPERS)
        consents = super().create([{**vals, "user_id": self.env.uid} for vals in vals_list])
        for consent in consents:
            consent.company_id.with_env(self.env)._check_visible()
            if consent.day > fields.Date.context_today(self):
                raise UserError(self.env._("A paper is not signed in the future."))
        return consents

    def write(self, vals):
        if set(vals) - {"file", "file_name", "reference"}:
            raise AccessError(self.env._("What a member signed is kept: record the withdrawal beside it."))
        return super().write(vals)

    def unlink(self):
        raise AccessError(self.env._("What a member signed is kept: record the withdrawal beside it."))

    @api.model
    @api.private
    def _valid_on(self, companies, day):
        """{member id: (day of the last signature or None, day of the last withdrawal or None)} up to a day.

        A signature of the day of a withdrawal does not outweigh it.
        """
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT partner_id, max(day) FILTER (WHERE kind = 'signed'), max(day) FILTER (WHERE kind = 'withdrawn')
              FROM (SELECT partner_id, day, kind FROM kondo_bureau_consent
                     WHERE company_id = ANY(%(companies)s)
                     UNION ALL
                    SELECT partner_id, bureau_consent_on, 'signed' FROM kondo_loan
                     WHERE company_id = ANY(%(companies)s) AND bureau_consent_on IS NOT NULL) q
             WHERE day <= %(day)s GROUP BY partner_id
            """,
            {"companies": companies.ids, "day": day},
        )
        return {partner: (signed, withdrawn) for partner, signed, withdrawn in self.env.cr.fetchall()}
