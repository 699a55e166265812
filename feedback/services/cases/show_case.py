"""One case as its therapist sees it: by seat, the trajectory, each answered form, its flags and what became of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from feedback.domain.care import Case
from feedback.domain.instrument import Instrument
from feedback.domain.response import StoredResponse, WithdrawnBy
from feedback.domain.rupture import Finding, FlagReview, RuptureFlag
from feedback.persistence.answers import responses, withdrawals
from feedback.persistence.database import UnitOfWork
from feedback.persistence.desk import overview
from feedback.persistence.desk.overview import MeetingRow
from feedback.persistence.flags import findings, flags
from feedback.security.keyring import Keyring
from feedback.services.answers.comments import read_comment
from feedback.services.cases.open_case import read_label
from feedback.services.cases.open_to import CaseAccess
from feedback.services.flags.record_repair import Repair, read_case_repairs
from feedback.services.flags.repair_story import FlagStory, LaterAnswer, later_answer

USUAL_FROM = 2
"""Earlier answers to an item before its usual value is shown: from the third form on, like the range."""


@dataclass(frozen=True, slots=True)
class AnsweredForm:
    """One shared form in its place: answers, finding, and this person's own earlier mean per item on 0–10."""

    meeting: MeetingRow
    stored: StoredResponse
    finding: Finding | None
    usual: Mapping[str, float]
    comment: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class SeatFile:
    """What one person of a case shared. Meetings are in the order they were held, flags newest first.

    `ratings` are the answers on 0–10 by number of the meeting, then by item; `gone` says by number of the meeting where
    an answer was shared and is no longer there.
    """

    seat: str
    meetings: tuple[MeetingRow, ...]
    chosen: MeetingRow | None
    form: AnsweredForm | None
    stories: tuple[FlagStory, ...]
    ratings: Mapping[int, Mapping[str, float]]
    gone: Mapping[int, WithdrawnBy]

    @property
    def has_shared(self) -> bool:
        """True when there is at least one answer to draw."""
        return any(row.is_shared for row in self.meetings)

    @property
    def story(self) -> FlagStory | None:
        """Give the flag of the chosen meeting."""
        number = self.chosen.number if self.chosen else None
        return next((story for story in self.stories if story.flag.session_number == number), None)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Everything the case page shows: the people who answer, each with their own course, and the meetings they share.

    `chosen` is the number of the meeting whose answers are opened for every one of them.
    """

    access: CaseAccess
    people: tuple[SeatFile, ...]
    chosen: int | None
    label: str = field(default="", repr=False)

    @property
    def case(self) -> Case:
        """Give the case itself."""
        return self.access.case

    @property
    def meetings(self) -> tuple[MeetingRow, ...]:
        """Give the meetings, as the first seat's rows."""
        return self.people[0].meetings

    @property
    def shared(self) -> int:
        """Count the meetings after which at least one person shared an answer."""
        return len(_shared_numbers(person.meetings for person in self.people))


