"""What a simulated client says beside the ratings: the direct answer, what it was closest to, the wish, the repair."""

import numpy as np

from feedback.detection.simulation import published as pub
from feedback.detection.simulation.course import Truth
from feedback.detection.simulation.worlds import World

CLOSEST = {
    "withdrawal": ("held_back", "pushed", "judged"),
    "task": ("other_topic", "pushed", "disagreed"),
    "bond": ("misunderstood", "judged", "slipped"),
    "identity": ("background", "misunderstood", "judged"),
    "": ("something_else", "pushed", "held_back"),
}
"""Which answers to *What was it closest to?* go with which kind, the commonest first. A choice."""

ALL_CLOSEST = tuple(dict.fromkeys(chosen for likely in CLOSEST.values() for chosen in likely))

CLOSEST_SHARES = (0.6, 0.25, 0.15)
SECOND_CHIP = 0.2


def draw_direct(rng: np.random.Generator, world: World, truth: Truth, openness: float) -> int:
    """Draw the answer to *Did anything feel off?*: 0 no, 1 not sure, 2 a little, 3 yes.

    `openness` moves the odds of saying so; it is a logarithm, 0 for the world's average.
    """
    if truth.depth:
        odds = world.says_so / (1.0 - world.says_so) * np.exp(openness)
        says = odds / (1.0 + odds) * (1.0 if truth.in_rupture else pub.AFTERMATH_SAYS)
        deep = 1.0 / (1.0 + np.exp(-3.0 * (truth.depth - pub.DEEP)))
        how = np.array(pub.SAID_HOW_SHALLOW) * (1.0 - deep) + np.array(pub.SAID_HOW_DEEP) * deep
        told = says * how
    else:
        told = np.array(pub.SAID_FOR_NOTHING) * world.says_for_nothing
    return int(np.searchsorted(np.cumsum([1.0 - told.sum(), *told[:-1]]), rng.random()))


def draw_closest(rng: np.random.Generator, world: World, truth: Truth) -> frozenset[str]:
    """Draw one or two answers to *What was it closest to?*, as option values of the built-in instrument."""
    shares = np.full(len(ALL_CLOSEST), world.astray / len(ALL_CLOSEST))
    for chosen, share in zip(CLOSEST[truth.kind], CLOSEST_SHARES, strict=True):
        shares[ALL_CLOSEST.index(chosen)] += (1.0 - world.astray) * share
    first, second = (str(rng.choice(ALL_CLOSEST, p=shares)) for _ in range(2))
    return frozenset({first, second} if rng.random() < SECOND_CHIP else {first})


def draw_wish(rng: np.random.Generator) -> str:
    """Draw what the client wants the therapist to do."""
    return str(rng.choice(list(pub.WISHES), p=list(pub.WISHES.values())))


def draw_repair(rng: np.random.Generator, truth: Truth) -> str | None:
    """Draw what the client would say to *have you two talked about it?*; nothing where there is nothing to ask."""
    if truth.onset or truth.repaired is None:
        return None
    if not truth.in_rupture and truth.repaired:
        return "helped" if rng.random() < 0.8 else "not_settled"
    return str(rng.choice(["not_settled", "would_like", "rather_not"], p=[0.35, 0.35, 0.30]))
