import base64
import hashlib

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ...engine.batch_file import list_hash, read
from ...engine.names import name_key, phone_digits
from ...engine.words import spaced
from .batch import CASH

# Accounts that a list may move; a term deposit or a guarantee is moved by its own operations.
RECEIVING = ("demand", "passbook", "planned", "group")
GIVING = ("demand", "passbook", "group")
LIKE_DAYS = 25  # within which an equal list under another file is pointed out


class KondoBatch(models.Model):
    """The check of a file: every row is read, its account found and its payment tried, before anything is posted."""

    _inherit = "kondo.batch"

    # ------------------------------------------------------------------ action
    def action_check(self):
        """Read the file and show each row with what is wrong. A file already sent opens the batch it was sent by."""
        self.ensure_one()
        self._guard_maker()
        self._lock(
            ("draft", "faulty", "ready"), self.env._("A batch that was sent no longer changes. Take it back first.")
        )
        content = self._file_content()
        if not content:
            raise UserError(self.env._("Choose the file of the list first."))
        if self.control_count <= 0 or self.control_total <= 0:
            raise UserError(
                self.env._(
                    "Type the number of rows and the total of the paper list first: the file is checked against them."
                )
            )
        self._check_other_side()
        self._set(file_hash=hashlib.sha256(content).hexdigest())
        twin = self._sent_before()
        if twin:
            self._set(file_hash=False)
            return self._open_twin(twin)
        self._read_file(content)
        return True

    def _file_content(self):
        return base64.b64decode(self.with_context(bin_size=False).file or b"")

    def _check_other_side(self):
        """Where the money comes from or goes to."""
        if self.kind in CASH:
            self._own_session()
        elif self.counterpart == "member":
            if not self.savings_account_id:
                raise UserError(self.env._("Choose the member's account on the other side."))
        elif not self.account_id:
            raise UserError(self.env._("Choose the ledger account on the other side: the bank or the debtor."))

    def _open_twin(self, twin):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": self._already_sent(twin),
                "next": {
                    "type": "ir.actions.act_window",
                    "res_model": self._name,
                    "res_id": twin.id,
                    "views": [(False, "form")],
                },
            },
        }

    def _read_file(self, content):
        """Replace the rows by what the file says now, and set the state."""
        reading = read(content)
        rows = self._rows(reading)
        self.sudo().line_ids.unlink()
        self.env["kondo.batch.line"].sudo().create([{"batch_id": self.id, **row} for row in rows])
        errors = sum(row["state"] == "error" for row in rows)
        notes = [self._sentence(fault) for fault in reading.faults if not fault.row]
        if reading.entries:
            notes += self._control_notes(len(reading.entries), reading.total)
        blocking = bool(errors or notes or not reading.entries)
        mark = list_hash(reading.entries)
        self._set(
            count=len(reading.entries),
            total=min(reading.total, 2**62),
            error_count=errors,
            warning_count=sum(row["state"] == "warning" for row in rows),
            list_hash=mark,
            fault_note="\n".join(notes + self._likeness(mark)) or False,
            state="faulty" if blocking else "ready",
        )

    def _control_notes(self, count, total):
        if (count, total) == (self.control_count, self.control_total):
            return []
        return [
            self.env._(
                "The file holds %(count)s rows and %(total)s F, announced were %(control_count)s rows and "
                "%(control_total)s F: compare with the paper list.",
                count=count,
                total=spaced(total),
                control_count=self.control_count,
                control_total=spaced(self.control_total),
            )
        ]

    def _likeness(self, mark):
        """An equal list that was sent lately in another file: legitimate, but somebody should look."""
        since = fields.Date.subtract(fields.Date.context_today(self), days=LIKE_DAYS)
        like = self.sudo().search(
            [
                ("company_id", "=", self.company_id.id),
                ("list_hash", "=", mark),
                ("kind", "=", self.kind),
                ("state", "in", ("submitted", "posted")),
                ("submitted_at", ">=", since),
            ],
            limit=1,
        )
        if not like:
            return []
        return [
            self.env._(
                "Attention: the same people and amounts were already sent on %(date)s, batch %(name)s “%(label)s”.",
                date=format_date(self.env, like.submitted_at),
                name=like.name,
                label=like.label,
            )
        ]

    # ------------------------------------------------------------------ rows
    def _rows(self, reading):
        """Values of the lines: one for each entry, one for each fault that stands in another row."""
        faults = {}
        for fault in reading.faults:
            if fault.row:
                faults.setdefault(fault.row, []).append(fault)
        finder = self._finder(reading.entries)
        seen, rows = {}, []
        for entry in reading.entries:
            account, problem, role = finder.find(entry)
            errors = [self._sentence(fault) for fault in faults.get(entry.row, [])]
            column = next((fault.column for fault in faults.pop(entry.row, [])), "")
            warnings = []
            if problem and entry.identifiers:
                errors.append(problem)
                column = column or reading.columns.get(role, "")
            elif account:
                if account.id in seen:
                    errors.append(self.env._("Same account as in row %(row)s", row=seen[account.id]))
                    column = column or reading.columns.get(role, "")
                elif not errors:
                    refusal = self._refusal(account, entry.amount)
                    errors += [refusal] if refusal else []
                    column = reading.columns.get(role, "") if refusal else ""
                seen.setdefault(account.id, entry.row)
                warnings = self._warnings(account, entry)
            rows.append(
                {
                    "row": entry.row,
                    "column": column or False,
                    "identifier": " · ".join(entry.identifiers.values()) or False,
                    "file_name": entry.name or False,
                    **(self._line_values(account) if account else {}),
                    "amount": entry.amount or 0,
                    "label": entry.label or False,
                    "state": "error" if errors else "warning" if warnings else "ok",
                    "reason": " ; ".join(errors or warnings) or False,
                }
            )
        for row, found in faults.items():
            rows.append(
                {
                    "row": row,
                    "column": found[0].column or False,
                    "state": "error",
                    "reason": " ; ".join(self._sentence(fault) for fault in found),
                }
            )
        return rows

    def _finder(self, entries):
        """What finds what each entry means, see `Finder`."""
        return Finder(self, entries)

    def _line_values(self, account):
        """Values of a row for what it was found to mean."""
        return {"savings_account_id": account.id, "partner_id": account.partner_id.id}

    def _refusal(self, account, amount):
        """Why this payment is not possible now (text), by the rules that hold when it is posted; None when it is."""
        _ = self.env._
        if account.kind not in (GIVING if self.kind == "debit" else RECEIVING):
            return _("No payment by list on an account of “%(product)s”", product=account.product_id.name)
        if account == self.savings_account_id and self.kind != "deposit":
            return _("This account is the other side of the batch")
        try:
            if self.kind == "deposit":
                account._check_movement(amount, "window")
                self.env["kondo.operation"]._check_product(account.product_id, amount)
            else:
                account._check_movement(-amount if self.kind == "debit" else amount, "house")
        except UserError as refusal:
            return str(refusal)
        if self.kind != "deposit" and account.block in ("all", "debit" if self.kind == "debit" else "credit"):
            return _("The account %(number)s is blocked. See the manager.", number=account.number)
        return None

    def _warnings(self, account, entry):
        """What a person should look at before sending."""
        _ = self.env._
        warnings = []
        if entry.name and name_key(entry.name) != name_key(account.partner_id.name):
            warnings.append(_("Another name in the file: “%(name)s”", name=entry.name))
        if account.state == "dormant":
            warnings.append(_("Dormant account"))
        if account.partner_id.member_state not in ("applicant", "active"):
            warnings.append(_("No longer a member"))
        return warnings


