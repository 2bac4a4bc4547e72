from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class KondoRemoteLookup(models.Model):
    """Who looked for which account of another caisse: what one caisse may learn of another's members leaves a trace."""

    _name = "kondo.remote.lookup"
    _description = "Search at another caisse"
    _order = "id desc"
    _rec_name = "text"
    _log_access = False

    company_id = fields.Many2one("res.company", string="Asked from", required=True, readonly=True, index=True)
    user_id = fields.Many2one("res.users", string="Asked by", required=True, readonly=True)
    asked_at = fields.Datetime(required=True, readonly=True)
    text = fields.Char(string="Number entered", required=True, readonly=True)
    found = fields.Char(string="Account shown", readonly=True, help="Empty: nothing was found and nothing shown.")

    _recent = models.Index("(user_id, asked_at)")

    # Searches without a result that a person may make in a day: beyond it is no longer somebody who mistypes.
    _misses_allowed = 50

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("The trace of searches is not entered by hand."))
        return super().create(vals_list)

    def write(self, vals):
        raise AccessError(self.env._("The trace of searches never changes."))

    def unlink(self):
        raise AccessError(self.env._("The trace of searches never changes."))

    @api.model
    @api.private
    def _keep(self, company, text, accounts):
        now = fields.Datetime.now()
        if not accounts and (
            self.sudo().search_count(
                [
                    ("user_id", "=", self.env.uid),
                    ("found", "=", False),
                    ("asked_at", ">=", fields.Datetime.subtract(now, days=1)),
                ],
                limit=self._misses_allowed,
            )
            >= self._misses_allowed
        ):
            raise UserError(self.env._("Too many numbers that do not exist today: see your manager."))
        self.sudo().create(
            {
                "company_id": company.id,
                "user_id": self.env.uid,
                "asked_at": now,
                "text": text[:60],
                "found": ", ".join(accounts.mapped("number")) or False,
            }
        )
