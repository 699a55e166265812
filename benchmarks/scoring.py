"""Scores of a detector on a world whose truth is known. Definitions: docs/detection.md, *How good it is*."""

from typing import NamedTuple

import numpy as np

BUDGET = 0.08
WATCHED = 4
"""A rupture counts as caught when one of its first four therapy sessions is flagged."""


class Scores(NamedTuple):
    """One line of the table. AUC by how many forms the case had by then; `caught` and `ppv` at 8 % of forms."""

    auc: float
    first: float
    early: float
    later: float
    caught: float
    ppv: float


def auc(positive: np.ndarray, negative: np.ndarray) -> float:
    """Give the chance that a positive outranks a negative, ties counting half (Mann & Whitney 1947)."""
    both = np.concatenate([positive, negative])
    _, place, counts = np.unique(both, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    count = len(positive)
    if not count or not len(negative):
        return float("nan")
    return float((ranks[:count].sum() - count * (count + 1) / 2) / (count * len(negative)))


def flagged(outputs: np.ndarray, share: float) -> np.ndarray:
    """Mark the given share of the answered forms with the highest output; ties are broken by a seeded draw."""
    answered = np.flatnonzero(~np.isnan(outputs))
    draw = np.random.default_rng(0).random(len(answered))
    order = answered[np.lexsort((draw, -outputs[answered]))]
    marks = np.zeros(len(outputs), dtype=bool)
    marks[order[: round(share * len(answered))]] = True
    return marks


def episodes(onset: np.ndarray, in_rupture: np.ndarray, case: np.ndarray) -> list[np.ndarray]:
    """Give each rupture's rows: its onset and the rows in the same rupture that follow, four at most."""
    found = []
    for start in np.flatnonzero(onset):
        end = start + 1
        while (
            end < len(onset)
            and end - start < WATCHED
            and case[end] == case[start]
            and in_rupture[end]
            and not onset[end]
        ):
            end += 1
        found.append(np.arange(start, end))
    return found


def score(
    outputs: np.ndarray, forms: np.ndarray, case: np.ndarray, truth: tuple[np.ndarray, np.ndarray, np.ndarray]
) -> Scores:
    """Score outputs (NaN where no form came back); `forms` counts a case's answered forms up to each row."""
    onset, in_rupture, excluded = truth
    answered = ~np.isnan(outputs)
    positive, negative = answered & onset, answered & ~in_rupture & ~excluded

    def between(low: int, high: int) -> float:
        here = (forms >= low) & (forms <= high)
        return auc(outputs[positive & here], outputs[negative & here])

    marks = flagged(outputs, BUDGET)
    answerable = [rows for rows in episodes(onset, in_rupture, case) if answered[rows].any()]
    caught = float(np.mean([marks[rows].any() for rows in answerable]))
    return Scores(between(1, 10**6), between(1, 1), between(2, 4), between(5, 10**6), caught, in_rupture[marks].mean())
