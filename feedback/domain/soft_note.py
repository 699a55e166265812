"""What is worth knowing without being a flag: always ten, and silence. Information, never an alarm.

A row of tens says nothing by itself, neither that all is well nor that it is not. Silence says less still: it looks
the same whether nobody answered or somebody answered without the therapist seeing it.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

TENS_FROM = 3
"""Answered forms, all of them all tens, before that is worth a note."""

SILENT_FROM = 3
"""Therapy sessions in a row without anything shared, after something was, before that is worth a note."""

TOP = 10.0


class SoftNoteKind(StrEnum):
    """Which of the two it is."""

    ALL_TENS = "all_tens"
    NOT_HEARD = "not_heard"


@dataclass(frozen=True, slots=True)
class SoftNote:
    """A quiet remark on one seat of a case. `count` is of forms or of therapy sessions; `last` is the last shared."""

    kind: SoftNoteKind
    case_code: str
    seat: str
    seats: int
    count: int
    last: date


@dataclass(frozen=True, slots=True)
class SharedSoFar:
    """One seat's shared forms: how many, if each is all tens (else 0), the last day, and meetings since."""

    case_code: str
    seat: str
    seats: int
    tens: int
    last: date
    meetings_since: int


def soft_notes(so_far: SharedSoFar) -> tuple[SoftNote, ...]:
    """Return what is worth a quiet remark about one seat, if anything."""
    notes = []
    if so_far.tens >= TENS_FROM:
        notes.append((SoftNoteKind.ALL_TENS, so_far.tens))
    if so_far.meetings_since >= SILENT_FROM:
        notes.append((SoftNoteKind.NOT_HEARD, so_far.meetings_since))
    return tuple(
        SoftNote(kind, so_far.case_code, so_far.seat, so_far.seats, count, so_far.last) for kind, count in notes
    )
