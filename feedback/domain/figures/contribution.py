"""What one client adds to a quarter's means and to what felt off: contribution bounding, exact in whole numbers.

A client is one seat of one case. However many answers they gave, shared or only counted, they add one mean to the
score, one to each item, and one to one option. Sums are in units of 1/`FINE` of a tenth of a point, so that a mean
over up to ten answers weighs exactly one client; over more it may weigh a little less, and never more.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from feedback.domain.figures import measures

FINE = 5040
TOP = 100
"""Tenths of a point at the top of every scale."""

CENTRE = 50
"""Tenths. Sums over items are of distances from the middle of the scale, so that one client adds at most ±50."""


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """What of an instrument matters for figures.

    `items` are measures by item id, `reverse` those items that count the other way round in the score, `options` those
    of its direct item from *no* to the clearest *yes* (none where it has no such item).
    """

    id: str
    items: Mapping[str, str]
    reverse: frozenset[str] = frozenset()
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """One answered form as figures see it, under the questionnaire it counts for. Ratings in tenths of a point.

    `score` is None where too few items were rated: then it enters no mean.
    """

    questionnaire: Questionnaire
    score: int | None
    ratings: Mapping[str, int]
    direct: str | None = None


@dataclass(slots=True)
class Sums:
    """Sums over clients, by instrument or measure; of one client, what it contributes.

    `up` and `down` of an instrument are how far clients' mean scores lie above 0 and below 10: one client adds 100
    tenths to both together, shared among instruments by its answers, so that their sum says how many clients there are.
    `items` are distances of clients' item means from the middle. `off` are clients by the clearest answer they gave.
    """

    up: Counter[str] = field(default_factory=Counter)
    down: Counter[str] = field(default_factory=Counter)
    items: Counter[str] = field(default_factory=Counter)
    off: Counter[str] = field(default_factory=Counter)

    def add(self, other: Self, times: int = 1) -> None:
        """Add another's sums, or take them away with `times=-1`."""
        for mine, theirs in ((self.up, other.up), (self.down, other.down), (self.items, other.items)):
            for name, amount in theirs.items():
                mine[name] += times * amount
        for name, amount in other.off.items():
            self.off[name] += times * amount


def weight_of_each(scored: int) -> int:
    """Return what each of so many scored answers of a client weighs, in units of `FINE`; together never above it."""
    return FINE // scored


def of_client(answers: Iterable[Answer], ranking: Sequence[str]) -> Sums:
    """Return what a client contributes whose answers of a quarter these are. `ranking` is that of `rank_options`."""
    found, given = Sums(), list(answers)
    scored = [(each, each.score) for each in given if each.score is not None]
    for each, value in scored:
        weight = weight_of_each(len(scored))
        found.up[each.questionnaire.id] += weight * value
        found.down[each.questionnaire.id] += weight * (TOP - value)
        for item, measure in each.questionnaire.items.items():
            usual = TOP - value if item in each.questionnaire.reverse else value
            found.items[measure] += weight * (each.ratings.get(item, usual) - CENTRE)
    asked = [each for each in given if each.questionnaire.options]
    if asked:
        said = [measures.off_option(each.direct) for each in asked if each.direct in each.questionnaire.options]
        clearest = max(said, key=ranking.index, default=measures.off_option(measures.UNANSWERED))
        found.off[clearest] += 1
    return found


def rank_options(asked: Iterable[Questionnaire]) -> tuple[str, ...]:
    """Return the measures of all options of all instruments from *no* to the clearest *yes*, each once."""
    place: dict[str, int] = {}
    for each in asked:
        for at, option in enumerate(each.options):
            place[option] = max(at, place.get(option, 0))
    return tuple(measures.off_option(option) for option in sorted(place, key=lambda option: (place[option], option)))


def tenths(rating: float) -> int:
    """Return a rating on 0–10 in whole tenths, halves up, clamped to the scale."""
    return int(min(max(rating, 0.0), 10.0) * 10 + 0.5)
