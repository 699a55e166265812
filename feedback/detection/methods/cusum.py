"""`cusum`: how much the scores have fallen short of the person's own in all, small shortfalls not counted.

Source: Page (1954), *Continuous inspection schemes*, Biometrika 41, 100–115: what lies more than half a sigma below
the centre is added up, what lies above is taken off again, never below nought; a sum over four sigmas is a possible
rupture, and the sum starts anew. Centre and sigma as the person's own chart has them at the time (`own_chart`), as
Hawkins (1987), *Self-starting CUSUM charts*, The Statistician 36, 299–316. Says nothing before the fourth form.
"""

from dataclasses import replace

from feedback.detection.case.memory import Memory
from feedback.detection.case.reading import Reading
from feedback.detection.methods.own_chart import NEEDED, sigmas_below
from feedback.detection.methods.rule import RuleMethod, Verdict

ALLOWANCE = 0.5
LIMIT = 4.0
"""The usual pair for a shift of one sigma (Montgomery 2009)."""


class Cusum(RuleMethod):
    """Flags a sum of shortfalls over four sigmas."""

    name = "cusum"
    needs_forms = NEEDED + 1

    def judge(self, reading: Reading, memory: Memory) -> Verdict:
        """Add the newest shortfall to the sum."""
        below = sigmas_below(reading, memory)
        if below is None:
            return Verdict(self.calibration.probability(0.0), fires=False)
        total = _added(memory.carried, below)
        return Verdict(self.calibration.probability(total), fires=total > LIMIT)

    def remember(self, reading: Reading, memory: Memory) -> Memory:
        """Keep the sum beside the rest; after a signal it starts anew."""
        below = sigmas_below(reading, memory)
        after = memory.after(reading)
        if below is None:
            return after
        total = _added(memory.carried, below)
        return replace(after, carried=0.0 if total > LIMIT else total)


def _added(total: float, below: float) -> float:
    return max(0.0, total + below - ALLOWANCE)
