"""Money of donors: what has come or gone against a calendar."""


def settle(paid, amounts):
    """Francs of `paid` that settle each of the `amounts`, the first ones first; what is beyond them settles nothing.

    >>> settle(70, [50, 50, 50]), settle(0, [10]), settle(99, [10])
    ([50, 20, 0], [0], [10])
    """
    settled = []
    for amount in amounts:
        part = min(paid, amount)
        settled.append(part)
        paid -= part
    return settled
