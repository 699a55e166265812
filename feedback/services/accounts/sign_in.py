"""Signing in with e-mail and password.

Misses are paced by network and by account from that network, and no account is ever locked: an attacker could otherwise
keep a therapist from her desk by failing on purpose. A browser that signed in to the account before has a count of its
own (device cookies, OWASP). Nothing waits while a penalty runs; hashing is bounded, with turns that are fair between
networks.
"""

from dataclasses import dataclass

from feedback.domain.care import Clinic, Staff
from feedback.domain.clock import Clock
from feedback.domain.errors import SignInFailed, TooManyTries
from feedback.domain.limits import PASSWORD
from feedback.domain.networks import Origin, device_origin
from feedback.persistence.accounts import accounts
from feedback.persistence.accounts.identities import signs_in_elsewhere
from feedback.persistence.clinic.clinics import get_clinic
from feedback.persistence.database import Database, UnitOfWork
from feedback.persistence.tenant_lookup import clinics_behind
from feedback.security.credentials import SALT_BYTES, Passwords
from feedback.security.fair_turns import FairTurns
from feedback.security.keyring import Keyring
from feedback.security.rate_limit import Attempt, RateLimiter

ELSEWHERE = "This account signs in through your organisation, and no longer from here."


@dataclass(frozen=True, slots=True)
class Account:
    """One role of a person in one clinic."""

    clinic: Clinic
    staff: Staff


@dataclass(frozen=True, slots=True)
class Guard:
    """What bounds tries in this process, and where this one comes from; `device` where its browser is known."""

    limiter: RateLimiter
    hashing: FairTurns
    origin: Origin
    device: bytes | None = None

    @property
    def place(self) -> Origin:
        """Return the place in the queue for hashing: a known device's own, else its address's."""
        return device_origin(self.device) if self.device else self.origin

    def begin(self, now: float, account: bytes) -> Attempt:
        """Count a try as a miss until it is known to be right. Raises `TooManyTries`."""
        own = self.limiter.begin_on_device(self.device, now) if self.device else None
        return own or self.limiter.begin(PASSWORD, self.origin, now, account)


def fold_email(email: str) -> str:
    """Write an e-mail address the one way it is stored: without blanks around it, in small letters."""
    return email.strip().lower()


def email_hash(keyring: Keyring, email: str) -> bytes:
    """Return the hash by which the clinics of an e-mail address are found."""
    return keyring.hash("codes", "email", fold_email(email))


def email_salt(keyring: Keyring, email: str) -> bytes:
    """Return the salt that all passwords of an e-mail address are hashed with: see `security/credentials.py`."""
    return keyring.hash("codes", "password_salt", fold_email(email))[:SALT_BYTES]


def sign_in(
    database: Database,
    clock: Clock,
    keyring: Keyring,
    passwords: Passwords,
    *,
    email: str,
    password: str,
    guard: Guard,
) -> tuple[Account, ...]:
    """Return the accounts that e-mail and password open; mostly one, more where a person holds several roles.

    Takes the database rather than a unit of work: no transaction is open during the hashing. Raises `SignInFailed`, or
    `TooManyTries` where much was missed from there, or too many of that network sign in at the same moment.
    """
    hashed = email_hash(keyring, email)
    attempt = guard.begin(clock.now().timestamp(), hashed)
    with database.reading(None) as uow:
        found = _accounts_of(uow, fold_email(email), hashed)
    try:
        with guard.hashing.turn(guard.place):
            opened = _opened(passwords, found, password)
    except TooManyTries:
        attempt.take_back()  # it was not judged
        raise
    if not opened:
        raise SignInFailed("E-mail and password do not belong together. Check both and try again.")
    attempt.take_back()
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
