"""Signed-in sessions of staff: on the server, revocable, 30 minutes idle and 12 hours at most."""

from collections.abc import Sequence
from datetime import timedelta

from feedback.domain.care import Chance, Staff
from feedback.domain.clock import Clock
from feedback.persistence.accounts import accounts
from feedback.persistence.accounts.accounts import StaffSession
from feedback.persistence.database import UnitOfWork
from feedback.persistence.tenant_lookup import add_lookup, clinics_behind, remove_lookup
from feedback.security.keyring import Keyring
from feedback.services.audit.record_audit import record_audit

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
NOTED_EVERY = timedelta(minutes=1)
"""How exactly "last seen" is kept: a page view writes to the database at most this often."""

COOKIE_LENGTH = 52
"""Characters of base 32: 260 bits."""


def session_hash(keyring: Keyring, cookie: str) -> bytes:
    """Return the hash a session is found by; the database never holds the cookie itself."""
    return keyring.hash("codes", "staff_session", cookie)


def start_session(
    uow: UnitOfWork, clock: Clock, keyring: Keyring, chance: Chance, *, staff: Staff, is_complete: bool = True
) -> str:
    """Sign an account in and give the cookie. Sessions of this clinic that have run out are swept away.

    A session that is not complete has shown a password only: it may set up the second step, and nothing else.
    """
    end_sessions(uow, accounts.list_session_hashes(uow, seen_before=clock.now() - IDLE))
    cookie = chance.text(COOKIE_LENGTH)
    hashed = session_hash(keyring, cookie)
    accounts.add_session(uow, hashed, staff.id, clock.now(), clock.now() if is_complete else None)
    add_lookup(uow, "staff_session", hashed)
    record_audit(uow, clock, keyring, actor=staff.id, action="staff.signed_in", subject=staff.id)
    return cookie


def find_session(
    uow: UnitOfWork, clock: Clock, keyring: Keyring, cookie: str
) -> tuple[UnitOfWork, StaffSession] | None:
    """Return the session behind a cookie, with the unit of work scoped to its clinic, or nothing once it is over."""
    hashed = session_hash(keyring, cookie)
    for clinic_id in clinics_behind(uow, "staff_session", hashed):
        inside = uow.within(clinic_id)
        session = accounts.get_session(inside, hashed)
        if session and session.staff.is_active and not _has_run_out(session, clock):
            return inside, session
    return None


def list_sessions(uow: UnitOfWork, clock: Clock, *, staff: Staff) -> tuple[StaffSession, ...]:
    """Return where an account is signed in now, the browser last used first."""
    return tuple(session for session in accounts.list_sessions(uow, staff.id) if not _has_run_out(session, clock))


def session_name(session: StaffSession) -> str:
    """Name a session to its owner: enough of its hash to tell it from the others, and nothing of its cookie."""
    return session.hashed[:8].hex()


def sign_out(uow: UnitOfWork, clock: Clock, keyring: Keyring, *, staff: Staff, hashed: bytes) -> None:
    """Sign somebody out of the browser they sit at."""
    end_sessions(uow, (hashed,))
    record_audit(uow, clock, keyring, actor=staff.id, action="staff.signed_out", subject=staff.id)


def end_session(uow: UnitOfWork, clock: Clock, keyring: Keyring, *, staff: Staff, name: str) -> None:
    """Sign one browser of an account out. A name that is gone or somebody else's changes nothing."""
    named = [one.hashed for one in accounts.list_sessions(uow, staff.id) if session_name(one) == name]
    if named:
        end_sessions(uow, named)
        record_audit(uow, clock, keyring, actor=staff.id, action="staff.session_ended", subject=staff.id)


def sign_out_everywhere(uow: UnitOfWork, clock: Clock, keyring: Keyring, *, staff: Staff) -> None:
    """Sign an account out of every browser, as its owner wishes."""
    end_sessions_of(uow, staff)
    record_audit(uow, clock, keyring, actor=staff.id, action="staff.signed_out_everywhere", subject=staff.id)


def is_to_be_noted(session: StaffSession, clock: Clock) -> bool:
    """Return whether it is time to write down again that this session is in use."""
    return clock.now() - session.seen_at >= NOTED_EVERY


def end_sessions(uow: UnitOfWork, hashes: Sequence[bytes]) -> None:
    """Sign sessions out: their cookies lead nowhere from now on."""
    accounts.drop_sessions(uow, hashes)
    for hashed in hashes:
        remove_lookup(uow, "staff_session", hashed)


def end_sessions_of(uow: UnitOfWork, staff: Staff) -> None:
    """Sign an account out everywhere: after a new password, or when it is disabled."""
    end_sessions(uow, accounts.list_session_hashes(uow, staff_id=staff.id))


def _has_run_out(session: StaffSession, clock: Clock) -> bool:
    now = clock.now()
    return now - session.seen_at >= IDLE or now - session.signed_in_at >= LONGEST
