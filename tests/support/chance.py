"""Chance that can be told what to do."""

import random

from feedback.domain.care import CROCKFORD


class SeededChance:
    """The same draws for the same seed."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)  # noqa: S311  repeatable draws are the purpose

    def text(self, length: int) -> str:
        """Draw characters of the alphabet."""
        return "".join(self._random.choices(CROCKFORD, k=length))
