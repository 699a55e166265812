"""A case over time, as a detection method sees it: ratings, never a person."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScoredForm:
    """One answered form. `session` counts meetings from 1, unanswered ones included; ratings are on 0–10.

    `direct` is the answer to the direct item as its place among the options (0 = no), `closest` what it was closest
    to, `steps` how many answer steps the scales had on this form. What was not answered is absent or None.
    """

    session: int
    ratings: Mapping[str, float]
    direct: int | None = None
    closest: frozenset[str] = frozenset()
    steps: int = 11
    score: float | None = None
