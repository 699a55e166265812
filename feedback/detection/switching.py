"""`switching` (default): is this person's answer the usual one, or the answer of somebody in a rupture?

A filter over a hidden level (how this person usually answers, slowly changing) and a hidden state: *fitted*, or in a
rupture of one of several depths and item patterns. Source: Kim (1994), *Dynamic linear models with Markov-switching*,
Journal of Econometrics 60, 1–22, here exact on a grid instead of approximate; onset and length of ruptures and the
patterns as published (`parameters`). Ratings are judged item by item with the form's true answer steps, the top step
meaning "10 or more" (Tobin 1958); the direct answer enters as a likelihood ratio. What was not answered, and meetings
without a form, are simply not observed. The probability is of the answers so far and never changes afterwards.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from feedback.detection import calibration, grid
from feedback.detection import parameters as par
from feedback.detection.band import expected_score, usual_range
from feedback.detection.direct import likelihood_ratio
from feedback.detection.evidence import gather
from feedback.detection.grid import Array
from feedback.detection.memory import Memory, pooled_mean
from feedback.detection.patterns import patterns_of
from feedback.detection.raised import raised
from feedback.detection.reading import Reader, Reading
from feedback.detection.rule import level_of, open_state
from feedback.domain.errors import DetectorStateUnreadable
from feedback.domain.instrument import Instrument
from feedback.domain.rupture import Finding
from feedback.domain.scoring import SCALE_TOP
from feedback.domain.trajectory import Prior, ScoredForm


class Belief(NamedTuple):
    """What is held of a case: its memory, and mass over state × level (row 0 is *fitted*), summing to one."""

    memory: Memory
    mass: Array


def _of_rupture(mass: Array, likely: Array) -> float:
    """Give the probability of a rupture, once `mass` has been weighed by how likely each state × level is."""
    fitted = float((mass[0] * likely[0]).sum())
    rupture = float((mass[1:] * likely[1:]).sum())
    return rupture / (fitted + rupture)


class Switching:
    """The two-state filter of one instrument at one alert budget."""

    name = "switching"
    version = "1"
    needs_forms = 1

    def __init__(self, instrument: Instrument, budget: float) -> None:
        self.par = par.SWITCHING
        self.reader = Reader(instrument)
        self.open_top = instrument.detector.top_is_ceiling
        self.patterns = patterns_of(instrument, self.par)
        self.column = {item: at for at, item in enumerate(self.reader.scale_ids)}
        self.threshold = calibration.threshold(self.name, budget)
        self.tag = f"{self.name}/{self.version}".encode()
        tried = np.linspace(self.par.lowest, self.par.highest, 45)
        self.latent = tried
        self.shown = np.array(
            [expected_score(self.par, mean, self.par.start_sd, open_top=self.open_top) for mean in tried]
        )

    def observe(self, state: bytes | None, form: ScoredForm, prior: Prior) -> tuple[bytes, Finding]:
        """Take one more form; `state` is None at a case's first answered form, and `prior` matters only then."""
        reading = self.reader.read(form)
        before = self._start(prior, reading.session) if state is None else self._carried(state, reading.session)
        likely, *of_raised = self._likelihoods(reading)
        mass = before.mass * likely
        after = Belief(before.memory.after(reading), mass / mass.sum())
        probability = max(_of_rupture(before.mass, fit) for fit in (likely, *of_raised))
        return self._kept(after), self._finding(before, reading, probability)

    def _start(self, prior: Prior, session: int) -> Belief:
        """Lay out what is held before the first form: the pooled level, and a rupture as likely as any onset."""
        typical = np.interp(self.par.start_mean, self.latent, self.shown)
        mean = float(np.interp(pooled_mean(prior, float(typical)), self.shown, self.latent))
        mean += self.par.growth * (np.log(session) - self.par.growth_at_mean)
        level = grid.normal_rows(np.array([mean]), grid.levels(self.par), self.par.start_sd)[0]
        return Belief(Memory.start(prior), np.outer(self._new_states(), level))

    def _carried(self, state: bytes, session: int) -> Belief:
        """Move what was held after the last form on to this meeting."""
        belief = self._unkept(state)
        before = belief.memory.session
        mass = belief.mass
        for _ in range(max(session - before, 1)):
            fitted, rupture = mass[0], mass[1:]
            onset = np.outer(self.patterns.weights, self.par.onset * fitted)
            settled = (1.0 - self.par.onset) * fitted + (1.0 - self.par.stay) * rupture.sum(axis=0)
            mass = np.vstack([settled[None, :], self.par.stay * rupture + onset])
        return Belief(belief.memory, mass @ grid.walk(self.par, before, max(session, before + 1)))

    def _new_states(self) -> Array:
        return np.concatenate([[1.0 - self.par.onset], self.par.onset * self.patterns.weights])

    def _likelihoods(self, reading: Reading) -> Iterator[Array]:
        """Give how well each state × level explains the answers, relative to the best; then the same form raised.

        The raised ones are there so that a lower form never counts for less: an uneven dip may look like a rupture
        more than a deeper, even one does.
        """
        rows = len(self.patterns.weights) + 1
        told = np.ones((rows, 1))
        told[1:] = likelihood_ratio(reading.direct)
        if not reading.ratings:
            yield told
            return
        columns = [self.column[item] for item in reading.ratings]
        shifts = np.zeros((rows, len(columns), 1), dtype=np.intp)
        shifts[1:, :, 0] = self.patterns.shifts[:, columns]
        deepest = int(self.patterns.shifts.max())
        table = grid.answer_table(self.par, reading.steps, deepest, open_top=self.open_top)
        places = deepest + np.arange(table.shape[1] - deepest) - shifts
        top = reading.steps - 1
        given = np.rint(np.array(list(reading.ratings.values())) / SCALE_TOP * top).astype(np.intp)
        for answers in (given, *raised(given, top, self.patterns.kinds[columns])):
            fit = table[answers[None, :, None], places].sum(axis=1)
            yield told * (np.exp(fit - fit.max()) @ grid.wobble(self.par).T)

    def _finding(self, before: Belief, reading: Reading, probability: float) -> Finding:
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
