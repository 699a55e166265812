"""What really happens in one simulated case: ruptures that begin, last, are repaired or grow old."""

from dataclasses import dataclass

import numpy as np

from feedback.detection.simulation import published as pub
from feedback.detection.simulation.worlds import World


@dataclass(frozen=True, slots=True)
class Truth:
    """One therapy session as it really was. `depth` is in within-case standard deviations.

    `in_rupture` from the session in which it begins (`onset`); `excluded` marks what is neither one nor the other: an
    old unrepaired rupture, or the dip left after a repair. `repaired` tells how the latest rupture ended, once it has.
    """

    onset: bool = False
    in_rupture: bool = False
    excluded: bool = False
    kind: str = ""
    depth: float = 0.0
    repaired: bool | None = None


QUIET = Truth()
DIP_LEFT = 0.35
"""Share of a rupture's depth that is left in the session after a repair. A choice."""

OLD_LEFT = 0.6
"""Share of an unrepaired rupture's depth that stays once it is old. A choice."""


def _next(rng: np.random.Generator, world: World, now: Truth) -> Truth:
    """Draw the next therapy session from the present one."""
    if now.in_rupture:
        will_be_repaired = now.repaired is True
        if rng.random() < (pub.LASTS if will_be_repaired else pub.LASTS_UNREPAIRED):
            return Truth(in_rupture=True, kind=now.kind, depth=now.depth, repaired=now.repaired)
        left = DIP_LEFT if will_be_repaired else OLD_LEFT
        return Truth(excluded=True, kind=now.kind, depth=left * now.depth, repaired=now.repaired)
    if rng.random() < pub.ONSET:
        depth = world.depth * pub.DEPTH_MEDIAN * float(np.exp(pub.DEPTH_LOG_SD * rng.standard_normal()))
        kind = str(rng.choice(list(pub.KINDS), p=list(pub.KINDS.values())))
        repaired = bool(rng.random() < pub.REPAIRED / (pub.REPAIRED + pub.NOT_REPAIRED))
        return Truth(onset=True, in_rupture=True, kind=kind, depth=depth, repaired=repaired)
    if now.excluded and not now.repaired:
        return now
    return Truth(repaired=now.repaired) if now.repaired is not None else QUIET


def draw_course(rng: np.random.Generator, world: World, sessions: int, *, may_leave: bool = True) -> tuple[Truth, ...]:
    """Draw the truth of a case of at most `sessions` therapy sessions; with `may_leave` a rupture may end it early."""
    course: list[Truth] = []
    now = QUIET
    for _ in range(sessions):
        now = _next(rng, world, now)
        course.append(now)
        stuck = (now.in_rupture or now.excluded) and now.repaired is False
        if may_leave and stuck and rng.random() < pub.LEAVES:
            break
    return tuple(course)


def draw_length(rng: np.random.Generator, world: World) -> int:
    """Draw how many therapy sessions a case will have, 1–40: skewed, one in five ending early."""
    planned = world.length * pub.MEDIAN_PLANNED * float(np.exp(0.6 * rng.standard_normal()))
    if rng.random() < pub.DROPOUT:
        planned *= rng.random()
    return max(1, min(40, round(planned)))
