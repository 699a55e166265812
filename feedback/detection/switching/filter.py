"""`switching` (default): is this person's answer the usual one, or the answer of somebody in a rupture?

A filter over a hidden level (how this person usually answers, slowly changing) and a hidden state: *fitted*, or in a
rupture of one of several depths and item patterns. Source: Kim (1994), *Dynamic linear models with Markov-switching*,
Journal of Econometrics 60, 1–22, here exact on a grid instead of approximate; onset and length of ruptures and the
patterns as published (`parameters`). Ratings are judged item by item with the form's true answer steps, the top step
meaning "10 or more" (Tobin 1958); the direct answer, and what it was closest to, enter as likelihood ratios. What was
not answered, and meetings without a form, are simply not observed. What comes out is read as a probability by a frozen
logistic curve (`calibration`); it is of the answers so far and never changes afterwards.
"""

from typing import NamedTuple

import numpy as np

from feedback.detection import parameters as par
from feedback.detection.case.case_state import Memory
from feedback.detection.case.evidence import gather
from feedback.detection.case.reading import Reader, Reading
from feedback.detection.methods.rule import level_of, open_state
from feedback.detection.switching import grid
from feedback.detection.switching.band import usual_range
from feedback.detection.switching.emission import Emission, Weighed
from feedback.detection.switching.grid import Array
from feedback.detection.switching.patterns import patterns_of
from feedback.detection.switching.tuned import Tuned, frozen
from feedback.domain.errors import DetectorStateUnreadable
from feedback.domain.instrument import Instrument
from feedback.domain.rupture import Finding
from feedback.domain.trajectory import ScoredForm


class Belief(NamedTuple):
    """What is held of a case: its memory, and mass over state × level (row 0 is *fitted*), summing to one."""

    memory: Memory
    mass: Array


LONGEST_WALK = 64
"""Meetings without a form that are passed step by step, as ever; what goes beyond is passed in one go."""

SMALLEST_ODDS = 1e-12


def _log_odds(mass: Array, likely: Array) -> float:
    """Return the log odds of a rupture, once `mass` has been weighed by how likely each state × level is."""
    fitted = float((mass[0] * likely[0]).sum())
    rupture = float((mass[1:] * likely[1:]).sum())
    return float(np.log(max(rupture, SMALLEST_ODDS)) - np.log(max(fitted, SMALLEST_ODDS)))


