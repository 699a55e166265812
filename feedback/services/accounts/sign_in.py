"""Signing in with e-mail and password.

Guessing is slowed down, per account and for everybody together, and nobody is ever locked out: an attacker could
otherwise keep a therapist from her desk by failing on purpose.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import BoundedSemaphore

from feedback.domain.care import Clinic, Staff
from feedback.domain.clock import Clock
from feedback.domain.errors import SignInFailed, TooManyTries
from feedback.persistence.accounts import accounts, tries
from feedback.persistence.accounts.identities import signs_in_elsewhere
from feedback.persistence.clinic.clinics import get_clinic
from feedback.persistence.database import Database, UnitOfWork
from feedback.persistence.doors import clinics_behind
from feedback.security.credentials import SALT_BYTES, Passwords
from feedback.security.keyring import Keyring

FREE_MISSES = 5
"""Misses of one account within ten minutes before it becomes slow."""

BUSY_MISSES = 300
"""Misses of all accounts together within ten minutes before every sign-in becomes slow."""

LONGEST_PAUSE = 2.0
"""Seconds."""

_AT_ONCE = BoundedSemaphore(4)
"""How many sign-ins one process works on at once: each takes 64 MiB, and a pause must not use up every thread."""


ELSEWHERE = "This account signs in through your organisation, and no longer from here."


@dataclass(frozen=True, slots=True)
class Account:
    """One role of a person in one clinic."""

    clinic: Clinic
    staff: Staff


def fold_email(email: str) -> str:
    """Write an e-mail address the one way it is stored: without blanks around it, in small letters."""
    return email.strip().lower()


def email_hash(keyring: Keyring, email: str) -> bytes:
    """Give the hash by which the clinics of an e-mail address are found."""
    return keyring.hash("codes", "email", fold_email(email))


def email_salt(keyring: Keyring, email: str) -> bytes:
    """Give the salt that all passwords of an e-mail address are hashed with: see `security/credentials.py`."""
    return keyring.hash("codes", "password_salt", fold_email(email))[:SALT_BYTES]


def sign_in(
    database: Database,
    clock: Clock,
    keyring: Keyring,
    passwords: Passwords,
    *,
    email: str,
    password: str,
    pause: Callable[[float], None],
) -> tuple[Account, ...]:
    """Give the accounts that e-mail and password open; mostly one, more where a person holds several roles.

    Takes the database rather than a unit of work: no transaction is open during the pause (seconds) and the hashing.
    Raises `SignInFailed`, or `TooManyTries` when too many people sign in at the same moment.
    """
    if not _AT_ONCE.acquire(blocking=False):
        raise TooManyTries("Many people are signing in just now. Please try again in a few seconds.", 5)
    try:
        hashed = email_hash(keyring, email)
        with database.reading(None) as uow:
            wait = _pause_for(uow, clock, hashed)
            found = _accounts_of(uow, fold_email(email), hashed)
        if wait:
            pause(wait)
        opened = _opened(passwords, found, password)
    finally:
        _AT_ONCE.release()
    if not opened:
        with database.writing(None) as uow:
            tries.count_miss(uow, "sign_in", clock.now())
            tries.count_miss(uow, "sign_in", clock.now(), hashed)
            uow.commit()
        raise SignInFailed("E-mail and password do not belong together. Check both and try again.")
    return _not_elsewhere(database, opened)


def _opened(passwords: Passwords, found: tuple[Account, ...], password: str) -> tuple[Account, ...]:
    """Check every account's password; the work is that of one, however many there are, and if there is none."""
    fits = passwords.which_match([account.staff.password_hash for account in found], password)
    return tuple(account for account, fit in zip(found, fits, strict=True) if fit)


def _not_elsewhere(database: Database, opened: tuple[Account, ...]) -> tuple[Account, ...]:
    """Leave out accounts that sign in through the organisation. Only who knows a password is told of it."""
    with database.reading(None) as uow:
        left = tuple(one for one in opened if not signs_in_elsewhere(uow.within(one.clinic.id), one.staff.id))
    if not left:
        raise SignInFailed(ELSEWHERE)
    return left


def _accounts_of(uow: UnitOfWork, email: str, hashed: bytes) -> tuple[Account, ...]:
    return tuple(
        Account(get_clinic(inside), person)
        for inside in (uow.within(clinic_id) for clinic_id in clinics_behind(uow, "email", hashed))
        for person in accounts.list_staff(inside, email)
        if person.is_active
    )


def _pause_for(uow: UnitOfWork, clock: Clock, hashed: bytes) -> float:
    """Give the seconds this sign-in waits first: doubling with each miss of the account, up to the longest."""
    if tries.misses(uow, "sign_in", clock.now()) >= BUSY_MISSES:
        return LONGEST_PAUSE
    beyond = tries.misses(uow, "sign_in", clock.now(), hashed) - FREE_MISSES
    return min(0.25 * 2.0**beyond, LONGEST_PAUSE) if beyond >= 0 else 0.0
