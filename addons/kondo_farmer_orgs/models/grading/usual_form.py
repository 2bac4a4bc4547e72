from odoo import api, models

from .question import SECTIONS


class ResCompany(models.Model):
    """The questionnaire that a network begins with; it makes new versions as it likes."""

    _inherit = "res.company"

    @api.private
    def _kondo_set_up_union(self, code):
        super()._kondo_set_up_union(code)
        self._set_up_grading_form()

    @api.model
    def _set_up_all_grading_forms(self):
        """Lay the usual questionnaire into unions that were there before this add-on."""
        self.sudo().search([("kondo_kind", "=", "union")])._set_up_grading_form()

    def _set_up_grading_form(self):
        """Create it where a union has none at all, archived or not."""
        forms = self.env["kondo.grading.form"].sudo()
        for union in self:
            if forms.search_count([("company_id", "=", union.id), ("purpose", "=", "grading")], limit=1):
                continue
            union = union.with_context(lang=union.partner_id.lang or self.env.lang)
            forms.create(
                {
                    "name": union.env._("Grading of an organisation"),
                    "company_id": union.id,
                    "date_from": "2000-01-01",
                    "question_ids": [
                        (0, 0, {**question, "sequence": 10 * number})
                        for number, question in enumerate(union._usual_grading_questions(), 1)
                    ],
                }
            )

    def _usual_grading_questions(self):
        """Weights come to 100; four points are the most. A house rule to be changed: no text fixes it."""
        _ = self.env._
        governance, accounts, campaigns, delivery, arrears = (key for key, _label in SECTIONS[:5])
        asked = [
            (governance, 8, _("Statutes and internal rules"),
             [(_("Registered and up to date"), 4), (_("Registered, not up to date"), 3),
              (_("Written, not registered"), 1), (_("None"), 0)]),
            (governance, 8, _("Officers elected, and within their term"),
             [(_("All of them"), 4), (_("Some terms have run out"), 2), (_("Never renewed"), 0)]),
            (governance, 6, _("Women and young people among the officers"),
             [(_("Both"), 4), (_("Women or young people"), 2), (_("Neither"), 0)]),
            (accounts, 8, _("Cash book"),
             [(_("Up to date, seen"), 4), (_("Kept, with delays"), 2), (_("None"), 0)]),
            (accounts, 8, _("Accounts of the year before the members"),
             [(_("Checked by the internal auditors and presented"), 4), (_("Presented only"), 2), (_("Not presented"), 0)]),
            (accounts, 6, _("Contributions of the members"),
             [(_("All paid"), 4), (_("More than half paid"), 2), (_("Less than half paid"), 0)]),
            (campaigns, 10, _("Last campaign against its plan"),
             [(_("Reached"), 4), (_("Three quarters"), 3), (_("Half"), 2), (_("Less than half"), 0)]),
            (delivery, 10, _("Share of the harvest sold through the organisation"),
             [(_("More than 80 %"), 4), (_("50 to 80 %"), 3), (_("20 to 50 %"), 1), (_("Less than 20 %"), 0)]),
            (delivery, 6, _("Buyer"),
             [(_("Signed contract"), 4), (_("Known buyer, no contract"), 2), (_("None"), 0)]),
        ]  # fmt: skip
        counted = [
            (governance, 8, "meetings_held", _("General meetings of the last 12 months"),
             [(_("Two or more"), 4, 2), (_("One"), 3, 1), (_("None"), 0, 0)]),
            (campaigns, 8, "loans_repaid", _("Loans repaid to the end"),
             [(_("Three or more"), 4, 3), (_("One or two"), 2, 1), (_("None"), 0, 0)]),
            (arrears, 10, "paid_on_time", _("Paid on its day, of what fell due in two years"),
             [(_("98 % and more"), 4, 98), (_("90 to 98 %"), 3, 90), (_("75 to 90 %"), 1, 75), (_("Less than 75 %"), 0, 0)]),
            (arrears, 4, "days_late", _("Days late now"),
             [(_("None"), 4, 0), (_("1 to 30 days"), 2, 1), (_("31 to 90 days"), 1, 31), (_("More than 90 days"), 0, 91)]),
        ]  # fmt: skip
        questions = [
            {
                "section": section,
                "weight": weight,
                "name": name,
                "answer_ids": [(0, 0, {"name": label, "points": points}) for label, points in answers],
            }
            for section, weight, name, answers in asked
        ]
        for section, weight, measure, name, bands in counted:
            answers = [(0, 0, {"name": label, "points": points, "from_value": value}) for label, points, value in bands]
            if measure == "paid_on_time":
                answers.append((0, 0, {"name": _("No loan yet"), "points": 2, "unknown": True}))
            questions.append(
                {
                    "section": section,
                    "weight": weight,
                    "kind": "counted",
                    "measure": measure,
                    "name": name,
                    "answer_ids": answers,
                }
            )
        return sorted(questions, key=lambda question: question["section"])
