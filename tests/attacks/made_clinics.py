"""Clinics made for the attack on figures: who had how many cases, what every client said, and what is published.

The figures are drawn by the product's own code from clients made here, one by one, so that both can be held together.
"""

from collections import Counter
from dataclasses import dataclass, field, replace

from hypothesis import strategies as st

from feedback.domain.figures import draw
from feedback.domain.figures.contribution import Answer, Questionnaire, Sums, of_client, rank_options
from feedback.domain.figures.draw import Drawing, Tally
from feedback.domain.figures.gate import OpenCases
from feedback.domain.figures.ledger import next_entry
from feedback.domain.figures.measures import RepairState, off_option
from feedback.domain.figures.noise import Draws
from feedback.domain.figures.period import Period
from feedback.domain.figures.release import Figure, Release, Rule, Unit, UnitKind
from feedback.domain.figures.rule import USUAL
from tests.support.builders import HARBOUR
from tests.support.chance import SeededChance

QUARTER = Period.read("2026-Q1")
FORM = Questionnaire("rapport-session", {"heard": "clients_mean:rapport-session:heard"}, options=("no", "yes"))
RANKING = rank_options([FORM])


@dataclass(frozen=True)
class Client:
    """One client's whole quarter. One without a team sent nothing that a therapist can see; it is only counted.

    `came` are the months in which they shared answers, `flagged` those of them in which one was flagged. Every answer
    says the same; `more` are so many besides that are only counted.
    """

    team: str | None
    came: tuple[int, ...] = (1, 2, 3)
    flagged: tuple[int, ...] = ()
    tenths: int = 80
    said: str | None = "no"
    more: int = 0
    is_contested: bool = False

    def sums(self) -> Sums:
        """Give what this client adds to means and to what felt off."""
        answer = Answer(FORM, self.tenths, {"heard": self.tenths}, self.said)
        return of_client([answer] * (2 * len(self.came) + self.more), RANKING)


@dataclass(frozen=True)
class MadeClinic:
    """A clinic in one quarter. `cases` are open cases by therapist, team by team; `codes` went out each month."""

    cases: dict[str, tuple[int, ...]]
    clients: tuple[Client, ...]
    rule: Rule = field(default=USUAL)
    codes: int = 100

    def publishes(self, seed: int) -> tuple[Figure, ...]:
        """Draw its quarter and the three months of it; gives their figures."""
        return tuple(figure for release in self.releases(seed) for figure in release.figures)

    def releases(self, seed: int) -> tuple[Release, ...]:
        """Draw its three months and the quarter of it, and chain them."""
        draws = Draws(SeededChance(seed))
        before, made = None, []
        for period in (*QUARTER.months, QUARTER):
            figures = self._draw(period, draws)
            drawn = Release(HARBOUR.id, HARBOUR.name, period, period.closes_on, self.rule, figures, 0, "")
            before = next_entry(before, drawn)
            made.append(replace(drawn, number=before.number, chain=before.chain))
        return tuple(made)

    def with_changed(self, place: int, **change: object) -> "MadeClinic":
        """Give the world in which one client's quarter is another."""
        changed = replace(self.clients[place], **change)
        return replace(self, clients=(*self.clients[:place], changed, *self.clients[place + 1 :]))

    def without(self, place: int) -> "MadeClinic":
        """Give the neighbouring world, in which one client added nothing at all."""
        return replace(self, clients=(*self.clients[:place], *self.clients[place + 1 :]))

    def counts(self, months: tuple[int, ...]) -> dict[str | None, tuple[int, int]]:
        """Give the clients of each team who came in some of these months, with and without a flag in them."""
        found = Counter(
            (each.team, bool({*each.flagged} & {*months}))
            for each in self.clients
            if each.team and {*each.came} & {*months}
        )
        return {team: (found[team, True], found[team, False]) for team in self.cases}

    def _draw(self, period: Period, draws: Draws) -> tuple[Figure, ...]:
        units = [Unit(UnitKind.TEAM, team, team.title()) for team in self.cases]
        register = [
            OpenCases(f"{team}{place}", team, count)
            for team, counts in self.cases.items()
            for place, count in enumerate(counts)
        ]
        drawing = Drawing(period, HARBOUR, units, register, self.rule)
        return draw.draw_figures(drawing, self.tally(period), draws)

    def tally(self, period: Period) -> Tally:
        """Count a month or the quarter."""
        flags = self.counts(tuple(month.number for month in period.months))
        if period != QUARTER:
            return Tally(flags=flags, codes=self.codes)
        sums = Sums()
        for each in self.clients:
            sums.add(each.sums())
        return Tally(
            flags=flags,
            codes=self.codes,
            sums=sums,
            items={FORM.id: tuple(FORM.items.values())},
            off=(*RANKING, off_option("unanswered")),
            repairs={RepairState.OPEN: sum(bool(each.flagged) for each in self.clients)},
            contested=sum(each.is_contested for each in self.clients),
        )


def a_quarter_of(**teams: tuple[tuple[int, ...], int]) -> MadeClinic:
    """Make a clinic of teams: `quay=((8, 8, 8), 3)`, cases by therapist, clients with a flag in each month."""
    clients = [
        Client(team, flagged=(1, 2, 3) if place < flagged else ())
        for team, (cases, flagged) in teams.items()
        for place in range(sum(cases))
    ]
    return MadeClinic({team: cases for team, (cases, _) in teams.items()}, tuple(clients))


MONTHS = st.sets(st.integers(1, 3)).map(lambda months: tuple(sorted(months)))


@st.composite
def some_client(draw: st.DrawFn, team: str | None) -> Client:
    """Any client of a team, with any quarter."""
    came = draw(MONTHS) if team else ()
    return Client(
        team,
        came,
        tuple(month for month in came if draw(st.booleans())),
        draw(st.integers(0, 100)),
        draw(st.sampled_from(["no", "yes", None])),
        draw(st.integers(0, 5)),
        draw(st.booleans()),
    )


@st.composite
def clinics(draw: st.DrawFn) -> MadeClinic:
    """Any clinic of 1–30 therapists and 3–400 cases, with anything said."""
    therapists = draw(st.integers(1, 30))
    teams = draw(st.integers(1, min(5, therapists)))
    cases: dict[str, list[int]] = {f"team{number}": [] for number in range(teams)}
    for place in range(therapists):
        cases[f"team{place % teams}"].append(draw(st.integers(0, 13)) + (3 if place == 0 else 0))
    kinds = {team: draw(st.lists(some_client(team), min_size=1, max_size=3)) for team in cases}
    clients = [kinds[team][place % len(kinds[team])] for team, counts in cases.items() for place in range(sum(counts))]
    clients += [draw(some_client(None))] * draw(st.integers(0, 9))
    return MadeClinic({team: tuple(counts) for team, counts in cases.items()}, tuple(clients))
