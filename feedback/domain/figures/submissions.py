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

    `ratings` are on 0–10 to a thousandth of a point, None where skipped; `direct` is the chosen answer to *did anything
    feel off?*. `held_on` is the local date of the therapy session in the clinic's time zone. `form` is the keyed hash
    of the receipt of the form it was sent with, in hexadecimal digits; empty where an earlier version sealed none.
    """

    case_code: str
    seat: str
    session_number: int | None
    held_on: date
    instrument_id: str
    instrument_version: int
    ratings: Mapping[str, float | None]
    direct: str | None
    form: str = ""

    def to_sealed(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "case": self.case_code,
            "seat": self.seat,
            "session": self.session_number,
            "held_on": self.held_on.isoformat(),
            "instrument": self.instrument_id,
            "version": self.instrument_version,
            "ratings": {item: None if value is None else round(value * 1000) for item, value in self.ratings.items()},
            "direct": self.direct,
            "form": self.form,
        }

    @classmethod
    def from_sealed(cls, content: Mapping[str, Any]) -> "Submission":
        """Return what `to_sealed` made, or what earlier versions sealed, whose ratings are points and name no form.

        Version 0.1 named a month and a receipt and no case: each of those counts as a client of its own, since it was
        limited to one for each code and day when it was sent.
        """
        is_former = "case" not in content
        points = 1000 if "form" in content else 1
        return cls(
            case_code=f"former:{content['receipt']}" if is_former else content["case"],
            seat="A" if is_former else content["seat"],
            session_number=None if is_former else content["session"],
            held_on=date.fromisoformat(f"{content['month']}-01" if is_former else content["held_on"]),
            instrument_id=content["instrument"],
            instrument_version=content["version"],
            ratings={item: _rounded(value, points) for item, value in content["ratings"].items()},
            direct=content["direct"],
            form=content["receipt"] if is_former else content.get("form", ""),
        )

    @property
    def said(self) -> tuple[object, ...]:
        """Return what was answered, to compare two sends."""
        return self.instrument_id, self.instrument_version, tuple(sorted(self.ratings.items())), self.direct


@dataclass(frozen=True, slots=True)
class Meetings:
    """A quarter's therapy sessions: their numbers by case and local date, and where the therapist has an answer.

    `shared` names, by case, number of the session and seat, the form that answer was sent with: see `Submission.form`.
    """

    numbers: Mapping[tuple[str, date], tuple[int, ...]]
    shared: Mapping[tuple[str, int, str], str]

    def number_of(self, sent: Submission) -> int | None:
        """Return the session a send is about: its own, or the first one entered for its day since; else None."""
        if sent.session_number is not None:
            return sent.session_number
        return min(self.numbers.get((sent.case_code, sent.held_on), ()), default=None)


def count_submissions(sent: Iterable[Submission], meetings: Meetings) -> UnseenAnswers:
    """Return what counts: one answer for each case, session and seat, and none where the therapist has one.

    Sends that agree count once; where they contradict each other, none counts. A place is contested where that is so,
    and where the therapist's answer came from another form.
    """
    by_place: dict[tuple[str, int | date, str], list[Submission]] = defaultdict(list)
    contested: set[tuple[str, str]] = set()
    for each in sent:
        number = meetings.number_of(each)
        shared = None if number is None else meetings.shared.get((each.case_code, number, each.seat))
        if shared is None:
            by_place[each.case_code, each.held_on if number is None else number, each.seat].append(each)
        elif each.form not in {"", shared}:
            contested.add((each.case_code, each.seat))
    agreed = [sends[0] for sends in by_place.values() if len({each.said for each in sends}) == 1]
    contested |= {(case, seat) for (case, _, seat), sends in by_place.items() if len({each.said for each in sends}) > 1}
    return UnseenAnswers(tuple(map(_counted, agreed)), len(contested))


def _rounded(value: float | None, in_a_point: int) -> float | None:
    return None if value is None else round(value / in_a_point, 3)


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
