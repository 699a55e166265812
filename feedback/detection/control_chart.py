"""`control_chart`: a score outside the limits of the person's own earlier scores.

Source: Eubanks-Carter, Gorman & Muran (2012), *Quantitative naturalistic methods for detecting change points in
psychotherapy research*, Psychotherapy Research 22, 621–637. Individuals chart (Shewhart): centre is the mean of the
earlier scores, sigma their mean moving range divided by 1.128; below two sigma is a possible rupture. Says nothing
before the fourth form.
"""

from feedback.detection import calibration
from feedback.detection.memory import Memory
from feedback.detection.reading import Reading
from feedback.detection.rule import RuleMethod, Verdict

MOVING_RANGE = 1.128
"""Expected range of two draws from a normal distribution, in standard deviations."""

SIGMAS = 2.0
NEEDED = 3

SMALLEST_SIGMA = 0.25
"""Somebody who always answers the same has no moving range; a quarter of a point stands in. A choice."""


class ControlChart(RuleMethod):
    """Flags a score two sigma below the centre of the earlier ones."""

    name = "control_chart"
    needs_forms = NEEDED + 1

    def judge(self, reading: Reading, memory: Memory) -> Verdict:
        """Measure the newest score in sigmas below the centre."""
        if reading.value is None or memory.values < NEEDED:
            return Verdict(calibration.logistic(self.name, 0.0), fires=False)
        centre = memory.total / memory.values
        sigma = max(memory.moving / (memory.values - 1) / MOVING_RANGE, SMALLEST_SIGMA)
        below = (centre - reading.value) / sigma
        return Verdict(calibration.logistic(self.name, below), fires=below > SIGMAS)
