from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.kondo_microfinance.models.ledger.key import LEDGER

from ...engine.sheet import Part
from .sheet_row import SAVINGS


class KondoSheet(models.Model):
    """Who stands on a sheet: everybody of an organisation, or whoever owes on the way of a round."""

    _inherit = "kondo.sheet"

    def action_fill(self):
        """Put on the sheet those who belong on it and are not yet; what is due of the others is brought up to date."""
        for sheet in self:
            sheet._guard()
            sheet._lock("draft", self.env._("This sheet is no longer being prepared."))
            if sheet.kind == "organisation":
                entries = sheet._organisation_entries(sheet.organisation_id, everybody=True)
            else:
                entries = sheet._round_entries()
            if not entries and not sheet.row_ids:
                raise UserError(
                    self.env._(
                        "Nobody to put on this sheet: nothing falls due there until %(date)s.",
                        date=sheet._horizon().strftime("%d/%m/%Y"),
                    )
                    if sheet.kind == "round"
                    else self.env._("This organisation has no people and no loan yet.")
                )
            sheet._put(entries)
        return True

    def _add(self, partner, person):
        """Somebody more, with each of his debts; used before and during the round."""
        self.ensure_one()
        self._guard()
        self._lock(("draft", "out"), self.env._("This sheet is no longer being filled in."))
        if person:
            organisations = person.membership_ids.filtered(self._on_the_day).organisation_id
            organisation = self.organisation_id if self.organisation_id in organisations else organisations[:1]
            entries = self._person_entries(person, organisation, self._running(organisations | person.partner_id))
        elif partner.is_organisation:
            entries = self._organisation_entries(partner, everybody=False)
        else:
            entries = self._member_entries(partner, self._running(partner))
        before = len(self.row_ids)
        self._put(entries)
        if len(self.row_ids) == before:
            raise UserError(
                self.env._("%(name)s stands on the sheet already, or owes nothing.", name=person.name or partner.name)
            )

    # ------------------------------------------------------------------ who and what
    def _horizon(self):
        return self.date + timedelta(days=self.days_ahead)

    def _on_the_day(self, membership):
        return membership.date_from <= self.date and (not membership.date_to or membership.date_to >= self.date)

    def _running(self, partners):
        """The running loans of members, as superuser, oldest first."""
        return (
            self.env["kondo.loan"]
            .sudo()
            .search(
                [("partner_id", "in", partners.ids), ("state", "=", "active"), ("company_id", "=", self.company_id.id)],
                order="id",
            )
        )

    def _entry(
        self, name, part=None, person=None, partner=None, organisation=None, loan=None, village=None, phone=None
    ):
        part = part or Part()
        return {
            "name": name,
            "person_id": person.id if person else False,
            "partner_id": partner.id if partner else False,
            "organisation_id": organisation.id if organisation else False,
            "village_id": village.id if village else False,
            "phone": phone or False,
            "loan_id": loan.id if loan else False,
            "due_principal": part.principal,
            "due_interest": part.interest,
            "due_other": part.other,
            "due": part.total,
            "late": part.late,
        }

    def _organisation_entries(self, organisations, everybody):
        """The people of organisations with their part of each loan; of a loan without parts, the organisation itself.

        :param everybody: also those who owe nothing, for their savings and attendance
        """
        memberships = organisations.sudo().org_membership_ids.filtered(self._on_the_day)
        people = memberships.person_id
        loans = self._running(organisations | people.partner_id)
        shared = {loan: loan._sheet_parts(self.date, self._horizon()) for loan in loans}
        entries = []
        for organisation in organisations:
            own = [loan for loan in loans if loan.partner_id == organisation]
            there = memberships.filtered(lambda one, here=organisation: one.organisation_id == here).person_id
            there |= self.env["kondo.org.person"].concat(*(person for loan in own for person in shared[loan] if person))
            for person in there.sorted("name"):
                found = [
                    (loan, parts[person])
                    for loan, parts in shared.items()
                    if loan.partner_id == organisation and person in parts
                ]
                found += [
                    (loan, parts[self.env["kondo.org.person"]])
                    for loan, parts in shared.items()
                    if person.partner_id and loan.partner_id == person.partner_id
                ]
                entries += self._of_person(person, organisation, found, everybody)
            for loan in own:
                part = shared[loan].get(self.env["kondo.org.person"])
                if part and (part.total or (everybody and len(shared[loan]) == 1)):
                    entries.append(self._of_member(organisation, loan, part))
        return entries

    def _person_entries(self, person, organisation, loans):
        found = []
        for loan in loans:
            parts = loan._sheet_parts(self.date, self._horizon())
            part = parts.get(person if loan.partner_id != person.partner_id else self.env["kondo.org.person"])
            if part is not None:
                found.append((loan, part))
        return self._of_person(person, organisation, found, everybody=True)

    def _of_person(self, person, organisation, found, everybody):
        """One row for each debt of a person, or a single one without debt."""
        common = {
            "person": person,
            "partner": person.partner_id,
            "organisation": organisation,
            "village": person.village_id or organisation.village_id,
            "phone": person.phone,
        }
        owed = [(loan, part) for loan, part in found if everybody or part.total]
        if owed:
            return [self._entry(person.name, part, loan=loan, **common) for loan, part in owed]
        return [self._entry(person.name, **common)] if everybody else []

    def _of_member(self, partner, loan, part):
        return self._entry(
            partner.name,
            part,
            partner=partner,
            organisation=partner if partner.is_organisation else None,
            loan=loan,
            village=partner.village_id,
            phone=partner.phone,
        )

    def _member_entries(self, partner, loans):
        """A member by himself: his own debts, or his savings only."""
        rows = [
            self._of_member(partner, loan, loan._sheet_parts(self.date, self._horizon())[self.env["kondo.org.person"]])
            for loan in loans
        ]
        return rows or [self._entry(partner.name, partner=partner, village=partner.village_id, phone=partner.phone)]

    def _round_entries(self):
        """Whoever owes until the horizon in the villages and organisations of the round, village by village."""
        if not self.village_ids and not self.organisation_ids:
            raise UserError(self.env._("Choose the villages or the organisations of the round."))
        home = [("company_id", "=", self.company_id.id)]
        partners = self.env["res.partner"].sudo()
        organisations = self.organisation_ids.sudo() | partners.search(
            [*home, ("is_organisation", "=", True), ("village_id", "in", self.village_ids.ids)]
        )
        entries = self._organisation_entries(organisations, everybody=False)
        known = {entry["loan_id"] for entry in entries}
        owing = Domain("next_due", "<=", self._horizon()) | Domain("amount_late", ">", 0)
        loans = (
            self.env["kondo.loan"]
            .sudo()
            .search(
                Domain.AND(
                    [
                        home,
                        [
                            ("state", "=", "active"),
                            ("partner_id.is_organisation", "=", False),
                            ("partner_id.village_id", "in", self.village_ids.ids),
                        ],
                        owing,
                    ]
                ),
                order="id",
            )
        )
        for loan in loans:
            part = loan._sheet_parts(self.date, self._horizon())[self.env["kondo.org.person"]]
            if loan.id not in known and part.total:
                entries.append(self._of_member(loan.partner_id, loan, part))
        villages = self.env["kondo.village"].browse({entry["village_id"] for entry in entries if entry["village_id"]})
        names = {village.id: village.display_name for village in villages}
        holders = partners.browse({entry["organisation_id"] for entry in entries if entry["organisation_id"]})
        groups = {holder.id: holder.name for holder in holders}
        return sorted(
            entries,
            key=lambda entry: (
                names.get(entry["village_id"], "\uffff"),
                groups.get(entry["organisation_id"], ""),
                entry["name"],
            ),
        )

    # ------------------------------------------------------------------ rows
    def _put(self, entries):
        """Rows for entries that have none; those that have one get what is due today."""
        known = {(row.person_id.id, row.partner_id.id, row.loan_id.id): row for row in self.row_ids}
        accounts = self._savings_accounts(entries)
        with_account = {(row.person_id.id, row.partner_id.id) for row in self.row_ids if row.account_id}
        rank = max(self.row_ids.mapped("sequence"), default=0)
        fresh = []
        for entry in entries:
            key = (entry["person_id"], entry["partner_id"], entry["loan_id"])
            row = known.get(key)
            if row:
                row.sudo().with_context(kondo_ledger=LEDGER).write(
                    {name: entry[name] for name in ("due_principal", "due_interest", "due_other", "due", "late")}
                )
                continue
            rank += 1
            account = accounts.get(entry["partner_id"]) or accounts.get(entry["organisation_id"])
            somebody = key[:2]
            if somebody in with_account:
                account = False  # a person saves on one row only
            elif account:
                with_account.add(somebody)
            fresh.append({**entry, "sheet_id": self.id, "sequence": rank, "account_id": account})
            known[key] = self.env["kondo.sheet.row"]
        self.env["kondo.sheet.row"].sudo().with_context(kondo_ledger=LEDGER).create(fresh)
        self.invalidate_recordset(["row_ids"])
        self._refresh_totals()

    def _savings_accounts(self, entries):
        """{member: the account that takes his savings}: a current one, by the order of kinds, the oldest first."""
        holders = {entry[name] for entry in entries for name in ("partner_id", "organisation_id") if entry[name]}
        accounts = (
            self.env["kondo.savings.account"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", list(holders)),
                    ("company_id", "=", self.company_id.id),
                    ("state", "in", ("active", "inactive")),
                    ("kind", "in", SAVINGS),
                ],
                order="id",
            )
        )
        chosen = {}
        for account in accounts.sorted(lambda one: (SAVINGS.index(one.kind), one.id)):
            chosen.setdefault(account.partner_id.id, account.id)
        return chosen
