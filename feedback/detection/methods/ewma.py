"""`ewma`: several scores in a row a little below the person's own, weighed the more the newer they are.

Source: Roberts (1959), *Control chart tests based on geometric moving averages*, Technometrics 1, 239–250; weight and
limit from Lucas & Saccucci (1990), Technometrics 32, 1–12. The average is of distances from the person's own centre at
the time (`own_chart`), as Hawkins (1987) does it for charts that start without a history. Says nothing before the
fourth form.
"""

import math
from dataclasses import replace

from feedback.detection.case.memory import Memory
from feedback.detection.case.reading import Reading
from feedback.detection.methods.own_chart import NEEDED, sigmas_below
from feedback.detection.methods.rule import RuleMethod, Verdict

WEIGHT = 0.4
LIMIT = 3.054
"""Lucas & Saccucci's pair for a large shift; a false alarm in 500 forms where their assumptions hold."""


class Ewma(RuleMethod):
    """Flags a moving average of the scores that has left the limits of the person's own chart."""

    name = "ewma"
    needs_forms = NEEDED + 1

    def judge(self, reading: Reading, memory: Memory) -> Verdict:
        """Measure the moving average in its own sigmas below the centre."""
        below = sigmas_below(reading, memory)
        if below is None:
            return Verdict(self.calibration.probability(0.0), fires=False)
        averaged = memory.values - NEEDED + 1
        spread = math.sqrt(WEIGHT / (2.0 - WEIGHT) * (1.0 - (1.0 - WEIGHT) ** (2 * averaged)))
        standing = _moved(memory.carried, below) / spread
        return Verdict(self.calibration.probability(standing), fires=standing > LIMIT)

    def remember(self, reading: Reading, memory: Memory) -> Memory:
        """Keep the moving average beside the rest."""
        below = sigmas_below(reading, memory)
        after = memory.after(reading)
        return after if below is None else replace(after, carried=_moved(memory.carried, below))


def _moved(average: float, below: float) -> float:
    return WEIGHT * below + (1.0 - WEIGHT) * average