class Switching:
    """The two-state filter of one instrument at one alert budget, with the frozen parameters or a clinic's own."""

    name = "switching"
    version = "4"
    needs_forms = 1

    def __init__(self, instrument: Instrument, budget: float, tuned: Tuned | None = None) -> None:
        tuned = tuned or frozen(instrument)
        self.par = tuned.numbers
        self.version = type(self).version + tuned.mark
        self.calibration = tuned.calibration
        self.reader = Reader(instrument)
        self.open_top = instrument.detector.top_is_ceiling
        self.patterns = patterns_of(instrument, self.par)
        columns = {item: at for at, item in enumerate(self.reader.scale_ids)}
        self.emission = Emission(self.par, self.patterns, columns, open_top=self.open_top)
        self.threshold = self.calibration.threshold(budget)
        self.tag = f"{self.name}/{self.version}".encode()

    def observe(self, state: bytes | None, form: ScoredForm) -> tuple[bytes, Finding]:
        """Take one more form; `state` is None at a case's first answered form."""
        reading, before = self._opened(state, form)
        plain, *of_raised = self.emission.weigh(reading)
        log_odds = max(_log_odds(before.mass, each.likely) for each in (plain, *of_raised))
        return self._taken(before, reading, plain), self._finding(before, reading, log_odds)

    def foretell(self, state: bytes | None, form: ScoredForm) -> tuple[bytes, float]:
        """Take one more form, and give the logarithm of how likely its answers were before they were given.

        For comparing parameters on the same answers (`fitting`); it says nothing about a rupture.
        """
        reading, before = self._opened(state, form)
        plain = next(self.emission.weigh(reading))
        likely = float((before.mass * plain.likely).sum())
        return self._taken(before, reading, plain), float(np.log(max(likely, SMALLEST_ODDS))) + plain.log_scale

    def _opened(self, state: bytes | None, form: ScoredForm) -> tuple[Reading, Belief]:
        reading = self.reader.read(form)
        return reading, self._start(reading.session) if state is None else self._carried(state, reading.session)

    def _taken(self, before: Belief, reading: Reading, weighed: Weighed) -> bytes:
        mass = before.mass * weighed.likely
        return self._kept(Belief(before.memory.after(reading), mass / mass.sum()))

    def _start(self, session: int) -> Belief:
        """Lay out what is held before the first form: the usual level, and a rupture as likely as any onset."""
        mean = self.par.start_mean + self.par.growth * (np.log(session) - self.par.growth_at_mean)
        level = grid.normal_rows(np.array([mean]), grid.levels(self.par), self.par.start_sd)[0]
        return Belief(Memory.start(), np.outer(self._new_states(), level))

    def _carried(self, state: bytes, session: int) -> Belief:
        """Move what was held after the last form on to this meeting."""
        belief = self._unkept(state)
        before = belief.memory.session
        gap = max(session - before, 1)
        mass = belief.mass if gap <= LONGEST_WALK else self._after(gap - LONGEST_WALK, belief.mass)
        for _ in range(min(gap, LONGEST_WALK)):
            fitted, rupture = mass[0], mass[1:]
            onset = np.outer(self.patterns.weights, self.par.onset * fitted)
            settled = (1.0 - self.par.onset) * fitted + (1.0 - self.par.stay) * rupture.sum(axis=0)
            mass = np.vstack([settled[None, :], self.par.stay * rupture + onset])
        return Belief(belief.memory, mass @ grid.walk(self.par, before, max(session, before + 1)))

    def _after(self, meetings: int, mass: Array) -> Array:
        """Return the mass after so many meetings: the same step, as the power of a matrix, in their logarithm."""
        weights = self.patterns.weights
        step = np.eye(len(weights) + 1) * self.par.stay
        step[0] = 1.0 - self.par.stay
        step[0, 0] = 1.0 - self.par.onset
        step[1:, 0] = self.par.onset * weights
        return np.asarray(np.linalg.matrix_power(step, meetings) @ mass, dtype=np.float64)

    def _new_states(self) -> Array:
        return np.concatenate([[1.0 - self.par.onset], self.par.onset * self.patterns.weights])

    def _finding(self, before: Belief, reading: Reading, log_odds: float) -> Finding:
        probability = self.calibration.probability(log_odds)
        items = len(reading.ratings) or len(self.reader.scale_ids)
        band = usual_range(self.par, before.mass[0], reading.steps, items, open_top=self.open_top)
        flag = (probability >= self.threshold or reading.clear_yes) and not reading.says_nothing
        known = before.memory.forms >= par.BAND_FROM_FORMS
        return Finding(
            method=self.name,
            version=self.version,
            probability=probability,
            flag=flag,
            level=level_of(probability, flag=flag),
            forms=before.memory.forms + 1,
            value=reading.value,
            expected_low=band[0] if known else None,
            expected_high=band[1] if known else None,
            evidence=gather(self.reader, reading, before.memory, band),
        )

    def _kept(self, belief: Belief) -> bytes:
        """Write a belief down: tag, memory, and the mass in single precision (4 kB at most)."""
        return b"\n".join([self.tag, belief.memory.dump(), belief.mass.astype("<f4").tobytes()])

    def _unkept(self, state: bytes) -> Belief:
        memory, _, mass = open_state(state, self.tag).partition(b"\n")
        shape = (len(self.patterns.weights) + 1, -1)
        try:
            held = np.frombuffer(mass, dtype="<f4").astype(np.float64).reshape(shape)
        except ValueError as error:
            raise DetectorStateUnreadable("A case's detector state is damaged. Rebuild it from its forms.") from error
        return Belief(Memory.load(memory), held / held.sum())