class Finder:
    """Finds the account that each entry means, with a few queries for the whole file."""

    def __init__(self, batch, entries):
        self.batch = batch
        self.env = batch.env
        self.company = batch.company_id
        self.accounts = self.env["kondo.savings.account"].sudo()
        self.partners = self.env["res.partner"].sudo()
        texts = {self._plain(text) for entry in entries for text in entry.identifiers.values()}
        domain = [("company_id", "=", self.company.id)]
        self.by_number = {
            account.number: account for account in self.accounts.search([*domain, ("number", "in", list(texts))])
        }
        self.by_member = {
            partner.member_number: partner
            for partner in self.partners.search(
                [*domain, ("is_kondo_member", "=", True), ("member_number", "in", list(texts))]
            )
        }
        self.by_phone = self._phones({phone_digits(text) for text in texts if len(phone_digits(text)) >= 8})
        self.codes = {
            company.kondo_code: company.name
            for company in self.company.sudo().root_id.child_ids
            if company.kondo_code and company != self.company
        }
        self.own = self._own_accounts()

    @staticmethod
    def _plain(text):
        return text.replace(" ", "").upper()

    def _phones(self, wanted):
        """{digits: partner ids} of the caisse's members with one of these phones."""
        found = {}
        if wanted:
            rows = self.env.execute_query(
                SQL(
                    """SELECT id, phone, phone2 FROM res_partner
                        WHERE company_id = %s AND is_kondo_member AND (phone IS NOT NULL OR phone2 IS NOT NULL)""",
                    self.company.id,
                )
            )
            for partner_id, *phones in rows:
                for digits in {phone_digits(phone) for phone in phones} & wanted:
                    found.setdefault(digits, []).append(partner_id)
        return found

    def _own_accounts(self):
        """{partner id: accounts in use that a list may move}, for the members named by number or phone."""
        ids = {partner.id for partner in self.by_member.values()}
        ids.update(partner_id for partners in self.by_phone.values() for partner_id in partners)
        domain = [("partner_id", "in", list(ids)), ("state", "!=", "closed"), ("kind", "in", RECEIVING)]
        if self.batch.product_id:
            domain.append(("product_id", "=", self.batch.product_id.id))
        own = {}
        for account in self.accounts.search([*domain, ("company_id", "=", self.company.id)]):
            own.setdefault(account.partner_id.id, []).append(account)
        return own

    def find(self, entry):
        """(account or None, reason why none, role of the column). All that a row names must mean one member."""
        account, first = None, None
        for role, text in entry.identifiers.items():
            found, problem = self._find_one(text)
            if problem:
                return None, problem, role
            if account and found.partner_id != account.partner_id:
                return None, self.env._("Account, member number and phone are not of the same person"), role
            if account is None:
                account, first = found, role
        return account, None, first

    def _find_one(self, text):
        _ = self.env._
        plain = self._plain(text)
        if plain in self.by_number:
            return self.by_number[plain], None
        if plain in self.by_member:
            return self._account_of(self.by_member[plain])
        partners = self.by_phone.get(phone_digits(text), [])
        if len(partners) > 1:
            return None, _("Several members have this phone: give the account number")
        if partners:
            return self._account_of(self.partners.browse(partners))
        code = plain.split("-")[0]
        if code in self.codes:
            return None, _(
                "Account of another caisse (%(caisse)s): it goes into that caisse's own list", caisse=self.codes[code]
            )
        return None, _("No account, member nor phone like this in your caisse")

    def _account_of(self, partner):
        accounts = self.own.get(partner.id, [])
        if len(accounts) == 1:
            return accounts[0], None
        if accounts:
            return None, self.env._(
                "%(name)s has several accounts: give the account number, or choose the product of the batch",
                name=partner.name,
            )
        return None, self.env._("%(name)s has no account for this", name=partner.name)
