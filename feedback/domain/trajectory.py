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


@dataclass(frozen=True, slots=True)
class Prior:
    """What is known before a case's first form: forms of the clinic and of the therapist dated before that day.

    Counts of forms and means of their scores on 0–10. Fixed when the first form arrives and kept in the case's
    state, so that later forms of other people never change this one's result. Anonymous answers never enter.
    """

    clinic_forms: int = 0
    clinic_mean: float = 0.0
    therapist_forms: int = 0
    therapist_mean: float = 0.0
