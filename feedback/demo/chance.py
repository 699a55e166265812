"""Chance that repeats itself: the same seed gives the same case codes. Never for anything that lets anybody in."""

import numpy as np

from feedback.domain.care import CROCKFORD


class SeededChance:
    """Draws from a seeded generator."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng([seed, 1])

    def text(self, length: int) -> str:
        """Draw characters of the alphabet."""
        return "".join(CROCKFORD[place] for place in self._rng.integers(len(CROCKFORD), size=length))
