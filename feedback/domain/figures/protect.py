"""From a true count or sum to what is published of it: noise first, then the floor, then rounding."""

from dataclasses import dataclass
from fractions import Fraction

from feedback.domain.figures.noise import Draws, draw_noise, reach95
from feedback.domain.figures.release import Figure, FigureStatus, LatticeLevel, Rule, Unit

CENTRE = 50
"""Tenths of a point. Sums are of distances from the middle of the scale, so that one response adds at most ±50."""


@dataclass(frozen=True, slots=True)
class Answered:
    """How many answered something rated, and the sum of their ratings in tenths of a point (0–100 each)."""

    count: int
    tenths: int

    @classmethod
    def one(cls, rating: float) -> "Answered":
        """Give one rating on 0–10, in whole tenths, halves up."""
        return cls(1, int(min(max(rating, 0.0), 10.0) * 10 + 0.5))

    def plus(self, other: "Answered") -> "Answered":
        """Give both together."""
        return Answered(self.count + other.count, self.tenths + other.tenths)


NOBODY = Answered(0, 0)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the lattice a figure stands."""

    level: LatticeLevel
    unit: Unit
    measure: str

    def without(self, status: FigureStatus) -> Figure:
        """Give a figure that says in a word why there is no value."""
        return Figure(self.level, self.unit, self.measure, status)

    def with_value(self, value: float, lower95: float, upper95: float) -> Figure:
        """Give a figure with its value and error bar."""
        return Figure(self.level, self.unit, self.measure, FigureStatus.RELEASED, value, lower95, upper95)


def publish_count(place: Place, count: int, rule: Rule, draws: Draws) -> Figure:
    """Publish one of several disjoint counts."""
    scale = Fraction(rule.count_scale)
    noisy = count + draw_noise(scale, draws)
    if noisy < rule.floor:
        return place.without(FigureStatus.FLOOR)
    value = _nearest(noisy, rule.rounding)
    reach = reach95(scale) + rule.rounding // 2
    return place.with_value(value, max(0, value - reach), value + reach)


def publish_mean(place: Place, answered: Answered, rule: Rule, draws: Draws, *, share: Fraction) -> Figure:
    """Publish a mean on 0–10 with one decimal, made of a blurred number of answers and their blurred sum.

    Each of the two spends `share` of the ε of one count. Nothing is published when the blurred number is below the
    floor.
    """
    count_scale = rule.count_scale / share
    sum_scale = CENTRE * count_scale
    count = answered.count + draw_noise(count_scale, draws)
    off_centre = answered.tenths - CENTRE * answered.count + draw_noise(sum_scale, draws)
    if count < max(rule.floor, 1):
        return place.without(FigureStatus.FLOOR)
    mean = _within(CENTRE + Fraction(off_centre, count))
    spread = (reach95(sum_scale) ** 2 + (float(mean - CENTRE) * reach95(count_scale)) ** 2) ** 0.5 / count
    low, high = _within(mean - Fraction(spread) - Fraction(1, 2)), _within(mean + Fraction(spread) + Fraction(1, 2))
    return place.with_value(_points(mean), _points(low), _points(high))


def publish_exactly(place: Place, count: int) -> Figure:
    """Publish what only staff did, as it is."""
    return place.with_value(count, count, count)


def _nearest(number: int, step: int) -> int:
    return (number + step // 2) // step * step


def _within(tenths: Fraction) -> Fraction:
    return min(max(tenths, Fraction(0)), Fraction(100))


def _points(tenths: Fraction) -> float:
    """Round to the nearest tenth, halves up, and give points on 0–10."""
    return int(tenths + Fraction(1, 2)) / 10
