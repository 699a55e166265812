"""Drawing a period: which figures there are, and in which order their noise is drawn.

Which figures there are depends on the period, the rule, the teams and the instruments that the clinic's cases are
asked with: on what staff chose, never on what clients answered or whether. A count of nothing is drawn like any other,
so that its absence tells nothing. Codes handed out are exact: a code is issued by a therapist, whatever a client does.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from feedback.domain.figures import measures
from feedback.domain.figures.contribution import Sums
from feedback.domain.figures.gate import OpenCases, by_team, judge_gate
from feedback.domain.figures.noise import Draws
from feedback.domain.figures.period import Period, PeriodKind
from feedback.domain.figures.protect import (
    NO_SCORE,
    NoisyScore,
    Place,
    blur_item,
    blur_score,
    publish_count,
    publish_exactly,
    publish_item,
    publish_score,
)
from feedback.domain.figures.release import (
    Figure,
    FigureStatus,
    GateReason,
    LatticeLevel,
    Part,
    Rule,
    Unit,
    UnitKind,
)

TwoCounts = tuple[int, int]
"""Clients with and without a flag."""

_FLAGS = (measures.CLIENTS_FLAGGED, measures.CLIENTS_NOT_FLAGGED)
_PARTS = {"off": Part.OFF, "repair": Part.REPAIR, measures.CONTESTED: Part.CONTESTED}


@dataclass(frozen=True, slots=True)
class Tally:
    """The true counts of a period, each client once in each part. Only drawing sees them; nothing keeps them.

    `flags` are clients with shared answers by team id, under None those whose therapist is in no team. `sums` take in
    what is only counted as well; `items` and `off` name everything the instruments ask, zero or not: `items` by
    instrument. `contested` are clients with a contested place. `codes` is how many codes were handed out.
    """

    flags: Mapping[str | None, TwoCounts]
    codes: int = 0
    sums: Sums = field(default_factory=Sums)
    items: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    off: tuple[str, ...] = ()
    repairs: Mapping[measures.RepairState, int] = field(default_factory=dict)
    contested: int = 0

    @property
    def most_items(self) -> int:
        """Return how many items the longest instrument has: so many sums one client can move at most."""
        return max(map(len, self.items.values()), default=1)


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
        """Return the units without figures of their own, and why: the clinic alone, or else its small teams."""
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
    is_scored = any(place.level is LatticeLevel.L3 for place in _places(drawing, tally))
    scores = _scores(drawing, tally, draws) if is_scored else {}
    return tuple(_draw(place, drawing, tally, draws, scores) for place in _places(drawing, tally))


def _scores(drawing: Drawing, tally: Tally, draws: Draws) -> dict[str, NoisyScore]:
    return {
        instrument: blur_score(tally.sums.up[instrument], tally.sums.down[instrument], drawing.rule, draws)
        for instrument in tally.items
    }


def _places(drawing: Drawing, tally: Tally) -> Iterator[Place]:
    clinic, is_month = drawing.clinic, drawing.period.kind is PeriodKind.MONTH
    if drawing.rule.is_strict and is_month:
        return
    if is_month or drawing.rule.is_strict:
        yield from (Place(LatticeLevel.L1, clinic, measure) for measure in _FLAGS)
        yield Place(LatticeLevel.L4, clinic, measures.CODES)
    if is_month:
        return
    for team in drawing.teams if drawing.has_teams else ():
        yield from (Place(LatticeLevel.L2, team, measure) for measure in _FLAGS)
    items = [measure for each in tally.items.values() for measure in each]
    repairs = map(measures.repair_count, measures.RepairState)
    whole = [measures.CLIENTS_MEAN_SCORE, *items, *tally.off, *repairs, measures.CLIENTS_CONTESTED]
    yield from (Place(LatticeLevel.L3, clinic, measure) for measure in whole)


def _draw(place: Place, drawing: Drawing, tally: Tally, draws: Draws, scores: Mapping[str, NoisyScore]) -> Figure:
    rule, measure = drawing.rule, place.measure
    if place.unit in dict(drawing.gated):
        return place.without(FigureStatus.MERGED)
    if measure == measures.CODES:
        return publish_exactly(place, tally.codes)
    if measure == measures.CLIENTS_MEAN_SCORE:
        both = NO_SCORE
        for score in scores.values():
            both = both.plus(score)
        return publish_score(place, both, rule)
    if measures.is_mean(measure):
        score = next(scores[name] for name, items in tally.items.items() if measure in items)
        return publish_item(place, blur_item(tally.sums.items[measure], tally.most_items, rule, draws), score, rule)
    return publish_count(place, _count(place, tally), _part(place, drawing), rule, draws)


def _part(place: Place, drawing: Drawing) -> Part:
    """Return the part of the lattice, with a budget of its own, that a count belongs to."""
    family = measures.family(place.measure)
    if family in _PARTS:
        return _PARTS[family]
    if place.unit.kind is UnitKind.TEAM:
        return Part.TEAM
    return Part.MONTH if drawing.period.kind is PeriodKind.MONTH else Part.QUARTER


def _count(place: Place, tally: Tally) -> int:
    family = measures.family(place.measure)
    if family == "off":
        return tally.sums.off[place.measure]
    if family == "repair":
        return tally.repairs.get(measures.RepairState(measures.member(place.measure)), 0)
    if family == measures.CONTESTED:
        return tally.contested
    side = _FLAGS.index(place.measure)
    if place.unit.kind is UnitKind.TEAM:
        return tally.flags.get(place.unit.id, (0, 0))[side]
    return sum(counts[side] for counts in tally.flags.values())
