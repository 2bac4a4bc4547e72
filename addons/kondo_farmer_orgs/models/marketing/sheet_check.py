import base64
import hashlib

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.kondo_microfinance.engine.allocation import allocate
from odoo.addons.kondo_microfinance.engine.words import spaced

from ...engine.marketing_sheet import read_sheet
from .finder import Finder


class KondoMarketingSheet(models.Model):
    """The check of a list: every row read, its producer, account and loan found, before anything is booked."""

    _inherit = "kondo.marketing.sheet"

    def action_check(self):
        """Read the file and show each row with what is wrong.

        :raises UserError: no file, no totals typed, or a file that was sent already
        """
        self.ensure_one()
        self._guard_maker()
        self._lock_sheet(
            ("draft", "faulty", "ready"), self.env._("A list that was sent no longer changes. Take it back first.")
        )
        content = self._file_content()
        if not content:
            raise UserError(self.env._("Choose the file of the list first."))
        if self.control_count <= 0 or self.control_gross <= 0:
            raise UserError(
                self.env._(
                    "Type the rows, kg, gross and net of the paper list first: the file is checked against them."
                )
            )
        self._set(file_hash=hashlib.sha256(content).hexdigest())
        self._refuse_twin()
        self._read_sheet(content)
        return True

    def _file_content(self):
        return base64.b64decode(self.with_context(bin_size=False).file or b"")

    def _read_sheet(self, content):
        reading = read_sheet(content)
        rows = self._checked_rows(reading)
        self.sudo().line_ids.unlink()
        self.env["kondo.marketing.sheet.line"].sudo().create([{"sheet_id": self.id, **row} for row in rows])
        notes = [self._fault_sentence(fault) for fault in reading.faults if not fault.row]
        if reading.rows:
            notes += self._control_differences(reading)
        errors = sum(row["state"] == "error" for row in rows)
        self._set(
            row_count=len(reading.rows),
            kg=float(reading.total("kg")),
            gross=reading.total("gross"),
            debt=reading.total("debt"),
            net=reading.total("net"),
            error_count=errors,
            warning_count=sum(row["state"] == "warning" for row in rows),
            fault_note="\n".join(notes) or False,
            state="faulty" if errors or notes or not reading.rows else "ready",
        )

    def _control_differences(self, reading):
        """Sentences: which totals of the file are not those typed from the paper."""
        _ = self.env._
        sides = [
            (_("rows"), self.control_count, len(reading.rows)),
            (_("gross (F)"), self.control_gross, reading.total("gross")),
            (_("net (F)"), self.control_net, reading.total("net")),
        ]
        if "kg" in reading.columns:
            sides.insert(1, (_("kg"), round(self.control_kg, 3), round(float(reading.total("kg")), 3)))
        return [
            _(
                "%(what)s: %(announced)s announced, %(found)s in the file: compare with the paper list.",
                what=what,
                announced=self._shown(announced),
                found=self._shown(found),
            )
            for what, announced, found in sides
            if announced != found
        ]

    @staticmethod
    def _shown(value):
        return spaced(int(value)) if value == int(value) else f"{value:.3f}".rstrip("0").replace(".", ",")

    # ------------------------------------------------------------------ rows
    def _checked_rows(self, reading):
        """Values of the lines: one for each row, one for each fault that stands elsewhere."""
        faults = {}
        for fault in reading.faults:
            if fault.row:
                faults.setdefault(fault.row, []).append(fault)
        finder = Finder(self)
        organisations = {row.row: finder.organisation(row.organisation) for row in reading.rows}
        found = self.env["res.partner"].sudo().union(*[one for one, _why in organisations.values() if one])
        finder.load(found)
        debts = {}
        for row in reading.rows:
            organisation = organisations[row.row][0]
            if organisation:
                debts[organisation.id] = debts.get(organisation.id, 0) + (row.debt or 0)
        rows = [self._checked_row(row, organisations[row.row], finder, faults, debts, reading) for row in reading.rows]
        for number, left in faults.items():
            rows.append(
                {
                    "row": number,
                    "column": left[0].column or False,
                    "state": "error",
                    "reason": " ; ".join(self._fault_sentence(fault) for fault in left),
                }
            )
        return rows

    def _checked_row(self, row, found, finder, faults, debts, reading):
        own = faults.pop(row.row, [])
        errors, warnings = [self._fault_sentence(fault) for fault in own], []
        organisation, why = found
        person = account = loan = None
        columns = [own[0].column] if own else []
        if why:
            errors.append(why)
            columns.append(reading.columns.get("organisation"))
        else:
            person, why = finder.person(organisation, row)
            if why:
                errors.append(why)
                columns.append(
                    next(
                        (reading.columns[role] for role in ("person", "phone", "name") if role in reading.columns), None
                    )
                )
            elif row.net:
                account, why = finder.account(organisation, person)
                errors += [why] if why else []
            if row.debt:
                loan, why = finder.loan(organisation)
                errors += [why] if why else []
                warnings += self._debt_warnings(loan, debts[organisation.id], errors) if loan else []
            if account and person and account.partner_id != person.partner_id:
                warnings.append(
                    self.env._("Without account: to the organisation's account %(number)s", number=account.number)
                )
        return {
            "row": row.row,
            "column": next(filter(None, columns), False),
            "organisation_text": row.organisation or False,
            "producer": " · ".join(filter(None, (row.person, row.name, row.phone))) or False,
            "organisation_id": organisation.id if organisation else False,
            "person_id": person.id if person else False,
            "savings_account_id": account.id if account else False,
            "loan_id": loan.id if loan else False,
            "kg": float(row.kg or 0),
            **{role: getattr(row, role) or 0 for role in ("price", "gross", "debt", "net")},
            "state": "error" if errors else "warning" if warnings else "ok",
            "reason": " ; ".join(errors or warnings) or False,
        }

    def _debt_warnings(self, loan, debt, errors):
        """What of the organisation's whole debt on the list the loan does not take: it goes to its account, if it has one."""
        returned = debt
        if loan.state == "active":
            day = loan.company_id.sudo().business_date
            returned = allocate(loan.product_id._allocation_rule(), loan._dues(), debt, day).returned
        if not returned:
            return []
        if not loan.savings_account_id:
            errors.append(
                self.env._(
                    "%(amount)s F too much: nothing more is to be paid now, and the loan has no account to put it on.",
                    amount=spaced(returned),
                )
            )
            return []
        return [
            self.env._(
                "Of the debt of the organisation, %(amount)s F are over what its loan takes: to its account",
                amount=spaced(returned),
            )
        ]

    # ------------------------------------------------------------------ words
    def _fault_sentence(self, fault):
        _ = self.env._
        own = {
            "no_heading": _("No headings: one row must name at least “Brut” and “Net”"),
            "gross_differs": _("Gross is not kg x price"),
            "net_differs": _("Net is not gross less input debt"),
            "net_negative": _("Net below zero: the debt is above the gross"),
            "kg_missing": _("The weight is missing"),
            "kg_text": _("The weight is no number of kg"),
        }
        if fault.code not in own:
            return self.env["kondo.batch"]._sentence(fault)
        text = own[fault.code]
        return _("%(reason)s (“%(value)s”)", reason=text, value=fault.value) if fault.value else text
