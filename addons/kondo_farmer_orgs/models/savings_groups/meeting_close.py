from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.kondo_microfinance.engine.words import spaced
from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER

from ...engine.avec import close_meeting, faults, open_meeting


class KondoAvecMeeting(models.Model):
    """Closing a meeting: the group's rules are kept, the cash is what the book says, and nothing changes any more."""

    _inherit = "kondo.avec.meeting"

    def action_close(self):
        """Close the sheet.

        :raises UserError: a rule of the group is broken, or the cash counted is not what the book says
        """
        for meeting in self:
            meeting._check_closing()
            cycle = meeting.cycle_id
            self.env.flush_all()
            self.env.cr.execute("SELECT id FROM kondo_avec_cycle WHERE id = %s FOR UPDATE", (cycle.id,))
            cycle.invalidate_recordset()
            meeting.invalidate_recordset()
            if meeting.state != "open" or cycle.state != "running":
                raise UserError(self.env._("This meeting is closed already."))
            terms = cycle._terms()
            book = open_meeting(terms, cycle._book(), meeting._days())
            rows = meeting._rows()
            said = meeting._sheet_faults() + [
                meeting._said_of(*fault) for fault in faults(terms, book, rows, meeting._other())
            ]
            if said:
                raise UserError("\n".join(said))
            after = close_meeting(terms, book, rows, meeting._other())
            meeting._check_count(after)
            cycle.sudo().with_context(kondo_ledger=LEDGER).write({"box": after.box, "social": after.social})
            meeting.sudo().with_context(kondo_ledger=LEDGER).write(
                {"state": "closed", "closed_by_id": self.env.uid, "closed_on": fields.Datetime.now()}
            )

    def _check_closing(self):
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group("group_loan_officer", "group_caisse_manager")
        self.company_id.with_env(self.env)._check_visible()
        self.check_access("write")

    def action_fill_counted(self):
        """The social fund as the book has it, when the bag was counted and is right."""
        for meeting in self:
            meeting.social_counted = meeting.social_after

    def _sheet_faults(self):
        """What is wrong with the sheet itself."""
        _, cycle, said = self.env._, self.cycle_id, []
        people = len(self.line_ids)
        if people > cycle.members_max:
            said.append(
                _(
                    "%(people)s people are on the sheet: a group has %(most)s at most.",
                    people=people,
                    most=cycle.members_max,
                )
            )
        if not cycle._held() and people < cycle.members_min:
            said.append(
                _(
                    "%(people)s people are on the sheet: a group starts with %(least)s at least.",
                    people=people,
                    least=cycle.members_min,
                )
            )
        if not self.present_count:
            said.append(_("Nobody is there: a meeting without anybody is not closed."))
        if self.expense and not self.expense_note:
            said.append(_("Say what the expenses were for."))
        return said

    def _said_of(self, person_id, code, figure):
        """A fault of the engine, in words for who writes the sheet."""
        _ = self.env._
        name = self.env["kondo.org.person"].browse(person_id).name if person_id else ""
        amount = spaced(figure)
        return {
            "negative": lambda: _("%(name)s: an amount is below zero. Corrections have their own list.", name=name),
            "shares_max": lambda: _("%(name)s: %(count)s shares at most.", name=name, count=figure),
            "shares_min": lambda: _("%(name)s is there: %(count)s shares at least.", name=name, count=figure),
            "absent": lambda: _("%(name)s takes a loan without being there.", name=name),
            "principal": lambda: _("%(name)s owes %(amount)s F only.", name=name, amount=amount),
            "interest": lambda: _("%(name)s owes %(amount)s F of interest only.", name=name, amount=amount),
            "loan_limit": lambda: _(
                "%(name)s: with these shares a loan of %(amount)s F at most.", name=name, amount=amount
            ),
            "below_zero": lambda: _("%(name)s: the correction leaves less than nothing.", name=name),
            "box": lambda: _("The box does not hold that much: %(amount)s F are missing.", amount=spaced(-figure)),
            "social": lambda: _(
                "The social fund does not hold that much: %(amount)s F are missing.", amount=spaced(-figure)
            ),
        }[code]()

    def _check_count(self, after):
        """The cash on the mat is what the book says, to the franc: box and social fund each by itself."""
        _, said = self.env._, []
        for there, book, short, over in (
            (
                self.counted,
                after.box,
                _("The box holds %(there)s F, the book says %(book)s F: %(gap)s F are missing."),
                _("The box holds %(there)s F, the book says %(book)s F: %(gap)s F too much."),
            ),
            (
                self.social_counted,
                after.social,
                _("The social fund holds %(there)s F, the book says %(book)s F: %(gap)s F are missing."),
                _("The social fund holds %(there)s F, the book says %(book)s F: %(gap)s F too much."),
            ),
        ):
            if there != book:
                text = short if there < book else over
                said.append(text % {"there": spaced(there), "book": spaced(book), "gap": spaced(abs(there - book))})
        if said:
            raise UserError("\n".join([*said, _("Count again, then go through the rows.")]))
