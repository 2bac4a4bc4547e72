"""What an assembly may decide on the result of a year. Pure Python, whole francs.

A split is a dict {destination: francs}; `general` is the general reserve, `carried` the result carried forward, `shares`
what goes to the holders of shares. For a loss the same dict says what bears it.
"""

from math import ceil

from .rounding import exact

RESERVES = ("general", "optional", "other", "funds")


def loss_to_absorb(result, carried):
    """Francs of a profit that the loss carried forward takes first.

    :param carried: balance of the result carried forward, plus for a profit, minus for a loss

    >>> loss_to_absorb(1_000_000, -300_000), loss_to_absorb(200_000, -300_000), loss_to_absorb(1_000_000, 50_000)
    (300000, 200000, 0)
    """
    return min(max(0, result), max(0, -carried))


def least_reserve(result, carried, rate):
    """The smallest endowment of the general reserve: `rate` % of the profit left by the losses carried forward.

    Instruction n°010-08-2010 of the BCEAO, ratio R07: 15 % x (result + deficit carried forward). Rounded up, since the
    rule says at least.

    >>> least_reserve(1_000_000, -300_000, 15), least_reserve(7, 0, 15), least_reserve(-5, 0, 15)
    (105000, 2, 0)
    """
    base = max(0, result) - loss_to_absorb(result, carried)
    return ceil(base * exact(str(rate)) / 100)


def first_split(result, carried, rate, shares=0):
    """What is proposed at first: the least reserve, what the shares are due, and the rest carried forward.

    >>> first_split(1_000_000, -300_000, 15, shares=100_000)
    {'general': 105000, 'shares': 100000, 'carried': 795000}
    >>> first_split(100, 0, 15, shares=500)
    {'general': 15, 'shares': 85, 'carried': 0}
    >>> first_split(-40_000, 0, 15)
    {'general': 0, 'shares': 0, 'carried': 40000}
    """
    if result <= 0:
        return {"general": 0, "shares": 0, "carried": -result}
    general = least_reserve(result, carried, rate)
    shares = min(shares, result - loss_to_absorb(result, carried) - general)
    return {"general": general, "shares": shares, "carried": result - general - shares}


def split_faults(result, carried, rate, split, standing=()):
    """Why a split cannot be decided: [(code, figures)], empty when it can.

    :param standing: {destination: balance of its account}, from which a loss may be taken

    >>> split_faults(1_000_000, 0, 15, {"general": 150_000, "carried": 850_000})
    []
    >>> split_faults(1_000_000, 0, 15, {"general": 149_999, "carried": 850_001})
    [('reserve', {'least': 150000, 'given': 149999})]
    >>> split_faults(1_000_000, -300_000, 15, {"general": 800_000, "carried": 200_000})
    [('loss_first', {'least': 300000, 'given': 200000})]
    >>> split_faults(1_000_000, 0, 15, {"general": 150_000})
    [('sum', {'result': 1000000, 'given': 150000})]
    >>> split_faults(-40_000, 0, 15, {"optional": 30_000, "carried": 10_000}, {"optional": 20_000})
    [('short', {'destination': 'optional', 'standing': 20000, 'given': 30000})]
    >>> split_faults(-40_000, 0, 15, {"shares": 40_000})
    [('shares', {})]
    >>> split_faults(100, 0, 0, {"general": 200, "carried": -100})
    [('negative', {'destination': 'carried'})]
    """
    negative = [("negative", {"destination": name}) for name, amount in split.items() if amount < 0]
    if negative:
        return negative
    faults = []
    given = sum(split.values())
    if given != abs(result):
        faults.append(("sum", {"result": abs(result), "given": given}))
    if result > 0:
        absorbed = loss_to_absorb(result, carried)
        if split.get("carried", 0) < absorbed:
            faults.append(("loss_first", {"least": absorbed, "given": split.get("carried", 0)}))
        least = least_reserve(result, carried, rate)
        if split.get("general", 0) < least:
            faults.append(("reserve", {"least": least, "given": split.get("general", 0)}))
    elif split.get("shares"):
        faults.append(("shares", {}))
    if result < 0:
        standing = dict(standing)
        faults += [
            ("short", {"destination": name, "standing": max(0, standing.get(name, 0)), "given": split[name]})
            for name in RESERVES
            if split.get(name, 0) > max(0, standing.get(name, 0))
        ]
    return faults
