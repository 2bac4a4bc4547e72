"""How shares stand in the books: what a subscription and a payment post, by scheme. Pure Python.

The published guides disagree (RCSSFD accounts 571 and 573), so that the accountant of the network chooses:

- `paid`: only money is booked; cash against the paid-up capital (57111) when a member pays.
- `called`: a subscription is a claim on the member, 5732 against the capital called and not paid (57112); a payment
  clears the claim and moves the capital from 57112 to 57111.
- `subdivided`: a subscription enters the whole capital, 571121 against 571111; a payment credits 571121.

Roles of accounts: `capital` (57111, or 571111), `unpaid` (57112, or 571121), `receivable` (5732).
"""

SCHEMES = ("paid", "called", "subdivided")


def share_legs(scheme, subscribed, paid):
    """Legs of a subscription and of a payment on shares, without the cash side.

    :param scheme: one of `SCHEMES`
    :param subscribed: francs of shares newly subscribed (negative: given back)
    :param paid: francs paid on them (negative: refunded)
    :return: [(role, francs, True when this is the leg that moves the member's paid-up money)], debit positive, no
        leg of nothing; they sum to -paid, the cash side being +paid
    :raises KeyError: an unknown scheme

    >>> share_legs("paid", 20000, 10000)
    [('capital', -10000, True)]
    >>> share_legs("called", 20000, 0)
    [('receivable', 20000, False), ('unpaid', -20000, False)]
    >>> share_legs("called", 0, 10000)
    [('receivable', -10000, False), ('unpaid', 10000, False), ('capital', -10000, True)]
    >>> share_legs("subdivided", 20000, 10000)
    [('unpaid', 20000, False), ('capital', -20000, False), ('unpaid', -10000, True)]
    """
    subscription, payment = {
        "paid": ([], [("capital", -1)]),
        "called": ([("receivable", 1), ("unpaid", -1)], [("receivable", -1), ("unpaid", 1), ("capital", -1)]),
        "subdivided": ([("unpaid", 1), ("capital", -1)], [("unpaid", -1)]),
    }[scheme]
    legs = [(role, sign * subscribed, False) for role, sign in subscription]
    legs += [(role, sign * paid, index == len(payment) - 1) for index, (role, sign) in enumerate(payment)]
    return [leg for leg in legs if leg[1]]


def share_balances(scheme, subscribed, paid):
    """What the accounts hold for shares of `subscribed` francs of which `paid` are paid: {role: francs}, debit positive.

    >>> share_balances("paid", 20000, 15000)
    {'capital': -15000}
    >>> share_balances("called", 20000, 15000)
    {'receivable': 5000, 'unpaid': -5000, 'capital': -15000}
    >>> share_balances("subdivided", 20000, 15000)
    {'unpaid': 5000, 'capital': -20000}
    """
    balances = {}
    for role, amount, _moves in share_legs(scheme, subscribed, paid):
        balances[role] = balances.get(role, 0) + amount
    return balances
