"""On which side of the balance sheet a holder stands. Pure Python."""

from .facts import Balance


def one_side(net):
    """The `Balance` of a holder by his net position.

    >>> one_side(5), one_side(-3)
    (Balance(debit=5, credit=0), Balance(debit=0, credit=3))
    """
    return Balance(max(net, 0), max(-net, 0))
