"""A small sample in which every two values of different axes meet at least once; all combinations when asked."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from tests.support.soak import IS_SOAK


def sample(axes: Mapping[str, Sequence[Any]], *, whole: bool = IS_SOAK) -> list[dict[str, Any]]:
    """Return combinations, one value for each axis: greedily, the one that brings most new pairs next."""
    names = list(axes)
    everything = list(itertools.product(*(range(len(axes[name])) for name in names)))
    if whole:
        return [_named(axes, row) for row in everything]
    waiting = {pair for row in everything for pair in _pairs(row)}
    chosen = []
    while waiting:
        begun = min(waiting)
        fitting = (row for row in everything if all(row[axis] == value for axis, value in begun))
        best = max(fitting, key=lambda row: len(waiting.intersection(_pairs(row))))
        waiting.difference_update(_pairs(best))
        chosen.append(_named(axes, best))
    return chosen


def _pairs(row: tuple[int, ...]) -> set[tuple[tuple[int, int], tuple[int, int]]]:
    return set(itertools.combinations(enumerate(row), 2))


def _named(axes: Mapping[str, Sequence[Any]], row: tuple[int, ...]) -> dict[str, Any]:
    return {name: axes[name][at] for name, at in zip(axes, row, strict=True)}
