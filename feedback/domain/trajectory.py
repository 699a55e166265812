"""A case over time, as a detection method sees it: ratings, never a person."""

from collections.abc import Mapping
from dataclasses import dataclass

from feedback.domain.scoring import SCALE_TOP


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

    @classmethod
    def of_sums(cls, clinic: tuple[int, float], therapist: tuple[int, float]) -> "Prior":
        """Give the prior that sums of scores allow: each is how many forms, and the total of their scores, 0–10.

        It is coarse because it is kept, also after an answer in it was withdrawn: fewer than `FEWEST_IN_PRIOR` forms
        say nothing, and a total is rounded to whole answers. That moves the level a case starts from by .15 points
        at most (docs/decisions/0034).
        """
        return cls(*_coarse(*clinic), *_coarse(*therapist))


FEWEST_IN_PRIOR = 10
"""Forms that a kept mean must rest on at least: the floor that published counts have, too."""


def _coarse(forms: int, total: float) -> tuple[int, float]:
    if forms < FEWEST_IN_PRIOR:
        return 0, 0.0
    return forms, min(SCALE_TOP, SCALE_TOP * round(total / SCALE_TOP) / forms)
