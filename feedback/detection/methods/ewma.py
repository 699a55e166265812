"""`ewma`: several scores in a row a little below the person's own, weighed the more the newer they are.

Source: Roberts (1959), *Control chart tests based on geometric moving averages*, Technometrics 1, 239–250; weight and
limit from Lucas & Saccucci (1990), Technometrics 32, 1–12. The average is of distances from the person's own centre at
the time (`own_chart`), as Hawkins (1987) does it for charts that start without a history. Says nothing before the
fourth form.
"""

import math

from feedback.detection.methods.own_chart import RunningChart

WEIGHT = 0.4
LIMIT = 3.054
"""Lucas & Saccucci's pair for a large shift; a false alarm in 500 forms where their assumptions hold."""


class Ewma(RunningChart):
    """Flags a moving average of the scores that has left the limits of the person's own chart."""

    name = "ewma"
    limit = LIMIT

    def moved(self, carried: float, below: float) -> float:
        """Weigh the newest distance in."""
        return WEIGHT * below + (1.0 - WEIGHT) * carried

    def standing(self, carried: float, scores: int) -> float:
        """Measure the moving average in its own sigmas."""
        return carried / math.sqrt(WEIGHT / (2.0 - WEIGHT) * (1.0 - (1.0 - WEIGHT) ** (2 * scores)))
