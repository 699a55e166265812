"""Fitting the `switching` filter to a clinic's own answers, offline: how high people mark there, how much they vary.

Only what answers can tell is fitted (`tuned.BOUNDS`); what a rupture does stays as it was frozen, because answers do
not say which of them were one. Two cases in three are fitted to, every third is set aside; the result is kept only if
it foretells the answers set aside at least as well as the frozen parameters do (mean logarithm of how likely they were:
Good 1952, *Rational decisions*), else refused. The limits of the alert budgets are then drawn towards those that flag
the stated share of this clinic's forms.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from feedback.detection.calibration import PERCENT
from feedback.detection.switching.filter import Switching
from feedback.detection.switching.tuned import BOUNDS, Tuned, frozen, tuned
from feedback.detection.table.rows import CaseKey, Table, in_turn, judge
from feedback.domain.errors import DetectorParametersWrong
from feedback.domain.instrument import Instrument
from feedback.domain.trajectory import ScoredForm

LEAST_CASES = 60
"""Cases with an answered form below which nothing is fitted."""

MOST_CASES = 240
"""Cases used, evenly spread over the table: more would take long and move the numbers little."""

HELD_OUT = 3
"""Every third case is set aside for the check."""

STEPS = (1.25, 1.1, 1.04)
"""Factors by which each number is tried up and down, in one pass after the other."""

LIMIT_FORMS = 1000.0
"""How many forms of its own a clinic needs for its limits to count as much as the frozen ones. A choice."""

Case = tuple[ScoredForm, ...]
Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Fit:
    """What a fit brought: the parameters, the cases and forms behind them, and the gain on those set aside.

    `gain` is in logarithms of likelihood per form.
    """

    tuned: Tuned
    cases: int
    forms: int
    gain: float


def fit(table: Table, instrument: Instrument, told: Told = lambda _: None) -> Fit:
    """Fit to a table's answers; `told` hears of each pass. Raises `DetectorParametersWrong` when it may not be used."""
    cases = _cases(table)
    if len(cases) < LEAST_CASES:
        raise DetectorParametersWrong(
            f"A fit needs {LEAST_CASES} cases with an answered form; there are {len(cases)}. "
            "Use the frozen parameters: leave --fit out."
        )
    aside = cases[::HELD_OUT]
    fitted_to = [case for at, case in enumerate(cases) if at % HELD_OUT]
    start = frozen(instrument)
    found = _searched(instrument, start, fitted_to, told)
    gain = _foretold(instrument, found, aside) - _foretold(instrument, start, aside)
    if gain < 0.0:
        raise DetectorParametersWrong(
            f"The fitted parameters foretell the answers set aside worse than the frozen ones ({gain:.4f} per form). "
            "Nothing was written. Use the frozen parameters: leave --fit out."
        )
    made = tuned(instrument, {name: getattr(found.numbers, name) for name in BOUNDS}, start.calibration.limits)
    made = tuned(instrument, {name: getattr(made.numbers, name) for name in BOUNDS}, _limits(table, instrument, made))
    return Fit(made, len(cases), sum(map(len, cases)), gain)


def _cases(table: Table) -> list[Case]:
    forms: dict[CaseKey, list[ScoredForm]] = {}
    for row, form in in_turn(table):
        forms.setdefault(row.case, []).append(form)
    keys = list(forms)
    chosen = keys if len(keys) <= MOST_CASES else [keys[at * len(keys) // MOST_CASES] for at in range(MOST_CASES)]
    return [tuple(forms[key]) for key in chosen]


def _foretold(instrument: Instrument, parameters: Tuned, cases: Sequence[Case]) -> float:
    """Return the mean logarithm of how likely the answers were, per form."""
    method = Switching(instrument, 0.08, parameters)
    told = []
    for forms in cases:
        state: bytes | None = None
        for form in forms:
            state, likely = method.foretell(state, form)
            told.append(likely)
    return float(np.mean(told))


def _searched(instrument: Instrument, start: Tuned, cases: Sequence[Case], told: Told) -> Tuned:
    """Move one number after the other by smaller and smaller factors, as long as the answers become likelier."""
    best, height = start, _foretold(instrument, start, cases)
    for step in STEPS:
        told(f"steps of {step - 1:.0%}: {height:.4f} per form")
        for name in BOUNDS:
            for factor in (step, 1.0 / step):
                while True:
                    tried = _moved(best, name, factor)
                    reached = _foretold(instrument, tried, cases) if tried is not None else -math.inf
                    if tried is None or reached <= height:
                        break
                    best, height = tried, reached
    return best


def _moved(parameters: Tuned, name: str, factor: float) -> Tuned | None:
    value = getattr(parameters.numbers, name) * factor
    low, high = BOUNDS[name]
    if not low <= value <= high:
        return None
    change: dict[str, Any] = {name: value}
    return replace(parameters, numbers=replace(parameters.numbers, **change))


def _limits(table: Table, instrument: Instrument, parameters: Tuned) -> dict[int, float]:
    """Draw the frozen limits towards those that flag each budget's share of these forms."""
    method = Switching(instrument, 0.08, parameters)
    given = np.array([finding.probability for _, _, finding in judge(table, method)])
    own_share = len(given) / (len(given) + LIMIT_FORMS)
    limits, highest = {}, 1.0
    for percent in PERCENT:
        own = float(np.clip(np.quantile(given, 1 - percent / 100), 1e-4, 1 - 1e-4))
        shipped = parameters.calibration.limits[percent]
        mixed = own_share * math.log(own / (1 - own)) + (1 - own_share) * math.log(shipped / (1 - shipped))
        highest = min(highest, 1 / (1 + math.exp(-mixed)))
        limits[percent] = round(highest, 4)
    return limits
