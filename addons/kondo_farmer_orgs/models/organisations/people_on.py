from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.people import is_majority, percent


class KondoOrgPeopleOn(models.TransientModel):
    """People of one or more organisations on a day: the numbers, and the names behind each of them."""

    _name = "kondo.org.people.on"
    _description = "People of organisations on a day"

    organisation_ids = fields.Many2many("res.partner", string="Organisations", required=True)
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    date = fields.Date(string="On", required=True, default=fields.Date.context_today)
    youth_from = fields.Integer(string="Young from (years)", compute="_compute_band", store=True, readonly=False)
    youth_to = fields.Integer(string="To (years)", compute="_compute_band", store=True, readonly=False)
    women = fields.Integer(compute="_compute_people")
    men = fields.Integer(compute="_compute_people")
    young_women = fields.Integer(compute="_compute_people")
    young_men = fields.Integer(compute="_compute_people")
    young = fields.Integer(string="Young people", compute="_compute_people")
    total = fields.Integer(string="People", compute="_compute_people")
    women_share = fields.Float(string="Women (%)", digits=(16, 1), compute="_compute_people")
    youth_share = fields.Float(string="Young people (%)", digits=(16, 1), compute="_compute_people")
    women_orgs = fields.Integer(string="Organisations of women", compute="_compute_people")
    youth_orgs = fields.Integer(string="Organisations of young people", compute="_compute_people")

    @api.depends("date")
    def _compute_band(self):
        parameters = self.env["kondo.parameter"]
        for counting in self.filtered("date"):
            counting.youth_from = int(parameters._get("youth_age_min", counting.date))
            counting.youth_to = int(parameters._get("youth_age_max", counting.date))

    @api.constrains("youth_from", "youth_to")
    def _check_band(self):
        if any(not 0 <= counting.youth_from <= counting.youth_to for counting in self):
            raise ValidationError(self.env._("The ages of young people go from the lower to the higher one."))

    @api.depends("date", "youth_from", "youth_to", "organisation_ids")
    def _compute_people(self):
        for counting in self:
            organisations = counting.organisation_ids._origin
            organisations.check_access("read")
            band = (counting.youth_from, counting.youth_to)
            sane = counting.date and 0 <= band[0] <= band[1]
            together = organisations._head_count_together(counting.date, *band) if sane else {}
            for name in ("women", "men", "young_women", "young_men", "total"):
                counting[name] = together.get(name, 0)
            counting.young = counting.young_women + counting.young_men
            counting.women_share = percent(counting.women, counting.total)
            counting.youth_share = percent(counting.young, counting.total)
            rows = organisations._head_count(counting.date, *band).values() if sane else ()
            women_above, youth_above = organisations._majorities(counting.date) if sane else (0, 0)
            counting.women_orgs = sum(is_majority(row["women"], row["total"], women_above) for row in rows)
            counting.youth_orgs = sum(
                is_majority(row["young_women"] + row["young_men"], row["total"], youth_above) for row in rows
            )

    def action_names(self):
        """The names behind a number: `people` in the context says which (women, men, young_women, young_men, young, all)."""
        self.ensure_one()
        which = self.env.context.get("people", "all")
        domain = [("id", "in", self.organisation_ids._people_on(self.date).ids)]
        if which.endswith("women"):
            domain.append(("sex", "=", "female"))
        elif which.endswith("men"):
            domain.append(("sex", "=", "male"))
        if which.startswith("young"):
            band = self.env["kondo.org.person"]._young_births_on(self.date, self.youth_from, self.youth_to)
            domain += [("birth_date", ">=", band[0]), ("birth_date", "<=", band[1])]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("People"),
            "res_model": "kondo.org.person",
            "view_mode": "list,form",
            "domain": domain,
        }
