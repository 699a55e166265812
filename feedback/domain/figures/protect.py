"""From a true count or sum to what is published of it: noise first, then the floor, then rounding."""

from dataclasses import dataclass, replace
from fractions import Fraction

from feedback.domain.figures.contribution import CENTRE, FINE, TOP
from feedback.domain.figures.measures import is_mean
from feedback.domain.figures.noise import Draws, draw_noise, reach95
from feedback.domain.figures.release import Figure, FigureStatus, LatticeLevel, Part, Release, Rule, Unit
from feedback.domain.figures.rule import ITEM_MOST, SENSITIVITY


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the lattice a figure stands."""

    level: LatticeLevel
    unit: Unit
    measure: str

    def without(self, status: FigureStatus) -> Figure:
        """Return a figure that says in a word why there is no value."""
        return Figure(self.level, self.unit, self.measure, status)

    def below(self, upper95: float) -> Figure:
        """Return a figure under the floor, with the interval that is known of it."""
        return Figure(self.level, self.unit, self.measure, FigureStatus.FLOOR, None, 0, upper95)

    def with_value(self, value: float, lower95: float, upper95: float) -> Figure:
        """Return a figure with its value and error bar."""
        return Figure(self.level, self.unit, self.measure, FigureStatus.RELEASED, value, lower95, upper95)


@dataclass(frozen=True, slots=True)
class NoisyScore:
    """The two noisy sums of one or more instruments, in tenths of a point: how far clients lie above 0 and below 10.

    `reach` is that of the noise on either. Means of items are made with them as well: that spends nothing more.
    """

    up: Fraction
    down: Fraction
    reach: Fraction

    @property
    def clients(self) -> Fraction:
        """Return how many clients there are, noise included."""
        return (self.up + self.down) / TOP

    def plus(self, other: "NoisyScore") -> "NoisyScore":
        """Return both together: independent noises, so their reaches add up as squares."""
        reach = Fraction(float(self.reach**2 + other.reach**2) ** 0.5)
        return NoisyScore(self.up + other.up, self.down + other.down, reach)


NO_SCORE = NoisyScore(Fraction(0), Fraction(0), Fraction(0))


def publish_count(place: Place, count: int, part: Part, rule: Rule, draws: Draws) -> Figure:
    """Publish one of several disjoint counts of clients: discrete Laplace noise of scale sensitivity / ε."""
    scale = SENSITIVITY[part] / rule.epsilon(part)
    noisy = count + draw_noise(scale, draws)
    reach = reach95(scale)
    if noisy < rule.floor:
        return place.below(rule.floor - 1 + reach)
    value = _nearest(noisy, rule.rounding)
    reach += rule.rounding // 2
    return place.with_value(value, max(0, value - reach), value + reach)


def blur_score(up: int, down: int, rule: Rule, draws: Draws) -> NoisyScore:
    """Return two sums with noise. Together a client moves them by 100 tenths at most, so ε is spent once for both."""
    scale = SENSITIVITY[Part.SCORE] * FINE / rule.epsilon(Part.SCORE)
    above, below = (Fraction(each + draw_noise(scale, draws), FINE) for each in (up, down))
    return NoisyScore(above, below, reach=Fraction(reach95(scale), FINE))


def publish_score(place: Place, score: NoisyScore, rule: Rule) -> Figure:
    """Publish the mean over clients of the noisy sums: nothing below the floor, for want of clients."""
    clients = score.clients
    if clients < max(rule.floor, 1):
        return place.below(10)
    mean = _within(score.up / clients)
    share = float(mean / TOP)
    spread = float(score.reach / clients) * ((1 - share) ** 2 + share**2) ** 0.5
    return _mean(place, mean, spread)


def blur_item(total: int, items: int, rule: Rule, draws: Draws) -> tuple[Fraction, Fraction]:
    """Return the sum of one of so many items with noise, and the reach of that noise, in tenths of a point.

    A client moves the sums of all items together by 50 tenths for each of them; ε is spent once for all.
    """
    scale = ITEM_MOST * items * FINE / rule.epsilon(Part.ITEMS)
    return Fraction(total + draw_noise(scale, draws), FINE), Fraction(reach95(scale), FINE)


def publish_item(place: Place, blurred: tuple[Fraction, Fraction], score: NoisyScore, rule: Rule) -> Figure:
    """Publish the mean over clients of an item: its noisy sum by the noisy number of clients."""
    off_centre, reach = blurred
    clients = score.clients
    if clients < max(rule.floor, 1):
        return place.below(10)
    mean = _within(CENTRE + off_centre / clients)
    of_clients = float((mean - CENTRE) * score.reach) / TOP * 2**0.5
    return _mean(place, mean, (float(reach) ** 2 + of_clients**2) ** 0.5 / float(clients))


def publish_exactly(place: Place, count: int) -> Figure:
    """Publish what only staff did, as it is."""
    return place.with_value(count, count, count)


def _mean(place: Place, mean: Fraction, spread: float) -> Figure:
    low, high = _within(mean - Fraction(spread) - Fraction(1, 2)), _within(mean + Fraction(spread) + Fraction(1, 2))
    return place.with_value(_points(mean), _points(low), _points(high))


def _nearest(number: int, step: int) -> int:
    return (number + step // 2) // step * step


def _within(tenths: Fraction) -> Fraction:
    return min(max(tenths, Fraction(0)), Fraction(TOP))


def _points(tenths: Fraction) -> float:
    """Round to the nearest tenth, halves up, and give points on 0–10."""
    return int(tenths + Fraction(1, 2)) / 10


def with_intervals(release: Release) -> Release:
    """Return a release whose figures under the floor all have their interval, those published by answers as well.

    Those have none in the ledger, but their rule says how far noise reaches. For pages; files keep what was published.
    """
    rule = release.rule
    if rule.counts_clients:
        return release
    most = rule.floor - 1 + reach95(Fraction(rule.count_scale))
    return replace(
        release,
        figures=tuple(
            replace(each, lower95=0, upper95=most)
            if each.status is FigureStatus.FLOOR and not is_mean(each.measure)
            else each
            for each in release.figures
        ),
    )
