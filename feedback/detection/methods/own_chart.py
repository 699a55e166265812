"""The person's own chart: how far a score lies below the mean of their earlier ones, in sigmas.

Centre is the mean of the earlier scores, sigma their mean moving range divided by 1.128. Source: Shewhart's chart for
individuals, as in Montgomery (2009), *Introduction to statistical quality control*; used by `control_chart`, and by
`ewma` and `cusum`, which carry one number from form to form.
"""

from abc import abstractmethod
from dataclasses import replace

from feedback.detection.case.case_state import Memory
from feedback.detection.case.reading import Reading
from feedback.detection.methods.rule import RuleMethod, Verdict

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


class RunningChart(RuleMethod):
    """Flags when a number that is carried from form to form passes the limit of its chart.

    Subclasses say how the number moves with the newest distance, and where it stands against the limit.
    """

    needs_forms = NEEDED + 1
    limit: float
    starts_anew = False
    """True where the number goes back to nought after a signal."""

    @abstractmethod
    def moved(self, carried: float, below: float) -> float:
        """Return the number after a score that lies so many sigmas below the centre."""

    def standing(self, carried: float, scores: int) -> float:  # noqa: ARG002  the sum stands as it is
        """Return where the number stands, in the units of the limit, once it covers so many scores."""
        return carried

    def judge(self, reading: Reading, memory: Memory) -> Verdict:
        """Compare the number, the newest score included, with the limit."""
        below = sigmas_below(reading, memory)
        if below is None:
            return Verdict(self.calibration.probability(0.0), fires=False)
        standing = self._reached(memory, below)
        return Verdict(self.calibration.probability(standing), fires=standing > self.limit)

    def remember(self, reading: Reading, memory: Memory) -> Memory:
        """Keep the number beside the rest."""
        below = sigmas_below(reading, memory)
        after = memory.after(reading)
        if below is None:
            return after
        over = self.starts_anew and self._reached(memory, below) > self.limit
        return replace(after, carried=0.0 if over else self.moved(memory.carried, below))

    def _reached(self, memory: Memory, below: float) -> float:
        return self.standing(self.moved(memory.carried, below), memory.values - NEEDED + 1)
