from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class KondoHeir(models.Model):
    """Somebody a member names to receive his savings after him."""

    _name = "kondo.heir"
    _description = "Heir"
    _order = "partner_id, share desc, id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner", string="Member", required=True, index=True, ondelete="cascade",
        domain="[('is_kondo_member', '=', True)]", check_company=True,
    )  # fmt: skip
    company_id = fields.Many2one(
        related="partner_id.company_id", string="Caisse", store=True, precompute=True, required=True, index=True
    )
    name = fields.Char(required=True)
    relation = fields.Selection(
        [
            ("spouse", "Spouse"),
            ("child", "Child"),
            ("parent", "Father or mother"),
            ("sibling", "Brother or sister"),
            ("relative", "Other relative"),
            ("other", "Not a relative"),
        ],
        required=True,
        default="child",
    )
    share = fields.Float(
        string="Share (%)", digits=(5, 2), help="Empty when the member leaves the shares to custom or law."
    )
    phone = fields.Char()

    _share_range = models.Constraint("CHECK (share >= 0 AND share <= 100)", "A share is between 0 and 100 %.")

    @api.constrains("share", "partner_id")
    def _check_shares(self):
        totals = dict(
            self.env["kondo.heir"]
            .sudo()
            ._read_group([("partner_id", "in", self.partner_id.ids)], ["partner_id"], ["share:sum"])
        )
        for partner, total in totals.items():
            if round(total, 2) > 100:
                raise ValidationError(
                    self.env._("The shares of the heirs of %(name)s add up to more than 100 %%.", name=partner.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        heirs = super().create(vals_list)
        heirs.partner_id._check_kondo_file_access()
        return heirs

    def write(self, vals):
        if "partner_id" in vals and any(heir.partner_id.id != vals["partner_id"] for heir in self):
            raise UserError(self.env._("An heir stays with the member who named him."))
        return super().write(vals)
