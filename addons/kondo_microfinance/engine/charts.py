"""Rate charts of term deposits: which line holds, which ledger account, how a rate is written. Pure Python."""

from decimal import Decimal


def percent(value):
    """A yearly rate in percent as an exact Decimal, from the float of a column with six digits.

    >>> percent(5.1)
    Decimal('5.1')
    >>> percent(None)
    Decimal('0.0')
    """
    return Decimal(str(round(value or 0.0, 6)))


def rate_text(value):
    """A rate as a caisse writes it: comma, no useless zeros.

    >>> rate_text(5.50), rate_text(10), rate_text(0), rate_text(Decimal("4.250000"))
    ('5,5', '10', '0', '4,25')
    """
    text = f"{percent(float(value or 0)):f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def chart_rate(lines, months, amount):
    """The rate that a chart gives a deposit; None when the chart does not offer it.

    :param lines: (months_from, months_to, amount_from, rate) of one chart; terms included at both ends
    :param months: the term
    :param amount: francs
    :return: the rate of the line with the largest `amount_from` that the deposit reaches

    >>> chart = [(3, 6, 0, 3), (7, 12, 0, 4), (7, 12, 1_000_000, 5)]
    >>> chart_rate(chart, 12, 500_000), chart_rate(chart, 12, 1_000_000), chart_rate(chart, 24, 500_000)
    (4, 5, None)
    """
    reached = [line for line in lines if line[0] <= months <= line[1] and line[2] <= amount]
    return max(reached, key=lambda line: line[2])[3] if reached else None


def band_of(bands, months):
    """The ledger account of a term: that of the first band long enough; None when there is none.

    :param bands: (months at most, account); 0 months: no end

    >>> bands = [(6, "25211"), (12, "25212"), (0, "25216")]
    >>> band_of(bands, 6), band_of(bands, 7), band_of(bands, 13)
    ('25211', '25212', '25216')
    """
    fitting = [(upto or float("inf"), account) for upto, account in bands if not upto or months <= upto]
    return min(fitting, key=lambda band: band[0])[1] if fitting else None
