"""What the therapist's pages read: small rows, a fixed number of queries whatever the caseload.

Every query starts from therapy sessions and what was shared after them. Nothing here reads the pool.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Select

from feedback.domain.soft_note import SharedSoFar
from feedback.domain.who_reads import READERS
from feedback.persistence.answers.responses import Place
from feedback.persistence.database import UnitOfWork
from feedback.persistence.desk import overview_queries as queries
from feedback.persistence.desk.quiet_queries import QUIET

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One therapy session and what one seat shared after it. Score and usual range are on 0–10.

    `forms` counts this one; `seats` is how many people answer in this case.
    """

    case_code: str
    seat: str
    seats: int
    number: int
    held_on: date
    instrument_id: str
    is_shared: bool
    score: float | None = None
    expected_low: float | None = None
    expected_high: float | None = None
    forms: int | None = None
    flagged: bool = False


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case in a caseload: meetings, after how many something was shared, the last one's day, open flags.

    `is_own` is false where somebody works on it beside its therapist; the label is its therapist's alone.
    """

    code: str
    opened_on: date
    closed_on: date | None
    meetings: int
    shared: int
    last_held_on: date | None
    open_flags: int
    is_own: bool
    sealed_label: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class FlagWords:
    """What goes with a flag: the case's instrument and seats, and the client's comment and case's label as sealed."""

    instrument_id: str
    seats: int
    sealed_comment: bytes | None = field(default=None, repr=False)
    sealed_label: bytes | None = field(default=None, repr=False)


def list_meetings(
    uow: UnitOfWork, case_code: str, versions: Collection[int] = frozenset(READERS)
) -> Mapping[str, tuple[MeetingRow, ...]]:
    """Give, by seat, the therapy sessions of one case in the order they were held.

    `versions` are those of the who-reads sentence whose answers may be seen; the others are as if there were none.
    """
    rows = _rows(uow, queries.OF_CASE, case=case_code, versions=sorted(versions))
    return _grouped(rows, lambda row: row.seat)


def list_flagged_meetings(uow: UnitOfWork, therapist_id: str) -> Mapping[tuple[str, str], tuple[MeetingRow, ...]]:
    """Give, by case and seat, the last meetings up to each open flag of a therapist's open cases."""
    return _grouped(_rows(uow, queries.UP_TO_FLAGS, therapist=therapist_id), lambda row: (row.case_code, row.seat))


def list_recent_meetings(uow: UnitOfWork, therapist_id: str, limit: int) -> tuple[MeetingRow, ...]:
    """Give the latest therapy sessions of a therapist's open cases, newest first; each of its seats has a row."""
    return _rows(uow, queries.RECENT, therapist=therapist_id, limit=limit)


def count_shared_since(uow: UnitOfWork, therapist_id: str, day: date) -> int:
    """Count the therapy sessions from a day on whose answers were shared with this therapist."""
    return uow.connection.scalar(queries.SHARED_SINCE, _given(uow, therapist=therapist_id, since=day)) or 0


def list_choices(uow: UnitOfWork, therapist_id: str, limit: int) -> Mapping[Place, Mapping[str, tuple[str, ...]]]:
    """Give what was chosen, not rated, where a flag is open or in the latest sessions: by place, then by item."""
    found: dict[Place, dict[str, tuple[str, ...]]] = defaultdict(dict)
    rows = uow.connection.execute(queries.CHOICES, _given(uow, therapist=therapist_id, limit=limit))
    for case_code, number, seat, item, choice in rows:
        given = found[case_code, number, seat]
        given[item] = (*given.get(item, ()), choice)
    return found


def list_flag_words(uow: UnitOfWork, therapist_id: str) -> Mapping[Place, FlagWords]:
    """Give what goes with each open flag whose answer this therapist may read, by its place."""
    rows = uow.connection.execute(queries.FLAG_WORDS, _given(uow, therapist=therapist_id))
    return {(case_code, number, seat): FlagWords(*words) for case_code, number, seat, *words in rows}


def list_quiet(uow: UnitOfWork, therapist_id: str) -> tuple[SharedSoFar, ...]:
    """Give the seats of a therapist's open cases about which a soft note may be due, the latest heard from first."""
    return tuple(SharedSoFar(*row) for row in uow.connection.execute(QUIET, _given(uow, therapist=therapist_id)))


def list_caseload(uow: UnitOfWork, therapist_id: str, *, with_closed: bool) -> tuple[CaseRow, ...]:
    """Give a therapist's cases, open ones first, then by the latest therapy session."""
    given = _given(uow, therapist=therapist_id, closed=with_closed)
    return tuple(CaseRow(*row) for row in uow.connection.execute(queries.CASELOAD, given))


def _given(uow: UnitOfWork, **more: Any) -> dict[str, Any]:
    return {"clinic": uow.clinic_id, **more}


def _rows(uow: UnitOfWork, chosen: Select[Any], **more: Any) -> tuple[MeetingRow, ...]:
    return tuple(MeetingRow(*row) for row in uow.connection.execute(chosen, _given(uow, **more)))


def _grouped(rows: Iterable[MeetingRow], by: Callable[[MeetingRow], K]) -> Mapping[K, tuple[MeetingRow, ...]]:
    grouped: dict[K, list[MeetingRow]] = defaultdict(list)
    for row in rows:
        grouped[by(row)].append(row)
    return {key: tuple(dict.fromkeys(mine)) for key, mine in grouped.items()}
