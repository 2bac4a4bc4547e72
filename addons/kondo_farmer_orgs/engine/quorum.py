"""Quorum and votes of a general meeting, in whole people."""

from fractions import Fraction


def quorum_of(people: int, percent: Fraction) -> int:
    """How many people must be there: the percentage of all of them, rounded up to a whole person; at least one.

    >>> quorum_of(25, Fraction(50)), quorum_of(24, Fraction(50)), quorum_of(40, Fraction(200, 3)), quorum_of(0, Fraction(50))
    (13, 12, 27, 1)

    :raises ValueError: when the percentage is not from 0 to 100
    """
    if not 0 <= percent <= 100 or people < 0:
        raise ValueError("a quorum is 0 to 100 percent of the people")
    return max(1, -(-people * Fraction(percent).numerator // (100 * Fraction(percent).denominator)))


def is_adopted(votes_for: int, votes_against: int) -> bool:
    """Simple majority of the votes cast; abstentions are not votes, a tie adopts nothing.

    >>> is_adopted(3, 2), is_adopted(2, 2), is_adopted(0, 0)
    (True, False, False)
    """
    return votes_for > votes_against
