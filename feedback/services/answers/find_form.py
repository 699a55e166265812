"""Finding the form behind a link. Looking never uses a code up."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from feedback.domain.access import AccessCode, AccessCodeKind
from feedback.domain.care import Case, Clinic
from feedback.domain.case_card import Target, choose_target
from feedback.domain.clock import Clock, local_day
from feedback.domain.errors import AccessCodeExpired, AccessCodeUnknown, AlreadyShared
from feedback.domain.weekly import planned_days
from feedback.domain.who_reads import version_for
from feedback.persistence.answers import responses
from feedback.persistence.cases import care, codes
from feedback.persistence.clinic.clinics import get_clinic
from feedback.persistence.database import UnitOfWork
from feedback.persistence.doors import clinics_behind
from feedback.persistence.flags import flags
from feedback.security.access_codes import token_hash
from feedback.security.keyring import Keyring


@dataclass(frozen=True, slots=True)
class FoundCode:
    """A code with whose it is. It may be expired or revoked: see `check_usable`.

    `sentence` is the version of the who-reads sentence its form shows today.
    """

    clinic: Clinic
    case: Case
    code: AccessCode
    therapist: str
    sentence: int
    today: date

    def check_usable(self) -> None:
        """Pass while the code works. Raises `AccessCodeRevoked` or `AccessCodeExpired`; a card ends with its case."""
        self.code.check_usable(self.today)
        if self.code.kind is AccessCodeKind.CASE_CARD and not self.case.is_open:
            raise AccessCodeExpired("This code has closed. It is fine to miss one.")


@dataclass(frozen=True, slots=True)
class FoundForm:
    """What the form of a code is about. `nonces` are those of shared answers, by number of the therapy session."""

    found: FoundCode
    target: Target
    nonces: dict[int, bytes]
    asks_repair: bool

    def is_repeat(self, hashed_nonce: bytes) -> bool:
        """Say whether the therapist already has an answer sent with this nonce."""
        return hashed_nonce in self.nonces.values()

    def check_open(self) -> None:
        """Pass while the therapist has no answer. Raises `AlreadyShared`."""
        if self.target.is_shared:
            raise AlreadyShared("This one is done.")


def find_code(uow: UnitOfWork, clock: Clock, keyring: Keyring, *, token: str) -> FoundCode:
    """Find a code by the token of its link, whatever its state. Raises `AccessCodeUnknown`."""
    hashed = token_hash(keyring, token)
    behind = clinics_behind(uow, "token", hashed)
    if not behind:
        raise AccessCodeUnknown("We could not find that code.")
    within = uow.within(behind[0])
    clinic = get_clinic(within)
    code = codes.get_code(within, token_hash=hashed)
    case, therapist, several = care.get_case_and_therapist(within, code.case_code)
    sentence = version_for(several_therapists=several)
    return FoundCode(clinic, case, code, therapist, sentence, local_day(clock, clinic.timezone))


def find_form(uow: UnitOfWork, found: FoundCode) -> FoundForm:
    """Find what a code's form is about: which therapy session, who has answered, whether a flag is open."""
    code = found.code
    nonces = responses.nonces_of(uow, code.case_code, code.seat)
    if code.session_number is None:
        target = _target_of_card(uow, found, nonces)
    else:
        meeting = care.get_therapy_session(uow, code.case_code, code.session_number)
        target = Target(meeting.number, meeting.held_on, meeting.number in nonces)
    return FoundForm(found, target, nonces, flags.has_open_flag(uow, code.case_code, code.seat))


def _target_of_card(uow: UnitOfWork, found: FoundCode, shared: Collection[int]) -> Target:
    meetings = care.list_therapy_sessions(uow, found.case.code)
    weekly = care.get_weekly_day(uow, found.case.code)
    planned = planned_days(weekly, {meeting.held_on for meeting in meetings}, found.today) if weekly else ()
    return choose_target(meetings, shared, found.today, planned)