def show_case(
    uow: UnitOfWork, keyring: Keyring, *, access: CaseAccess, instrument: Instrument, session: int | None
) -> CaseFile:
    """Read a case, with the answers that whoever opened it may see.

    `session` chooses a meeting by number; without it, the newest after which something was shared.
    """
    meetings = overview.list_meetings(uow, access.case.code, access.versions)
    chosen = _chosen(meetings, session)
    read = _read(uow, keyring, access, instrument)
    people = tuple(
        _person(uow, keyring, read, seat, rows=meetings.get(seat, ()), chosen=chosen) for seat in access.case.places
    )
    label = read_label(uow, keyring, access.case) if access.leads else ""
    return CaseFile(access, people, chosen, label)


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read of a case, for all its seats: one query each, whatever there is."""

    access: CaseAccess
    instrument: Instrument
    stored: Mapping[tuple[int, str], StoredResponse]
    found: Mapping[tuple[int, str], Finding]
    raised: Sequence[RuptureFlag]
    reviews: Mapping[str, tuple[FlagReview, ...]]
    repairs: Mapping[str, Repair]
    withdrawn: Mapping[tuple[int, str], WithdrawnBy]


def _read(uow: UnitOfWork, keyring: Keyring, access: CaseAccess, instrument: Instrument) -> _Read:
    code = access.case.code
    given = responses.list_responses(uow, code)
    stored = {(row.session_number, row.seat): row for row in given if access.may_see(row.response)}
    raised = [
        flag for flag in flags.list_flags(uow, code) if access.leads or (flag.session_number, flag.seat) in stored
    ]
    return _Read(
        access=access,
        instrument=instrument,
        stored=stored,
        found=findings.list_findings(uow, code),
        raised=raised,
        reviews=flags.list_case_reviews(uow, code),
        repairs=read_case_repairs(uow, keyring, code),
        withdrawn=withdrawals.list_withdrawals(uow, code) if access.leads else {},
    )


def _person(
    uow: UnitOfWork, keyring: Keyring, read: _Read, seat: str, *, rows: tuple[MeetingRow, ...], chosen: int | None
) -> SeatFile:
    given = {number: row for (number, place), row in read.stored.items() if place == seat}
    mine = {number: one for (number, place), one in read.found.items() if place == seat}
    here = next((row for row in rows if row.number == chosen), None)
    ordered = tuple(given[row.number] for row in rows if row.number in given)
    stories = [_story(read, flag, rows, given) for flag in read.raised if flag.seat == seat]
    return SeatFile(
        seat=seat,
        meetings=rows,
        chosen=here,
        form=_form(uow, keyring, here, ordered, mine) if here and here.is_shared else None,
        stories=tuple(reversed(stories)),
        ratings={number: row.response.ratings for number, row in given.items()},
        gone={number: by for (number, place), by in read.withdrawn.items() if place == seat},
    )


def _story(
    read: _Read, flag: RuptureFlag, rows: Sequence[MeetingRow], given: Mapping[int, StoredResponse]
) -> FlagStory:
    return FlagStory(
        flag=flag,
        reviews=read.reviews.get(flag.id, ()),
        repair=read.repairs.get(flag.id),
        later=_after(flag, rows, given, read.instrument),
        case_is_open=read.access.case.is_open,
    )


def _shared_numbers(courses: Iterable[Sequence[MeetingRow]]) -> list[int]:
    """Give the numbers of the meetings after which anything was shared, in the order they were held."""
    rows = {row.number: row.held_on for course in courses for row in course if row.is_shared}
    return sorted(rows, key=lambda number: (rows[number], number))


def _chosen(meetings: Mapping[str, Sequence[MeetingRow]], session: int | None) -> int | None:
    if session is None:
        return next(reversed(_shared_numbers(meetings.values())), None)
    return session if any(row.number == session for course in meetings.values() for row in course) else None


def _form(
    uow: UnitOfWork,
    keyring: Keyring,
    chosen: MeetingRow,
    ordered: Sequence[StoredResponse],
    found: Mapping[int, Finding],
) -> AnsweredForm:
    at = next(place for place, row in enumerate(ordered) if row.session_number == chosen.number)
    stored = ordered[at]
    return AnsweredForm(
        meeting=chosen,
        stored=stored,
        finding=found.get(chosen.number),
        usual=_usual(ordered[:at]),
        comment=read_comment(uow, keyring, (stored.case_code, stored.session_number, stored.seat)),
    )


def _usual(earlier: Sequence[StoredResponse]) -> dict[str, float]:
    """Give the mean of this person's earlier answers to each item that was answered often enough."""
    items = {item for row in earlier for item in row.response.ratings}
    given = {item: [row.response.ratings[item] for row in earlier if item in row.response.ratings] for item in items}
    return {item: fmean(values) for item, values in given.items() if len(values) >= USUAL_FROM}


def _after(
    flag: RuptureFlag, rows: Sequence[MeetingRow], given: Mapping[int, StoredResponse], instrument: Instrument
) -> tuple[LaterAnswer, ...]:
    """Give the answered forms of the meetings held after the flag's."""
    numbers = [row.number for row in rows]
    after = rows[numbers.index(flag.session_number) + 1 :] if flag.session_number in numbers else ()
    return tuple(
        later_answer(
            instrument,
            number=row.number,
            held_on=row.held_on,
            score=row.score,
            bounds=(row.expected_low, row.expected_high),
            choices=given[row.number].response.choices,
        )
        for row in after
        if row.number in given
    )
