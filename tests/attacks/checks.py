"""The checks A1–A4 and A6 on figures. Each asserts its gate and gives what it measured, in words to be kept."""

import random
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from feedback.domain.figures.attack import threats
from feedback.domain.figures.measures import CLIENTS_FLAGGED, CLIENTS_NOT_FLAGGED, RepairState, repair_count
from feedback.domain.figures.release import Figure, FigureStatus, LatticeLevel, Part
from feedback.domain.figures.rule import USUAL
from tests.attacks.adversary import flag_extents, posterior
from tests.attacks.made_clinics import Client, MadeClinic, a_quarter_of

CLINIC = a_quarter_of(quay=((9, 9, 8, 8), 2), garden=((9, 8, 8), 3), yard=((4, 4), 2))
"""Three teams, the last too small for figures of its own; 67 clients, many of its cells small."""

FLAGS = (CLIENTS_FLAGGED, CLIENTS_NOT_FLAGGED)
SEEDS = range(60)
YEARS = range(8)
"""Each seed is one more quarter drawn: eight make two years."""


def no_small_cell_is_recovered() -> str:
    """A1: linear and integer programming over all exports; and nothing about a small unit, nor under the floor."""
    exact, cells = 0, 0
    for seed in YEARS:
        figures = CLINIC.publishes(seed)
        check_rule_is_kept(CLINIC, figures)
        for measure in FLAGS:
            found = flag_extents(figures, measure)
            cells += len(found)
            exact += sum(each.is_exact for each in found.values())
    assert exact == 0
    return f"A1: small cells recovered exactly: {exact} of {cells}"


def check_rule_is_kept(clinic: MadeClinic, figures: tuple) -> None:
    """Nothing is given of a unit under the gate, nothing below ten but its interval."""
    for figure in figures:
        if figure.level in (LatticeLevel.L1, LatticeLevel.L2):
            own = clinic.cases.get(figure.unit.id)
            cases = [count for count in own or [n for team in clinic.cases.values() for n in team] if count]
            is_small = sum(cases) < 20 or len(cases) < 3 or 2 * max(cases) > sum(cases)
            assert figure.value is None or not is_small, "a figure about a unit under the gate"
            assert figure.upper95 is None or not is_small, "an interval about a unit under the gate"
            assert figure.value is None or figure.value >= 10, "below the floor"
            assert (figure.status is FigureStatus.RELEASED) == (figure.value is not None)


def nothing_is_certain_of_one_client() -> str:
    """A2: whoever knows all clients but one never sees a publication that only one of both worlds could give."""
    kinds = {client: place for place, client in enumerate(CLINIC.clients)}
    worlds = [CLINIC.without(place) for place in kinds.values()]
    for place in kinds.values():
        flagged = () if CLINIC.clients[place].flagged else (1, 2, 3)
        worlds += [
            CLINIC.with_changed(place, flagged=flagged),
            CLINIC.with_changed(place, tenths=0, said="yes", more=9),
        ]
    worlds.append(CLINIC.with_changed(0, is_contested=True))
    mine = seen_over_draws(CLINIC)
    for world in worlds:
        assert not are_told_apart(mine, seen_over_draws(world)), "one client is certain"
    return f"A2: anything known for certain: 0 of {len(CLINIC.clients)} clients ({len(worlds)} neighbouring worlds)"


def seen_over_draws(world: MadeClinic) -> list[set]:
    """Give all that each figure was published as, over many draws."""
    drawn = [_values(world.publishes(seed)) for seed in SEEDS]
    return [set(column) for column in zip(*drawn, strict=True)]


def are_told_apart(one: list[set], other: list[set]) -> bool:
    """Say whether any single figure is never the same in both worlds."""
    return any(not mine & theirs for mine, theirs in zip(one, other, strict=True))


def _values(figures: tuple) -> list:
    return [figure.value if figure.measure != "codes" else None for figure in figures]


