from odoo import api, fields, models
from odoo.exceptions import ValidationError


class KondoStore(models.Model):
    """A store with two padlocks, where members' harvest waits for a better price."""

    _name = "kondo.store"
    _description = "Store"
    _order = "name"
    _check_company_auto = True

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", string="Caisse", required=True, index=True, default=lambda self: self.env.company
    )
    village_id = fields.Many2one("kondo.village", string="Village or quarter", ondelete="restrict")
    zone_id = fields.Many2one(
        "kondo.zone",
        string="Zone",
        ondelete="restrict",
        compute="_compute_zone_id",
        store=True,
        readonly=False,
        precompute=True,
        help="Whose market prices are watched for what is kept here.",
    )
    capacity = fields.Float(string="Capacity (t)", digits=(16, 2), help="Tonnes it holds; 0: not limited.")
    keeper = fields.Char(string="Storekeeper", help="Name and phone.")
    stored_kg = fields.Integer(string="In store (kg)", compute="_compute_stored_kg")
    active = fields.Boolean(default=True)

    _capacity_sane = models.Constraint("CHECK (COALESCE(capacity, 0) >= 0)", "A capacity is not negative.")
    _name_unique = models.UniqueIndex("(company_id, name)", "Another store of this caisse has this name.")

    @api.depends("village_id", "company_id")
    def _compute_zone_id(self):
        zones = {
            union: self.env["kondo.zone"].sudo().search([("company_id", "=", union.id)])
            for union in self.company_id.sudo().root_id
        }
        for store in self:
            village = store.village_id
            found = (zone for zone in zones.get(store.company_id.sudo().root_id, ()) if zone._holds(village))
            store.zone_id = (next(found, False) if village else False) or store.zone_id

    def _compute_stored_kg(self):
        totals = dict(
            self.env["kondo.warrant"]
            .sudo()
            ._read_group([("store_id", "in", self.ids), ("kg_left", ">", 0)], ["store_id"], ["kg_left:sum"])
        )
        for store in self:
            store.stored_kg = totals.get(store, 0)

    @api.constrains("company_id")
    def _check_caisse(self):
        for store in self:
            if store.company_id.sudo().kondo_kind != "caisse":
                raise ValidationError(self.env._("A store belongs to a caisse, not to the union."))
