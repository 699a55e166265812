"""How well each hidden state and level of the switching filter explains a form's answers."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from feedback.detection import parameters as par
from feedback.detection.case.reading import Reading
from feedback.detection.methods.direct import likelihood_ratio
from feedback.detection.parameters import Switching
from feedback.detection.switching import grid
from feedback.detection.switching.grid import Array
from feedback.detection.switching.monotonicity import raised
from feedback.detection.switching.patterns import Patterns
from feedback.domain.scoring import SCALE_TOP


class Weighed(NamedTuple):
    """Likelihood over state × level, up to a factor whose logarithm is `log_scale`."""

    likely: Array
    log_scale: float


class Emission:
    """The answers' side of the filter, for one instrument."""

    def __init__(self, numbers: Switching, patterns: Patterns, columns: Mapping[str, int], *, open_top: bool) -> None:
        self._par = numbers
        self._patterns = patterns
        self._columns = columns
        self._open_top = open_top
        self._deepest = int(patterns.shifts.max())

    def weigh(self, reading: Reading) -> Iterator[Weighed]:
        """Weigh the form as it is, then the same form raised.

        The raised ones are there so that a lower form never counts for less: an uneven dip may look like a rupture
        more than a deeper, even one does.
        """
        told = self._told(reading)
        if not reading.ratings:
            yield Weighed(told, 0.0)
            return
        columns = [self._columns[item] for item in reading.ratings]
        shifts = np.zeros((len(told), len(columns), 1), dtype=np.intp)
        shifts[1:, :, 0] = self._patterns.shifts[:, columns]
        table = grid.answer_table(self._par, reading.steps, self._deepest, open_top=self._open_top)
        places = self._deepest + np.arange(table.shape[1] - self._deepest) - shifts
        top = reading.steps - 1
        given = np.rint(np.array(list(reading.ratings.values())) / SCALE_TOP * top).astype(np.intp)
        spread = grid.wobble(self._par).T
        for answers in (given, *raised(given, top, self._patterns.kinds[columns])):
            fit = table[answers[None, :, None], places].sum(axis=1)
            best = fit.max()
            yield Weighed(told * (np.exp(fit - best) @ spread), float(best))

    def _told(self, reading: Reading) -> Array:
        """Return the ratio of what was said when asked directly: one row per state, *fitted* first."""
        told = np.ones((len(self._patterns.weights) + 1, 1))
        told[1:] = likelihood_ratio(reading.direct)
        if reading.place and reading.closest:
            told[1:, 0] = np.maximum(told[1:, 0] * self._about(reading.closest), likelihood_ratio(0.0))
        return told

    def _about(self, closest: tuple[str, ...]) -> Array:
        """Return how much what it was closest to speaks for each kind of rupture."""
        groups = {par.CLOSEST_TO[chosen] for chosen in closest if chosen in par.CLOSEST_TO}
        if groups:
            return np.array([par.CLOSEST_MATCH if at in groups else par.CLOSEST_OTHER for at in self._patterns.groups])
        nothing_named = par.CLOSEST_TO_NONE if set(closest) == {par.SOMETHING_ELSE} else 1.0
        return np.full(len(self._patterns.groups), nothing_named)
