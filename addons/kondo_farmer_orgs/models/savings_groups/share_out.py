from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER

from ...engine.avec import share_out


class KondoAvecCycle(models.Model):
    """The end of a cycle: the box shared out by shares, loans taken off, the social fund left where it is."""

    _inherit = "kondo.avec.cycle"

    def action_new_meeting(self):
        """The sheet that is being written, or the next one."""
        self.ensure_one()
        meeting = self.meeting_ids.filtered(lambda one: one.state == "open")
        action = {
            "type": "ir.actions.act_window",
            "res_model": "kondo.avec.meeting",
            "views": [(False, "form")],
            "target": "current",
        }
        if not meeting:
            self._check_end("running")
            meeting = self.env["kondo.avec.meeting"].create({"cycle_id": self.id})
        return {**action, "res_id": meeting.id}

    def action_share_out(self):
        """Count what each one gets, for everybody to see before anything is handed out."""
        for cycle in self:
            cycle._check_end("running")
            if cycle.meeting_ids.filtered(lambda meeting: meeting.state == "open"):
                raise UserError(self.env._("A meeting is being written: close it first."))
            people = cycle._people()
            if not any(standing.shares for standing in people.values()):
                raise UserError(self.env._("Nobody has bought a share: there is nothing to share out."))
            parts, rest = share_out(cycle.box, people, int(cycle.pay_unit))
            ledger = cycle.sudo().with_context(kondo_ledger=LEDGER)
            ledger.share_ids.unlink()
            ledger.env["kondo.avec.share"].create(
                [
                    {
                        "cycle_id": cycle.id,
                        "person_id": person,
                        "shares": people[person].shares,
                        "saved": people[person].shares * cycle.share_value,
                        "debt": people[person].loan + people[person].interest,
                        "gross": part.gross,
                        "deducted": part.deducted,
                        "paid": part.paid,
                        "unpaid": part.unpaid,
                    }
                    for person, part in parts.items()
                ]
            )
            ledger.write({"state": "sharing", "rest": rest})

    def action_back(self):
        """The group goes on: what was counted is forgotten."""
        for cycle in self:
            cycle._check_end("sharing")
            ledger = cycle.sudo().with_context(kondo_ledger=LEDGER)
            ledger.share_ids.unlink()
            ledger.write({"state": "running", "rest": 0})

    def action_end(self):
        """Everybody has been paid: the box holds the rest, or the social fund does, and the book is closed."""
        for cycle in self:
            cycle._check_end("sharing")
            to_social = cycle.rest_to == "social"
            cycle.sudo().with_context(kondo_ledger=LEDGER).write(
                {
                    "state": "ended",
                    "box": 0 if to_social else cycle.rest,
                    "social": cycle.social + (cycle.rest if to_social else 0),
                    "shared_on": fields.Date.context_today(cycle),
                    "ended_by_id": self.env.uid,
                }
            )

    def action_next_cycle(self):
        """The next cycle, with the rules of this one and what it left."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "kondo.avec.cycle",
            "views": [(False, "form")],
            "context": {"default_organisation_id": self.organisation_id.id},
        }

    def _check_end(self, state):
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group("group_loan_officer", "group_caisse_manager")
        self.company_id.with_env(self.env)._check_visible()
        self.check_access("write")
        self.env.flush_all()
        self.env.cr.execute("SELECT id FROM kondo_avec_cycle WHERE id = %s FOR UPDATE", (self.id,))
        self.invalidate_recordset()
        if self.state != state:
            raise UserError(self.env._("The cycle %(name)s is not at this step.", name=self.display_name))
