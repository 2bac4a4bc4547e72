from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.kondo_microfinance.models.ledger.database_rules import apply_rules
from odoo.addons.kondo_microfinance.models.ledger.key import has_ledger_key

REASONS = [
    ("never", "No signed consent on file"),
    ("withdrawn", "Consent withdrawn"),
]


class KondoBureauRow(models.AbstractModel):
    """A row of a file for the credit bureau: written when the file is made, never by hand."""

    _name = "kondo.bureau.row"
    _description = "Row of a file for the credit bureau"

    file_id = fields.Many2one("kondo.bureau.file", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(
        related="file_id.company_id", string="Caisse or union", store=True, precompute=True, required=True, index=True
    )
    partner_id = fields.Many2one("res.partner", string="Member", readonly=True, required=True, ondelete="restrict")
    member_number = fields.Char(readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        self._check_key()
        return super().create(vals_list)

    def write(self, vals):
        self._check_key()
        return super().write(vals)

    def unlink(self):
        self._check_key()
        return super().unlink()

    def _check_key(self):
        if not has_ledger_key(self.env):
            raise AccessError(self.env._("The rows of a file are written when it is made, never by hand."))

    def init(self):
        if not self._abstract:
            apply_rules(self.env, self._table, RULES.format(table=self._table), (f"{self._table}_frozen",))


RULES = """
CREATE OR REPLACE FUNCTION kondo_bureau_row_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM kondo_bureau_file f
                WHERE f.id = COALESCE(OLD.file_id, NEW.file_id) AND f.state IN ('sent', 'replaced')) THEN
        RAISE EXCEPTION 'kondo: a file that was sent never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
DROP TRIGGER IF EXISTS {table}_frozen ON {table};
CREATE TRIGGER {table}_frozen BEFORE INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION kondo_bureau_row_is_frozen();
"""


class KondoBureauLeftOut(models.Model):
    """A member whose loans are not in the file, with the reason: what the caisse has to go and ask for."""

    _name = "kondo.bureau.left.out"
    _description = "Member left out of a file for the credit bureau"
    _inherit = ["kondo.bureau.row"]
    _order = "file_id, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    name = fields.Char(readonly=True)
    caisse = fields.Char(readonly=True)
    loans = fields.Integer(readonly=True)
    reason = fields.Selection(REASONS, required=True, readonly=True)
    withdrawn_on = fields.Date(string="Withdrawn on", readonly=True)

    _once = models.UniqueIndex("(file_id, partner_id)")
