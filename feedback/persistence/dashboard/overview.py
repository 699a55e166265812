"""What the therapist's pages read: small rows, a fixed number of queries whatever the caseload.

Every query starts from therapy sessions and what was shared after them. Nothing here reads the pool.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from feedback.domain.care import Case
from feedback.domain.response import WithdrawnBy
from feedback.domain.soft_note import SharedSoFar
from feedback.domain.who_reads import READERS
from feedback.persistence.answers.responses import Place
from feedback.persistence.dashboard import first_page_queries as first_page
from feedback.persistence.dashboard import overview_queries as queries
from feedback.persistence.dashboard.nonresponse_queries import QUIET
from feedback.persistence.database import UnitOfWork

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One therapy session and what one seat shared after it. Score and usual range are on 0–10.

    `forms` counts this one; `seats` is how many people answer in this case; `is_changed` when the client replaced an
    answer that may have been read. Where the case is not one's own (`is_own`), what somebody may not read is as if
    nothing had been shared, and no usual range is known.
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
    is_own: bool = True
    is_changed: bool = False


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
class LatestCase:
    """An open case, and the day of its last therapy session."""

    code: str
    last_held_on: date | None


@dataclass(frozen=True, slots=True)
class Recent:
    """The latest therapy sessions of some cases, so many. None of them lies before `not_before`."""

    codes: tuple[str, ...]
    limit: int
    not_before: date

    @classmethod
    def of(cls, latest: Sequence[LatestCase], limit: int) -> "Recent":
        """Choose them, given the cases that met last: as many cases are enough, and each has a session by then."""
        those = latest[:limit]
        days = [one.last_held_on or date.min for one in those] if len(those) == limit else [date.min]
        return cls(tuple(one.code for one in those), limit, min(days))

    @classmethod
    def all_of(cls, latest: Sequence[LatestCase], limit: int) -> "Recent":
        """Choose as many of all these cases, however many sessions each of them had."""
        return cls(tuple(one.code for one in latest), limit, date.min)

    @property
    def parameters(self) -> dict[str, Any]:
        """Return them as the queries ask for them."""
        return {"codes": self.codes, "limit": self.limit, "not_before": self.not_before}


@dataclass(frozen=True, slots=True)
class News:
    """How many therapy sessions had answers shared lately, and how many shared answers somebody has not opened.

    `meetings` counts the therapy sessions of the span in which these are new.
    """

    shared: int
    unopened: int
    meetings: int


def list_meetings(
    uow: UnitOfWork, case: Case, versions: Collection[int] = frozenset(READERS), *, by: str
) -> Mapping[str, tuple[MeetingRow, ...]]:
    """Give, by seat, the therapy sessions of one case in the order they were held, as the account `by` may see them.

    `versions` are those of the who-reads sentence whose answers may be seen; the others are as if there were none.
    """
    given = _given(uow, case=case.code, versions=sorted(versions), therapist=by)
    return _grouped((MeetingRow(*row) for row in uow.connection.execute(queries.OF_CASE, given)), lambda row: row.seat)


def list_latest_cases(uow: UnitOfWork, therapist_id: str, limit: int) -> tuple[LatestCase, ...]:
    """Return the open cases of a therapist that met last, the latest first."""
    rows = uow.connection.execute(
        first_page.LATEST_CASES, {"clinic": uow.clinic_id, "therapist": therapist_id, "limit": limit}
    ).all()
    return tuple(LatestCase(*row) for row in rows)


def list_recent_meetings(
    uow: UnitOfWork, therapist_id: str, recent: Recent, *, new_since: date
) -> tuple[tuple[MeetingRow, bool, WithdrawnBy | None], ...]:
    """Return the latest therapy sessions of some cases, newest first; each of its seats has a row.

    Each comes with whether its answer was shared from a day on and not opened by this therapist yet, and with who took
    an answer back that was shared.
    """
    given = {"clinic": uow.clinic_id, "therapist": therapist_id, "new_since": new_since, **recent.parameters}
    rows = uow.connection.execute(first_page.RECENT, given).all()
    return tuple((MeetingRow(*row[:-2]), bool(row[-2]), WithdrawnBy(row[-1]) if row[-1] else None) for row in rows)


def count_news(
    uow: UnitOfWork, therapist_id: str, codes: Sequence[str], *, shared_since: date, new_since: date
) -> News:
    """Count what was shared in these cases from a day on, and what this therapist has not opened from another on."""
    days = {"shared_since": shared_since, "new_since": new_since}
    counted = uow.connection.execute(
        first_page.NEWS, {"clinic": uow.clinic_id, "therapist": therapist_id, "codes": codes, **days}
    ).one()
    return News(*map(int, counted))


def list_choices(
    uow: UnitOfWork, recent: Recent, flag_ids: Sequence[str]
) -> Mapping[Place, Mapping[str, tuple[str, ...]]]:
    """Return what was chosen, not rated, in the latest sessions of some cases and where these flags are.

    By place, then by item.
    """
    found: dict[Place, dict[str, tuple[str, ...]]] = defaultdict(dict)
    rows = uow.connection.execute(
        first_page.CHOICES, {"clinic": uow.clinic_id, "flags": flag_ids, **recent.parameters}
    ).all()
    for case_code, number, seat, item, choice in rows:
        given = found[case_code, number, seat]
        given[item] = (*given.get(item, ()), choice)
    return found


def list_quiet(uow: UnitOfWork, therapist_id: str, codes: Sequence[str]) -> tuple[SharedSoFar, ...]:
    """Return what each seat of these cases has shared so far, the latest heard from first; nothing of silent seats."""
    rows = uow.connection.execute(QUIET, {"clinic": uow.clinic_id, "therapist": therapist_id, "codes": codes}).all()
    return tuple(SharedSoFar(*row) for row in rows)


def list_caseload(uow: UnitOfWork, therapist_id: str, *, with_closed: bool) -> tuple[CaseRow, ...]:
    """Return a therapist's cases, open ones first, then by the latest therapy session."""
    given = _given(uow, therapist=therapist_id, closed=with_closed)
    return tuple(CaseRow(*row) for row in uow.connection.execute(queries.CASELOAD, given))


def _given(uow: UnitOfWork, **more: Any) -> dict[str, Any]:
    return {"clinic": uow.clinic_id, **more}


def by_course(rows: Iterable[Any]) -> Mapping[tuple[str, str], tuple[MeetingRow, ...]]:
    """Gather rows of meetings by case and seat, each once."""
    return _grouped((MeetingRow(*row) for row in rows), lambda row: (row.case_code, row.seat))


def _grouped(rows: Iterable[MeetingRow], by: Callable[[MeetingRow], K]) -> Mapping[K, tuple[MeetingRow, ...]]:
    grouped: dict[K, dict[int, MeetingRow]] = defaultdict(dict)
    for row in rows:
        grouped[by(row)][row.number] = row
    return {key: tuple(mine.values()) for key, mine in grouped.items()}
