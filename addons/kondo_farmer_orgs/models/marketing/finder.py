from odoo.addons.kondo_microfinance.engine.names import fold, name_key, phone_digits

RECEIVING = ("demand", "passbook", "planned", "group")


class Finder:
    """Finds the organisation, person, account and loan that each row means, with a few queries for the whole list.

    Nobody is guessed: two people of one name, or two accounts of one person, are an exception.
    """

    def __init__(self, sheet):
        self.sheet = sheet
        self.env = sheet.env
        organisations = (
            self.env["res.partner"]
            .sudo()
            .search([("company_id", "=", sheet.company_id.id), ("is_organisation", "=", True)])
        )
        self.by_number = {one.member_number: one for one in organisations if one.member_number}
        self.by_name = {}
        for one in organisations:
            self.by_name.setdefault(fold(one.name), []).append(one)
        self.people = {}  # organisation id -> [(person, member number, digits, key of the name)]
        self.accounts = {}  # partner id -> accounts that may receive
        self.loans = {}  # organisation id -> loans of the campaign paid out, running first

    def load(self, organisations):
        """Read the people, accounts and loans of these organisations."""
        memberships = self.env["kondo.org.membership"].sudo().search(
            [("organisation_id", "in", organisations.ids), "|", ("date_to", "=", False),
             ("date_to", ">=", self.sheet.campaign_id.sudo().date_from)]
        )  # fmt: skip
        for membership in memberships:
            person = membership.person_id
            known = self.people.setdefault(membership.organisation_id.id, [])
            if all(person != one for one, *_keys in known):
                known.append(
                    (person, person.partner_id.member_number, phone_digits(person.phone), name_key(person.name))
                )
        partners = organisations | memberships.person_id.partner_id
        accounts = self.env["kondo.savings.account"].sudo().search(
            [("partner_id", "in", partners.ids), ("company_id", "=", self.sheet.company_id.id),
             ("state", "!=", "closed"), ("kind", "in", RECEIVING)]
        )  # fmt: skip
        for account in accounts:
            self.accounts.setdefault(account.partner_id.id, []).append(account)
        loans = self.env["kondo.loan"].sudo().search(
            [("partner_id", "in", organisations.ids), ("campaign_id", "=", self.sheet.campaign_id.id),
             ("company_id", "=", self.sheet.company_id.id), ("state", "in", ("active", "closed"))],
            order="id",
        )  # fmt: skip
        for loan in loans.sorted(lambda one: (one.state != "active", one.id)):
            self.loans.setdefault(loan.partner_id.id, []).append(loan)

    # ------------------------------------------------------------------ one row
    def organisation(self, text):
        """(organisation or None, why none)."""
        _, text = self.env._, (text or "").strip()
        if not text:
            if self.sheet.organisation_id:
                return self.sheet.organisation_id.sudo(), None
            return None, _("No organisation: name it on the row, or on the list")
        found = self.by_number.get(text.replace(" ", "").upper())
        named = [found] if found else self.by_name.get(fold(text), [])
        if len(named) == 1:
            return named[0], None
        if named:
            return None, _("Several organisations have this name: give the member number")
        return None, _("No organisation like this in your caisse")

    def person(self, organisation, row):
        """(person or None, why none); nobody and no reason when the row is of the organisation itself."""
        _ = self.env._
        known = self.people.get(organisation.id, [])
        number, digits, key = row.person.replace(" ", "").upper(), phone_digits(row.phone), name_key(row.name)
        if not number and not digits and not key:
            return None, None
        if number:
            found = [one for one, member, _digits, _key in known if member == number]
        elif digits:
            found = [one for one, _member, phone, _key in known if phone == digits]
        else:
            found = []
            if key == name_key(organisation.name):
                return None, None
        if not found and key:
            found = [one for one, _member, _digits, name in known if name == key]
        if len(found) == 1:
            return found[0], None
        if found:
            return None, _("Several people of the organisation answer to this: give the member number or the phone")
        return None, _("Nobody like this in %(organisation)s", organisation=organisation.name)

    def account(self, organisation, person):
        """(account that takes the net or None, why none)."""
        _, holder = self.env._, person.partner_id if person else organisation
        own = self.accounts.get(holder.id, []) if holder else []
        if not own and person and self.sheet.without_account == "organisation":
            holder, own = organisation, self.accounts.get(organisation.id, [])
        if len(own) == 1:
            if own[0].block in ("all", "credit"):
                return None, _("The account %(number)s is blocked. See the manager.", number=own[0].number)
            return own[0], None
        name = holder.name if holder else person.name
        if own:
            return self._usual(organisation, holder, own, name)
        return None, _("%(name)s has no account for this", name=name)

    def _usual(self, organisation, holder, own, name):
        """Of several accounts of the organisation, the one that its loan of the campaign names."""
        if holder == organisation:
            for loan in self.loans.get(organisation.id, []):
                if loan.savings_account_id in own:
                    return loan.savings_account_id, None
        return None, self.env._("%(name)s has several accounts: close one or pay this row apart", name=name)

    def loan(self, organisation):
        """(loan of the campaign or None, why none)."""
        _, loans = self.env._, self.loans.get(organisation.id, [])
        running = [loan for loan in loans if loan.state == "active"]
        if len(running) > 1:
            return None, _(
                "%(name)s has several running loans of this campaign: repay at the window", name=organisation.name
            )
        if not loans:
            return None, _("%(name)s has no loan of this campaign", name=organisation.name)
        return (running or loans[-1:])[0], None
