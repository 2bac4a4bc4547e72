from odoo import models


class ResCompany(models.Model):
    """The social scorecard that a network begins with, until it enters a table that a survey of its country gives."""

    _inherit = "res.company"

    def _set_up_grading_form(self):
        super()._set_up_grading_form()
        forms = self.env["kondo.grading.form"].sudo()
        for union in self:
            if forms.search_count([("company_id", "=", union.id), ("purpose", "=", "scorecard")], limit=1):
                continue
            union = union.with_context(lang=union.partner_id.lang or self.env.lang)
            forms.create(
                {
                    "name": union.env._("Living conditions of the household"),
                    "purpose": "scorecard",
                    "company_id": union.id,
                    "date_from": "2000-01-01",
                    "own_score": False,
                    "source": union.env._(
                        "Questions and points of the house, drawn from no survey: they compare households with each other and"
                        " say nothing of a poverty line. A network that has the table of a survey of Mali makes a new version"
                        " with its questions, its points and its likelihoods."
                    ),
                    "question_ids": [
                        (
                            0,
                            0,
                            {
                                "section": "6_household",
                                "sequence": 10 * number,
                                "name": name,
                                "answer_ids": [(0, 0, {"name": label, "points": points}) for label, points in answers],
                            },
                        )
                        for number, (name, answers) in enumerate(union._usual_household_questions(), 1)
                    ],
                }
            )

    def _usual_household_questions(self):
        """Ten things that an officer sees or asks in the yard; the most points come to 100, the fewer the poorer."""
        _ = self.env._
        return (
            (_("People who eat from the same pot"),
             [(_("10 or more"), 0), (_("6 to 9"), 4), (_("3 to 5"), 7), (_("1 or 2"), 10)]),
            (_("Children of 7 to 14 years at school"),
             [(_("Not all of them"), 0), (_("All of them"), 8), (_("No child of that age"), 8)]),
            (_("Roof of the main house"),
             [(_("Straw or earth"), 0), (_("Corrugated iron, tiles or concrete"), 10)]),
            (_("Latrine"),
             [(_("No latrine"), 0), (_("Shared with other yards"), 4), (_("Its own"), 10)]),
            (_("Drinking water, dry season"),
             [(_("River, pond or open well"), 0), (_("Protected well or pump"), 7), (_("Tap"), 12)]),
            (_("Light in the evening"),
             [(_("Torch with batteries, oil or fire"), 0), (_("Solar lamp"), 5), (_("Solar panel or mains"), 10)]),
            (_("Meals a day in the lean season"),
             [(_("One meal"), 0), (_("Two meals"), 6), (_("Three meals"), 12)]),
            (_("Telephone"),
             [(_("No telephone"), 0), (_("A simple one"), 4), (_("A smartphone"), 8)]),
            (_("Draught animals and plough"),
             [(_("Neither of them"), 0), (_("One of them, or shared"), 5), (_("A pair of oxen and a plough"), 10)]),
            (_("Motorcycle or cart"),
             [(_("Neither"), 0), (_("A cart"), 5), (_("A motorcycle"), 10)]),
        )  # fmt: skip
