"""The second step of signing in: the code of an app, or one of the recovery codes.

Only somebody who knows the password gets here, so guessing can be stopped without keeping anybody else from their desk.
"""

from feedback.domain.care import Staff, fold
from feedback.domain.clock import Clock
from feedback.domain.errors import SignInFailed, TooManyTries
from feedback.domain.limits import ACCOUNT_WINDOW_SECONDS, SECOND_STEP_MISSES
from feedback.domain.revocation import Revocation, RevocationKind
from feedback.persistence.accounts import failed_attempts, second_step
from feedback.persistence.database import Database, UnitOfWork
from feedback.persistence.figures.journal import Journal
from feedback.security.keyring import Keyring
from feedback.security.totp import DIGITS, find_step, unseal_seed
from feedback.services.accounts.set_up_second_step import CODE_LENGTH, only_digits, recovery_hash
from feedback.services.accounts.sign_in import Account
from feedback.services.audit.record_audit import record_audit
from feedback.services.audit.record_revocation import record_revocation


def confirm_second_step(
    database: Database,
    clock: Clock,
    keyring: Keyring,
    *,
    journal: Journal,
    account: Account,
    code: str,
    on_known_device: bool = False,
) -> None:
    """Pass when the code fits, and use it up.

    The try is counted before it is judged, so that many at once are no more than one after another. Raises
    `SignInFailed`, or `TooManyTries` after five misses within ten minutes; a miss is in the audit log. Devices that the
    account knows have a count of their own, so that who found out a password does not keep its owner out there.
    """
    staff = account.staff
    known = ("known",) if on_known_device else ()
    mine = keyring.hash("codes", "second_step", account.clinic.id, staff.id, *known)
    with database.writing(account.clinic.id) as uow:
        failed_attempts.count_miss(uow, "sign_in", clock.now(), mine)
        if failed_attempts.misses(uow, "sign_in", clock.now(), mine) > SECOND_STEP_MISSES:
            left = ACCOUNT_WINDOW_SECONDS - int(clock.now().timestamp()) % ACCOUNT_WINDOW_SECONDS
            raise TooManyTries("That was wrong too often. Please wait ten minutes, then sign in again.", left)
        if _fits(uow, clock, keyring, journal, staff=staff, code=code):
            failed_attempts.forget_misses(uow, "sign_in", clock.now(), mine)
            return
        record_audit(uow, clock, keyring, actor=staff.id, action="staff.code_refused", subject=staff.id)
    raise SignInFailed("That code does not fit, or was used before. Wait for the next one and try again.")


def has_second_step(uow: UnitOfWork, staff: Staff) -> bool:
    """Return whether an account has set up its second step."""
    return second_step.sealed_seed_of(uow, staff.id) is not None


def _fits(uow: UnitOfWork, clock: Clock, keyring: Keyring, journal: Journal, *, staff: Staff, code: str) -> bool:
    sealed = second_step.sealed_seed_of(uow, staff.id)
    if sealed is None:
        return False
    if len(fold(code)) == CODE_LENGTH:
        return _uses_recovery_code(uow, clock, keyring, journal, staff=staff, code=code)
    digits = only_digits(code)
    if len(digits) != DIGITS:
        return False
    step = find_step(unseal_seed(keyring, sealed, uow.clinic_id, staff.id), digits, clock.now())
    return step is not None and second_step.use_up_step(uow, staff.id, step)


def _uses_recovery_code(
    uow: UnitOfWork, clock: Clock, keyring: Keyring, journal: Journal, *, staff: Staff, code: str
) -> bool:
    hashed = recovery_hash(keyring, uow.clinic_id, staff, code)
    if not second_step.use_up_recovery_code(uow, staff.id, hashed):
        return False
    record_revocation(
        uow,
        clock,
        keyring,
        journal,
        actor=staff.id,
        action="staff.recovery_code_used",
        subject=staff.id,
        revoked=(Revocation(RevocationKind.RECOVERY_CODE, (staff.id, hashed.hex())),),
    )
    return True
