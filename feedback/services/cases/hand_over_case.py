"""Handing a case over to a colleague: from then on it is theirs, and no longer one's own."""

from feedback.domain.care import Case, Part, Staff
from feedback.domain.clock import Clock
from feedback.domain.errors import NotFound
from feedback.domain.revocation import Revocation, RevocationKind
from feedback.persistence.cases import care
from feedback.persistence.cases.case_staff import change_therapist, drop_case_staff, drop_supervisors
from feedback.persistence.dashboard.read_receipts import inherit_receipts
from feedback.persistence.database import UnitOfWork
from feedback.persistence.figures.journal import Journal
from feedback.security.keyring import Keyring
from feedback.services.audit.record_revocation import record_revocation
from feedback.services.cases.share_case import list_candidates


def hand_over_case(
    uow: UnitOfWork, clock: Clock, keyring: Keyring, *, journal: Journal, case: Case, to: str, by: Staff
) -> None:
    """Give a case to another therapist of the clinic, with its flags, notes and codes.

    What nobody has read yet is as unread for them. The private label goes, and so does every supervisor: the new
    therapist asks their own. Answers stay counted for whom they were given to. Raises `NotFound` for who is no active
    therapist of the clinic.
    """
    give_case(uow, clock, keyring, journal=journal, case=case, to=to, by=by.id)


def give_case(
    uow: UnitOfWork, clock: Clock, keyring: Keyring, *, journal: Journal, case: Case, to: str, by: str
) -> None:
    """Do the same for whoever decides it, by their id. Raises `NotFound` for who is no active therapist."""
    care.lock_case(uow, case.code)
    if to not in {one.id for one in list_candidates(uow, case, Part.CO_THERAPIST)}:
        raise NotFound("There is no such colleague.")
    move_case(uow, case, to)
    record_revocation(
        uow,
        clock,
        keyring,
        journal,
        actor=by,
        action="case.handed_over",
        subject=f"{case.code}/{to}",
        revoked=(
            Revocation(RevocationKind.CASE_GIVEN, (case.code, to)),
            Revocation(RevocationKind.CASE_LED, (case.code, case.therapist_id)),
        ),
    )


def move_case(uow: UnitOfWork, case: Case, to: str) -> None:
    """Give a case another therapist, with what was read of it; every supervisor's access ends."""
    change_therapist(uow, case.code, to)
    inherit_receipts(uow, case.code, case.therapist_id, to)
    drop_case_staff(uow, case.code, to)
    drop_supervisors(uow, case.code)
