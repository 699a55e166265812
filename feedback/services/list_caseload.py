"""A therapist's caseload."""

from dataclasses import dataclass, field

from feedback.domain.care import Staff
from feedback.persistence import overview
from feedback.persistence.database import UnitOfWork
from feedback.persistence.overview import CaseRow
from feedback.security.keyring import Keyring
from feedback.services.open_case import open_label


@dataclass(frozen=True, slots=True)
class CaseloadLine:
    """One case with its private label."""

    case: CaseRow
    label: str = field(default="", repr=False)


def list_caseload(uow: UnitOfWork, keyring: Keyring, *, therapist: Staff) -> tuple[CaseloadLine, ...]:
    """Give a therapist's own cases, open ones first, then by the latest therapy session."""
    return tuple(
        CaseloadLine(row, open_label(uow, keyring, row.code, row.sealed_label))
        for row in overview.list_caseload(uow, therapist.id)
    )
