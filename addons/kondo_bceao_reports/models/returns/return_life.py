from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER

from .kondo_return import DECIDERS, PREPARERS
from .obligation_calendar import ACTIVITY

TOLD_ABOVE = ("inputs", "explanations")
READERS = (*PREPARERS, "group_controller", "group_administrator")


class KondoReturn(models.Model):
    """The life of a return: computed, checked, validated by a second person, filed; a correction replaces it."""

    _inherit = "kondo.return"

    def action_compute(self):
        """Count every cell from the books as they are, and compare with the period before."""
        for record in self:
            record._open_transition(("draft", "computed", "checked"), *PREPARERS)
            record._count_anew()
            record._set(
                state="computed",
                computed_by_id=self.env.uid,
                computed_at=fields.Datetime.now(),
                checked_by_id=False,
                checked_at=False,
            )

    def action_check(self):
        """Run the controls; those that fail say by how much, and open it."""
        for record in self:
            record._open_transition(("computed", "checked"), *PREPARERS)
            record._control(record._count())
            record._set(state="checked", checked_by_id=self.env.uid, checked_at=fields.Datetime.now())

    def action_validate(self):
        """Another person says that the figures are right: nothing red that blocks, nothing left to type or explain."""
        for record in self:
            record._open_transition(("checked",), *DECIDERS)
            self.env["kondo.four.eyes"]._check_second_person(
                record._makers(), self.env._("You prepared this return: another person validates it.")
            )
            record._check_ready()
            record._set(state="validated", validated_by_id=self.env.uid, validated_at=fields.Datetime.now())

    def action_back(self):
        """Take it back to change it; it is computed, checked and validated anew."""
        for record in self:
            groups = DECIDERS if record.state == "validated" else PREPARERS
            record._open_transition(("computed", "checked", "validated"), *groups)
            record._set(
                state="draft",
                computed_by_id=False,
                computed_at=False,
                checked_by_id=False,
                checked_at=False,
                validated_by_id=False,
                validated_at=False,
            )

    def action_file(self):
        """It is sent: values, formulas and what was typed in are frozen with their hash, for ever."""
        for record in self:
            record._open_transition(("validated",), *DECIDERS)
            self.env["kondo.four.eyes"]._check_second_person(
                record._makers(), self.env._("You prepared this return: another person files it.")
            )
            record._check_ready()
            now = fields.Datetime.now()
            text, seal = record._freeze(now)
            old = record.sudo().replaces_id
            if old:
                old._set(state="replaced", replaced_by_id=record.id)
                old.flush_recordset()
            record._set(state="filed", filed_by_id=self.env.uid, filed_at=now, frozen=text, frozen_hash=seal)
            record.flush_recordset()
            record._tell_calendar()

    def action_replace(self, reason=None):
        """Begin the correction of a filed return; it says what it replaces, and why."""
        self.ensure_one()
        self._open_transition(("filed",), *PREPARERS)
        if not (reason or "").strip():
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Correct a filed return"),
                "res_model": "kondo.return.replace",
                "views": [(False, "form")],
                "target": "new",
                "context": {"default_return_id": self.id},
            }
        begun = self.sudo().search([("replaces_id", "=", self.id), ("state", "not in", ("filed", "replaced"))], limit=1)
        if begun:
            raise UserError(self.env._("A correction of this return is already being prepared."))
        newer = self.sudo()._keyed().create(
            {
                **{name: self[name] for name in ("scope", "frequency", "date", "edition")},
                "company_id": self.company_id.id,
                "type_id": self.type_id.id,
                "obligation_id": self.obligation_id.id,
                "replaces_id": self.id,
                "replace_reason": reason.strip(),
            }
        )  # fmt: skip
        newer = newer.with_env(self.env)
        newer._lay_out()
        newer._take_over(self)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": newer.id,
            "views": [(False, "form")],
        }

    def action_verify(self):
        """Compute the hash again, from what was frozen and from the values as they stand."""
        self.ensure_one()
        self.env["kondo.four.eyes"]._check_group(*READERS)
        self.check_access("read")
        faults = self._frozen_faults()
        if faults:
            raise UserError("\n".join(faults))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "The return is as it was filed: the hash %(seal)s… is right.", seal=self.frozen_hash[:16]
                ),
            },
        }

    def action_open_cells(self):
        """Every cell, to be filtered and sorted."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cells"),
            "res_model": "kondo.return.cell",
            "views": [(False, "list"), (False, "form")],
            "domain": [("return_id", "=", self.id)],
            "context": {"search_default_with_value": 1},
        }

    # ------------------------------------------------------------------ helpers
    def _makers(self):
        """Who prepared it: had it computed, or typed figures in."""
        own = self.sudo()
        return own.computed_by_id | own.input_ids.filtered("complete").author_id

    def _check_ready(self):
        """Refuse, in words, what is not ready: controls run again, and the books are those that were computed."""
        count = self._count()
        if self._changed_since(count):
            raise UserError(self.env._("The books have changed since the return was computed. Compute it again."))
        self._control(count)
        self.invalidate_recordset()
        problems = self._problems()
        if problems:
            raise UserError("\n".join(problems))

    def _problems(self):
        """What keeps it from being validated: sentences."""
        self.ensure_one()
        _ = self.env._
        own, problems = self.sudo(), []
        inputs = own.input_ids.filtered(lambda one: not one.complete)
        if inputs:
            names = sorted({f"{one.form_code} {one.code}" for one in inputs})
            problems.append(
                _(
                    "Values to type in, each with its document: %(count)s (%(cells)s).",
                    count=len(inputs),
                    cells=self._some(names),
                )
            )
        asked = own.explanation_ids.filtered(lambda one: not one.complete)
        if asked:
            names = sorted({f"{one.form_code} {one.code}" for one in asked})
            problems.append(_("Changes to explain: %(count)s (%(cells)s).", count=len(asked), cells=self._some(names)))
        red = own.check_ids.filtered(
            lambda check: (check.state, check.level) == ("failed", "blocking") and check.code not in TOLD_ABOVE
        )
        problems += [_("%(control)s: %(said)s", control=check.label, said=check.message or "") for check in red]
        return problems

    def _some(self, names, shown=8):
        return ", ".join(names[:shown]) + (", …" if len(names) > shown else "")

    def _tell_calendar(self):
        """The obligation is met: its task is done."""
        row = self.sudo().obligation_id
        if not row:
            return
        values = {"return_id": self.id}
        if not row.filed_on:
            values["filed_on"] = fields.Date.context_today(self)
        row._set(**values)
        row.activity_feedback([ACTIVITY], feedback=self.env._("Filed: %(name)s", name=self.display_name))

    def _take_over(self, old):
        """What was typed into the return that is corrected, with its authors and documents."""
        known = {one._key(): one for one in old.sudo().input_ids}
        for mine in self.sudo().input_ids.with_context(kondo_ledger=LEDGER):
            was = known.get(mine._key())
            if was and was.complete:
                mine.write(
                    {
                        "value": was.value,
                        "text": was.text,
                        "nil": was.nil,
                        "author_id": was.author_id.id,
                        "written_at": was.written_at,
                        "document_ids": [(6, 0, was.document_ids.ids)],
                    }
                )
