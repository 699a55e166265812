"""What a client sent: a `Response` of answers under one version of an instrument.

A response hangs on a therapy session and a seat. It has no time, no number and no name of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from feedback.domain.audience import Audience


@dataclass(frozen=True, slots=True)
class Response:
    """Answers by item id. An item that is absent was not answered.

    `ratings` are on 0–10; `choices` hold option values, in the file's order where several are allowed; `steps` is how
    many answer steps the scales of this form had, so that easier and usual forms mix in one series.
    """

    instrument_id: str
    instrument_version: int
    language: str
    audience: Audience
    ratings: Mapping[str, float]
    choices: Mapping[str, tuple[str, ...]]
    comment: str = field(default="", repr=False)
    steps: int = 11
    who_reads_version: int = 1

    def chosen(self, item_id: str) -> str | None:
        """Return the one option chosen for an item, or nothing."""
        values = self.choices.get(item_id, ())
        return values[0] if values else None

    def says_the_same(self, other: "Response") -> bool:
        """Return whether another response gives the same answers to the same form, in whichever language it was read.

        An item left blank and an item that is absent are the same.
        """
        return _said(self) == _said(other)


def _said(response: Response) -> tuple[object, ...]:
    form = (response.instrument_id, response.instrument_version, response.steps)
    chosen = {item: frozenset(values) for item, values in response.choices.items() if values}
    return (*form, dict(response.ratings), chosen, response.comment)


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """A shared response in its place: which case, which therapy session, which seat.

    `counted_for` is the therapist of that day, into whose sums the score was counted.
    """

    case_code: str
    session_number: int
    seat: str
    response: Response
    score: float | None
    counted_for: str | None = None


class WithdrawnBy(StrEnum):
    """Why a shared answer is gone.

    The client took it back; the therapist said that it was not from their client; or a restored backup held only what
    it said before its client changed it.
    """

    CLIENT = "client"
    THERAPIST = "therapist"
    RESTORE = "restore"
