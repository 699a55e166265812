"""The usual range of the switching filter: what a form's score would be, were nothing wrong, ceiling included."""

import math
from functools import lru_cache

import numpy as np

from feedback.detection.parameters import Switching
from feedback.detection.switching import grid
from feedback.detection.switching.grid import Array

SCORES = np.linspace(0.0, 10.0, 101)
CENTRAL = (0.1, 0.9)

SMALLEST_SD = 0.05
"""At the very top all answers are alike; the range keeps a hair's breadth."""


@lru_cache(maxsize=128)
def _score_shares(chosen: Switching, steps: int, items: int, *, open_top: bool) -> Array:
    """Return P(score of `items` answers ≤ x | where the form's mean lies): means × scores."""
    shares = np.exp(grid.answer_table(chosen, steps, 0, open_top=open_top))
    shares /= shares.sum(axis=0, keepdims=True)
    answers = np.linspace(0.0, 10.0, steps)
    centre = answers @ shares
    sd = np.sqrt(np.maximum((answers**2) @ shares - centre**2, 0.0) / items)
    z = (SCORES[None, :] - centre[:, None]) / np.maximum(sd, SMALLEST_SD)[:, None]
    return np.asarray([[0.5 * math.erfc(-at / math.sqrt(2.0)) for at in row] for row in z])


def expected_score(chosen: Switching, mean: float, sd: float, *, open_top: bool) -> float:
    """Return the mean score on 0–10 that levels spread normally around `mean` would show under the ceiling."""
    start = grid.normal_rows(np.array([mean]), grid.levels(chosen), sd)[0]
    cumulative = (start @ grid.wobble(chosen)) @ _score_shares(chosen, 11, 6, open_top=open_top)
    return float(10.0 - np.trapezoid(cumulative, SCORES))


def usual_range(chosen: Switching, fitted: Array, steps: int, items: int, *, open_top: bool) -> tuple[float, float]:
    """Return the central 80 % of the score, 0–10, for levels distributed as `fitted` (it need not sum to one)."""
    places = (fitted / fitted.sum()) @ grid.wobble(chosen)
    cumulative = places @ _score_shares(chosen, steps, items, open_top=open_top)
    low, high = np.interp(CENTRAL, cumulative, SCORES)
    return float(low), float(high)
