from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import split_every

FIRST_ROWS, ROWS = 38, 38  # people on the first and on the other sheets of the attendance list


class ReportOrgMinutes(models.AbstractModel):
    """Minutes of a general meeting: who was there, what was voted, where the officers sign; then the attendance list."""

    _name = "report.kondo_farmer_orgs.report_org_minutes"
    _description = "Minutes of a general meeting"
    _inherit = ["kondo.loan.paper"]

    @api.model
    def _get_report_values(self, docids, data=None):
        meetings = self.env["kondo.org.meeting"].browse(docids).exists()
        if not meetings:
            raise UserError(self.env._("Choose the meeting."))
        meetings.check_access("read")
        title = self.env._("Minutes of the general meeting")
        pages = []
        for meeting in meetings:
            meeting.company_id.with_env(self.env)._check_visible()
            sheets = self._minutes_of(meeting.sudo(), title)
            for number, sheet in enumerate(sheets, 1):
                sheet.update(sheet=number, sheets=len(sheets))
            pages += sheets
        return self._values(docids, "kondo.org.meeting", title, pages)

    def _minutes_of(self, meeting, title):
        _ = self.env._
        organisation = meeting.organisation_id
        kinds = dict(meeting._fields["kind"]._description_selection(self.env))
        forms = dict(organisation._fields["org_form"]._description_selection(self.env))
        facts = [
            (_("Organisation"), organisation.name),
            (_("Legal form"), forms.get(organisation.org_form)),
            (_("Registration number"), organisation.org_registration),
            (_("Member no."), organisation.member_number),
            (_("Meeting"), kinds[meeting.kind]),
            (_("Held on"), self._date(meeting.held_on)),
            (_("Place"), meeting.place or organisation.village_id.name),
            (_("People called"), str(meeting.people_count)),
            (
                _("Present or represented"),
                _("%(present)s present, %(represented)s represented", present=meeting.present_count,
                  represented=meeting.represented_count),
            ),
            (
                _("Quorum"),
                _("%(needed)s people (%(percent)s)", needed=meeting.quorum,
                  percent=self._percent(meeting.quorum_percent)),
            ),
        ]  # fmt: skip
        articles = [(_("Agenda"), "; ".join(line.strip() for line in meeting.agenda.splitlines() if line.strip()))]
        if meeting.notes:
            articles.append((_("Course of the meeting"), meeting.notes))
        articles += [(row.name, self._voted(row)) for row in meeting.decision_ids]
        roles = {row.person_id: row.role for row in meeting.attendance_ids}
        signs = [
            f"{person.name} ({roles[person]})" if roles.get(person) else person.name for person in meeting.signer_ids
        ]
        sheets = self._texts(
            meeting.company_id,
            title,
            organisation.member_number,
            articles,
            {
                "facts": [(label, text) for label, text in facts if text],
                "notice": "" if meeting.state == "held" else _("Draft: the minutes are not signed yet."),
            },
            {"signs": signs or [_("The president"), _("The secretary")]},
        )
        return sheets + self._attendance_sheets(meeting)

    def _voted(self, decision):
        _ = self.env._
        parts = [self._francs(decision.amount) + "."] if decision.amount else []
        parts.append(
            _(
                "Votes: %(yes)s for, %(no)s against, %(blank)s abstained.",
                yes=decision.votes_for,
                no=decision.votes_against,
                blank=decision.votes_blank,
            )
        )
        parts.append(_("Adopted.") if decision.adopted else _("Rejected."))
        return " ".join(parts)

    def _attendance_sheets(self, meeting):
        _ = self.env._
        statuses = dict(meeting.attendance_ids._fields["status"]._description_selection(self.env))
        rows = [
            [
                str(number),
                f"{row.person_id.name} ({row.role})" if row.role else row.person_id.name,
                _("Represented by %(name)s", name=row.represented_by_id.name)
                if row.represented_by_id
                else statuses[row.status],
                "",
            ]
            for number, row in enumerate(meeting.attendance_ids.sorted(lambda row: (not row.role, row.name)), 1)
        ]
        headers = [_("No."), _("Name"), _("Attendance"), _("Signature or thumbprint")]
        chunks = [rows[:FIRST_ROWS], *split_every(ROWS, rows[FIRST_ROWS:], list)] if rows else []
        return [
            self._page(
                meeting.company_id,
                _("Attendance list"),
                meeting.organisation_id.member_number,
                facts=[(_("Organisation"), meeting.organisation_id.name), (_("Held on"), self._date(meeting.held_on))],
                table={"headers": headers, "rows": chunk, "total": None},
            )
            for chunk in chunks
        ]
