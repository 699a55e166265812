"""The level grid of the switching filter: where levels lie, how they move, and how an answer speaks about them."""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from feedback.detection.parameters import Switching

Array = NDArray[np.float64]

SPREAD_STEPS = 9
"""How many grid steps beyond the levels one form's mean may lie: three standard deviations of the wobble."""


def levels(chosen: Switching) -> Array:
    """Return the levels, in points; above 10 they differ only in how surely the top is answered."""
    count = round((chosen.highest - chosen.lowest) / chosen.step) + 1
    return np.asarray(chosen.lowest + chosen.step * np.arange(count), dtype=np.float64)


def means(chosen: Switching) -> Array:
    """Return the places where one form's mean may lie: the levels and `SPREAD_STEPS` on either side."""
    inner = levels(chosen)
    steps = np.arange(-SPREAD_STEPS, len(inner) + SPREAD_STEPS)
    return np.asarray(chosen.lowest + chosen.step * steps, dtype=np.float64)


def normal_rows(centres: Array, places: Array, sd: float) -> Array:
    """Return one normal distribution per centre over the places, each row summing to one."""
    rows = np.exp(-0.5 * ((places[None, :] - centres[:, None]) / sd) ** 2)
    return np.asarray(rows / rows.sum(axis=1, keepdims=True))


@lru_cache(maxsize=8)
def wobble(chosen: Switching) -> Array:
    """Return how one form's mean lies around the level: levels × means."""
    return normal_rows(levels(chosen), means(chosen), chosen.wobble_sd)


@lru_cache(maxsize=512)
def walk(chosen: Switching, before: int, session: int) -> Array:
    """Return how the level moves from one meeting to a later one: levels × levels.

    A random walk with growth in the logarithm of the meeting's number; one jump anywhere in ten thousand keeps every
    level possible. Meetings without a form only add time.
    """
    grid = levels(chosen)
    growth = chosen.growth * (math.log(session) - math.log(before))
    rows = normal_rows(grid + growth, grid, math.sqrt(chosen.walk_variance * (session - before)))
    return (1.0 - chosen.jump) * rows + chosen.jump / len(grid)


def _log_share(low: float, high: float) -> float:
    """Return log P(low < Z < high) for a standard normal Z, exact far out in either tail."""
    if low > 0.0:
        low, high = -high, -low
    share = 0.5 * (math.erfc(-high / math.sqrt(2.0)) - math.erfc(-low / math.sqrt(2.0)))
    return math.log(max(share, 1e-300))


@lru_cache(maxsize=32)
def answer_table(chosen: Switching, steps: int, deepest: int, *, open_top: bool) -> Array:
    """Return log P(answer | where the item lies): answers × places, the places starting `deepest` steps below `means`.

    An answer is the true value rounded to the nearest step; the lowest stands for everything below it and, with
    `open_top`, the highest for everything above it ("10 or more").
    """
    width = 10.0 / (steps - 1)
    places = means(chosen)[0] + chosen.step * np.arange(-deepest, len(means(chosen)))
    table = np.empty((steps, len(places)))
    for answer in range(steps):
        low = -math.inf if answer == 0 else (answer - 0.5) * width
        high = math.inf if answer == steps - 1 and open_top else (answer + 0.5) * width
        for column, place in enumerate(places):
            table[answer, column] = _log_share((low - place) / chosen.item_sd, (high - place) / chosen.item_sd)
    return table
