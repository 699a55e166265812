"""What somebody can work out of published figures who knows the rule. Written without the product's own code."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feedback.domain.figures.release import Figure, FigureStatus, LatticeLevel

FEW = 9
"""The most that *fewer than 10* can stand for, before noise."""


@dataclass(frozen=True)
class Extent:
    """Between which whole numbers a true count must lie."""

    low: int
    high: int

    @property
    def is_exact(self) -> bool:
        """True when it is known."""
        return self.low == self.high


def extent_of(figure: Figure, reach: int) -> Extent:
    """Take a figure at its word: rounded to fives, and blurred by at most `reach`."""
    if figure.status is FigureStatus.FLOOR:
        return Extent(0, FEW + reach)
    if figure.value is None:
        return Extent(0, 10**9)
    return Extent(max(0, int(figure.value) - 2 - reach), int(figure.value) + 2 + reach)


def extents(rows: Sequence[Extent], columns: Sequence[Extent]) -> Mapping[tuple[int, int], Extent]:
    """Bound every cell of a table from its margins, as tightly as linear or integer programming can.

    Margins of a table are a network, so the extreme points of the linear programme are whole numbers, and its value for
    one cell is the least over the cuts that part it from the rest: Hoffman 1960, Dobra & Fienberg 2000.
    """
    found = {}
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            other_rows = [each for place, each in enumerate(rows) if place != i]
            other_columns = [each for place, each in enumerate(columns) if place != j]
            high = min(
                row.high,
                column.high,
                sum(each.high for each in columns) - sum(each.low for each in other_rows),
                sum(each.high for each in rows) - sum(each.low for each in other_columns),
            )
            low = max(
                0,
                row.low - sum(each.high for each in other_columns),
                column.low - sum(each.high for each in other_rows),
            )
            found[i, j] = Extent(low, high)
    return found


def flag_extents(figures: Sequence[Figure], measure: str, reach: int) -> Mapping[tuple[int, int], Extent]:
    """Bound the count of every team and month from the months of the clinic and the quarters of its teams."""
    months = [each for each in figures if (each.level, each.measure) == (LatticeLevel.L1, measure)]
    teams = [each for each in figures if (each.level, each.measure) == (LatticeLevel.L2, measure)]
    return extents([extent_of(each, reach) for each in teams], [extent_of(each, reach) for each in months])


def chance_of(figure: Figure, count: int, scale: int) -> float:
    """Give the probability that a true count is published as this figure says."""
    if figure.status is FigureStatus.FLOOR:
        return _at_most(FEW - count, scale)
    value = int(figure.value or 0)
    lowest = 10 if value == 10 else value - 2
    return _at_most(value + 2 - count, scale) - _at_most(lowest - 1 - count, scale)


def _at_most(noise: int, scale: int) -> float:
    """Give the distribution function of discrete Laplace noise."""
    shrink = math.exp(-1 / scale)
    if noise < 0:
        return shrink**-noise / (1 + shrink)
    return 1 - shrink ** (noise + 1) / (1 + shrink)


def posterior(figures: Sequence[tuple[Figure, int, int]], scale: int) -> float:
    """Weigh two worlds by what was published, from even odds: each figure with its count in the one and the other."""
    one = math.prod(chance_of(figure, count, scale) for figure, count, _ in figures)
    other = math.prod(chance_of(figure, count, scale) for figure, _, count in figures)
    return one / (one + other)
