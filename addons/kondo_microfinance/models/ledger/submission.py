import json
import uuid as uuid_module
from contextlib import contextmanager

from odoo import api, models, modules
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.ledger import fingerprint
from .entry import SharedEntry
from .key import LEDGER
from .posting import Posting


class NeedsApproval(Exception):
    """Raised by a handler to roll everything back and ask for a supervisor; carries the sentence for the teller."""


class _Undone(Exception):
    """Ends a trial: its transaction is rolled back."""


class KondoOperation(models.Model):
    """The door: how a request becomes a posted operation, once and only once."""

    _inherit = "kondo.operation"

    _day_lock = 0x6B6F  # first key of the advisory lock that a caisse's postings share and its day change excludes

    # ------------------------------------------------------------------ public
    @api.model
    def submit(self, kind, uuid, values):
        """Post one operation and return its answer; sending the same again returns the same answer.

        :param kind: one of `_counter_kinds`
        :param uuid: made by the client before the first send
        :param values: dict of the kind (see the handler `_execute_<kind>`); amounts in whole francs
        :return: dict, with `replayed` True when the operation stood already; or `needs_approval` True and a
            `message` when only a supervisor's authorisation is missing (nothing is posted then)
        :raises UserError: a refusal in the user's words; nothing is written and the UUID may be used again
        """
        if kind not in self._counter_kinds():
            raise UserError(self.env._("This kind of operation is not made at the counter."))
        return self._submit(kind, uuid, values)

    @api.model
    @api.private
    def _counter_kinds(self):
        """Kinds that a client may send. Others are posted by the action they belong to."""
        return {"deposit", "withdrawal", "transfer", "reversal"}

    @api.model
    @api.private
    def _other_kinds(self):
        """Kinds of the window that are composed in a form of their own, in the order in which it offers them.

        Each has a method `_window_form_<kind>(partner)`: see `kondo.teller.other_operations`.
        """
        return []

    # ------------------------------------------------------------------ the door
    @api.private
    def _submit(self, kind, uuid, values, company=None):
        """Claim the UUID, let the handler collect the legs, seal; all in one transaction of its own."""
        uuid = self._check_uuid(uuid)
        if not isinstance(values, dict):
            raise UserError(self.env._("The request is not readable."))
        company = company or self._company_of(values)
        company._check_visible()
        mark = fingerprint(kind, self.env.uid, company.id, self._without_transport(values))
        try:
            with self._posting_env() as env:
                return env[self._name]._post_here(kind, uuid, company.id, values, mark)
        except NeedsApproval as missing:
            return {"needs_approval": True, "message": str(missing)}

    @api.private
    def _post_here(self, kind, uuid, company_id, values, mark):
        """One operation in the transaction of `self`, which `_posting_env` has opened. Returns the answer."""
        posting, stored = self._claim(kind, uuid, company_id, mark)
        if stored is not None:
            return {**stored, "uuid": uuid, "replayed": True}
        getattr(self, f"_execute_{kind}")(posting, values)
        return {**posting.seal(), "uuid": uuid, "replayed": False}

    @api.private
    def _try(self, kind, values):
        """Run the handler of a request and undo it: what the operation would do, and why it would be refused.

        :return: (Posting or None, the sentence of the refusal or None)
        """
        company = self._company_of(values)
        company._check_visible()
        tried = []
        try:
            with self._posting_env() as env:
                posting = Posting(env, None, kind, company.id, company.business_date, dry=True)
                tried.append(posting)
                getattr(env[self._name], f"_execute_{kind}")(posting, values)
                posting.check_savings()
                raise _Undone
        except _Undone:
            return tried[0], None
        except NeedsApproval as missing:
            tried[0].missing_approval = str(missing)
            return tried[0], None
        except UserError as refusal:
            return (tried[0] if tried else None), str(refusal)

    @contextmanager
    @api.private
    def _posting_env(self):
        """An environment on a cursor of its own in READ COMMITTED, committed at the end.

        The one place where a posting's transaction is opened. In tests the cursor is the test's own; in a trial
        (`kondo.closing._preview`) it is the trial's, which undoes everything; among operations that share an entry
        (`_one_entry`) it is theirs. There each posting is a savepoint.
        """
        shared = isinstance(self.env.context.get("kondo_entry"), SharedEntry)
        if shared or self.env.context.get("kondo_trial") is LEDGER:
            self.env.flush_all()
            with self.env.cr.savepoint():
                yield self.env(context={**self.env.context})
            self.env.invalidate_all()
            return
        with self.env.registry.cursor() as cr:
            if not modules.module.current_test:
                # compiling a query takes longer than it ever saves here
                cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED; SET LOCAL jit = off")
            yield api.Environment(cr, self.env.uid, self.env.context, self.env.su)

    @contextmanager
    @api.private
    def _one_entry(self, company, date, label):
        """An environment in which operations stand in one transaction, each in a savepoint, and share one entry.

        What the block does is kept or lost as a whole: a server that dies in it leaves nothing, and the step runs again.
        """
        entry = SharedEntry(company.id, date, label)
        with self._posting_env() as env:
            yield env(context={**env.context, "kondo_entry": entry})
            entry.post(env)

    def _claim(self, kind, uuid, company_id, mark):
        """Insert the operation, or find the one that has this UUID.

        :return: (Posting, None) for a new operation, (None, answer) for one that is posted already
        """
        cr = self.env.cr
        cr.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", (self._day_lock, company_id))
        cr.execute(
            SQL(
                """INSERT INTO kondo_operation
                          (uuid, kind, state, company_id, business_date, user_id, amount, fingerprint)
                   SELECT %s, %s, 'new', id, business_date, %s, 0, %s FROM res_company
                    WHERE id = %s AND business_date IS NOT NULL
                   ON CONFLICT (company_id, uuid) DO NOTHING RETURNING id, business_date""",
                uuid,
                kind,
                self.env.uid,
                mark,
                company_id,
            )
        )
        row = cr.fetchone()
        if row:
            return Posting(self.env, row[0], kind, company_id, row[1]), None
        cr.execute(
            "SELECT fingerprint, answer FROM kondo_operation WHERE company_id = %s AND uuid = %s", (company_id, uuid)
        )
        known = cr.fetchone()
        if not known:
            raise UserError(self.env._("No business day is open in this caisse. The manager opens it first."))
        if known[0] != mark:
            raise UserError(self.env._("This operation number was already used for another operation. Start again."))
        return None, json.loads(known[1])

    # ------------------------------------------------------------------ reading a request
    def _check_uuid(self, uuid):
        try:
            return str(uuid_module.UUID(uuid))
        except (ValueError, TypeError, AttributeError):
            raise UserError(self.env._("The operation has no valid number. Reload the page and try again.")) from None

    @api.model
    def _without_transport(self, values):
        """The request without what may differ between two sends of the same one."""
        return {key: value for key, value in values.items() if key != "approval_id"}

    @api.model
    def _company_of(self, values):
        """The caisse a request is for: that of its till session or of the operation it reverses."""
        for key, model in (("session_id", "kondo.till.session"), ("operation_id", "kondo.operation")):
            if values.get(key):
                record = self.env[model].sudo().browse(self._check_id(values[key])).exists()
                if record and record.company_id in self.env.user._kondo_companies():
                    return record.company_id
                raise UserError(self.env._("This record is not in your caisse."))
        raise UserError(self.env._("Your till is not open. Open it before any operation."))

    @api.model
    def _check_id(self, value):
        if type(value) is not int or value <= 0:
            raise UserError(self.env._("The request is not readable."))
        return value

    @api.model
    def _check_amount(self, value):
        """A positive whole number of francs that a member could ever bring, or a clear refusal."""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if type(value) is not int or not 0 < value <= 10**12:
            raise UserError(self.env._("The amount must be a whole number of francs above zero."))
        return value

    @api.model
    def _check_text(self, value, limit=200):
        """Free text of a request, trimmed; None when empty."""
        text = value.strip() if isinstance(value, str) else ""
        return text[:limit] or None
