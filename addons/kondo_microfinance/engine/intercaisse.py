"""What caisses owe each other. Pure Python; whole francs."""

from fractions import Fraction


def service_fee(amount, flat=0, rate=Fraction(0), minimum=0, maximum=0):
    """The fee (francs) of an operation of `amount` francs at another caisse.

    :param flat: francs added to the percentage
    :param rate: per cent of the amount (Fraction or Decimal)
    :param minimum, maximum: francs; 0 for none. Half a franc is rounded up.

    500 F and 1 % of 25 050 F are 500 + 250.5 = 750.5, rounded up to 751:

    >>> service_fee(25_050, flat=500, rate=Fraction(1))
    751
    >>> service_fee(1_000_000, rate=Fraction(1), maximum=5_000)
    5000
    >>> service_fee(2_000, rate=Fraction(1), minimum=100)
    100
    """
    fee = flat + int(Fraction(amount) * Fraction(rate) / 100 + Fraction(1, 2))
    fee = max(fee, minimum)
    return min(fee, maximum) if maximum else fee


def unsettled_since(movements):
    """The date of the oldest movement that the balance still contains, when debts are settled oldest first.

    :param movements: [(date, signed francs)] in order of time
    :return: (date, balance); (None, 0) when everything is settled

    10 000 F owed since the 2nd and 5 000 F since the 4th; 12 000 F paid on the 6th leave 3 000 F of the 4th:

    >>> unsettled_since([("02", 10_000), ("04", 5_000), ("06", -12_000)])
    ('04', 3000)
    >>> unsettled_since([("02", 10_000), ("04", -10_000)])
    (None, 0)
    >>> unsettled_since([("02", 10_000), ("04", -15_000)])
    ('04', -5000)
    """
    balance = sum(amount for _date, amount in movements)
    if not balance:
        return None, 0
    side = 1 if balance > 0 else -1
    covered = 0
    for date, amount in reversed(movements):
        if amount * side > 0:
            covered += amount * side
            if covered >= balance * side:
                return date, balance
    raise ValueError("movements that do not add up to their balance")
