"""Answers that clients sent without the therapist seeing them: what is sealed of each, and which of them count.

Whoever holds a link can send through it, so a send is believed only where nothing contradicts it. That is decided for
all sends of a quarter at once, when its figures are made: nothing that a web request sees depends on another send.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from feedback.domain.figures.unseen import UnseenAnswer, UnseenAnswers


@dataclass(frozen=True, slots=True)
class Submission:
    """What is sealed of one send. `session_number` is None where a case card was used before a session was entered.

    `ratings` are on 0–10, None where skipped; `direct` is the chosen answer to *did anything feel off?*. `held_on` is
    the local date of the therapy session in the clinic's time zone.
    """

    case_code: str
    seat: str
    session_number: int | None
    held_on: date
    instrument_id: str
    instrument_version: int
    ratings: Mapping[str, float | None]
    direct: str | None

    def to_sealed(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "case": self.case_code,
            "seat": self.seat,
            "session": self.session_number,
            "held_on": self.held_on.isoformat(),
            "instrument": self.instrument_id,
            "version": self.instrument_version,
            "ratings": dict(self.ratings),
            "direct": self.direct,
        }

    @classmethod
    def from_sealed(cls, content: Mapping[str, Any]) -> "Submission":
        """Return what `to_sealed` made, or what version 0.1 sealed, which named a month and a receipt and no case.

        Each of those counts as a client of its own: it was limited to one for each code and day when it was sent.
        """
        is_former = "case" not in content
        return cls(
            case_code=f"former:{content['receipt']}" if is_former else content["case"],
            seat="A" if is_former else content["seat"],
            session_number=None if is_former else content["session"],
            held_on=date.fromisoformat(f"{content['month']}-01" if is_former else content["held_on"]),
            instrument_id=content["instrument"],
            instrument_version=content["version"],
            ratings=content["ratings"],
            direct=content["direct"],
        )

    @property
    def said(self) -> tuple[object, ...]:
        """Return what was answered, to compare two sends."""
        return self.instrument_id, self.instrument_version, tuple(sorted(self.ratings.items())), self.direct


@dataclass(frozen=True, slots=True)
class Meetings:
    """A quarter's therapy sessions: their numbers by case and local date, and where the therapist has an answer.

    `shared` holds case, number of the session, and seat.
    """

    numbers: Mapping[tuple[str, date], tuple[int, ...]]
    shared: frozenset[tuple[str, int, str]]

    def number_of(self, sent: Submission) -> int | None:
        """Return the session a send is about: its own, or the first one entered for its day since; else None."""
        if sent.session_number is not None:
            return sent.session_number
        return min(self.numbers.get((sent.case_code, sent.held_on), ()), default=None)


def count_submissions(sent: Iterable[Submission], meetings: Meetings) -> UnseenAnswers:
    """Return what counts: one answer for each case, session and seat, and none where the therapist has one.

    Sends that agree count once; where they contradict each other, none counts.
    """
    by_place: dict[tuple[str, int | date, str], list[Submission]] = defaultdict(list)
    for each in sent:
        number = meetings.number_of(each)
        if number is None or (each.case_code, number, each.seat) not in meetings.shared:
            by_place[each.case_code, each.held_on if number is None else number, each.seat].append(each)
    agreed = [sends[0] for sends in by_place.values() if len({each.said for each in sends}) == 1]
    contested = {(case, seat) for (case, _, seat), sends in by_place.items() if len({each.said for each in sends}) > 1}
    return UnseenAnswers(tuple(map(_counted, agreed)), len(contested))


def _counted(sent: Submission) -> UnseenAnswer:
    return UnseenAnswer(
        case_code=sent.case_code,
        seat=sent.seat,
        month=f"{sent.held_on:%Y-%m}",
        instrument_id=sent.instrument_id,
        instrument_version=sent.instrument_version,
        ratings=sent.ratings,
        direct=sent.direct,
    )
