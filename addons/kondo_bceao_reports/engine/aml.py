"""Cash of a day under the thresholds of the fight against money laundering: who is linked, and what a group of operations is.

Decision 021 of 21/12/2023/CM/UMOA (operations linked in a day), instruction 010-09-2017 (systematic report of cash), article
on enhanced examination. Pure Python: the operations and the names that tie them come from the database.
"""

from typing import NamedTuple

from odoo.addons.kondo_microfinance.engine.names import fold

PHONE_DIGITS = 8  # of a Malian number, without its country


class Cash(NamedTuple):
    """One operation in cash. `amount` in francs, always positive; `today` is False for one of the days before."""

    key: object
    amount: int
    today: bool = True


class Thresholds(NamedTuple):
    """Francs, each 0 when none is in force on the day.

    :param report: from here on cash is reported, alone or together
    :param linked: above this, several operations of a day together are looked at
    :param normal: from here on the examination is enhanced
    :param unusual: from here on it is, when the operation is unusual or complex
    :param share: percent of a threshold from which an operation stands just under it
    """

    report: int = 0
    linked: int = 0
    normal: int = 0
    unusual: int = 0
    share: int = 100


def phone_key(phone):
    """What two writings of one phone number have in common; nothing for what is no number.

    >>> phone_key("+223 76 12 34 56") == phone_key("76123456"), phone_key("76 12"), phone_key(None)
    (True, '', '')
    """
    digits = "".join(filter(str.isdigit, phone or ""))
    return digits[-PHONE_DIGITS:] if len(digits) >= PHONE_DIGITS else ""


def name_key(name):
    """A name whatever the order of its words, its case and its accents; nothing for what is too short to tell people apart.

    >>> name_key("Awa TRAORÉ") == name_key("traore awa"), name_key("A.")
    (True, '')
    """
    text = " ".join(sorted(fold(name).split()))
    return text if len(text) >= 5 else ""


def linked_groups(keys):
    """Groups of things that share a key, directly or through others, in the order of their first member.

    :param keys: {thing: set of keys}
    :return: list of lists of things

    >>> linked_groups({1: {"a"}, 2: {"b"}, 3: {"a", "c"}, 4: {"c"}, 5: set()})
    [[1, 3, 4], [2], [5]]
    """
    root = {}

    def find(node):
        while root.setdefault(node, node) != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for thing, mine in keys.items():
        for key in mine:
            root[find(("key", key))] = find(("thing", thing))
    groups = {}
    for thing in keys:
        groups.setdefault(find(("thing", thing)), []).append(thing)
    return list(groups.values())


def near(amount, threshold, share):
    """Whether an amount stands just under a threshold.

    >>> [near(amount, 15_000_000, 80) for amount in (11_999_999, 12_000_000, 14_999_999, 15_000_000)]
    [False, True, True, False]
    """
    return 0 < threshold and threshold * share <= amount * 100 and amount < threshold


def kind_of(operations, limits):
    """What a group of operations is: "split", "single", "linked", or None when nothing is to be looked at.

    Split: two operations or more just under one threshold, one of them today at least, the others within the days looked
    at. It comes first: who stays under a threshold on purpose is not to be taken for somebody who passes another one.

    >>> limits = Thresholds(report=15_000_000, linked=9_000_000, unusual=10_000_000, share=80)
    >>> kind_of([Cash(1, 15_000_000)], limits), kind_of([Cash(1, 10_000_000)], limits), kind_of([Cash(1, 9_999_999)], limits)
    ('single', 'single', None)
    >>> kind_of([Cash(1, 4_500_000), Cash(2, 4_500_000)], limits), kind_of([Cash(1, 4_500_000), Cash(2, 4_500_001)], limits)
    (None, 'linked')
    >>> kind_of([Cash(1, 14_000_000), Cash(2, 13_000_000, False)], limits), kind_of([Cash(1, 8_500_000, False)] * 2, limits)
    ('split', None)
    """
    today = [one for one in operations if one.today]
    for threshold in (limits.report, limits.linked):
        close = [one for one in operations if near(one.amount, threshold, limits.share)]
        if len(close) > 1 and any(one.today for one in close):
            return "split"
    floors = [floor for floor in (limits.report, limits.normal, limits.unusual) if floor]
    if floors and any(one.amount >= min(floors) for one in today):
        return "single"
    total = sum(one.amount for one in today)
    if len(today) > 1 and (0 < limits.linked < total or 0 < limits.report <= total):
        return "linked"
    return None


def passed(operations, limits):
    """The thresholds that the operations of the day pass, alone or together, as letters that a person reads in words.

    >>> limits = Thresholds(15_000_000, 9_000_000, 50_000_000, 10_000_000, 80)
    >>> passed([Cash(1, 14_000_000), Cash(2, 2_000_000)], limits), passed([Cash(1, 10_000_000)], limits)
    (('linked', 'unusual', 'report'), ('unusual',))
    >>> passed([Cash(1, 60_000_000)], limits)
    ('unusual', 'report', 'normal')
    """
    today = [one.amount for one in operations if one.today]
    total = sum(today)
    found = []
    if len(today) > 1 and 0 < limits.linked < total:
        found.append("linked")
    for name in ("unusual", "report", "normal"):
        if 0 < getattr(limits, name) <= total:
            found.append(name)
    return tuple(found)


def direction(amounts):
    """Which way cash went: "in", "out" or "both"; amounts as the till counts them, in positive.

    >>> direction([5, 2]), direction([-1]), direction([1, -1])
    ('in', 'out', 'both')
    """
    signs = {amount > 0 for amount in amounts}
    return "both" if len(signs) > 1 else "in" if True in signs else "out"
