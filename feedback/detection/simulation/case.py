"""One simulated case, form by form: what a client would send, and beside it what really happened."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from feedback.detection.simulation import published as pub
from feedback.detection.simulation import words
from feedback.detection.simulation.course import Truth, draw_course, draw_length
from feedback.detection.simulation.ratings import draw_ratings, therapist_sd
from feedback.detection.simulation.worlds import World


@dataclass(frozen=True, slots=True)
class SimulatedForm:
    """One therapy session of a case. Ratings by item id on 0–10; `off` 0–3; all of it empty when not `answered`.

    `closest` and `wish` are given whenever `off` is not *no*. `repair` is what the client would say if asked; the form
    asks only while a flag of the case is open.
    """

    session: int
    answered: bool
    truth: Truth
    steps: int = 11
    ratings: Mapping[str, float] = field(default_factory=dict)
    off: int | None = None
    closest: frozenset[str] = frozenset()
    wish: str | None = None
    repair: str | None = None


def draw_therapist(rng: np.random.Generator) -> float:
    """Draw how far a therapist's cases lie above or below the clinic's usual level, points."""
    return float(therapist_sd() * rng.standard_normal())


def simulate_case(
    rng: np.random.Generator,
    world: World,
    *,
    therapist: float = 0.0,
    openness: float = 0.0,
    sessions: int | None = None,
) -> tuple[SimulatedForm, ...]:
    """Draw one case of the world, one entry per therapy session from 1 on; the same generator gives the same case.

    `therapist` comes from `draw_therapist` and is shared by the therapist's cases, and so is `openness`: how readily
    these clients say that something is off, in logarithms of odds. With `sessions` the case has
    exactly that many; without it the length is drawn, and a rupture may end it early.
    """
    course = draw_course(rng, world, sessions or draw_length(rng, world), may_leave=sessions is None)
    ratings = draw_ratings(rng, world, course, therapist)
    forms = []
    for number, truth in enumerate(course, start=1):
        odds = world.missing / (1.0 - world.missing) * (pub.SILENT_ODDS if truth.in_rupture else 1.0)
        if rng.random() < odds / (1.0 + odds):
            forms.append(SimulatedForm(number, answered=False, truth=truth, steps=world.steps))
        else:
            marked = [float(rating) for rating in ratings[number - 1]]
            forms.append(_answered(rng, world, number, truth, marked, openness=openness))
    return tuple(forms)


def _answered(
    rng: np.random.Generator, world: World, number: int, truth: Truth, ratings: list[float], *, openness: float
) -> SimulatedForm:
    off = words.draw_direct(rng, world, truth, openness)
    return SimulatedForm(
        session=number,
        answered=True,
        truth=truth,
        steps=world.steps,
        ratings={item: rating for (item, _), rating in zip(world.items, ratings, strict=True)},
        off=off,
        closest=words.draw_closest(rng, world, truth) if off else frozenset(),
        wish=words.draw_wish(rng) if off else None,
        repair=words.draw_repair(rng, truth),
    )
