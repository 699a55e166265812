"""One case as its therapist sees it: by seat, the trajectory, each answered form, its flags and what became of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import fmean

from feedback.domain.instrument import Instrument
from feedback.domain.repair import DIRECT_YES
from feedback.domain.response import StoredResponse, WithdrawnBy
from feedback.domain.rupture import Finding, FlagReview, RuptureFlag, of_this_answer
from feedback.domain.told import ToldKind, is_covered, told_by
from feedback.persistence.answers import changes, responses, withdrawals
from feedback.persistence.clinic.clinics import get_clinic
from feedback.persistence.dashboard import overview, told
from feedback.persistence.dashboard.overview import MeetingRow
from feedback.persistence.database import UnitOfWork
from feedback.persistence.flags import findings, flags
from feedback.persistence.flags.findings import weight_of
from feedback.security.keyring import Keyring
from feedback.services.answers.comments import read_comment
from feedback.services.cases.case_authorisation import CaseAccess
from feedback.services.cases.case_file import AnsweredForm, CaseFile, SeatFile, ToldHere, shared_numbers
from feedback.services.cases.open_case import read_label
from feedback.services.flags.judge_seen import judge_seen, with_range
from feedback.services.flags.record_repair import Repair, read_case_repairs
from feedback.services.flags.repair_story import FlagStory, LaterAnswer, later_answer
from feedback.services.flags.run_detection import method_for

USUAL_FROM = 2
"""Earlier answers to an item before its usual value is shown: from the third form on, like the range."""


def show_case(
    uow: UnitOfWork, keyring: Keyring, *, access: CaseAccess, instrument: Instrument, session: int | None
) -> CaseFile:
    """Read a case, with the answers that whoever opened it may see.

    `session` chooses a meeting by number; without it, the newest after which something was shared.
    """
    meetings = overview.list_meetings(uow, access.case, access.versions, by=access.by.id)
    chosen = _chosen(meetings, session)
    read = _read(uow, keyring, access, instrument)
    if not access.leads:
        read, meetings = _as_seen(uow, read, meetings)
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
    marks: Mapping[tuple[int, str], date]
    unread: frozenset[tuple[int, str]]
    changed: frozenset[tuple[int, str]]
    unmarked: frozenset[tuple[int, str]]


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
        marks=told.list_marks(uow, code),
        unread=told.list_unread(uow, code, access.by.id),
        changed=changes.list_changed(uow, code),
        unmarked=changes.list_unmarked(uow, code),
    )


def _as_seen(
    uow: UnitOfWork, read: _Read, meetings: Mapping[str, Sequence[MeetingRow]]
) -> tuple[_Read, dict[str, tuple[MeetingRow, ...]]]:
    """Replace every range and reason by what the answers say that this reader may see."""
    method = method_for(read.instrument, get_clinic(uow).alert_budget)
    found: dict[tuple[int, str], Finding] = {}
    for seat, rows in meetings.items():
        given = {number: row for (number, place), row in read.stored.items() if place == seat}
        seen = judge_seen(method, read.instrument, rows, given)
        found |= {(number, seat): finding for number, finding in seen.items()}
    raised = [
        replace(flag, finding=found.get((flag.session_number, flag.seat), of_this_answer(flag.finding)))
        for flag in read.raised
    ]
    shown = {
        seat: tuple(with_range(row, found.get((row.number, seat))) for row in rows) for seat, rows in meetings.items()
    }
    return replace(read, found=found, raised=raised), shown


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
        told=_told(read, seat, given),
    )


def _told(read: _Read, seat: str, given: Mapping[int, StoredResponse]) -> dict[int, ToldHere]:
    raised = {flag.session_number: flag for flag in read.raised if flag.seat == seat}
    found: dict[int, ToldHere] = {}
    for number, stored in given.items():
        flag, day = raised.get(number), read.marks.get((number, seat))
        now = flag.finding if flag and (number, seat) not in read.changed else read.found.get((number, seat))
        is_unread, is_unmarked = (number, seat) in read.unread, (number, seat) in read.unmarked
        is_covered_now = flag is not None and is_covered(flag.status, is_unmarked=is_unmarked)
        is_uncovered = flag is not None and is_covered(flag.status, is_unmarked=False) and not is_covered_now
        kinds = told_by(
            stored.response.choices,
            is_unread=is_unread,
            said_yes=flag is not None and now is not None and weight_of(now)[0] >= DIRECT_YES,
            stands_out=bool(now and now.flag) if is_uncovered else None,
        )
        if kinds:
            asks = kinds != (ToldKind.WROTE,)
            is_answered = day is not None or is_covered_now
            waits = is_unread or (asks and not is_answered and read.access.case.is_open)
            found[number] = ToldHere(kinds, flag is not None, waits, day)
    return found


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


def _chosen(meetings: Mapping[str, Sequence[MeetingRow]], session: int | None) -> int | None:
    if session is None:
        return next(reversed(shared_numbers(meetings.values())), None)
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
    """Return the mean of this person's earlier answers to each item that was answered often enough."""
    items = {item for row in earlier for item in row.response.ratings}
    given = {item: [row.response.ratings[item] for row in earlier if item in row.response.ratings] for item in items}
    return {item: fmean(values) for item, values in given.items() if len(values) >= USUAL_FROM}


def _after(
    flag: RuptureFlag, rows: Sequence[MeetingRow], given: Mapping[int, StoredResponse], instrument: Instrument
) -> tuple[LaterAnswer, ...]:
    """Return the answered forms of the meetings held after the flag's."""
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
