"""Clinics made for the attack on figures: who had how many cases, what every response said, and what is published.

The figures are drawn by the product's own code from counts made here, one by one, so that both can be held together.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from hypothesis import strategies as st

from feedback.domain.figures import draw
from feedback.domain.figures.draw import Drawing, Tally
from feedback.domain.figures.gate import OpenCases
from feedback.domain.figures.ledger import next_entry
from feedback.domain.figures.noise import Draws
from feedback.domain.figures.period import Period
from feedback.domain.figures.protect import Answered
from feedback.domain.figures.release import Figure, Release, Rule, Unit, UnitKind
from feedback.domain.figures.rule import USUAL
from tests.support.builders import HARBOUR
from tests.support.chance import SeededChance

QUARTER = Period.read("2026-Q1")


@dataclass(frozen=True)
class Said:
    """One response: where it counts and what it says. A response without a team and month nobody sees, only counts."""

    team: str
    month: int
    flagged: bool = False
    tenths: int = 80


@dataclass(frozen=True)
class MadeClinic:
    """A clinic in one quarter. `cases` are open cases by therapist, team by team."""

    cases: dict[str, tuple[int, ...]]
    said: tuple[Said, ...]
    unseen: int = 0
    rule: Rule = field(default=USUAL)

    def publishes(self, seed: int) -> tuple[Figure, ...]:
        """Draw its quarter and the three months of it; gives their figures."""
        return tuple(figure for release in self.releases(seed) for figure in release.figures)

    def releases(self, seed: int) -> tuple[Release, ...]:
        """Draw its three months and the quarter of it, and chain them."""
        draws = Draws(SeededChance(seed))
        before, made = None, []
        for period in (*QUARTER.months, QUARTER):
            figures = self._draw(period, self.said if period == QUARTER else self._of(period), draws)
            drawn = Release(HARBOUR.id, HARBOUR.name, period, period.closes_on, self.rule, figures, 0, "")
            before = next_entry(before, drawn)
            made.append(replace(drawn, number=before.number, chain=before.chain))
        return tuple(made)

    def with_changed(self, place: int, **change: object) -> "MadeClinic":
        """Give the world in which one response says something else."""
        changed = replace(self.said[place], **change)
        return replace(self, said=(*self.said[:place], changed, *self.said[place + 1 :]))

    def _of(self, month: Period) -> tuple[Said, ...]:
        return tuple(each for each in self.said if each.month == month.number)

    def _draw(self, period: Period, said: Sequence[Said], draws: Draws) -> tuple[Figure, ...]:
        units = [Unit(UnitKind.TEAM, team, team.title()) for team in self.cases]
        register = [
            OpenCases(f"{team}{place}", team, count)
            for team, counts in self.cases.items()
            for place, count in enumerate(counts)
        ]
        drawing = Drawing(period, HARBOUR, units, register, self.rule)
        return draw.draw_figures(drawing, self._tally(said), draws)

    def _tally(self, said: Sequence[Said]) -> Tally:
        flags = Counter((each.team, each.flagged) for each in said)
        everybody = Answered(len(said) + self.unseen, sum(each.tenths for each in said) + 80 * self.unseen)
        return Tally(
            flags={team: (flags[team, True], flags[team, False]) for team in self.cases},
            codes=len(said),
            score=everybody,
            items={"mean:rapport-session:heard": everybody},
            off={"off:no": len(said) + self.unseen, "off:yes": 0},
        )


def a_quarter_of(**teams: tuple[tuple[int, ...], int, int]) -> MadeClinic:
    """Make a clinic of teams: `quay=((8, 8, 8), 60, 9)`, cases by therapist, responses and flags a month."""
    said = [
        Said(team, month, flagged=place < flagged)
        for team, (_, responses, flagged) in teams.items()
        for month in (1, 2, 3)
        for place in range(responses)
    ]
    return MadeClinic({team: cases for team, (cases, _, _) in teams.items()}, tuple(said))


@st.composite
def clinics(draw: st.DrawFn) -> MadeClinic:
    """Any clinic of 1–30 therapists and 3–400 cases, with anything said."""
    therapists = draw(st.integers(1, 30))
    teams = draw(st.integers(1, min(5, therapists)))
    cases: dict[str, list[int]] = {f"team{number}": [] for number in range(teams)}
    for place in range(therapists):
        cases[f"team{place % teams}"].append(draw(st.integers(0, 13)) + (3 if place == 0 else 0))
    said = [
        Said(team, month, flagged=place < draw(st.integers(0, 12)))
        for team, counts in cases.items()
        for month in (1, 2, 3)
        for place in range(sum(counts))
    ]
    return MadeClinic({team: tuple(counts) for team, counts in cases.items()}, tuple(said))
