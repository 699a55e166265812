"""The person's own chart: how far a score lies below the mean of their earlier ones, in sigmas.

Centre is the mean of the earlier scores, sigma their mean moving range divided by 1.128. Source: Shewhart's chart for
individuals, as in Montgomery (2009), *Introduction to statistical quality control*; used by `control_chart`, `ewma`
and `cusum`.
"""

from feedback.detection.case.memory import Memory
from feedback.detection.case.reading import Reading

MOVING_RANGE = 1.128
"""Expected range of two draws from a normal distribution, in standard deviations."""

NEEDED = 3
"""Earlier scores before the chart says anything."""

SMALLEST_SIGMA = 0.25
"""Somebody who always answers the same has no moving range; a quarter of a point stands in. A choice."""


def sigmas_below(reading: Reading, memory: Memory) -> float | None:
    """Say how far below the centre the newest score lies; None without a score or before the fourth one."""
    if reading.value is None or memory.values < NEEDED:
        return None
    centre = memory.total / memory.values
    sigma = max(memory.moving / (memory.values - 1) / MOVING_RANGE, SMALLEST_SIGMA)
    return (centre - reading.value) / sigma
