"""Drawing a period: which figures there are, and in which order their noise is drawn.

Which figures there are depends on the period, the rule, the teams and the instruments alone. A count of nothing is
drawn like any other, so that its absence tells nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from feedback.domain.figures import measures
from feedback.domain.figures.gate import OpenCases, by_team, judge_gate
from feedback.domain.figures.noise import Draws
from feedback.domain.figures.period import Period, PeriodKind
from feedback.domain.figures.protect import NOBODY, Answered, Place, publish_count, publish_exactly, publish_mean
from feedback.domain.figures.release import Figure, FigureStatus, GateReason, LatticeLevel, Rule, Unit, UnitKind
from feedback.domain.figures.rule import ITEM_UNITS

TwoCounts = tuple[int, int]
"""Responses with and without a flag."""


@dataclass(frozen=True, slots=True)
class Tally:
    """The true counts of a period, already bounded per case and month. Only drawing sees them; nothing keeps them.

    `flags` are shared responses by team id, under None those of therapists in no team. `score`, `items` and `off` (by
    measure) take in anonymous rows as well, and name everything the instruments ask, zero or not. `codes` is how many
    codes were handed out.
    """

    flags: Mapping[str | None, TwoCounts]
    codes: int = 0
    score: Answered = NOBODY
    items: Mapping[str, Answered] = field(default_factory=dict)
    off: Mapping[str, int] = field(default_factory=dict)
    repairs: Mapping[measures.RepairState, int] = field(default_factory=dict)

    def item_share(self) -> Fraction:
        """Give the part of one count's ε that each of an item's two draws spends: the items share three whole ones."""
        asked: dict[str, int] = {}
        for measure in self.items:
            instrument = measure.rpartition(":")[0]
            asked[instrument] = asked.get(instrument, 0) + 1
        return Fraction(ITEM_UNITS, 2 * max(asked.values(), default=1))


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn for whom: the clinic and its teams, and the register of cases at the period's start."""

    period: Period
    clinic: Unit
    teams: Sequence[Unit]
    register: Sequence[OpenCases]
    rule: Rule

    @property
    def gated(self) -> tuple[tuple[Unit, GateReason], ...]:
        """Give the units without figures of their own, and why: the clinic alone, or else its small teams."""
        whole = judge_gate(self.register)
        if whole is not None:
            return ((self.clinic, whole),)
        if not self.has_teams:
            return ()
        theirs = by_team(self.register)
        found = ((team, judge_gate(theirs.get(team.id, ()))) for team in self.teams)
        return tuple((team, reason) for team, reason in found if reason is not None)

    @property
    def has_teams(self) -> bool:
        """True when this period has figures by team."""
        return self.period.kind is PeriodKind.QUARTER and not self.rule.is_strict


def draw_figures(drawing: Drawing, tally: Tally, draws: Draws) -> tuple[Figure, ...]:
    """Draw every figure of a month or quarter, once. Under the strict rule a month has none."""
    gated = dict(drawing.gated)
    if drawing.clinic in gated:
        return tuple(place.without(FigureStatus.GATED) for place in _places(drawing, tally))
    return tuple(_draw(place, drawing, tally, draws, gated) for place in _places(drawing, tally))


def _places(drawing: Drawing, tally: Tally) -> Iterator[Place]:
    clinic, is_month = drawing.clinic, drawing.period.kind is PeriodKind.MONTH
    if drawing.rule.is_strict and is_month:
        return
    if is_month or drawing.rule.is_strict:
        yield from (Place(LatticeLevel.L1, clinic, measure) for measure in (measures.FLAGGED, measures.NOT_FLAGGED))
        yield Place(LatticeLevel.L4, clinic, measures.CODES)
    if is_month:
        return
    for team in drawing.teams if drawing.has_teams else ():
        yield from (Place(LatticeLevel.L2, team, measure) for measure in (measures.FLAGGED, measures.NOT_FLAGGED))
    whole = [measures.MEAN_SCORE, *tally.items, *tally.off, *map(measures.repair_count, measures.RepairState)]
    yield from (Place(LatticeLevel.L3, clinic, measure) for measure in whole)


def _draw(place: Place, drawing: Drawing, tally: Tally, draws: Draws, gated: Mapping[Unit, GateReason]) -> Figure:
    rule, measure = drawing.rule, place.measure
    if place.unit in gated:
        return place.without(FigureStatus.MERGED)
    if measure == measures.CODES:
        return publish_exactly(place, tally.codes)
    if measure == measures.MEAN_SCORE:
        return publish_mean(place, tally.score, rule, draws, share=Fraction(1))
    if measures.is_mean(measure):
        return publish_mean(place, tally.items[measure], rule, draws, share=tally.item_share())
    return publish_count(place, _count(place, tally), rule, draws)


def _count(place: Place, tally: Tally) -> int:
    family = measures.family(place.measure)
    if family == "off":
        return tally.off[place.measure]
    if family == "repair":
        return tally.repairs.get(measures.RepairState(place.measure.partition(":")[2]), 0)
    side = 0 if place.measure == measures.FLAGGED else 1
    if place.unit.kind is UnitKind.TEAM:
        return tally.flags.get(place.unit.id, (0, 0))[side]
    return sum(counts[side] for counts in tally.flags.values())
