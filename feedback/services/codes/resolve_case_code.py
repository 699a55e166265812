"""From a case code that the front desk typed to its open case; wrong ones are counted, and slowed down like others."""

from collections.abc import Iterable

from feedback.domain.care import Case, Staff, read_case_code
from feedback.domain.clock import Clock
from feedback.domain.errors import CaseCodeUnknown, NotFound, Refused, TooManyTries
from feedback.domain.limits import CASE_CODE_MISSES
from feedback.persistence.accounts import failed_attempts
from feedback.persistence.cases import care
from feedback.persistence.database import UnitOfWork
from feedback.security.keyring import Keyring

KIND = "case_code"


def find_typed_case(uow: UnitOfWork, clock: Clock, keyring: Keyring, *, typed: str, by: Staff) -> Case:
    """Return the open case of a typed code, locked. Whether a case was closed or never was, the answer is the same.

    Raises `Refused` for a code whose check character does not fit, `CaseCodeUnknown` for one that opens nothing, and
    `TooManyTries` after too many of these.
    """
    code = read_case_code(typed)
    if code is None:
        raise Refused("This is not a whole case code. It has six characters, such as K7Q2X-M. Check for a mix-up.")
    if failed_attempts.misses(uow, KIND, clock.now(), _whose(uow, keyring, by)) >= CASE_CODE_MISSES:
        raise TooManyTries("Let us take a short break. Try again in 10 minutes.")
    care.lock_case(uow, code)
    try:
        case = care.get_case(uow, code)
    except NotFound:
        case = None
    if case is None or not case.is_open:
        raise CaseCodeUnknown("There is no open case with this code. Ask the therapist for the right one.")
    return case


def find_typed_cases(
    uow: UnitOfWork, clock: Clock, keyring: Keyring, *, typed: Iterable[str], by: Staff
) -> tuple[tuple[Case, ...], tuple[str, ...]]:
    """Return the open cases of several typed codes, and what is wrong with each that has none.

    Misses are counted here: keep the unit of work whatever comes out. Nothing more is looked up once they are too many.
    """
    found: list[Case] = []
    wrong: list[str] = []
    for each in typed:
        try:
            found.append(find_typed_case(uow, clock, keyring, typed=each, by=by))
        except CaseCodeUnknown as unknown:
            wrong.append(f"{each}: {unknown}")
            count_case_miss(uow, clock, keyring, by=by)
        except Refused as refused:
            wrong.append(f"{each}: {refused}")
        except TooManyTries as enough:
            return tuple(found), (*wrong, str(enough))
    return tuple(found), tuple(wrong)


def count_case_miss(uow: UnitOfWork, clock: Clock, keyring: Keyring, *, by: Staff) -> None:
    """Count a whole case code that opens nothing. Call it in a unit of work that is kept although that was refused."""
    failed_attempts.count_miss(uow, KIND, clock.now(), _whose(uow, keyring, by))


def _whose(uow: UnitOfWork, keyring: Keyring, by: Staff) -> bytes:
    return keyring.hash("staff-pages", "case-code", uow.clinic_id, by.id)
