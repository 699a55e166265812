"""Opening a case, closing it, opening it again."""

from feedback.domain.care import SEATS, USUAL_INSTRUMENT, Case, Chance, Staff, draw_case_code
from feedback.domain.clock import Clock, local_day
from feedback.domain.errors import NotFound, Refused
from feedback.persistence.cases import care
from feedback.persistence.clinic.clinics import get_clinic
from feedback.persistence.database import UnitOfWork
from feedback.security.keyring import Keyring
from feedback.security.sealing import seal, unseal
from feedback.services.audit.record_audit import record_audit
from feedback.services.clinic.find_instrument import list_offered

LABEL_LENGTH = 20


def open_case(
    uow: UnitOfWork,
    clock: Clock,
    keyring: Keyring,
    chance: Chance,
    *,
    by: Staff,
    label: str = "",
    seats: int = 1,
    instrument_id: str = USUAL_INSTRUMENT,
) -> Case:
    """Open a case under a code the system draws; the optional private label is sealed.

    Raises `Refused` when the label is over 20 characters, the seats are not 1 to 8, or the instrument is not on offer.
    """
    if len(label) > LABEL_LENGTH:
        raise Refused(f"A label has at most {LABEL_LENGTH} characters. Please do not use names.")
    if not 1 <= seats <= len(SEATS):
        raise Refused(f"A case has 1 to {len(SEATS)} people who answer.")
    if instrument_id != USUAL_INSTRUMENT and instrument_id not in {each.id for each in list_offered(uow)}:
        raise Refused("This clinic does not offer that questionnaire for new cases.")
    code = _free_code(uow, chance)
    today = local_day(clock, get_clinic(uow).timezone)
    sealed = seal(keyring, label, "cases", "label", uow.clinic_id, code) if label else None
    case = Case(code, by.id, today, seats=seats, instrument_id=instrument_id, sealed_label=sealed)
    care.add_case(uow, case)
    record_audit(uow, clock, keyring, actor=by.id, action="case.opened", subject=code)
    return case


def close_case(uow: UnitOfWork, clock: Clock, keyring: Keyring, *, case: Case, by: Staff) -> None:
    """Close a case today: no new therapy session or code until it is opened again. Closing twice changes nothing."""
    if case.is_open:
        care.close_case(uow, case.code, local_day(clock, get_clinic(uow).timezone))
        record_audit(uow, clock, keyring, actor=by.id, action="case.closed", subject=case.code)


def reopen_case(uow: UnitOfWork, clock: Clock, keyring: Keyring, *, case: Case, by: Staff) -> None:
    """Open a closed case again."""
    if not case.is_open:
        care.close_case(uow, case.code, None)
        record_audit(uow, clock, keyring, actor=by.id, action="case.reopened", subject=case.code)


def read_label(uow: UnitOfWork, keyring: Keyring, case: Case) -> str:
    """Return the therapist's private label of a case, empty when there is none."""
    return open_label(uow, keyring, case.code, case.sealed_label)


def open_label(uow: UnitOfWork, keyring: Keyring, code: str, sealed: bytes | None) -> str:
    """Open a sealed label that was read together with other rows."""
    return unseal(keyring, sealed, "cases", "label", uow.clinic_id, code) if sealed else ""


def _free_code(uow: UnitOfWork, chance: Chance) -> str:
    while True:
        code = draw_case_code(chance)
        try:
            care.get_case(uow, code)
        except NotFound:
            return code
