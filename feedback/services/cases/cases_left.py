"""The open cases of a therapist whose account is or will be disabled: how many, and to whom they go.

Whoever decides sees how many there are and may name a case by its code; what is in a case stays closed to them.
"""

from feedback.domain.care import Case, Role, Staff, read_case_code
from feedback.domain.clock import Clock
from feedback.domain.errors import NotFound, Refused
from feedback.persistence.accounts.accounts import get_staff, list_staff
from feedback.persistence.cases import care
from feedback.persistence.database import UnitOfWork
from feedback.persistence.figures.journal import Journal
from feedback.security.keyring import Keyring
from feedback.services.cases.hand_over_case import give_case

NOT_AMONG_THEM = "There is no open case with this code among theirs. It has six characters, such as K7Q2X-M."


def list_led(uow: UnitOfWork, staff: Staff) -> tuple[Case, ...]:
    """Return the open cases that somebody leads."""
    return tuple(case for case in care.list_cases(uow, staff.id) if case.is_open)


def list_successors(uow: UnitOfWork, staff: Staff, by: str) -> tuple[Staff, ...]:
    """Return who can take over somebody's cases: other therapists whose account is in use.

    A clinic admin opens no case, so none goes to another account with the e-mail address of `by`.
    """
    people = list_staff(uow)
    own = {one.email for one in people if one.id == by}
    return tuple(
        one
        for one in people
        if one.role is Role.THERAPIST and one.is_active and one.id != staff.id and one.email not in own
    )


def hand_over_led(
    uow: UnitOfWork,
    clock: Clock,
    keyring: Keyring,
    *,
    journal: Journal,
    of: Staff,
    to: str,
    by: str,
    typed_code: str = "",
) -> int:
    """Return all open cases of a disabled therapist to another, or the one whose code was typed; return how many.

    Each is in the log. Raises `NotFound` for who cannot take them over, `Refused` while the account is in use, whose
    owner hands over then, and for a code that is none of theirs.
    """
    if get_staff(uow, of.id).disabled_on is None:
        raise Refused("Whose account is in use hands their cases over themselves.")
    if to not in {one.id for one in list_successors(uow, of, by)}:
        raise NotFound("There is no such colleague.")
    led = list_led(uow, of)
    chosen = [case for case in led if case.code == read_case_code(typed_code)] if typed_code else led
    if typed_code and not chosen:
        raise Refused(NOT_AMONG_THEM)
    for case in chosen:
        give_case(uow, clock, keyring, journal=journal, case=case, to=to, by=by)
    return len(chosen)
