"""Which shared answers somebody has opened, has seen on a page that shows a part of them, or was told of by mail."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, bindparam, delete, exists, literal, select
from sqlalchemy.dialects import postgresql, sqlite

from feedback.persistence.answers.responses import Place, at
from feedback.persistence.dashboard.overview_queries import OPEN_CASES, READABLE, case_of, meeting_of, same
from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import cases, read_receipts, responses, therapy_sessions

_KEY = ("clinic_id", "case_code", "session_number", "seat")

UNTOLD = (
    select(responses.c.case_code, responses.c.session_number, responses.c.seat)
    .select_from(therapy_sessions)
    .join(cases, case_of(therapy_sessions))
    .join(responses, and_(meeting_of(responses), READABLE))
    .where(
        therapy_sessions.c.clinic_id == bindparam("clinic"),
        OPEN_CASES,
        therapy_sessions.c.held_on >= bindparam("since"),
        ~exists().where(same(read_receipts, responses, _KEY), read_receipts.c.staff_id == bindparam("therapist")),
    )
    .order_by(responses.c.case_code, responses.c.session_number, responses.c.seat)
)
"""Shared answers without a row in `read_receipts`."""


def list_untold(uow: UnitOfWork, therapist_id: str, since: date) -> frozenset[Place]:
    """Return the places since a day whose answer they have neither opened nor seen, and were not told of."""
    given = {"clinic": uow.clinic_id, "therapist": therapist_id, "since": since}
    return frozenset((row.case_code, row.session_number, row.seat) for row in uow.connection.execute(UNTOLD, given))


def has_opened(uow: UnitOfWork, staff_id: str, place: Place) -> bool:
    """Return whether somebody has opened the answer of a place."""
    mine = and_(at(read_receipts, uow, place), read_receipts.c.staff_id == staff_id, read_receipts.c.opened)
    return uow.connection.execute(select(read_receipts.c.staff_id).where(mine)).first() is not None


def list_receipts(uow: UnitOfWork, staff_id: str, places: Collection[Place]) -> dict[Place, bool]:
    """Return those of these places whose answer somebody has seen or was told of, and whether they have opened it."""
    if not places:
        return {}
    wanted = frozenset(places)
    chosen = select(
        read_receipts.c.case_code, read_receipts.c.session_number, read_receipts.c.seat, read_receipts.c.opened
    ).where(
        read_receipts.c.clinic_id == uow.clinic_id,
        read_receipts.c.case_code.in_(sorted({place[0] for place in wanted})),
        read_receipts.c.session_number.in_(sorted({place[1] for place in wanted})),
        read_receipts.c.staff_id == staff_id,
    )
    found = {(code, number, seat): bool(opened) for code, number, seat, opened in uow.connection.execute(chosen)}
    return {place: opened for place, opened in found.items() if place in wanted}


def was_seen(uow: UnitOfWork, place: Place) -> bool:
    """Return whether anybody has opened or seen the answer of a place, or was told of it."""
    return (
        uow.connection.execute(select(read_receipts.c.staff_id).where(at(read_receipts, uow, place))).first()
        is not None
    )


def forget_receipts(uow: UnitOfWork, place: Place) -> None:
    """Delete that the answer of a place was seen: another one stands there now, which is new to everybody."""
    uow.connection.execute(delete(read_receipts).where(at(read_receipts, uow, place)))


def note_receipts(uow: UnitOfWork, staff_id: str, places: Collection[Place], *, opened: bool) -> None:
    """Keep that somebody has opened these answers, or else seen them or been told. What is gone is passed over."""
    for place in places:
        there: Select[Any] = select(
            responses.c.clinic_id,
            responses.c.case_code,
            responses.c.session_number,
            responses.c.seat,
            literal(staff_id),
            literal(opened),
        ).where(at(responses, uow, place))
        uow.connection.execute(_keeping(uow, there, opened=opened))


def inherit_receipts(uow: UnitOfWork, case_code: str, before: str, after: str) -> None:
    """Keep for who takes a case over what the therapist before had opened: the rest is as unread as it was."""
    there: Select[Any] = select(
        *(read_receipts.c[name] for name in _KEY),
        literal(after),
        literal(True),  # noqa: FBT003  a column of the row
    ).where(
        read_receipts.c.clinic_id == uow.clinic_id,
        read_receipts.c.case_code == case_code,
        read_receipts.c.staff_id == before,
        read_receipts.c.opened,
    )
    uow.connection.execute(_keeping(uow, there, opened=True))


def note_all_opened(uow: UnitOfWork, before: date) -> None:
    """Keep that every answer to a session before a day was opened by the therapist it was given to; for the demo."""
    there: Select[Any] = (
        select(
            responses.c.clinic_id,
            responses.c.case_code,
            responses.c.session_number,
            responses.c.seat,
            responses.c.counted_for,
            literal(True),  # noqa: FBT003  a column of the row
        )
        .join(therapy_sessions, meeting_of(responses))
        .where(responses.c.clinic_id == uow.clinic_id, therapy_sessions.c.held_on < before)
    )
    uow.connection.execute(_keeping(uow, there, opened=True))


def _keeping(uow: UnitOfWork, there: Select[Any], *, opened: bool) -> Any:
    columns = [*_KEY, "staff_id", "opened"]
    engine = sqlite if uow.database == "sqlite" else postgresql
    row = engine.insert(read_receipts).from_select(columns, there)
    if opened:
        return row.on_conflict_do_update(index_elements=columns[:-1], set_={"opened": True})
    return row.on_conflict_do_nothing(index_elements=columns[:-1])
