"""What clients told a therapist outright and what was answered of it, as rows and back."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import delete, exists, insert, select

from feedback.domain.repair import DIRECT_YES
from feedback.domain.told import TOLD_CHOICES, ToldKind, told_by
from feedback.persistence.answers.responses import Place, at, key
from feedback.persistence.dashboard.overview_queries import case_of, meeting_of, same
from feedback.persistence.dashboard.told_queries import ASKED, BETWEEN_CHOICES, TOLD, WITHIN_CHOICE
from feedback.persistence.database import UnitOfWork
from feedback.persistence.flags.findings import direct_in
from feedback.persistence.tables import (
    answers,
    cases,
    read_receipts,
    responses,
    rupture_flags,
    therapy_sessions,
    told_marks,
)
from feedback.persistence.tables.answers import HAS_COMMENT, MAY_BE_TOLD

_KEY = ("clinic_id", "case_code", "session_number", "seat")
_CLEAR_YES = f"off{WITHIN_CHOICE}{TOLD_CHOICES['off']}"


class ToldRow(NamedTuple):
    """One answer with which a client told something. `flag_id` is that of its flag, if one was raised.

    `is_changed` when the client replaced an answer that may have been read, `is_uncovered` when that was after its flag
    was marked and nobody has marked it since; `stands_out` and `evidence` are of the answer as it was changed.
    """

    case_code: str
    session_number: int
    seat: str
    held_on: date
    instrument_id: str
    seats: int
    is_new: bool
    chosen: str | None
    flag_id: str | None
    direct: float | None
    sealed_comment: bytes | None
    sealed_label: bytes | None
    is_changed: bool
    is_uncovered: bool
    stands_out: bool | None
    evidence: str | None

    def __repr__(self) -> str:
        """Say where it is, and nothing of what was said."""
        return f"ToldRow({self.case_code}/{self.session_number}{self.seat})"

    @property
    def place(self) -> Place:
        """Return the place of the answer."""
        return (self.case_code, self.session_number, self.seat)

    @property
    def is_unread(self) -> bool:
        """Return whether there are words that the therapist has not opened."""
        return bool(self.is_new) and self.sealed_comment is not None

    @property
    def said_yes(self) -> bool:
        """Return whether the client said a clear "Yes" to whether something felt off."""
        direct = direct_in(self.evidence or "[]") if self.is_changed else self.direct or 0.0
        return direct >= DIRECT_YES or _CLEAR_YES in (self.chosen or "")

    @property
    def choices(self) -> Mapping[str, tuple[str, ...]]:
        """Return what was chosen on the form, by item."""
        found: dict[str, tuple[str, ...]] = defaultdict(tuple)
        for line in self.chosen.split(BETWEEN_CHOICES) if self.chosen else ():
            item, _, option = line.partition(WITHIN_CHOICE)
            found[item] = (*found[item], option)
        return dict(found)

    @property
    def kinds(self) -> tuple[ToldKind, ...]:
        """Return how it was told, words first."""
        stands_out = bool(self.stands_out) if self.is_uncovered else None
        return told_by(self.choices, is_unread=self.is_unread, said_yes=self.said_yes, stands_out=stands_out)


def list_told(uow: UnitOfWork, therapist_id: str) -> tuple[ToldRow, ...]:
    """Return all that waits to be read or answered in the cases of a therapist, where they may read it, in no order."""
    rows = map(ToldRow._make, uow.connection.execute(TOLD, {"clinic": uow.clinic_id, "therapist": therapist_id}).all())
    return tuple(row for row in rows if not row.is_changed or row.kinds)


def list_marks(uow: UnitOfWork, case_code: str) -> Mapping[tuple[int, str], date]:
    """Return the days on which somebody marked that they have talked about it, by session and seat of a case."""
    rows = uow.connection.execute(
        select(told_marks.c.session_number, told_marks.c.seat, told_marks.c.on_day).filter_by(
            clinic_id=uow.clinic_id, case_code=case_code
        )
    )
    return {(row.session_number, row.seat): row.on_day for row in rows}


def list_unread(uow: UnitOfWork, case_code: str, staff_id: str) -> frozenset[tuple[int, str]]:
    """Return, by session and seat, where a case has words that somebody has not opened."""
    opened = exists().where(
        same(read_receipts, responses, _KEY),
        read_receipts.c.staff_id == staff_id,
        read_receipts.c.opened,
    )
    rows = uow.connection.execute(
        select(responses.c.session_number, responses.c.seat).where(
            responses.c.clinic_id == uow.clinic_id, responses.c.case_code == case_code, HAS_COMMENT, ~opened
        )
    )
    return frozenset((row.session_number, row.seat) for row in rows)


def put_mark(uow: UnitOfWork, place: Place, *, by: str, on: date) -> None:
    """Store that somebody has talked about it: the place has no mark yet."""
    uow.connection.execute(insert(told_marks).values(key(uow, place) | {"by_staff": by, "on_day": on}))


def mark_all(uow: UnitOfWork, before: date) -> None:
    """Mark all that was asked for outright in sessions before a day, where no flag was raised; for the demo."""
    place = [answers.c[name] for name in _KEY]
    there = (
        select(*place, cases.c.therapist_id, therapy_sessions.c.held_on)
        .select_from(answers)
        .join(cases, case_of(answers))
        .join(therapy_sessions, meeting_of(answers))
        .outerjoin(rupture_flags, same(rupture_flags, answers, _KEY))
        .where(answers.c.clinic_id == uow.clinic_id, MAY_BE_TOLD, ASKED)
        .where(therapy_sessions.c.held_on < before, rupture_flags.c.id.is_(None))
        .distinct()
    )
    uow.connection.execute(insert(told_marks).from_select([*_KEY, "by_staff", "on_day"], there))


def drop_mark(uow: UnitOfWork, place: Place) -> bool:
    """Take such a mark back, and return whether there was one."""
    return uow.connection.execute(delete(told_marks).where(at(told_marks, uow, place))).rowcount > 0
