"""Who is behind the organisations of the demonstration. Pure Python: the same people each time.

In 2017 SOS Faim published that Kondo Jigima financed 136 farmer organisations, 4 428 women and 1 398 young people. The
demonstration has as many of each: the young ones are women and men, counted once.
"""

from typing import NamedTuple

from odoo.addons.kondo_microfinance.engine.sharing import share_out

ORGANISATIONS, WOMEN, YOUNG_WOMEN, MEN, YOUNG_MEN = 136, 4428, 902, 1204, 496
WOMENS_EVERY = 9, 4  # of nine organisations, four are of women only


class Plan(NamedTuple):
    """One organisation: how many people of each kind, the young ones among them counted apart."""

    womens: bool
    women: int
    young_women: int
    men: int
    young_men: int


def plans(random):
    """The organisations, their people adding up to the published numbers.

    >>> from random import Random
    >>> made = plans(Random(1))
    >>> len(made), sum(plan.women for plan in made), sum(plan.young_women + plan.young_men for plan in made)
    (136, 4428, 1398)
    >>> all(plan.young_women <= plan.women and plan.young_men <= plan.men for plan in made)
    True
    """
    every, of_women = WOMENS_EVERY
    womens = [index % every < of_women for index in range(ORGANISATIONS)]
    women = share_out(WOMEN, [random.randrange(140, 180) if alone else random.randrange(45, 75) for alone in womens])
    men = share_out(MEN, [0 if alone else random.randrange(80, 120) for alone in womens])
    young_women, young_men = share_out(YOUNG_WOMEN, women), share_out(YOUNG_MEN, men)
    return [Plan(*row) for row in zip(womens, women, young_women, men, young_men, strict=True)]


def births(random, count, young, year):
    """Dates of birth of `count` people of whom `young` are well between 15 and 35 in a year, the others well over 36."""
    years = [year - random.randrange(18, 34) for _one in range(young)]
    years += [year - random.randrange(38, 68) for _one in range(count - young)]
    return [f"{born:04d}-{random.randrange(1, 13):02d}-{random.randrange(1, 29):02d}" for born in years]
