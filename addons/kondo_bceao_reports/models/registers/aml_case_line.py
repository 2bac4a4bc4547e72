from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.kondo_microfinance.models.fields import Francs
from odoo.addons.kondo_microfinance.models.ledger.database_rules import apply_rules
from odoo.addons.kondo_microfinance.models.ledger.key import has_ledger_key

RULES = """
CREATE OR REPLACE FUNCTION kondo_aml_line_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM kondo_aml_case c
                WHERE c.id = COALESCE(OLD.case_id, NEW.case_id) AND c.state = 'decided') THEN
        RAISE EXCEPTION 'kondo: the operations of a decided case never change' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
DROP TRIGGER IF EXISTS kondo_aml_line_kept ON kondo_aml_case_line;
CREATE TRIGGER kondo_aml_line_kept BEFORE INSERT OR UPDATE OR DELETE ON kondo_aml_case_line
    FOR EACH ROW EXECUTE FUNCTION kondo_aml_line_is_kept();
"""


class KondoAmlCaseLine(models.Model):
    """One cash operation of a case, with the words of that day: who, how much, which way, at whose window."""

    _name = "kondo.aml.case.line"
    _description = "Operation of a case"
    _order = "business_date, operation_id, id"
    _check_company_auto = True

    case_id = fields.Many2one("kondo.aml.case", required=True, readonly=True, ondelete="restrict", index=True)
    company_id = fields.Many2one(
        related="case_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    operation_id = fields.Many2one("kondo.operation", required=True, readonly=True, ondelete="restrict", index=True)
    business_date = fields.Date(string="Day", required=True, readonly=True)
    partner_id = fields.Many2one("res.partner", string="Member", readonly=True, ondelete="restrict")
    member = fields.Char(string="Name", readonly=True)
    bearer = fields.Char(string="Person at the counter", readonly=True)
    caisse = fields.Char(string="Made at", readonly=True)
    receipt_number = fields.Char(string="Receipt", readonly=True)
    amount = Francs(readonly=True, help="Paid in positive, paid out negative.")
    why = fields.Char(string="Linked by", readonly=True)

    _once = models.UniqueIndex("(case_id, operation_id, COALESCE(partner_id, 0))")

    def init(self):
        apply_rules(self.env, self._table, RULES, ("kondo_aml_line_kept",))

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
            raise AccessError(self.env._("Cases are detected, never typed in."))
