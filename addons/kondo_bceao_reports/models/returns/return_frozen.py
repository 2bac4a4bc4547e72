import hashlib
import json

from odoo import models

from .return_count import stored


class KondoReturn(models.Model):
    """What is frozen when a return is filed, and the proof that nothing of it has changed."""

    _inherit = "kondo.return"

    def _freeze(self, moment):
        """The text that is kept, and its SHA-256."""
        self.ensure_one()
        text = json.dumps(
            {"heading": self._heading(moment), "figures": self._figures()},
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
        )
        return text, hashlib.sha256(text.encode()).hexdigest()

    def _heading(self, moment):
        """Who files what: names as they are on that day."""
        own = self.sudo()
        company = own.company_id
        return {
            "institution": company.name,
            "code": company.kondo_code or "",
            "agreement": company.agreement_number or "",
            "authority": company.root_id.supervisor_name or "",
            "return": own.type_id.name,
            "computed_by": own.computed_by_id.name,
            "validated_by": own.validated_by_id.name,
            "filed_by": self.env.user.name,
            "filed_at": f"{moment:%Y-%m-%d %H:%M:%S}",
        }

    def _figures(self):
        """Values, formulas and their versions, typed values with authors and documents, controls, explanations."""
        own = self.sudo()
        return {
            "id": own.id,
            "company_id": own.company_id.id,
            "type": own.type_id.code,
            "scope": own.scope,
            "frequency": own.frequency,
            "from": str(own.date_from),
            "date": str(own.date),
            "edition": own.edition,
            "replaces": own.replaces_id.id,
            "reason": own.replace_reason or "",
            "replaced_hash": own.replaces_id.frozen_hash or "",
            "forms": own.layout,
            "cells": [
                [
                    cell.form_code, cell.part, cell.code, cell.column, cell.label,
                    None if cell.no_data else str(stored(str(cell.value))), cell.text or "",
                    str(stored(str(cell.previous))) if cell.previous_known else None,
                ]
                for cell in own.cell_ids.sorted(lambda cell: (cell.sequence, cell.id))
            ],
            "checks": [
                [check.code, check.label, check.level, check.state, check.formula or "", check.message or "", str(stored(str(check.difference)))]
                for check in own.check_ids.sorted(lambda check: (check.sequence, check.id))
            ],
            "inputs": [
                [
                    *one._key(), str(stored(str(one.value))), one.text or "", one.nil, one.author_id.id,
                    str(one.written_at or ""), sorted([paper.name, paper.checksum or ""] for paper in one.document_ids),
                ]
                for one in own.input_ids.sorted("id")
            ],
            "explanations": [
                [*one._key(), one.text or "", one.author_id.id, str(one.written_at or "")]
                for one in own.explanation_ids.sorted("id")
            ],
        }  # fmt: skip

    def _frozen_faults(self):
        """Why the proof fails, in words; none when the return is as it was filed."""
        self.ensure_one()
        _, own = self.env._, self.sudo()
        if not own.frozen:
            return [_("This return is not filed yet.")]
        faults = []
        if hashlib.sha256(own.frozen.encode()).hexdigest() != own.frozen_hash:
            faults.append(_("What was frozen is no longer what was filed: its hash differs."))
        now = json.loads(json.dumps(self._figures(), ensure_ascii=False))
        for name, value in json.loads(own.frozen)["figures"].items():
            if now[name] != value:
                faults.append(_("The values that stand now are not those that were filed: %(part)s.", part=name))
        return faults
