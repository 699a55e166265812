"""Staff accounts, invitations and signed-in sessions, as rows and back.

Nothing here knows a password, an invitation or a cookie: only what they hash to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, insert, select, update

from feedback.domain.care import Role, Staff
from feedback.domain.errors import NotFound
from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import invitations, staff, staff_sessions

_STAFF = [column for column in staff.c if column.name != "clinic_id"]
_SESSION = [
    staff_sessions.c.hash,
    staff_sessions.c.signed_in_at,
    staff_sessions.c.seen_at,
    staff_sessions.c.confirmed_at,
]


@dataclass(frozen=True, slots=True)
class StaffSession:
    """A signed-in browser: whose it is, since when, when last seen, and when both steps were last shown. All in UTC."""

    staff: Staff
    hashed: bytes
    signed_in_at: datetime
    seen_at: datetime
    confirmed_at: datetime | None


_SESSIONS = (
    select(*_STAFF, *_SESSION)
    .join(
        staff_sessions,
        (staff_sessions.c.clinic_id == staff.c.clinic_id) & (staff_sessions.c.staff_id == staff.c.id),
    )
    .where(staff_sessions.c.clinic_id == bindparam("clinic"))
)
_BY_HASH = _SESSIONS.where(staff_sessions.c.hash == bindparam("hashed"))
"""Asked by every page of a signed-in person."""


def _person(row: Any) -> Staff:
    values = {column.name: getattr(row, column.name) for column in _STAFF}
    return Staff(**(values | {"role": Role(row.role)}))


def add_staff(uow: UnitOfWork, person: Staff) -> None:
    """Store a new account. The database allows one per clinic, e-mail and role."""
    values = {column.name: getattr(person, column.name) for column in _STAFF}
    uow.connection.execute(insert(staff).values(clinic_id=uow.clinic_id, **values))


def get_staff(uow: UnitOfWork, staff_id: str) -> Staff:
    """Return an account. Raises `NotFound`."""
    row = uow.connection.execute(select(*_STAFF).where(_is(uow, staff_id))).first()
    if row is None:
        raise NotFound("There is no such account in this clinic.")
    return _person(row)


def list_staff(uow: UnitOfWork, email: str | None = None) -> tuple[Staff, ...]:
    """Return the clinic's accounts by name, or those of one e-mail address."""
    chosen = select(*_STAFF).where(staff.c.clinic_id == uow.clinic_id)
    if email is not None:
        chosen = chosen.where(staff.c.email == email)
    rows = uow.connection.execute(chosen.order_by(staff.c.display_name, staff.c.email, staff.c.role))
    return tuple(map(_person, rows))


def set_password(uow: UnitOfWork, staff_id: str, password_hash: str | None) -> None:
    """Keep the hash of a new password; with None the account waits for an invitation."""
    uow.connection.execute(update(staff).where(_is(uow, staff_id)).values(password_hash=password_hash))


def set_disabled(uow: UnitOfWork, staff_id: str, on: date | None) -> None:
    """Disable an account from a local day on, or enable it again with None."""
    uow.connection.execute(update(staff).where(_is(uow, staff_id)).values(disabled_on=on))


def set_team(uow: UnitOfWork, staff_id: str, team_id: str | None) -> None:
    """Give an account another team, or none."""
    uow.connection.execute(update(staff).where(_is(uow, staff_id)).values(team_id=team_id))


def empty_team(uow: UnitOfWork, team_id: str) -> None:
    """Leave a team without anybody in it."""
    mine = (staff.c.clinic_id == uow.clinic_id) & (staff.c.team_id == team_id)
    uow.connection.execute(update(staff).where(mine).values(team_id=None))


def _is(uow: UnitOfWork, staff_id: str) -> ColumnElement[bool]:
    return (staff.c.clinic_id == uow.clinic_id) & (staff.c.id == staff_id)


