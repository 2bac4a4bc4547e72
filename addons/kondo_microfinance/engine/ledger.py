"""Legs of an operation, the fingerprint of a request, and the hash of the books. Pure Python.

An operation is a set of legs that sum to zero. A leg is a signed amount of whole francs on one account of the
general ledger (debit positive, credit negative) and, where there is one, on the sub-account it moves.
"""

import hashlib
import json
from typing import NamedTuple


class Leg(NamedTuple):
    """One side of an operation: `amount` francs, debit positive, credit negative."""

    account_id: int
    amount: int
    savings_account_id: int | None = None
    till_id: int | None = None
    share_holding_id: int | None = None
    partner_id: int | None = None
    label: str = ""
    loan_id: int | None = None
    loan_component: str | None = None

    def negated(self, label=None):
        """The leg that undoes this one.

        >>> Leg(7, 500, till_id=3).negated().amount
        -500
        """
        return self._replace(amount=-self.amount, label=self.label if label is None else label)


def leg_faults(legs):
    """Why these legs are not an operation, as a list of codes; an empty list when they are one.

    >>> leg_faults([Leg(1, 500), Leg(2, -500)])
    []
    >>> leg_faults([Leg(1, 500), Leg(2, -400)])
    ['unbalanced']
    >>> leg_faults([Leg(1, 0)])
    ['too_few', 'zero']
    >>> leg_faults([Leg(1, 0.5), Leg(2, -0.5)])
    ['not_francs']
    """
    faults = []
    if len(legs) < 2:
        faults.append("too_few")
    if any(type(leg.amount) is not int for leg in legs):
        return [*faults, "not_francs"]
    if any(leg.amount == 0 for leg in legs):
        faults.append("zero")
    if sum(leg.amount for leg in legs):
        faults.append("unbalanced")
    return faults


def canonical(value):
    """JSON with one spelling for each value, so that equal requests give equal text.

    >>> canonical({"b": 1, "a": [True, None]})
    '{"a":[true,null],"b":1}'
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def fingerprint(kind, user_id, company_id, values):
    """SHA-256 of who asks for what: two sends of one request have the same, any change gives another.

    >>> a = fingerprint("deposit", 7, 2, {"amount": 500, "account_id": 1})
    >>> a == fingerprint("deposit", 7, 2, {"account_id": 1, "amount": 500})
    True
    >>> a == fingerprint("deposit", 8, 2, {"account_id": 1, "amount": 500})
    False
    """
    return hashlib.sha256(canonical([kind, user_id, company_id, values]).encode()).hexdigest()


class BookHash:
    """SHA-256 over the legs of the books in their natural order, to compare two runs or two days.

    The order is caisse, business date, operation UUID, leg number; ids and clock times are left out, so that a
    restored database or a repeated closing gives the same value.

    >>> book = BookHash()
    >>> book.add("NIO", "2026-11-22", "0b1c", 1, "101100101", 25000)
    >>> book.add("NIO", "2026-11-22", "0b1c", 2, "2511", -25000)
    >>> book.hexdigest()[:16]
    '247fd2492bbc6050'
    """

    def __init__(self):
        self._sha = hashlib.sha256()

    def add(self, caisse, business_date, uuid, sequence, account, amount):
        """Feed one leg; `amount` in signed francs."""
        self._sha.update(f"{caisse}|{business_date}|{uuid}|{sequence}|{account}|{amount}\n".encode())

    def hexdigest(self):
        """The hash so far, 64 hexadecimal digits."""
        return self._sha.hexdigest()
