from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.kondo_microfinance.engine.words import spaced

ROWS = 30


class ReportAvecMeeting(models.AbstractModel):
    """The sheet of a meeting: empty columns to fill in the village while it is open, the record once it is closed."""

    _name = "report.kondo_farmer_orgs.report_avec_meeting"
    _description = "Meeting sheet"
    _inherit = ["kondo.loan.paper"]

    @api.model
    def _get_report_values(self, docids, data=None):
        meetings = self.env["kondo.avec.meeting"].browse(docids).exists()
        if not meetings:
            raise UserError(self.env._("Choose the meeting."))
        meetings.check_access("read")
        for meeting in meetings:
            meeting.company_id.with_env(self.env)._check_visible()
        pages = [page for meeting in meetings for page in self._sheets(meeting.sudo())]
        return self._values(docids, "kondo.avec.meeting", self.env._("Meeting sheet"), pages)

    def _sheets(self, meeting):
        _ = self.env._
        closed = meeting.state == "closed"
        headers = [
            _("No."), _("Name"), _("Here"), _("Shares"), _("Social"), _("Owes"), _("Int. due"), _("Repaid"),
            _("Int. paid"), _("New loan"), _("Fine"), _("Cash"),
        ]  # fmt: skip
        lines = list(meeting.line_ids)
        rows = [self._row(rank, line, closed) for rank, line in enumerate(lines, 1)]
        for line in meeting.correction_ids if closed else []:
            row = self._row("", line, True)
            row[1] = _("%(name)s, corrected: %(reason)s", name=line.person_id.name, reason=line.reason)
            rows.append(row)
        total = None
        if closed:
            every = [*lines, *meeting.correction_ids]
            names = (
                "shares",
                "social",
                "loan_before",
                "interest_due",
                "principal",
                "interest",
                "taken",
                "fine",
                "cash",
            )
            total = ["", _("Total"), spaced(meeting.present_count)]
            total += [spaced(sum(line[name] for line in every)) for name in names]
        chunks = [rows[start : start + ROWS] for start in range(0, len(rows), ROWS)] or [[]]
        title = _("Meeting sheet")
        return [
            self._page(
                meeting.company_id,
                title,
                f"{meeting.number}",
                facts=self._facts(meeting, closed) if not index else [],
                notice="" if closed else _("To be filled in at the meeting."),
                table={"headers": headers, "rows": chunk, "total": total if chunk is chunks[-1] else None},
                closing=(meeting.note or "") if chunk is chunks[-1] else "",
                signs=[_("The president"), _("The treasurer"), _("The secretary")] if chunk is chunks[-1] else [],
            )
            for index, chunk in enumerate(chunks)
        ]

    def _row(self, rank, line, closed):
        owed = [spaced(line.loan_before or 0), spaced(line.interest_due or 0)]
        if not closed:
            return [str(rank), line.person_id.name, "", "", "", *owed, "", "", "", "", ""]
        here = "x" if line.present and not line.correction else ""
        figures = ("principal", "interest", "taken", "fine", "cash")
        return [
            str(rank), line.person_id.name, here, spaced(line.shares), spaced(line.social), *owed,
            *(spaced(line[name]) for name in figures),
        ]  # fmt: skip

    def _facts(self, meeting, closed):
        _ = self.env._
        facts = [
            (_("Savings group"), meeting.organisation_id.name),
            (_("Cycle"), meeting.cycle_id.name),
            (_("Day"), self._date(meeting.date)),
            (_("Value of a share"), f"{spaced(meeting.cycle_id.share_value)} F"),
            (_("Box before"), f"{spaced(meeting.box_before)} F"),
            (_("Social fund before"), f"{spaced(meeting.social_before)} F"),
        ]
        if closed:
            facts += [
                (_("From the caisse"), f"{spaced(meeting.from_caisse)} F" if meeting.from_caisse else ""),
                (_("Expenses"), f"{spaced(meeting.expense)} F, {meeting.expense_note}" if meeting.expense else ""),
                (_("Box counted"), f"{spaced(meeting.counted)} F"),
                (_("Social fund counted"), f"{spaced(meeting.social_counted)} F"),
            ]
        return [(label, text) for label, text in facts if text]


class ReportAvecShareOut(models.AbstractModel):
    """Who gets what of the box at the end of a cycle, signed one by one."""

    _name = "report.kondo_farmer_orgs.report_avec_share_out"
    _description = "Share-out of a savings group"
    _inherit = ["kondo.loan.paper"]

    @api.model
    def _get_report_values(self, docids, data=None):
        cycles = self.env["kondo.avec.cycle"].browse(docids).exists()
        if not cycles:
            raise UserError(self.env._("Choose the cycle."))
        cycles.check_access("read")
        for cycle in cycles:
            cycle.company_id.with_env(self.env)._check_visible()
            if not cycle.share_ids:
                raise UserError(self.env._("Count the share-out first."))
        pages = [page for cycle in cycles for page in self._sheets(cycle.sudo())]
        return self._values(docids, "kondo.avec.cycle", self.env._("Share-out"), pages)

    def _sheets(self, cycle):
        _ = self.env._
        names = ("shares", "saved", "gross", "gain", "deducted", "paid", "unpaid")
        headers = [
            _("No."), _("Name"), _("Shares"), _("Saved"), _("Worth"), _("Gain"), _("Loan taken off"), _("Paid"),
            _("Still owed"), _("Signature"),
        ]  # fmt: skip
        rows = [
            [str(rank), share.person_id.name, *(spaced(share[name]) for name in names), ""]
            for rank, share in enumerate(cycle.share_ids, 1)
        ]
        total = ["", _("Total"), *(spaced(sum(cycle.share_ids.mapped(name))) for name in names), ""]
        chunks = [rows[start : start + ROWS] for start in range(0, len(rows), ROWS)]
        targets = dict(cycle._fields["rest_to"]._description_selection(self.env))
        box = sum(cycle.share_ids.mapped("paid")) + cycle.rest
        facts = [
            (_("Savings group"), cycle.organisation_id.name),
            (_("Cycle"), f"{cycle.name}, {self._date(cycle.date_from)} – {self._date(cycle.shared_on or cycle._held()[-1:].date)}"),
            (_("Meetings held"), str(cycle.meeting_count)),
            (_("Value of a share"), f"{spaced(cycle.share_value)} F"),
            (_("Box shared out"), f"{spaced(box)} F"),
            (_("Loans taken off"), f"{spaced(sum(cycle.share_ids.mapped('deducted')))} F"),
            (_("Rest"), f"{spaced(cycle.rest)} F · {targets[cycle.rest_to]}" if cycle.rest else _("none")),
            (_("Social fund, not shared out"), f"{spaced(cycle.social)} F"),
        ]  # fmt: skip
        return [
            self._page(
                cycle.company_id,
                _("Share-out"),
                cycle.name,
                facts=facts if not index else [],
                notice="" if cycle.state == "ended" else _("Counted, not paid yet."),
                table={"headers": headers, "rows": chunk, "total": total if chunk is chunks[-1] else None},
                signs=[_("The president"), _("The treasurer"), _("The secretary")] if chunk is chunks[-1] else [],
            )
            for index, chunk in enumerate(chunks)
        ]
