"""`pooled`: how far below this person's own usual level, known from the first form on; plus the direct answer.

Source: empirical Bayes (Efron & Morris 1975, *Data analysis using Stein's estimator*) over clinic, therapist and case;
local-level model (Harvey 1989). The innovation in standard deviations plus three times the direct answer, turned into
a probability. The documented simple fallback: it could be worked out by hand.
"""

import math

from feedback.detection.case.case_state import Memory
from feedback.detection.case.reading import Reading
from feedback.detection.methods.rule import RuleMethod, Verdict
from feedback.domain.instrument import Instrument

DIRECT_WEIGHT = 3.0


class Pooled(RuleMethod):
    """Flags the forms furthest below what was to be expected, within the clinic's budget."""

    name = "pooled"

    def __init__(self, instrument: Instrument, budget: float) -> None:
        super().__init__(instrument, budget)
        self.threshold = self.calibration.threshold(budget)

    def judge(self, reading: Reading, memory: Memory) -> Verdict:
        """Measure the innovation and add the direct answer."""
        below = 0.0
        if reading.mean is not None:
            mean, variance = memory.predicted(reading.session, len(reading.ratings))
            below = (mean - reading.mean) / math.sqrt(variance)
        probability = self.calibration.probability(below + DIRECT_WEIGHT * (reading.direct or 0.0))
        return Verdict(probability, fires=probability >= self.threshold)
