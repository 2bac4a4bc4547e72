"""What a provision was counted on, loan by loan, as the table behind the state of loans in arrears shows it."""

from odoo.addons.kondo_microfinance.engine.rounding import exact, half_up


def base_of(principal, deposits, rate, needed):
    """(deposits deducted, base) of a provision, in francs.

    The base is the outstanding less the guarantee deposits. Where the deposits of that evening were not kept (photographs
    taken before they were), both are worked back from what was needed then: true to the franc the rate rounds away.

    >>> base_of(100_000, 20_000, "40", 32_000), base_of(100_000, 0, "40", 32_000), base_of(5_000, 9_000, "80", 0)
    ((20000, 80000), (20000, 80000), (5000, 0))
    >>> base_of(70_000, 0, "0", 0)
    (0, 70000)
    """
    base = max(0, principal - deposits)
    if exact(rate) and half_up(base * exact(rate) / 100) != needed:
        base = min(principal, half_up(needed * 100 / exact(rate)))
    return principal - base, base
