"""What a simulated client marks: the six ratings, under the ceiling and on the answer steps of the form."""

import numpy as np
from numpy.typing import NDArray

from feedback.detection.simulation import published as pub
from feedback.detection.simulation.course import Truth
from feedback.detection.simulation.worlds import World

STRUCK = {"bond": "bond", "task": "aims", "identity": "identity"}
"""Which group of items falls most in which kind of rupture; a withdrawal lowers all of them a little."""

STRUCK_SHARES, OTHER_SHARES, EVEN_SHARES, OVERALL_SHARES = (0.7, 1.5), (0.0, 0.7), (0.1, 0.5), (0.3, 0.9)
"""By which share of a rupture's depth an item falls: in the group that is struck, outside it, in a withdrawal, and
where one question asks about everything. Drawn anew for each rupture, so that no two look the same. A choice: whoever
pulls back marks little of it."""

HARMLESS = (1.0, 4.0)
"""How far a single answer falls for a harmless reason, points. A choice."""


def therapist_sd() -> float:
    """Return the spread of therapists, points: their published share of the variance between cases."""
    return pub.LEVEL_SD * float(np.sqrt(pub.THERAPIST_SHARE))


def falls(rng: np.random.Generator, world: World, course: tuple[Truth, ...]) -> NDArray[np.float64]:
    """Return how far each item falls in each session, points; the shape stays the same while a rupture lasts.

    In a scrambled world the items that fall together have nothing to do with their groups.
    """
    groups = [group for _, group in world.items]
    overall = np.array([not group for group in groups])
    shapes = np.zeros((len(course), len(groups)))
    shape = np.zeros(len(groups))
    for at, truth in enumerate(course):
        if truth.onset:
            struck = np.array([STRUCK.get(truth.kind) == group for group in groups])
            struck = rng.permutation(struck) if world.scrambled else struck
            shape = np.where(struck, rng.uniform(*STRUCK_SHARES, len(groups)), rng.uniform(*OTHER_SHARES, len(groups)))
            if truth.kind == "withdrawal":
                shape = rng.uniform(*EVEN_SHARES, len(groups))
            if overall.any():
                shape = np.where(overall, rng.uniform(*OVERALL_SHARES, len(groups)), shape)
        shapes[at] = shape * truth.depth * pub.WITHIN_SD
    return shapes


def draw_ratings(
    rng: np.random.Generator, world: World, course: tuple[Truth, ...], therapist: float
) -> NDArray[np.float64]:
    """Draw the ratings of every session of a case, sessions × items, 0–10 on the world's answer steps."""
    count, items = len(course), len(world.items)
    level = world.level + therapist + np.sqrt(1.0 - pub.THERAPIST_SHARE) * pub.LEVEL_SD * rng.standard_normal()
    level = level + pub.GROWTH * (np.log(np.arange(1, count + 1)) - np.log(pub.MEDIAN_SESSIONS / 2))
    level = level + np.cumsum(pub.WALK_SD * rng.standard_normal(count))
    noise = world.noise * (np.exp(world.noise_differs * rng.standard_normal()) if world.noise_differs else 1.0)
    wobble = np.zeros(count)
    fresh = noise * pub.WOBBLE_SD * _draws(rng, world, count)
    for at in range(count):
        carried = world.memory * wobble[at - 1] if at else 0.0
        wobble[at] = carried + np.sqrt(1.0 - world.memory**2) * fresh[at]
    true = (level + wobble)[:, None] + pub.ITEM_OFFSET_SD * rng.standard_normal(items)
    true = true + noise * pub.ITEM_NOISE_SD * _draws(rng, world, (count, items)) - falls(rng, world, course)
    true -= (rng.random((count, items)) < world.harmless_dips) * rng.uniform(*HARMLESS, (count, items))
    if rng.random() < world.straight_liners:
        true[:] = 10.0
    width = 10.0 / (world.steps - 1)
    if world.halved and rng.random() < world.halved:
        width *= 2.0
    return np.asarray(np.clip(np.rint(true / width) * width, 0.0, 10.0))


def _draws(rng: np.random.Generator, world: World, shape: int | tuple[int, int]) -> NDArray[np.float64]:
    """Draw noise of variance one: normal, or Student's t with three degrees of freedom where tails are heavy."""
    if world.heavy_tails:
        return np.asarray(rng.standard_t(3, shape) / np.sqrt(3.0))
    return np.asarray(rng.standard_normal(shape))
