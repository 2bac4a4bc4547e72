from odoo import api, models


class ResCompany(models.Model):
    """The visit form, papers and kinds of pledge that a network begins with; it changes them as it likes."""

    _inherit = "res.company"

    @api.private
    def _kondo_set_up_union(self, code):
        super()._kondo_set_up_union(code)
        self._set_up_loan_forms()

    @api.model
    def _set_up_all_loan_forms(self):
        """Lay the usual forms into unions that were there before loans were."""
        self.sudo().search([("kondo_kind", "=", "union")])._set_up_loan_forms()

    def _set_up_loan_forms(self):
        """Create what a union lacks entirely; what it has, archived or not, is left as it is."""
        for model, rows in (
            ("kondo.loan.question", self._usual_questions()),
            ("kondo.loan.document.type", self._usual_documents()),
            ("kondo.collateral.kind", self._usual_collateral()),
        ):
            records = self.env[model].sudo().with_context(active_test=False)
            for union in self:
                if not records.search_count([("company_id", "=", union.id)], limit=1):
                    records.create(
                        [{"company_id": union.id, "sequence": 10 * n, **row} for n, row in enumerate(rows, 1)]
                    )

    def _usual_questions(self):
        """Household, activity and campaign by the month; what may repay is 70 % of what is left."""
        _ = self.env._
        household = [
            ("household_size", "number", _("People who eat from the same pot"), True),
            ("school_children", "number", _("Children at school"), False),
            ("household_income", "amount", _("Other income of the household, a month"), False),
            ("food", "amount", _("Food, a month"), True),
            ("lodging", "amount", _("Rent, water and light, a month"), False),
            ("school_health", "amount", _("School and health, a month"), False),
            ("ceremonies", "amount", _("Ceremonies and help to the family, a month"), False),
            ("other_loans", "amount", _("Other loans and tontines, a month"), True),
        ]
        activity = [
            ("activity", "text", _("Activity, and since when"), True),
            ("own_place", "yes_no", _("Owns the field, stall or workshop"), False),
            ("sales", "amount", _("Sales, a month"), False),
            ("purchases", "amount", _("Purchases, a month"), False),
            ("transport", "amount", _("Transport and handling, a month"), False),
            ("wages", "amount", _("Wages and day labour, a month"), False),
            ("place_cost", "amount", _("Stall, market dues and taxes, a month"), False),
            ("stock", "amount", _("Stock and tools today"), False),
            ("hectares", "number", _("Hectares this campaign"), False),
            ("harvest_sold", "amount", _("Harvest that will be sold, over the year"), False),
            ("harvest_costs", "amount", _("Seed, fertiliser, water and labour, over the year"), False),
        ]
        results = [
            (
                "household_rest",
                _("Household: income less spending"),
                "household_income - food - lodging - school_health - ceremonies - other_loans",
            ),
            ("activity_rest", _("Activity: left a month"), "sales - purchases - transport - wages - place_cost"),
            ("harvest_rest", _("Campaign: left a month"), "(harvest_sold - harvest_costs) / 12"),
            ("left_over", _("Left each month"), "household_rest + activity_rest + harvest_rest"),
            ("may_repay", _("May repay each month: 70 % of it"), "max(0, left_over * 0.7)"),
        ]
        typed = [
            {"code": code, "kind": kind, "name": name, "required": required, "section": section}
            for section, rows in (("1_household", household), ("2_activity", activity))
            for code, kind, name, required in rows
        ]
        counted = [
            {
                "code": code,
                "kind": "formula",
                "name": name,
                "formula": formula,
                "section": "3_result",
                "capacity": code == "may_repay",
            }
            for code, name, formula in results
        ]
        return typed + counted

    def _usual_documents(self):
        _ = self.env._
        return [
            {"name": _("Signed loan request"), "required": True},
            {"name": _("Copy of the identity document"), "required": True},
            {"name": _("Consent to the credit bureau, signed"), "required": False},
            {"name": _("Proof of residence"), "required": False},
            {"name": _("Quotation or list of purchases"), "required": False},
            {"name": _("Guarantors' identity documents"), "required": False},
            {"name": _("Papers of the collateral"), "required": False},
            {"name": _("Minutes of the group that asks for the loan"), "required": False},
        ]

    def _usual_collateral(self):
        """Haircuts are a house rule that each network sets; no text fixes them."""
        _ = self.env._
        rows = [
            (_("Savings held elsewhere in the network"), 0, False, False),
            (_("Motorcycle or vehicle"), 50, True, True),
            (_("Farm equipment, plough, cart"), 50, False, False),
            (_("Oxen and livestock"), 50, False, False),
            (_("Stock of cereals in store (warrant)"), 30, True, False),
            (_("Goods and stock of the shop"), 50, False, False),
            (_("Land or house with title"), 40, True, False),
            (_("Salary or pension paid in here"), 30, True, False),
            (_("Household goods and jewels"), 60, False, False),
        ]
        return [
            {"name": name, "haircut": haircut, "document_needed": title, "insurance_needed": insured}
            for name, haircut, title, insured in rows
        ]
