"""Answers that clients sent without their therapist seeing them, as a release takes them in."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UnseenAnswer:
    """One answer that is only counted, at its place. `ratings` are on 0–10, None where skipped.

    `case_code` and `seat` name the client, so that their seen and unseen answers are one contribution; `direct` is the
    chosen answer to *did anything feel off?*.
    """

    case_code: str
    seat: str
    month: str
    instrument_id: str
    instrument_version: int
    ratings: Mapping[str, float | None]
    direct: str | None


@dataclass(frozen=True, slots=True)
class UnseenAnswers:
    """All of a quarter that count, one for each place at most, and how many clients have a contested place.

    A place (case, therapy session, seat) is contested when different forms sent different unseen answers for it, or one
    an unseen answer and another the therapist's: none of the unseen ones counts. A client is counted in `contested`
    once, however many of their places are.
    """

    answers: tuple[UnseenAnswer, ...] = ()
    contested: int = 0


NONE_UNSEEN = UnseenAnswers()
