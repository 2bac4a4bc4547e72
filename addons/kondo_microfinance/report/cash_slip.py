from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.cash import DENOMINATIONS
from ..engine.words import amount_in_words, spaced


class ReportCashSlip(models.AbstractModel):
    """The paper that goes with cash from hand to hand: what was counted, who gives it, who receives it."""

    _name = "report.kondo_microfinance.report_cash_slip"
    _description = "Cash slip"
    _inherit = ["kondo.print"]

    _of = "kondo.cash.slip"

    @api.model
    def _get_report_values(self, docids, data=None):
        slips = self.env[self._of].browse(docids)
        if not slips:
            raise UserError(self.env._("Choose the slip to print."))
        slips.check_access("read")
        if any(slip.state in ("draft", "cancelled") for slip in slips):
            raise UserError(self.env._("A slip is printed once the cash is handed over."))
        return {
            "doc_ids": docids,
            "doc_model": self._of,
            "docs": slips,
            "title": self.env._("Cash slip"),
            "slips": [self._paper(slip.sudo()) for slip in slips],
        }

    def _paper(self, slip):
        return {
            **self._letterhead(slip.company_id),
            "number": slip.name,
            "business_date": self._date(slip.operation_id.business_date or slip.company_id.business_date),
            "moment": self._time(slip.sent_at),
            "title": dict(slip._fields["kind"]._description_selection(self.env))[slip.kind],
            "pending": slip.state == "sent",
            "facts": [row for row in self._facts(slip) if row[1]],
            "columns": [self._pieces(slip.counts)],
            "headings": [],
            "amount": spaced(slip.amount),
            "words": amount_in_words(slip.amount),
            "difference": "",
            "note": slip.note or "",
            "book": slip.operation_id.move_id.name or "",
            "signatures": [
                (self.env._("Handed over by"), slip.sent_by_id.name),
                (self.env._("Counted and received by"), slip.received_by_id.name or ""),
            ],
            "qr": self._qr(slip.name),
            "printed": self._time(fields.Datetime.now()),
            "printed_by": self.env.user.name,
        }

    def _facts(self, slip):
        _ = self.env._
        vault, till, bank = slip.vault_id.name, slip.till_id.name, slip.bank_account_id.name
        source, target = {
            "vault_to_till": (vault, till),
            "till_to_vault": (till, vault),
            "bank_to_vault": (bank, vault),
            "vault_to_bank": (vault, bank),
        }[slip.kind]
        return [
            (_("Comes from"), source),
            (_("Goes to"), target),
            (_("Handed over"), self._time(slip.sent_at)),
            (_("Received"), self._time(slip.received_at)),
        ]

    @api.model
    def _pieces(self, counts):
        """[(note or coin, face value, pieces, amount)] of what is in the count."""
        _ = self.env._
        return [
            (
                _("Banknote") if key.startswith("n") else _("Coin"),
                spaced(value),
                spaced(counts[key]),
                spaced(value * counts[key]),
            )
            for key, value in DENOMINATIONS.items()
            if counts.get(key)
        ]


class ReportCashConvoy(models.AbstractModel):
    _name = "report.kondo_microfinance.report_cash_convoy"
    _description = "Slip of a convoy"
    _inherit = ["report.kondo_microfinance.report_cash_slip"]

    _of = "kondo.cash.convoy"

    def _paper(self, convoy):
        _ = self.env._
        columns, headings = [self._pieces(convoy.counts)], []
        if convoy.difference:
            columns.append(self._pieces(convoy.received_counts or {}))
            headings = [_("Sent"), _("Counted on arrival")]
        return {
            **self._letterhead(convoy.company_id),
            "number": convoy.name,
            "business_date": self._date(convoy.sent_on or convoy.company_id.business_date),
            "moment": self._time(convoy.sent_at or convoy.prepared_at),
            "title": _("Cash between caisses"),
            "pending": convoy.state in ("prepared", "road", "counted"),
            "facts": [
                row
                for row in (
                    (_("Comes from"), convoy.company_id.name),
                    (_("Goes to"), convoy.dest_company_id.name),
                    (_("Carried by"), convoy.carrier),
                    (_("Seal"), convoy.seal),
                    (_("Sent"), self._time(convoy.sent_at)),
                    (_("Received"), self._time(convoy.arrived_at)),
                )
                if row[1]
            ],
            "columns": columns,
            "headings": headings,
            "amount": spaced(convoy.amount),
            "words": amount_in_words(convoy.amount),
            "difference": spaced(convoy.difference) if convoy.difference else "",
            "note": convoy.difference_note or convoy.note or "",
            "book": convoy.sent_operation_id.move_id.name or "",
            "signatures": [
                (_("Counted by"), convoy.prepared_by_id.name or ""),
                (_("Let go by"), convoy.sent_by_id.name or ""),
                (_("The carriers"), convoy.carrier or ""),
                (_("Received by"), convoy.counted_by_id.name or ""),
            ],
            "qr": self._qr(convoy.name),
            "printed": self._time(fields.Datetime.now()),
            "printed_by": self.env.user.name,
        }
