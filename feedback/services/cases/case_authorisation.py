"""Who may open a case, and which of its answers: decided in one place, by what the form said to the client."""

from dataclasses import dataclass

from feedback.domain.care import Case, Part, Role, Staff
from feedback.domain.clock import Clock, local_day
from feedback.domain.errors import NotFound
from feedback.domain.response import Response
from feedback.domain.who_reads import READERS, Reader, versions_naming
from feedback.persistence.cases import care
from feedback.persistence.cases.case_staff import get_case_staff
from feedback.persistence.clinic.clinics import get_clinic
from feedback.persistence.database import UnitOfWork


@dataclass(frozen=True, slots=True)
class CaseAccess:
    """A case opened by somebody who may, and as what. `versions` are those of the sentence whose answers they see."""

    by: Staff
    case: Case
    reader: Reader
    versions: frozenset[int]

    @property
    def leads(self) -> bool:
        """True for the case's own therapist, who alone hands over, shares, labels and closes it."""
        return self.reader is Reader.THERAPIST

    @property
    def works(self) -> bool:
        """True for every therapist of the case; a supervisor only reads."""
        return self.reader is not Reader.SUPERVISOR

    def may_see(self, response: Response) -> bool:
        """Return whether the form told the client that this reader may see the answer."""
        return response.who_reads_version in self.versions


def open_to(uow: UnitOfWork, clock: Clock, *, code: str, by: Staff) -> CaseAccess:
    """Open a case to its therapist, a therapist beside them, or a supervisor while that lasts.

    The therapist sees every answer, those sent to the one before included: each version names who takes over. Raises
    `NotFound` for anybody else's, in the same words as for none at all.
    """
    case = care.get_case(uow, code)
    if case.therapist_id == by.id:
        return CaseAccess(by, case, Reader.THERAPIST, frozenset(READERS))
    found = get_case_staff(uow, code, by.id)
    if found is not None and (found.part, by.role) == (Part.CO_THERAPIST, Role.THERAPIST):
        return CaseAccess(by, case, Reader.CO_THERAPIST, versions_naming(Reader.CO_THERAPIST))
    if found is not None and (found.part, by.role) == (Part.SUPERVISOR, Role.SUPERVISOR):
        today = local_day(clock, get_clinic(uow).timezone)
        if found.until is not None and today <= found.until:
            return CaseAccess(by, case, Reader.SUPERVISOR, versions_naming(Reader.SUPERVISOR))
    raise NotFound("There is no case with this code.")
