"""A therapist's caseload."""

from dataclasses import dataclass, field

from feedback.domain.care import Staff, fold
from feedback.persistence.dashboard import overview
from feedback.persistence.dashboard.overview import CaseRow
from feedback.persistence.database import UnitOfWork
from feedback.security.keyring import Keyring
from feedback.services.cases.open_case import open_label


@dataclass(frozen=True, slots=True)
class CaseloadLine:
    """One case with its private label."""

    case: CaseRow
    label: str = field(default="", repr=False)

    def answers_to(self, sought: str) -> bool:
        """Return whether what somebody typed begins the code or stands in the label, in capitals or not."""
        code = fold(sought)
        return bool(code and fold(self.case.code).startswith(code)) or sought.casefold() in self.label.casefold()


def list_caseload(
    uow: UnitOfWork, keyring: Keyring, *, therapist: Staff, sought: str = "", with_closed: bool = False
) -> tuple[CaseloadLine, ...]:
    """Return the cases somebody is a therapist of, open ones first, then by the latest therapy session.

    `sought` is the beginning of a code or a part of a label; closed cases are among what is found.
    """
    rows = overview.list_caseload(uow, therapist.id, with_closed=with_closed or bool(sought))
    lines = [CaseloadLine(row, open_label(uow, keyring, row.code, row.sealed_label)) for row in rows]
    return tuple(line for line in lines if not sought or line.answers_to(sought))
