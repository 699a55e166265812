"""What has had its time: found, counted and deleted. Who counts first and deletes then is told the same number."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update

from feedback.persistence.answers.responses import Place
from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import (
    access_codes,
    cases,
    repair_notes,
    responses,
    rupture_flags,
    tenant_lookup,
    therapy_sessions,
)


def count_codes(uow: UnitOfWork, before: date) -> int:
    """Count the codes that ended before a day and can still be found."""
    return uow.connection.scalar(select(func.count()).select_from(access_codes).where(_ended(uow, before))) or 0


def forget_codes(uow: UnitOfWork, before: date) -> None:
    """Delete codes that ended before a day with their lookups; of a used one the hash of its link stays."""
    ended = _ended(uow, before)
    for kind, column, which in (
        ("typed", access_codes.c.typed_hash, ended),
        ("token", access_codes.c.token_hash, and_(ended, ~_used())),
    ):
        theirs = select(column).where(which)
        mine = and_(tenant_lookup.c.clinic_id == uow.clinic_id, tenant_lookup.c.kind == kind)
        uow.connection.execute(delete(tenant_lookup).where(mine, tenant_lookup.c.hash.in_(theirs)))
    uow.connection.execute(delete(access_codes).where(ended, ~_used()))
    uow.connection.execute(update(access_codes).where(ended).values(sealed_token=b"", sealed_typed=b""))


def _ended(uow: UnitOfWork, before: date) -> ColumnElement[bool]:
    """Choose codes with nothing left to live for: expired, revoked, or of a closed case; used ones once only."""
    closed = exists().where(
        cases.c.clinic_id == access_codes.c.clinic_id,
        cases.c.code == access_codes.c.case_code,
        cases.c.closed_on < before,
    )
    is_over = or_(access_codes.c.expires_on < before, access_codes.c.revoked_on < before, closed)
    return and_(access_codes.c.clinic_id == uow.clinic_id, is_over, or_(access_codes.c.sealed_token != b"", ~_used()))


def _used() -> ColumnElement[bool]:
    return exists().where(
        responses.c.clinic_id == access_codes.c.clinic_id,
        responses.c.case_code == access_codes.c.case_code,
        responses.c.session_number == access_codes.c.session_number,
        responses.c.seat == access_codes.c.seat,
    )


def count_comments(uow: UnitOfWork, before: date) -> int:
    """Count the comments on therapy sessions before a day."""
    return uow.connection.scalar(select(func.count()).select_from(responses).where(_commented(uow, before))) or 0


def forget_comments(uow: UnitOfWork, before: date) -> None:
    """Delete those comments; the answers stay."""
    uow.connection.execute(update(responses).where(_commented(uow, before)).values(sealed_comment=None))


def _commented(uow: UnitOfWork, before: date) -> ColumnElement[bool]:
    return and_(
        responses.c.clinic_id == uow.clinic_id,
        responses.c.sealed_comment.is_not(None),
        exists().where(_meeting_of_response(), therapy_sessions.c.held_on < before),
    )


def _meeting_of_response() -> ColumnElement[bool]:
    return and_(
        therapy_sessions.c.clinic_id == responses.c.clinic_id,
        therapy_sessions.c.case_code == responses.c.case_code,
        therapy_sessions.c.number == responses.c.session_number,
    )


def list_old_places(uow: UnitOfWork, before: date) -> tuple[Place, ...]:
    """Return the places of shared responses to therapy sessions before a day, case by case."""
    rows = uow.connection.execute(
        select(responses.c.case_code, responses.c.session_number, responses.c.seat)
        .where(
            responses.c.clinic_id == uow.clinic_id,
            exists().where(_meeting_of_response(), therapy_sessions.c.held_on < before),
        )
        .order_by(responses.c.case_code, responses.c.session_number, responses.c.seat)
    )
    return tuple((row.case_code, row.session_number, row.seat) for row in rows)


def forget_notes(uow: UnitOfWork, case_code: str, numbers: Collection[int]) -> None:
    """Delete the therapist's notes on talks about these therapy sessions."""
    theirs = select(rupture_flags.c.id).where(
        rupture_flags.c.clinic_id == uow.clinic_id,
        rupture_flags.c.case_code == case_code,
        rupture_flags.c.session_number.in_(numbers),
    )
    mine = and_(repair_notes.c.clinic_id == uow.clinic_id, repair_notes.c.flag_id.in_(theirs))
    uow.connection.execute(update(repair_notes).where(mine).values(sealed_note=None))
