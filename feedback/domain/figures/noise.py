"""Discrete Laplace noise, drawn exactly: whole numbers only, so that no rounding of a machine can give a count away.

Canonne, Kamath & Steinke 2020, *The discrete Gaussian for differential privacy*, algorithms 1 and 2. Floating-point
samplers leak through their gaps: Mironov 2012, *On significance of the least significant bits*.
"""

import math
from fractions import Fraction

from feedback.domain.care import CROCKFORD, Chance

_BITS_PER_LETTER = 5
_LETTERS_AT_ONCE = 32
_VALUES = {letter: value for value, letter in enumerate(CROCKFORD)}


class Draws:
    """Independent draws of whole numbers, made of the letters that `Chance` gives: 5 bits each."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._bits, self._left = 0, 0

    def below(self, limit: int) -> int:
        """Draw one of 0 … limit − 1, each equally likely: draws that are too large are thrown away."""
        width = (limit - 1).bit_length()
        while True:
            drawn = self._take(width)
            if drawn < limit:
                return drawn

    def happens(self, chances: int, of: int) -> bool:
        """Draw yes with probability `chances / of`."""
        return self.below(of) < chances

    def _take(self, width: int) -> int:
        while self._left < width:
            for letter in self._chance.text(_LETTERS_AT_ONCE):
                self._bits = self._bits << _BITS_PER_LETTER | _VALUES[letter]
            self._left += _BITS_PER_LETTER * _LETTERS_AT_ONCE
        self._left -= width
        taken = self._bits >> self._left
        self._bits &= (1 << self._left) - 1
        return taken


def draw_noise(scale: Fraction, draws: Draws) -> int:
    """Draw a whole number k with probability proportional to exp(−|k| / scale). `scale` is above 0."""
    top, bottom = scale.numerator, scale.denominator
    while True:
        part = draws.below(top)
        if not _survives(part, top, draws):
            continue
        whole = 0
        while _survives(1, 1, draws):
            whole += 1
        size = (part + top * whole) // bottom
        is_negative = draws.happens(1, 2)
        if size or not is_negative:
            return -size if is_negative else size


def _survives(numerator: int, denominator: int, draws: Draws) -> bool:
    """Draw yes with probability exp(−numerator / denominator), the ratio being 0 to 1."""
    step = 1
    while draws.happens(numerator, denominator * step):
        step += 1
    return step % 2 == 1


def reach95(scale: Fraction) -> int:
    """Return the smallest k such that noise of this scale lies within ±k in at least 95 of 100 draws."""
    shrink = math.exp(-1 / float(scale))
    return max(0, math.ceil(math.log(0.05 * (1 + shrink) / 2) / math.log(shrink)) - 1)
