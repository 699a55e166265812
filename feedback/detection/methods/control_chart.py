"""`control_chart`: a score outside the limits of the person's own earlier scores.

Source: Eubanks-Carter, Gorman & Muran (2012), *Quantitative naturalistic methods for detecting change points in
psychotherapy research*, Psychotherapy Research 22, 621–637. Individuals chart (Shewhart): more than two sigma below the
centre (`own_chart`) is a possible rupture. Says nothing before the fourth form.
"""

from feedback.detection.case.case_state import Memory
from feedback.detection.case.reading import Reading
from feedback.detection.methods.own_chart import NEEDED, sigmas_below
from feedback.detection.methods.rule import RuleMethod, Verdict

SIGMAS = 2.0


class ControlChart(RuleMethod):
    """Flags a score two sigma below the centre of the earlier ones."""

    name = "control_chart"
    needs_forms = NEEDED + 1

    def judge(self, reading: Reading, memory: Memory) -> Verdict:
        """Measure the newest score in sigmas below the centre."""
        below = sigmas_below(reading, memory) or 0.0
        return Verdict(self.calibration.probability(below), fires=below > SIGMAS)
