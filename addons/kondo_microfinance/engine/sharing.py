"""Whole francs shared out: nothing lost, nothing below zero, nobody beyond what he holds."""


def share_out(amount, weights):
    """Share `amount` francs in proportion to `weights` (whole numbers, not negative), the parts adding up to it.

    Each part is its running total rounded down less the one before, so that parts never exceed ceil of their own
    proportion: with an amount no larger than the sum of the weights, no part exceeds its weight.

    :raises ValueError: a negative amount or weight, or nothing to share it over

    >>> share_out(100, [1, 1, 1])
    [33, 33, 34]
    >>> share_out(7, [0, 5, 2])
    [0, 5, 2]
    >>> share_out(0, [0, 0])
    [0, 0]
    """
    total = sum(weights)
    if amount < 0 or any(weight < 0 for weight in weights) or (amount and not total):
        raise ValueError("cannot be shared out")
    parts, running, given = [], 0, 0
    for weight in weights:
        running += weight
        reached = amount * running // total if total else 0
        parts.append(reached - given)
        given = reached
    return parts
