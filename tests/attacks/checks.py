"""The checks A1–A4 and A6 on figures. Each asserts its gate and gives what it measured, in words to be kept."""

import math
import random
from collections.abc import Callable
from itertools import pairwise

from feedback.domain.figures.attack import threats
from feedback.domain.figures.measures import FLAGGED, NOT_FLAGGED
from feedback.domain.figures.release import FigureStatus, LatticeLevel
from feedback.domain.figures.rule import USUAL
from tests.attacks.adversary import flag_extents, posterior
from tests.attacks.made_clinics import MadeClinic, a_quarter_of

CLINIC = a_quarter_of(quay=((9, 9, 8, 8), 60, 2), garden=((9, 8, 8), 45, 3), yard=((4, 4), 18, 2))
"""Three teams, the last too small for figures of its own; 369 responses in the quarter, many of its cells small."""

REACH95 = 12
SEEDS = range(40)
YEARS = range(8)
"""Each seed is one more quarter drawn: eight make two years."""


def no_small_cell_is_recovered() -> str:
    """A1: linear and integer programming over all exports; and nothing about a small unit, nor under the floor."""
    exact, cells = 0, 0
    for seed in YEARS:
        figures = CLINIC.publishes(seed)
        check_rule_is_kept(CLINIC, figures)
        for measure in (FLAGGED, NOT_FLAGGED):
            found = flag_extents(figures, measure, REACH95)
            cells += len(found)
            exact += sum(each.is_exact for each in found.values())
    assert exact == 0
    return f"A1: small cells recovered exactly: {exact} of {cells}"


def check_rule_is_kept(clinic: MadeClinic, figures: tuple) -> None:
    """Nothing is given of a unit under the gate, nothing below ten, and every count is a multiple of five."""
    for figure in figures:
        if figure.level in (LatticeLevel.L1, LatticeLevel.L2):
            own = clinic.cases.get(figure.unit.id)
            cases = [count for count in own or [n for team in clinic.cases.values() for n in team] if count]
            is_small = sum(cases) < 20 or len(cases) < 3 or 2 * max(cases) > sum(cases)
            assert figure.value is None or not is_small, "a figure about a unit under the gate"
            assert figure.value is None or (figure.value >= 10 and figure.value % 5 == 0), "below the floor"
            assert (figure.status is FigureStatus.RELEASED) == (figure.value is not None)


def nothing_is_certain_of_one_response() -> str:
    """A2: whoever knows all responses but one never sees a publication that only one of both worlds could give."""
    kinds = {said: place for place, said in enumerate(CLINIC.said)}
    worlds = [CLINIC.with_changed(place, flagged=not said.flagged) for said, place in kinds.items()]
    worlds += [CLINIC.with_changed(0, tenths=0), CLINIC.with_changed(0, tenths=100)]
    mine = seen_over_draws(CLINIC)
    for world in worlds:
        assert not are_told_apart(mine, seen_over_draws(world)), "one response is certain"
    return f"A2: flags or scores known for certain: 0 of {len(CLINIC.said)} responses ({len(worlds)} kinds)"


def seen_over_draws(world: MadeClinic) -> list[set]:
    """Give all that each figure was published as, over many draws."""
    drawn = [_values(world.publishes(seed)) for seed in SEEDS]
    return [set(column) for column in zip(*drawn, strict=True)]


def are_told_apart(one: list[set], other: list[set]) -> bool:
    """Say whether any single figure is never the same in both worlds."""
    return any(not mine & theirs for mine, theirs in zip(one, other, strict=True))


def _values(figures: tuple) -> list:
    return [figure.value if figure.measure != "codes" else None for figure in figures]


def the_odds_about_one_response_stay_bounded() -> str:
    """A3: the same adversary weighs by likelihood over every figure a flag is in."""
    bound = threats(USUAL)[1].bound
    highest = max(
        max(odds, 1 - odds)
        for seed in SEEDS
        for odds in [posterior(_flag_figures(CLINIC, 0, 1, CLINIC.publishes(seed)), USUAL.count_scale)]
    )
    assert 0.5 < highest <= bound
    return f"A3: highest posterior {highest:.3f}, bound {bound:.3f}"


def _flag_figures(clinic: MadeClinic, place: int, shift: int, figures: tuple) -> list:
    """Give the figures a response's flag is in, with the count as it is and with `shift` fewer flags."""
    target = clinic.said[place]
    month = [each for each in clinic.said if each.month == target.month]
    team = [each for each in clinic.said if each.team == target.team]
    months = [each for each in figures if each.level is LatticeLevel.L1][2 * (target.month - 1) :][:2]
    teams = [each for each in figures if each.level is LatticeLevel.L2 and each.unit.id == target.team]
    return [
        (figure, count, count + (-shift if flagged else shift))
        for pair, said in ((months, month), (teams, team))
        for figure, flagged in zip(pair, (True, False), strict=True)
        for count in [sum(each.flagged is flagged for each in said)]
    ]


LARGE = a_quarter_of(quay=((30, 30, 30), 400, 40), garden=((20, 20, 20), 300, 30))


def the_best_guess_about_one_client_stays_bounded(draws: int = 300) -> str:
    """A4: knows all but one client's five responses of a month, in a month of 700; guesses by likelihood."""
    coin = random.Random(4)  # noqa: S311  which world it is may repeat itself
    other = LARGE
    for place in range(5):
        other = other.with_changed(place, flagged=False)
    right = 0
    for seed in range(draws):
        is_flagged = coin.random() < 0.5
        figures = (LARGE if is_flagged else other).publishes(seed)
        odds = posterior(_flag_figures(LARGE, 0, 5, figures), USUAL.count_scale)
        right += (odds > 0.5) is is_flagged
    share, threat = right / draws, threats(USUAL)[3]
    assert share <= threat.right + 3 * math.sqrt(0.25 / draws) <= threat.bound + 3 * math.sqrt(0.25 / draws)
    one = threats(USUAL)[2]
    return f"A4: best guess right {share:.0%} over everything (at most {threat.right:.0%}), one count {one.right:.0%}"


def nothing_is_certain_of_what_is_only_counted() -> str:
    """A6: total minus visible at every level: one unseen answer more or less is never certain, and moves no team."""
    worlds = [MadeClinic(CLINIC.cases, CLINIC.said, unseen) for unseen in range(12, 18)]
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
    nothing_is_certain_of_one_response,
    the_odds_about_one_response_stay_bounded,
    the_best_guess_about_one_client_stays_bounded,
    nothing_is_certain_of_what_is_only_counted,
)
