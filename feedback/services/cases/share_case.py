"""Sharing a case: with a therapist who works on it too, or with a supervisor for a limited time."""

from datetime import timedelta

from feedback.domain.care import Case, CaseStaff, Part, Role, Staff
from feedback.domain.clock import Clock, local_day
from feedback.domain.errors import NotFound, Refused
from feedback.domain.revocation import Revocation, RevocationKind
from feedback.persistence.accounts.accounts import list_staff
from feedback.persistence.cases.case_staff import drop_case_staff, get_case_staff, put_case_staff
from feedback.persistence.clinic.clinics import get_clinic
from feedback.persistence.database import UnitOfWork
from feedback.persistence.figures.journal import Journal
from feedback.security.keyring import Keyring
from feedback.services.audit.record_revocation import record_revocation

LASTS_DAYS = (7, 30, 90)
"""For how many days a supervisor may be asked."""

ROLE_FOR = {Part.CO_THERAPIST: Role.THERAPIST, Part.SUPERVISOR: Role.SUPERVISOR}


def list_candidates(uow: UnitOfWork, case: Case, part: Part) -> tuple[Staff, ...]:
    """Return who could take a part in a case: active accounts of the fitting role, except its own therapist."""
    role = ROLE_FOR[part]
    return tuple(one for one in list_staff(uow) if one.is_active and one.role is role and one.id != case.therapist_id)


def share_case(
    uow: UnitOfWork,
    clock: Clock,
    keyring: Keyring,
    *,
    journal: Journal,
    case: Case,
    part: Part,
    staff_id: str,
    days: int,
    by: Staff,
) -> None:
    """Let a colleague of the same clinic in. A supervisor sees it for `days` days, today counted as the first.

    They see only answers whose form named them. Raises `NotFound` for who may not take this part, `Refused` for days.
    """
    if staff_id not in {one.id for one in list_candidates(uow, case, part)}:
        raise NotFound("There is no such colleague.")
    if part is Part.SUPERVISOR and days not in LASTS_DAYS:
        raise Refused(f"A case is shared for {', '.join(map(str, LASTS_DAYS[:-1]))} or {LASTS_DAYS[-1]} days.")
    today = local_day(clock, get_clinic(uow).timezone)
    until = today + timedelta(days=days - 1) if part is Part.SUPERVISOR else None
    # A new share takes the place of one before, which may have been for longer.
    replaced = get_case_staff(uow, case.code, staff_id) is not None
    put_case_staff(uow, CaseStaff(case.code, staff_id, part, today, until))
    record_revocation(
        uow,
        clock,
        keyring,
        journal,
        actor=by.id,
        action=f"case.shared_with_{part}",
        subject=f"{case.code}/{staff_id}",
        revoked=(Revocation(RevocationKind.CASE_SHARE, (case.code, staff_id)),) if replaced else (),
    )


def stop_sharing(
    uow: UnitOfWork, clock: Clock, keyring: Keyring, *, journal: Journal, case: Case, staff_id: str, by: Staff
) -> None:
    """Close the case to a colleague again, at once. Doing so twice changes nothing."""
    if drop_case_staff(uow, case.code, staff_id):
        record_revocation(
            uow,
            clock,
            keyring,
            journal,
            actor=by.id,
            action="case.sharing_ended",
            subject=f"{case.code}/{staff_id}",
            revoked=(Revocation(RevocationKind.CASE_SHARE, (case.code, staff_id)),),
        )
