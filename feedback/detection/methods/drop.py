"""`drop`: a fall from the last answered form that is larger than chance would make it.

Source: Jacobson & Truax (1991), *Clinical significance*, Journal of Consulting and Clinical Psychology 59, 12–19: a
change is reliable beyond 1.96 standard errors of a difference, 1.96 · SD · √2 · √(1 − r). SD is the spread of single
forms, r the one-session dependability .77 (both in `parameters`).
"""

import math

from feedback.detection import parameters as par
from feedback.detection.case.case_state import Memory
from feedback.detection.case.reading import Reading
from feedback.detection.methods.rule import RuleMethod, Verdict
from feedback.domain.rupture import Evidence, EvidenceKind


def reliable_change(spread: float, reliability: float) -> float:
    """Return the smallest reliable change, in the units of `spread`. Jacobson & Truax 1991."""
    return 1.96 * spread * math.sqrt(2.0) * math.sqrt(1.0 - reliability)


class Drop(RuleMethod):
    """Flags a reliable fall from the last answered form."""

    name = "drop"
    needs_forms = 2
    limit = reliable_change(math.sqrt(par.CASE_VARIANCE + par.SESSION_VARIANCE), par.DEPENDABILITY)

    def judge(self, reading: Reading, memory: Memory) -> Verdict:
        """Compare the newest score with the last one; without one there is no fall."""
        if reading.value is None or memory.last is None:
            return Verdict(self.calibration.probability(0.0), fires=False)
        fall = memory.last - reading.value
        evidence = (Evidence(EvidenceKind.FELL_SINCE_LAST, value=reading.value, usual=memory.last),)
        fires = fall >= self.limit
        return Verdict(self.calibration.probability(fall), fires=fires, evidence=evidence if fires else ())