def add_invitation(uow: UnitOfWork, hashed: bytes, staff_id: str, expires_at: datetime) -> None:
    """Store an invitation under the hash of its link."""
    uow.connection.execute(
        insert(invitations).values(clinic_id=uow.clinic_id, hash=hashed, staff_id=staff_id, expires_at=expires_at)
    )


def invited_by(uow: UnitOfWork, hashed: bytes, now: datetime) -> Staff | None:
    """Return the account an invitation is for, while it holds."""
    row = uow.connection.execute(
        select(*_STAFF)
        .join(invitations, (invitations.c.clinic_id == staff.c.clinic_id) & (invitations.c.staff_id == staff.c.id))
        .where(invitations.c.clinic_id == uow.clinic_id, invitations.c.hash == hashed, invitations.c.expires_at > now)
    ).first()
    return _person(row) if row else None


def drop_invitations(uow: UnitOfWork, staff_id: str) -> tuple[bytes, ...]:
    """Forget every invitation of an account and give their hashes, whose lookups are to be removed."""
    mine = (invitations.c.clinic_id == uow.clinic_id) & (invitations.c.staff_id == staff_id)
    hashes = tuple(uow.connection.scalars(select(invitations.c.hash).where(mine)))
    uow.connection.execute(delete(invitations).where(mine))
    return hashes


def add_session(uow: UnitOfWork, hashed: bytes, staff_id: str, now: datetime, confirmed_at: datetime | None) -> None:
    """Store a signed-in session under the hash of its cookie."""
    row = {"staff_id": staff_id, "signed_in_at": now, "seen_at": now, "confirmed_at": confirmed_at}
    uow.connection.execute(insert(staff_sessions).values(clinic_id=uow.clinic_id, hash=hashed, **row))


def get_session(uow: UnitOfWork, hashed: bytes) -> StaffSession | None:
    """Return a session with its account."""
    row = uow.connection.execute(_BY_HASH, {"clinic": uow.clinic_id, "hashed": hashed}).first()
    return _session(row) if row else None


def list_sessions(uow: UnitOfWork, staff_id: str) -> tuple[StaffSession, ...]:
    """Return the sessions of an account, the one last used first, run out or not."""
    chosen = _SESSIONS.where(staff_sessions.c.staff_id == staff_id)
    rows = uow.connection.execute(
        chosen.order_by(staff_sessions.c.seen_at.desc(), staff_sessions.c.hash), {"clinic": uow.clinic_id}
    )
    return tuple(map(_session, rows))


def _session(row: Any) -> StaffSession:
    return StaffSession(_person(row), row.hash, row.signed_in_at, row.seen_at, row.confirmed_at)


def touch_session(uow: UnitOfWork, hashed: bytes, now: datetime) -> None:
    """Note that a session was just used."""
    mine = (staff_sessions.c.clinic_id == uow.clinic_id) & (staff_sessions.c.hash == hashed)
    uow.connection.execute(update(staff_sessions).where(mine).values(seen_at=now))


def list_session_hashes(
    uow: UnitOfWork, *, staff_id: str | None = None, seen_before: datetime | None = None
) -> tuple[bytes, ...]:
    """Return the hashes of an account's sessions, or of all that were last seen before an instant."""
    chosen = select(staff_sessions.c.hash).where(staff_sessions.c.clinic_id == uow.clinic_id)
    if staff_id is not None:
        chosen = chosen.where(staff_sessions.c.staff_id == staff_id)
    if seen_before is not None:
        chosen = chosen.where(staff_sessions.c.seen_at < seen_before)
    return tuple(uow.connection.scalars(chosen))


def drop_sessions(uow: UnitOfWork, hashes: Sequence[bytes]) -> None:
    """Forget sessions."""
    mine = (staff_sessions.c.clinic_id == uow.clinic_id) & staff_sessions.c.hash.in_(hashes)
    uow.connection.execute(delete(staff_sessions).where(mine))
