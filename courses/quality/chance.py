"""How likely it is that a pattern among right answers came by chance. Exact, without a library.

Items may have two options or five, so that the number of hits is not binomial but *Poisson binomial*: a sum of
independent yes-or-noes with probabilities of their own (Wang, On the number of successes in independent trials,
Statistica Sinica 3, 1993). A few hundred items take a few hundred multiplications each.
"""

from collections.abc import Sequence


def at_least(hits: int, probabilities: Sequence[float]) -> float:
    """The probability of `hits` or more."""
    return min(1.0, sum(_distribution(probabilities)[max(hits, 0) :]))


def at_most(hits: int, probabilities: Sequence[float]) -> float:
    """The probability of `hits` or fewer."""
    return min(1.0, sum(_distribution(probabilities)[: hits + 1]))


def either_way(hits: int, probabilities: Sequence[float]) -> float:
    """The probability of a number at least as far out on its side, doubled for the other side."""
    return min(1.0, 2 * min(at_least(hits, probabilities), at_most(hits, probabilities)))


def _distribution(probabilities: Sequence[float]) -> list[float]:
    """Probability of each number of hits, adding one item after the other."""
    known = [1.0]
    for probability in probabilities:
        missed = [*(share * (1 - probability) for share in known), 0.0]
        hit = [0.0, *(share * probability for share in known)]
        known = [one + other for one, other in zip(missed, hit, strict=True)]
    return known
