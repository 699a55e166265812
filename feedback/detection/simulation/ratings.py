"""What a simulated client marks: the six ratings, under the ceiling and on the answer steps of the form."""

import numpy as np
from numpy.typing import NDArray

from feedback.detection.simulation import published as pub
from feedback.detection.simulation.course import Truth
from feedback.detection.simulation.worlds import World

GROUPS = {"heard": "bond", "safe": "bond", "goals": "aims", "approach": "aims", "pace": "aims", "respect": "identity"}
"""The rated items of the built-in instrument and what each is about."""

STRUCK = {"bond": "bond", "task": "aims", "identity": "identity"}
"""Which group of items falls most in which kind of rupture; a withdrawal lowers all of them a little."""

STRUCK_SHARES, OTHER_SHARES, EVEN_SHARES = (0.6, 1.2), (0.0, 0.5), (0.3, 0.8)
"""By which share of a rupture's depth an item falls: in the group that is struck, outside it, in a withdrawal. Drawn
anew for each rupture, so that no two look the same. A choice."""

HARMLESS = (1.0, 4.0)
"""How far a single answer falls for a harmless reason, points. A choice."""


def therapist_sd() -> float:
    """Give the spread of therapists, points: their published share of the variance between cases."""
    return pub.LEVEL_SD * float(np.sqrt(pub.THERAPIST_SHARE))


def falls(rng: np.random.Generator, course: tuple[Truth, ...]) -> NDArray[np.float64]:
    """Give how far each item falls in each session, points; the shape stays the same while a rupture lasts."""
    shapes = np.zeros((len(course), len(GROUPS)))
    shape = np.zeros(len(GROUPS))
    for at, truth in enumerate(course):
        if truth.onset:
            struck = np.array([STRUCK.get(truth.kind) == group for group in GROUPS.values()])
            shape = np.where(struck, rng.uniform(*STRUCK_SHARES, len(GROUPS)), rng.uniform(*OTHER_SHARES, len(GROUPS)))
            if truth.kind == "withdrawal":
                shape = rng.uniform(*EVEN_SHARES, len(GROUPS))
        shapes[at] = shape * truth.depth * pub.WITHIN_SD
    return shapes


def draw_ratings(
    rng: np.random.Generator, world: World, course: tuple[Truth, ...], therapist: float
) -> NDArray[np.float64]:
    """Draw the ratings of every session of a case, sessions × items, 0–10 on the world's answer steps."""
    count, items = len(course), len(GROUPS)
    level = world.level + therapist + np.sqrt(1.0 - pub.THERAPIST_SHARE) * pub.LEVEL_SD * rng.standard_normal()
    level = level + pub.GROWTH * (np.log(np.arange(1, count + 1)) - np.log(pub.MEDIAN_SESSIONS / 2))
    level = level + np.cumsum(pub.WALK_SD * rng.standard_normal(count))
    wobble = np.zeros(count)
    fresh = pub.WOBBLE_SD * rng.standard_normal(count)
    for at in range(count):
        carried = pub.WOBBLE_MEMORY * wobble[at - 1] if at else 0.0
        wobble[at] = carried + np.sqrt(1.0 - pub.WOBBLE_MEMORY**2) * fresh[at]
    true = (level + wobble)[:, None] + pub.ITEM_OFFSET_SD * rng.standard_normal(items)
    true = true + pub.ITEM_NOISE_SD * rng.standard_normal((count, items)) - falls(rng, course)
    true -= (rng.random((count, items)) < world.harmless_dips) * rng.uniform(*HARMLESS, (count, items))
    if rng.random() < world.straight_liners:
        true[:] = 10.0
    width = 10.0 / (world.steps - 1)
    return np.asarray(np.clip(np.rint(true / width) * width, 0.0, 10.0))