def the_odds_about_one_client_stay_bounded() -> str:
    """A3: who knows all clients but one, and all their answers, weighs by likelihood over every figure a flag is in."""
    bound = threats(USUAL)[1].bound
    flagged = next(place for place, client in enumerate(CLINIC.clients) if client.flagged)
    other = CLINIC.with_changed(flagged, flagged=())
    highest = max(
        max(odds, 1 - odds)
        for seed in SEEDS
        for odds in [posterior(_count_figures(CLINIC, other, CLINIC.publishes(seed), months=(1,)))]
    )
    assert 0.5 < highest <= bound
    return f"A3: highest posterior {highest:.3f}, bound {bound:.3f}"


def _count_figures(
    one: MadeClinic, other: MadeClinic, figures: tuple, months: tuple[int, ...] = (1, 2, 3)
) -> list[tuple[Figure, int, int, Fraction]]:
    """Give the counts in which two worlds differ as they were published, with both true counts and the scale."""
    found = []
    by_month = [each for each in figures if each.level is LatticeLevel.L1]
    for month in months:
        for side, figure in enumerate(by_month[2 * (month - 1) :][:2]):
            counts = [sum(pair[side] for pair in world.counts((month,)).values()) for world in (one, other)]
            found.append((figure, *counts, 1 / USUAL.epsilon(Part.MONTH)))
    for figure in figures:
        if figure.level is LatticeLevel.L2 and figure.status is not FigureStatus.MERGED:
            side = FLAGS.index(figure.measure)
            counts = [world.counts((1, 2, 3))[figure.unit.id][side] for world in (one, other)]
            found.append((figure, *counts, 1 / USUAL.epsilon(Part.TEAM)))
        if figure.measure == repair_count(RepairState.OPEN):
            counts = [sum(bool(client.flagged) for client in world.clients) for world in (one, other)]
            found.append((figure, *counts, 1 / USUAL.epsilon(Part.REPAIR)))
    return [each for each in found if each[1] != each[2]]


LARGE = a_quarter_of(quay=((30, 30, 30), 40), garden=((20, 20, 20), 30))
"""150 clients, who share 900 answers."""


def the_best_guess_about_one_client_stays_bounded(draws: int = 300) -> str:
    """A4: knows all clients but one, in a quarter of 900 answers; guesses by likelihood whether that one was there."""
    coin = random.Random(4)  # noqa: S311  which world it is may repeat itself
    other = LARGE.without(0)
    right = 0
    for seed in range(draws):
        is_there = coin.random() < 0.5
        figures = (LARGE if is_there else other).publishes(seed)
        odds = posterior(_count_figures(LARGE, other, figures))
        right += (odds > 0.5) is is_there
    share, threat = right / draws, threats(USUAL)[2]
    assert 0.5 < share <= threat.right <= threat.bound
    one = threats(USUAL)[0]
    return f"A4: best guess right {share:.0%} over every count (at most {threat.right:.0%}), one count {one.right:.0%}"


def nothing_is_certain_of_what_is_only_counted() -> str:
    """A6: total minus visible at every level: one unseen client more or less is never certain, and moves no team."""
    unseen = Client(None, came=(), more=1)
    worlds = [replace(CLINIC, clients=CLINIC.clients + (unseen,) * count) for count in range(12, 18)]
    certain = sum(are_told_apart(one, other) for one, other in pairwise(map(seen_over_draws, worlds)))
    assert certain == 0
    for seed in SEEDS:
        below = [
            [figure for figure in world.publishes(seed) if figure.level in (LatticeLevel.L1, LatticeLevel.L2)]
            for world in worlds[:2]
        ]
        assert below[0] == below[1], "what is only counted shows below the clinic's quarter"
    return f"A6: anonymous answers certain: {certain}"


CHECKS: tuple[Callable[[], str], ...] = (
    no_small_cell_is_recovered,
    nothing_is_certain_of_one_client,
    the_odds_about_one_client_stay_bounded,
    the_best_guess_about_one_client_stays_bounded,
    nothing_is_certain_of_what_is_only_counted,
)
