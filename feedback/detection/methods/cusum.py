"""`cusum`: how much the scores have fallen short of the person's own in all, small shortfalls not counted.

Source: Page (1954), *Continuous inspection schemes*, Biometrika 41, 100–115: what lies more than half a sigma below
the centre is added up, what lies above is taken off again, never below nought; a sum over four sigmas is a possible
rupture, and the sum starts anew. Centre and sigma as the person's own chart has them at the time (`own_chart`), as
Hawkins (1987), *Self-starting CUSUM charts*, The Statistician 36, 299–316. Says nothing before the fourth form.
"""

from feedback.detection.methods.own_chart import RunningChart

ALLOWANCE = 0.5
LIMIT = 4.0
"""The usual pair for a shift of one sigma (Montgomery 2009)."""


class Cusum(RunningChart):
    """Flags a sum of shortfalls over four sigmas."""

    name = "cusum"
    limit = LIMIT
    starts_anew = True

    def moved(self, carried: float, below: float) -> float:
        """Add the newest shortfall to the sum."""
        return max(0.0, carried + below - ALLOWANCE)
