"""Setting up the second step: an authenticator app, and a few codes for the day the phone is gone."""

from feedback.domain.care import Chance, Staff, fold
from feedback.domain.clock import Clock
from feedback.domain.errors import SecondStepRefused
from feedback.domain.revocation import Revocation, RevocationKind
from feedback.persistence.accounts import second_step
from feedback.persistence.database import UnitOfWork
from feedback.persistence.figures.journal import Journal
from feedback.security.keyring import Keyring
from feedback.security.totp import DIGITS, find_step, seal_seed
from feedback.services.accounts.keep_signed_in import end_sessions_of
from feedback.services.audit.record_revocation import record_revocation

HOW_MANY_CODES = 10
CODE_LENGTH = 10
"""Characters of base 32: 50 bits each. Guesses are counted, so that is plenty; and it can be written down."""


def set_up_app(
    uow: UnitOfWork,
    clock: Clock,
    keyring: Keyring,
    chance: Chance,
    *,
    journal: Journal,
    staff: Staff,
    seed: str,
    code: str,
    replaces: bool,
) -> tuple[str, ...]:
    """Keep the seed of an app that has just shown its first code, and give ten fresh recovery codes.

    That code is used up by this, and the account is signed out everywhere. Somebody who has shown only a password
    may not take the place of an app (`replaces`). Raises `SecondStepRefused`.
    """
    if not replaces and second_step.sealed_seed_of(uow, staff.id) is not None:
        raise SecondStepRefused("Your second step was set up in another browser meanwhile. Please sign in again.")
    step = find_step(seed, only_digits(code), clock.now())
    if step is None:
        raise SecondStepRefused(
            f"That is not what the app shows now. Type the {DIGITS} digits you see there; if they keep failing, check "
            "that your phone sets its clock by itself."
        )
    second_step.keep_seed(uow, staff.id, seal_seed(keyring, seed, uow.clinic_id, staff.id), step)
    end_sessions_of(uow, staff)
    revoked = (Revocation(RevocationKind.SECOND_STEP, (staff.id,)),)
    record_revocation(
        uow, clock, keyring, journal, actor=staff.id, action="staff.app_set_up", subject=staff.id, revoked=revoked
    )
    return make_recovery_codes(uow, clock, keyring, chance, journal=journal, staff=staff)


def make_recovery_codes(
    uow: UnitOfWork, clock: Clock, keyring: Keyring, chance: Chance, *, journal: Journal, staff: Staff
) -> tuple[str, ...]:
    """Draw ten codes in place of all before. They can be shown this once only; each works once."""
    codes = tuple(chance.text(CODE_LENGTH) for _ in range(HOW_MANY_CODES))
    second_step.keep_recovery_codes(
        uow, staff.id, [recovery_hash(keyring, uow.clinic_id, staff, code) for code in codes]
    )
    record_revocation(
        uow,
        clock,
        keyring,
        journal,
        actor=staff.id,
        action="staff.recovery_codes_made",
        subject=staff.id,
        revoked=(Revocation(RevocationKind.RECOVERY_CODES, (staff.id,)),),
    )
    return codes


def recovery_hash(keyring: Keyring, clinic_id: str, staff: Staff, code: str) -> bytes:
    """Return the hash a recovery code of an account is found by, however it was typed."""
    return keyring.hash("codes", "recovery", clinic_id, staff.id, fold(code))


def show_recovery_code(code: str) -> str:
    """Write a recovery code in two groups of five, as printed: `7K4M9-QTX2B`."""
    return f"{code[:5]}-{code[5:]}"


def only_digits(code: str) -> str:
    """Read six digits as people type and paste them: with blanks or hyphens between."""
    return "".join(sign for sign in code if sign.isdecimal() and sign.isascii())
