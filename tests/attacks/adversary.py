"""What somebody can work out of published figures who knows the rule. Written without the product's own code."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from feedback.domain.figures.release import Figure, FigureStatus, LatticeLevel

FLOOR = 10


@dataclass(frozen=True)
class Extent:
    """Between which whole numbers a true count must lie."""

    low: int
    high: int

    @property
    def is_exact(self) -> bool:
        """True when it is known."""
        return self.low == self.high


def extent_of(figure: Figure) -> Extent:
    """Take a figure at its word: its interval, whether it has a value or not."""
    if figure.lower95 is None or figure.upper95 is None:
        return Extent(0, 10**9)
    return Extent(int(figure.lower95), int(figure.upper95))


def extents(teams: Sequence[Extent], months: Sequence[Extent]) -> Mapping[tuple[int, int], Extent]:
    """Bound the clients of each team and month, from those of a quarter by team and those of a month by clinic.

    A client counts once in a quarter and may count in each of its months: a team's quarter is no less than any of its
    months and no more than all of them together, a clinic's month the sum over teams. Each bound is the least over the
    constraints that hold a cell, as linear and integer programming find it.
    """
    found = {}
    for i, team in enumerate(teams):
        others = sum(each.high for place, each in enumerate(teams) if place != i)
        caps = [min(month.high, team.high) for month in months]
        for j, month in enumerate(months):
            elsewhere = sum(cap for place, cap in enumerate(caps) if place != j)
            low = max(0, month.low - others, team.low - elsewhere)
            found[i, j] = Extent(low, caps[j])
    return found


def flag_extents(figures: Sequence[Figure], measure: str) -> Mapping[tuple[int, int], Extent]:
    """Bound the count of every team and month from the months of the clinic and the quarters of its teams."""
    months = [each for each in figures if (each.level, each.measure) == (LatticeLevel.L1, measure)]
    teams = [each for each in figures if (each.level, each.measure) == (LatticeLevel.L2, measure)]
    return extents([extent_of(each) for each in teams], [extent_of(each) for each in months])


def chance_of(figure: Figure, count: int, scale: Fraction) -> float:
    """Give the probability that a true count is published as this figure says."""
    if figure.status is FigureStatus.FLOOR:
        return _at_most(FLOOR - 1 - count, scale)
    noise = int(figure.value or 0) - count
    return _at_most(noise, scale) - _at_most(noise - 1, scale)


def _at_most(noise: int, scale: Fraction) -> float:
    """Give the distribution function of discrete Laplace noise."""
    shrink = math.exp(-1 / scale)
    if noise < 0:
        return shrink**-noise / (1 + shrink)
    return 1 - shrink ** (noise + 1) / (1 + shrink)


def posterior(figures: Sequence[tuple[Figure, int, int, Fraction]]) -> float:
    """Weigh two worlds by what was published, from even odds: each figure with its count in both, and its scale."""
    one = math.prod(chance_of(figure, count, scale) for figure, count, _, scale in figures)
    other = math.prod(chance_of(figure, count, scale) for figure, _, count, scale in figures)
    return one / (one + other)
