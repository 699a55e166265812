"""Finding the form behind a link. Looking never uses a code up."""

from dataclasses import dataclass
from datetime import date, timedelta

from feedback.domain.access import AccessCode, AccessCodeKind
from feedback.domain.care import Case, Clinic
from feedback.domain.case_card import REACH, Target, choose_target
from feedback.domain.clock import Clock, local_day
from feedback.domain.errors import AccessCodeExpired, AccessCodeUnknown, AlreadyShared, NobodyReads
from feedback.domain.weekly import planned_days
from feedback.domain.who_reads import version_for
from feedback.persistence.cases.form_context_query import BehindCode, SeatHistory, get_behind, get_history, lock_behind
from feedback.persistence.database import UnitOfWork
from feedback.persistence.flags import flags
from feedback.persistence.tenant_lookup import clinics_behind
from feedback.security.access_codes import token_hash
from feedback.security.keyring import Keyring
from feedback.security.receipts import make_receipt, receipt_hash


@dataclass(frozen=True, slots=True)
class FoundCode:
    """A code with all that stands behind it. It may be expired or revoked: see `check_usable`.

    `sentence` is the version of the who-reads sentence its form shows today.
    """

    behind: BehindCode
    sentence: int
    today: date

    @property
    def clinic(self) -> Clinic:
        """Return the clinic."""
        return self.behind.clinic

    @property
    def case(self) -> Case:
        """Return the case."""
        return self.behind.case

    @property
    def code(self) -> AccessCode:
        """Return the code itself."""
        return self.behind.code

    @property
    def therapist(self) -> str:
        """Return the therapist's chosen name."""
        return self.behind.therapist

    def check_can_be_read(self) -> None:
        """Pass while the case's therapist has an account in use. Raises `NobodyReads`."""
        if not self.behind.can_be_read:
            raise NobodyReads("Nobody reads what is sent with this code just now. Please turn to the clinic.")

    def check_usable(self) -> None:
        """Pass while the code works. Raises `AccessCodeRevoked` or `AccessCodeExpired`; a card ends with its case."""
        self.code.check_usable(self.today)
        if self.code.kind is AccessCodeKind.CASE_CARD and not self.case.is_open:
            raise AccessCodeExpired("This code has closed. It is fine to miss one.")


@dataclass(frozen=True, slots=True)
class FoundForm:
    """What the form of a code is about, and what its seat has sent about the case's therapy sessions so far."""

    found: FoundCode
    target: Target
    history: SeatHistory

    @property
    def is_about_earlier(self) -> bool:
        """Return whether a card's form is about a therapy session before today: it may be meant for one of today."""
        return self.found.code.kind is AccessCodeKind.CASE_CARD and self.target.held_on != self.found.today

    @property
    def asks_repair(self) -> bool:
        """Return whether it asks how a talk about a possible rupture went: while a flag of this seat is open."""
        return self.found.behind.has_open_flag

    def is_repeat(self, hashed_nonce: bytes) -> bool:
        """Return whether the therapist already has an answer sent with this nonce."""
        return hashed_nonce in self.history.nonces.values()

    def sent_for(self, hashed_nonce: bytes) -> int:
        """Return the number of the therapy session whose shared answer was sent with this nonce: see `is_repeat`."""
        return next(number for number, known in self.history.nonces.items() if known == hashed_nonce)

    def check_open(self) -> None:
        """Pass while the therapist has no answer. Raises `AlreadyShared`."""
        if self.target.is_shared:
            raise AlreadyShared("This one is done.")


def find_code(uow: UnitOfWork, clock: Clock, keyring: Keyring, *, token: str, to_write: bool = False) -> FoundCode:
    """Find a code by the token of its link, whatever its state. Raises `AccessCodeUnknown`.

    With `to_write` its case is locked first, so that everything found stays true until the unit of work ends.
    """
    hashed = token_hash(keyring, token)
    clinics = clinics_behind(uow, "token", hashed)
    if not clinics:
        raise AccessCodeUnknown("We could not find that code.")
    within = uow.within(clinics[0])
    if to_write:
        lock_behind(within, hashed)
    behind = get_behind(within, hashed)
    sentence = version_for(several_therapists=behind.has_co_therapist)
    return FoundCode(behind, sentence, local_day(clock, behind.clinic.timezone))


def find_form(
    uow: UnitOfWork, keyring: Keyring, found: FoundCode, nonce: str, *, is_about_today: bool = False
) -> FoundForm:
    """Find what a code's form is about: which therapy session, who has answered, and what became of its nonce's answer.

    A form that is only opened has no nonce yet: `nonce` is empty then. `is_about_today` when the client says of a
    card's form that it is about a session of today.
    """
    code, meeting = found.code, found.behind.meeting
    receipt = receipt_hash(keyring, make_receipt(keyring, nonce)) if nonce else b""
    history = get_history(uow, code.case_code, code.seat, receipt)
    if meeting is None:
        reach = timedelta(0) if is_about_today else REACH
        return FoundForm(found, _target_of_card(found, history, reach), history)
    return FoundForm(found, Target(meeting.number, meeting.held_on, meeting.number in history.nonces), history)


def may_have_asked_repair(uow: UnitOfWork, form: FoundForm) -> bool:
    """Return whether a form of this seat can have asked how a talk went: also one opened before its flag was closed."""
    found = form.found
    return form.asks_repair or any(flag.seat == found.code.seat for flag in flags.list_flags(uow, found.case.code))


def day_sent_for(form: FoundForm, hashed_nonce: bytes) -> date:
    """Return the day of the therapy session that a form is about: of a card sent again, the one it answered."""
    if not form.is_repeat(hashed_nonce):
        return form.target.held_on
    number = form.sent_for(hashed_nonce)
    return next(meeting.held_on for meeting in form.history.meetings if meeting.number == number)


def _target_of_card(found: FoundCode, history: SeatHistory, reach: timedelta) -> Target:
    weekly = found.behind.weekly
    held = {meeting.held_on for meeting in history.meetings}
    planned = planned_days(weekly, held, found.today) if weekly else ()
    return choose_target(history.meetings, history.nonces, found.today, planned, reach=reach)
