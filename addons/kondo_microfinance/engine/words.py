"""Amounts as a West-African cash desk writes them. Pure Python."""

from num2words import num2words

NARROW_SPACE = "\u202f"


def amount_in_words(amount):
    """A number of francs in French words, with the agreements a receipt needs.

    Negative amounts are refused with ValueError: a receipt never shows one.

    >>> amount_in_words(25000)
    'vingt-cinq mille francs CFA'
    >>> amount_in_words(1)
    'un franc CFA'
    >>> amount_in_words(80)
    'quatre-vingts francs CFA'
    >>> amount_in_words(1000000)
    'un million de francs CFA'
    >>> amount_in_words(1234567)
    'un million deux cent trente-quatre mille cinq cent soixante-sept francs CFA'
    """
    if type(amount) is not int or amount < 0:
        raise ValueError(f"not an amount of francs: {amount!r}")
    words = num2words(amount, lang="fr")
    if amount and amount % 1_000_000 == 0:
        words += " de"
    return f"{words} {'franc' if amount < 2 else 'francs'} CFA"


def spaced(amount):
    """Thousands parted by a narrow no-break space.

    >>> spaced(1245500).replace(NARROW_SPACE, "_")
    '1_245_500'
    >>> spaced(-500)
    '-500'
    """
    return f"{amount:,}".replace(",", NARROW_SPACE)
