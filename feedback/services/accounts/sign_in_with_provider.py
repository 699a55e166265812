"""Signing in through the organisation: whom its provider vouches for is looked up by issuer and subject alone."""

from collections.abc import Iterator, Mapping

from feedback.domain.care import Role
from feedback.domain.clock import Clock
from feedback.domain.errors import ProviderRefused
from feedback.domain.limits import REFUSALS_NOTED
from feedback.persistence.accounts import accounts, failed_attempts
from feedback.persistence.accounts.identities import linked_with
from feedback.persistence.clinic.clinics import get_clinic, list_clinics
from feedback.persistence.database import Database, UnitOfWork
from feedback.persistence.tenant_lookup import clinics_behind
from feedback.security.keyring import Keyring
from feedback.security.provider.oidc_identity import Vouched, identity_hash
from feedback.security.provider.oidc_state import LASTS, NOT_BEGUN_HERE, Attempt
from feedback.services.accounts.keep_signed_in import end_sessions_of
from feedback.services.accounts.sign_in import Account
from feedback.services.audit.record_audit import record_audit

NOT_LINKED = (
    "No account here is linked with that sign-in. Begin with the invitation of your clinic; or sign in as before, and "
    "link your account there."
)
ROLE_LOST = "Your organisation does not list you for this work any more. Ask your clinic."


def use_up_attempt(database: Database, clock: Clock, keyring: Keyring, attempt: Attempt) -> None:
    """Let an attempt come back once, whatever becomes of it. Raises `ProviderRefused` the second time."""
    now, hashed = clock.now(), keyring.hash("codes", "attempt", attempt.state)
    with database.writing(None) as uow:
        failed_attempts.count_miss(uow, "sign_in", now, hashed)
        used = sum(failed_attempts.misses(uow, "sign_in", when, hashed) for when in (now, now - LASTS))
    if used > 1:
        raise ProviderRefused(NOT_BEGUN_HERE, "used twice")


def find_vouched(
    database: Database, clock: Clock, keyring: Keyring, vouched: Vouched, roles: Mapping[str, Role]
) -> tuple[Account, ...]:
    """Return the accounts that are linked with somebody and whose role one of their groups opens.

    An account whose role none opens any more is signed out everywhere, and that is written down. Raises
    `ProviderRefused` when none is left.
    """
    hashed = identity_hash(keyring, vouched)
    with database.writing(None) as uow:
        linked = tuple(_linked(uow, hashed))
        opened = tuple(account for account in linked if may_enter(vouched, roles, account.staff.role))
        for account in linked:
            inside = uow.within(account.clinic.id)
            action = "staff.vouched_for" if account in opened else "staff.role_lost"
            record_audit(inside, clock, keyring, actor=account.staff.id, action=action, subject=account.staff.id)
            if account not in opened:
                end_sessions_of(inside, account.staff)
    if not opened:
        raise ProviderRefused(ROLE_LOST, "role lost") if linked else ProviderRefused(NOT_LINKED, "no linked account")
    return opened


def may_enter(vouched: Vouched, roles: Mapping[str, Role], role: Role) -> bool:
    """Return whether somebody's groups open a role; where no groups are set, the account's own role is enough."""
    return not roles or role in {roles[group] for group in vouched.groups or () if group in roles}


def note_refusal(database: Database, clock: Clock, keyring: Keyring, reason: str) -> None:
    """Write into the log of every clinic that a sign-in through the provider was refused: whose it is, is not known.

    Of one reason at most twenty within ten minutes are written; all are counted.
    """
    now, hashed = clock.now(), keyring.hash("codes", "provider_refusal", reason)
    with database.writing(None) as uow:
        failed_attempts.count_miss(uow, "sign_in", now, hashed)
        if failed_attempts.misses(uow, "sign_in", now, hashed) <= REFUSALS_NOTED:
            for clinic in sorted(list_clinics(uow), key=lambda each: each.id):
                inside = uow.within(clinic.id)
                record_audit(inside, clock, keyring, actor="somebody", action="provider.refused", subject=reason)


def _linked(uow: UnitOfWork, hashed: bytes) -> Iterator[Account]:
    for clinic_id in clinics_behind(uow, "identity", hashed):
        inside = uow.within(clinic_id)
        for staff_id in linked_with(inside, hashed):
            person = accounts.get_staff(inside, staff_id)
            if person.is_active:
                yield Account(get_clinic(inside), person)
