"""Signing in with a passkey: both steps at once, without typing anything."""

from feedback.domain.care import Chance
from feedback.domain.clock import Clock
from feedback.domain.errors import NotFound, PasskeyRefused
from feedback.persistence.accounts import failed_attempts, passkeys
from feedback.persistence.accounts.accounts import get_staff
from feedback.persistence.accounts.identities import signs_in_elsewhere
from feedback.persistence.clinic.clinics import get_clinic
from feedback.persistence.database import Database, UnitOfWork
from feedback.security.keyring import Keyring
from feedback.security.passkeys import (
    LASTS,
    Shown,
    Site,
    check_challenge,
    check_shown,
    make_challenge,
    offer_to_show,
    read_shown,
)
from feedback.services.accounts.sign_in import ELSEWHERE, Account

_PURPOSE = "sign in"
_UNKNOWN = "This passkey does not belong to an account here. Sign in with your password instead."


def ask_for_passkey(clock: Clock, keyring: Keyring, chance: Chance, site: Site) -> str:
    """Return what a browser needs to ask for a passkey, as JSON."""
    return offer_to_show(site, make_challenge(keyring, clock, chance, _PURPOSE))


def sign_in_with_passkey(database: Database, clock: Clock, keyring: Keyring, *, site: Site, answer: str) -> Account:
    """Return the account whose passkey has just signed our challenge. Each challenge signs in once.

    Raises `PasskeyRefused`.
    """
    shown = read_shown(answer)
    challenge = check_challenge(keyring, clock, _PURPOSE, answer)
    clinic_id, _, staff_id = shown.owner.partition("/")
    with database.writing(clinic_id) as uow:
        account = _account(uow, clinic_id, staff_id)
        _use_up(uow, clock, keyring.hash("codes", "challenge", challenge.decode()))
        _check(uow, site, challenge, shown, account)
    return account


def _account(uow: UnitOfWork, clinic_id: str, staff_id: str) -> Account:
    try:
        account = Account(get_clinic(uow.within(clinic_id)), get_staff(uow.within(clinic_id), staff_id))
    except NotFound:
        raise PasskeyRefused(_UNKNOWN) from None
    if not account.staff.is_active:
        raise PasskeyRefused(_UNKNOWN)
    return account


def _check(uow: UnitOfWork, site: Site, challenge: bytes, shown: Shown, account: Account) -> None:
    passkey = passkeys.find_passkey(uow, shown.credential)
    if passkey is None or passkey.staff_id != account.staff.id:
        raise PasskeyRefused(_UNKNOWN)
    uses = check_shown(site, challenge, shown, public_key=passkey.public_key, uses=passkey.uses)
    if not passkeys.note_uses(uow, passkey, uses):
        raise PasskeyRefused(_UNKNOWN)
    if signs_in_elsewhere(uow, account.staff.id):
        raise PasskeyRefused(ELSEWHERE)


def _use_up(uow: UnitOfWork, clock: Clock, hashed: bytes) -> None:
    """Let a challenge sign in once: what was used is remembered as long as it could be used again."""
    now = clock.now()
    failed_attempts.count_miss(uow, "sign_in", now, hashed)
    if sum(failed_attempts.misses(uow, "sign_in", when, hashed) for when in (now, now - LASTS * 2)) > 1:
        raise PasskeyRefused("That was used already. Please try again.")
