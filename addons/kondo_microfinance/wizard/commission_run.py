from odoo import fields, models


class KondoCommissionRun(models.TransientModel):
    """Prepare the commissions of a month for every collector of the caisse."""

    _name = "kondo.commission.run"
    _description = "Commissions of a month"

    company_id = fields.Many2one(
        "res.company",
        string="Caisse",
        required=True,
        default=lambda self: self.env.company,
        domain="[('kondo_kind', '=', 'caisse')]",
    )
    month = fields.Date(
        string="A day of the month",
        required=True,
        default=lambda self: fields.Date.subtract(self.env.company._collection_day().replace(day=1), days=1),
    )

    def action_prepare(self):
        self.ensure_one()
        found = self.env["kondo.collection.commission"].prepare_month(self.company_id.id, self.month)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Commissions"),
            "res_model": "kondo.collection.commission",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", found)],
        }
