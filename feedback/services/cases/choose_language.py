"""Saying in which language a case's forms, cards and slips come, for a client who has not chosen one on the form."""

from feedback.domain.care import Case, Clinic, Staff
from feedback.domain.clock import Clock
from feedback.domain.errors import Refused
from feedback.domain.languages import LANGUAGES, Language
from feedback.persistence.cases import care
from feedback.persistence.clinic.clinics import get_clinic
from feedback.persistence.database import UnitOfWork
from feedback.security.keyring import Keyring
from feedback.services.audit.record_audit import record_audit
from feedback.services.clinic.find_instrument import languages_in


def languages_for(uow: UnitOfWork, clinic: Clinic, case: Case) -> tuple[Language, ...]:
    """Return the languages a case's forms can come in: those its clinic offers and its questionnaire exists in."""
    worded = languages_in(uow, case.instrument_id)
    return tuple(LANGUAGES[code] for code in clinic.languages if code in worded and code in LANGUAGES)


def choose_language(
    uow: UnitOfWork, clock: Clock, keyring: Keyring, *, case: Case, language: str | None, by: Staff
) -> None:
    """Set the language by its code, or none. Raises `Refused` for one in which this case has no form."""
    if language is not None and language not in {each.code for each in languages_for(uow, get_clinic(uow), case)}:
        raise Refused("Choose one of the languages your clinic offers.")
    care.put_language(uow, case.code, language)
    record_audit(uow, clock, keyring, actor=by.id, action="case.language_set", subject=case.code)
