"""Scores of a detector on a world whose truth is known. Definitions: docs/detection.md, *How good it is*."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback.detection.evaluation.run import Counts, Numbers, Outcome
from feedback.detection.evaluation.worlds import KnownTruth, Marks

BUDGETS = (0.05, 0.08, 0.10)
"""The shares of answered forms flagged for which the table is made."""

WATCHED = 4
"""A rupture counts as caught when one of its first four therapy sessions is flagged."""


@dataclass(frozen=True, slots=True)
class Scores:
    """One line of the table: AUC in all and by how many forms the case had by then; the rest by budget.

    `caught`: share of answerable ruptures flagged. `right`: share of flags in a rupture or in what is left of one
    (positive predictive value). `right_now`: share of flags in a rupture itself. `delay`: therapy sessions from the
    beginning of a rupture to its first flag, mean over those caught.
    """

    auc: float
    first: float
    early: float
    later: float
    caught: Mapping[float, float]
    right: Mapping[float, float]
    right_now: Mapping[float, float]
    delay: Mapping[float, float]


@dataclass(frozen=True, slots=True)
class Tenth:
    """Forms whose probability lies in one tenth of 0–1: how many, the mean they were given, and the share that was."""

    low: float
    count: int
    given: float
    was: float

    @property
    def gap(self) -> float:
        """Return how far the mean given lies from the share that was."""
        return abs(self.given - self.was)


def auc(positive: Numbers, negative: Numbers) -> float:
    """Return the chance that a positive outranks a negative, ties counting half (Mann & Whitney 1947)."""
    both = np.concatenate([positive, negative])
    _, place, counts = np.unique(both, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    count = len(positive)
    if not count or not len(negative):
        return float("nan")
    return float((ranks[:count].sum() - count * (count + 1) / 2) / (count * len(negative)))


def roc(outcome: Outcome, truth: KnownTruth, points: int = 101) -> tuple[Numbers, Numbers]:
    """Return the share of onsets flagged at evenly spaced shares of other forms flagged; ties are flagged in part."""
    positive, negative = (np.sort(outcome.probability[marks]) for marks in _classes(outcome, truth))
    limits = np.unique(np.concatenate([positive, negative]))[::-1]
    found, wrong = (np.concatenate([[0.0], 1.0 - np.searchsorted(of, limits) / len(of)]) for of in (positive, negative))
    even = np.linspace(0.0, 1.0, points)
    return np.concatenate([[0.0], even]), np.concatenate([[0.0], np.interp(even, wrong, found)])


def flagged(probability: Numbers, share: float) -> Marks:
    """Mark the given share of the answered forms with the highest output; ties are broken by a seeded draw."""
    answered = np.flatnonzero(~np.isnan(probability))
    drawn = np.random.default_rng(0).random(len(answered))
    order = answered[np.lexsort((drawn, -probability[answered]))]
    marks = np.zeros(len(probability), dtype=bool)
    marks[order[: round(share * len(answered))]] = True
    return marks


def episodes(truth: KnownTruth, case: Counts) -> list[NDArray[np.int_]]:
    """Return each rupture's rows: its onset and the rows in the same rupture that follow, four at most."""
    found = []
    for start in map(int, np.flatnonzero(truth.onset)):
        end = start + 1
        while end < len(case) and end - start < WATCHED and _goes_on(truth, case, start, end):
            end += 1
        found.append(np.arange(start, end))
    return found


def _goes_on(truth: KnownTruth, case: Counts, start: int, at: int) -> bool:
    return bool(case[at] == case[start] and truth.in_rupture[at] and not truth.onset[at])


def _classes(outcome: Outcome, truth: KnownTruth) -> tuple[Marks, Marks]:
    return outcome.answered & truth.onset, outcome.answered & ~truth.touched


def _answerable(outcome: Outcome, truth: KnownTruth) -> list[NDArray[np.int_]]:
    return [rows for rows in episodes(truth, outcome.case) if outcome.answered[rows].any()]


def caught_at(marks: Marks, outcome: Outcome, truth: KnownTruth) -> float:
    """Return the share of answerable ruptures that are flagged, for flags given as marks."""
    return float(np.mean([marks[rows].any() for rows in _answerable(outcome, truth)]))


def score(outcome: Outcome, truth: KnownTruth) -> Scores:
    """Score what a method said of a world."""
    positive, negative = _classes(outcome, truth)

    def between(low: int, high: int) -> float:
        here = (outcome.forms >= low) & (outcome.forms <= high)
        return auc(outcome.probability[positive & here], outcome.probability[negative & here])

    answerable = _answerable(outcome, truth)
    caught, right, right_now, delay = {}, {}, {}, {}
    for budget in BUDGETS:
        marks = flagged(outcome.probability, budget)
        waits = [int(np.argmax(marks[rows])) for rows in answerable if marks[rows].any()]
        caught[budget] = len(waits) / max(len(answerable), 1)
        right[budget] = float(truth.touched[marks].mean()) if marks.any() else float("nan")
        right_now[budget] = float(truth.in_rupture[marks].mean()) if marks.any() else float("nan")
        delay[budget] = float(np.mean(waits)) if waits else float("nan")
    return Scores(between(1, 10**6), between(1, 1), between(2, 4), between(5, 10**6), caught, right, right_now, delay)


def _mean(values: Sequence[float]) -> float:
    """Average what is there; a world without a first form, say, has nothing to add."""
    there = [value for value in values if not np.isnan(value)]
    return float(np.mean(there)) if there else float("nan")


def mean_of(found: Sequence[Scores]) -> Scores:
    """Average scores over worlds, each world counting the same."""

    def of(name: str) -> float:
        return _mean([getattr(each, name) for each in found])

    def at(name: str) -> dict[float, float]:
        return {budget: _mean([getattr(each, name)[budget] for each in found]) for budget in BUDGETS}

    return Scores(
        of("auc"), of("first"), of("early"), of("later"), at("caught"), at("right"), at("right_now"), at("delay")
    )


def tenths(outcomes: Sequence[Outcome], truths: Sequence[KnownTruth]) -> tuple[Tenth, ...]:
    """Put the answered forms of all worlds together by the tenth their probability lies in; empty ones are left out."""
    given = np.concatenate([outcome.probability[outcome.answered] for outcome in outcomes])
    was = np.concatenate([t.touched[o.answered] for o, t in zip(outcomes, truths, strict=True)])
    tenth = np.minimum((given * 10).astype(int), 9)
    return tuple(
        Tenth(at / 10, int((tenth == at).sum()), float(given[tenth == at].mean()), float(was[tenth == at].mean()))
        for at in range(10)
        if (tenth == at).any()
    )
