"""Clinics and the care given in them: teams, staff, cases, therapy sessions.

A `Case` is one course of therapy, known only by an opaque code. Who the person is, the therapist keeps elsewhere.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, so that nothing is misread aloud or by hand."""

SEATS = "ABCDEFGH"
"""Places in one therapy session: `A` in individual work, `A` and `B` for a couple, up to eight in a group."""

USUAL_INSTRUMENT = "rapport-session"
"""What a case is followed with unless another instrument was chosen for it."""


class _Folding(dict[int, str]):
    """What becomes of each character that a hand wrote; of one that is not here, nothing."""

    def __missing__(self, _sign: int) -> None:
        """Drop it."""


_FOLDED = _Folding({ord(sign): sign for sign in CROCKFORD} | {ord("O"): "0", ord("I"): "1", ord("L"): "1"})
_LETTERS = "".join(CROCKFORD[byte % len(CROCKFORD)] for byte in range(256)).encode()


class Chance(Protocol):
    """Draws, passed in: `secrets` in production, seeded in the demo and in tests."""

    def text(self, length: int) -> str:
        """Draw `length` independent characters of `CROCKFORD`, each equally likely."""
        ...


class Role(StrEnum):
    """What an account may do. Roles are disjoint; one person may hold two accounts."""

    THERAPIST = "therapist"
    SUPERVISOR = "supervisor"
    CLINIC_ADMIN = "clinic-admin"
    AUDITOR = "auditor"
    DESK = "desk"


@dataclass(frozen=True, slots=True)
class HelpNumber:
    """One line of help at the foot of every client page: what it is for, as said, and as dialled."""

    purpose: str
    said: str
    dialled: str


@dataclass(frozen=True, slots=True)
class Clinic:
    """An organisation and its choices. `contact` is someone to talk to who is not the therapist.

    `languages` are those a client may choose between, by their codes; the first is the clinic's own.
    `accent` is the colour of its client pages, `quick_exit` where their first link leads away to; both may be empty.
    """

    id: str
    name: str
    country: str
    timezone: str
    help_numbers: tuple[HelpNumber, ...] = ()
    contact: str = ""
    complaints: str = ""
    phone: str = ""
    alert_budget: float = 0.08
    comment_enabled: bool = True
    totals_enabled: bool = True
    code_days: int = 3
    retention_months: int = 12
    languages: tuple[str, ...] = ("en",)
    accent: str = ""
    quick_exit: str = ""
    script_enabled: bool = False

    def may_issue_codes(self) -> bool:
        """Return whether a client of this clinic would find help numbers and a second contact."""
        return bool(self.help_numbers and self.contact)


@dataclass(frozen=True, slots=True)
class Team:
    """An optional group of therapists within a clinic. An archived one has no members and no further figures."""

    id: str
    name: str
    archived_on: date | None = None


@dataclass(frozen=True, slots=True)
class Staff:
    """A person with an account in one role. `password_hash` is empty until the invitation is taken up."""

    id: str
    email: str
    display_name: str
    role: Role
    team_id: str | None = None
    password_hash: str | None = field(default=None, repr=False)
    disabled_on: date | None = None

    @property
    def is_active(self) -> bool:
        """True while the account is neither disabled nor still waiting for its invitation."""
        return self.disabled_on is None and self.password_hash is not None


@dataclass(frozen=True, slots=True)
class Case:
    """One course of therapy. `seats` is how many people answer, one unless it is a couple or a group.

    `language` is that in which its forms are shown to who has not chosen one; without it a phone's own decides.
    """

    code: str
    therapist_id: str
    opened_on: date
    closed_on: date | None = None
    seats: int = 1
    instrument_id: str = USUAL_INSTRUMENT
    sealed_label: bytes | None = field(default=None, repr=False)
    language: str | None = None

    @property
    def is_open(self) -> bool:
        """True until the therapist closes the case."""
        return self.closed_on is None

    @property
    def places(self) -> str:
        """Return the letters of those who answer: `A`, or `AB` for a couple."""
        return SEATS[: self.seats]


class Part(StrEnum):
    """How somebody works on a case besides its therapist: beside them, or advising them for a limited time."""

    CO_THERAPIST = "co_therapist"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True)
class CaseStaff:
    """Somebody who works on a case besides its therapist. `until` is a supervisor's last local day."""

    case_code: str
    staff_id: str
    part: Part
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class TherapySession:
    """One meeting, on a date the therapist set. `number` counts within its case from 1 and never changes."""

    case_code: str
    number: int
    held_on: date


def check_sign(body: str) -> str:
    """Return the check character of a code or receipt: the weighted sum of its places modulo 31.

    Weights are the place numbers, and 31 is a prime above every weight: it finds each single slip and each swap of
    two characters, except between the first and the last sign of the alphabet (0 and Z stand 31 apart).
    """
    return CROCKFORD[sum(place * CROCKFORD.index(sign) for place, sign in enumerate(body, 1)) % 31]


def draw_case_code(chance: Chance) -> str:
    """Draw a case code such as `K7Q2X-M`: five characters by chance and a check character."""
    body = chance.text(5)
    return f"{body}-{check_sign(body)}"


def read_case_code(typed: str) -> str | None:
    """Fold what somebody typed into a case code, or give nothing when its check character does not fit."""
    plain = fold(typed)
    if len(plain) != 6 or check_sign(plain[:5]) != plain[5]:
        return None
    return f"{plain[:5]}-{plain[5]}"


def fold(typed: str) -> str:
    """Read what a hand wrote: case-blind, o as 0, i and l as 1, blanks and hyphens dropped.

    Characters outside the alphabet are dropped as well, so the length tells how many usable ones there were.
    """
    return typed.upper().translate(_FOLDED)


def in_letters(drawn: bytes) -> str:
    """Write bytes in the letters of `CROCKFORD`, one for each, its lower five bits: for 32 divides 256, all alike."""
    return drawn.translate(_LETTERS).decode()
