from odoo import models

from ...engine.sheet import parts_of_due


class KondoLoan(models.Model):
    _inherit = "kondo.loan"

    def _sheet_parts(self, day, horizon):
        """Who owes what of a loan on a collection sheet, until `horizon`.

        :return: {kondo.org.person (empty for the borrower himself): engine `Part`}. A loan that is split among people is
            owed by each in proportion to what he was granted; what nobody was granted is the organisation's own.
        """
        self.ensure_one()
        splits = self.split_ids.filtered("granted")
        rest = max(0, self.amount - sum(splits.mapped("granted")))
        people = [split.person_id for split in splits]
        weights = splits.mapped("granted")
        if splits and not rest and self.split_mode == "enforced":  # each by what is due of her, not of the others
            standing = splits._standing(horizon)
            own = [standing[split.id].due for split in splits]
            weights = own if any(own) else weights
        if rest or not splits:
            people.append(self.env["kondo.org.person"])
            weights.append(rest or 1)
        return dict(zip(people, parts_of_due(self._dues(), day, horizon, weights), strict=True))
