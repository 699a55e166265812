"""What the page of a case is made of: by person, the course, each answered form, its flags, and what was told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from feedback.domain.care import Case
from feedback.domain.response import StoredResponse, WithdrawnBy
from feedback.domain.rupture import EvidenceKind, Finding
from feedback.domain.told import ToldKind
from feedback.persistence.dashboard.overview import MeetingRow
from feedback.services.cases.case_authorisation import CaseAccess
from feedback.services.cases.note_opened import Shown
from feedback.services.flags.repair_story import FlagStory


@dataclass(frozen=True, slots=True)
class AnsweredForm:
    """One shared form in its place: answers, finding, and this person's own earlier mean per item on 0–10."""

    meeting: MeetingRow
    stored: StoredResponse
    finding: Finding | None
    usual: Mapping[str, float]
    comment: str = field(default="", repr=False)

    @property
    def felt_off(self) -> bool:
        """Return whether the client said anything but "No" to whether something felt off."""
        said = (one for one in (self.finding.evidence if self.finding else ()) if one.kind is EvidenceKind.DIRECT)
        return any(one.value for one in said)


@dataclass(frozen=True, slots=True)
class ToldHere:
    """What was told outright in one session: how, whether it waits, and on which day it was marked as talked about.

    Where a flag was raised the flag carries the mark.
    """

    kinds: tuple[ToldKind, ...]
    is_flagged: bool
    waits: bool
    talked_on: date | None


@dataclass(frozen=True, slots=True)
class SeatFile:
    """What one person of a case shared. Meetings are in the order they were held, flags newest first.

    `ratings` are the answers on 0–10 by number of the meeting, then by item; `gone` says by number of the meeting where
    an answer was shared and is no longer there.
    """

    seat: str
    meetings: tuple[MeetingRow, ...]
    chosen: MeetingRow | None
    form: AnsweredForm | None
    stories: tuple[FlagStory, ...]
    ratings: Mapping[int, Mapping[str, float]]
    gone: Mapping[int, WithdrawnBy]
    told: Mapping[int, ToldHere]

    @property
    def told_here(self) -> ToldHere | None:
        """Return what was told in the opened session."""
        return self.told.get(self.form.meeting.number) if self.form else None

    @property
    def waiting(self) -> tuple[int, ...]:
        """Return the sessions that wait to be read or answered, the newest first."""
        newest = (row.number for row in reversed(self.meetings))
        return tuple(number for number in newest if number in self.told and self.told[number].waits)

    @property
    def is_calm(self) -> bool:
        """Return whether something was shared and nothing of it flagged or told.

        The opened form says neither more than "No" nor a word.
        """
        says = bool(self.form and (self.form.comment or self.form.felt_off))
        return self.has_shared and not (self.stories or self.waiting or self.told_here or says)

    @property
    def has_shared(self) -> bool:
        """True when there is at least one answer to draw."""
        return any(row.is_shared for row in self.meetings)

    @property
    def story(self) -> FlagStory | None:
        """Return the flag of the chosen meeting."""
        number = self.chosen.number if self.chosen else None
        return next((story for story in self.stories if story.flag.session_number == number), None)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Everything the case page shows: the people who answer, each with their own course, and the meetings they share.

    `chosen` is the number of the meeting whose answers are opened for every one of them.
    """

    access: CaseAccess
    people: tuple[SeatFile, ...]
    chosen: int | None
    label: str = field(default="", repr=False)

    @property
    def case(self) -> Case:
        """Return the case itself."""
        return self.access.case

    @property
    def meetings(self) -> tuple[MeetingRow, ...]:
        """Return the meetings, as the first seat's rows."""
        return self.people[0].meetings

    @property
    def answers_shown(self) -> Shown:
        """Return which answers a page of this file shows: the forms of the opened session, and the rest as points."""
        code = self.case.code
        return Shown(
            opened=frozenset((code, one.form.meeting.number, one.seat) for one in self.people if one.form),
            seen=frozenset(
                (code, row.number, one.seat) for one in self.people for row in one.meetings if row.is_shared
            ),
        )

    @property
    def shared(self) -> int:
        """Count the meetings after which at least one person shared an answer."""
        return len(shared_numbers(person.meetings for person in self.people))


def shared_numbers(courses: Iterable[Sequence[MeetingRow]]) -> list[int]:
    """Return the numbers of the meetings after which anything was shared, in the order they were held."""
    rows = {row.number: row.held_on for course in courses for row in course if row.is_shared}
    return sorted(rows, key=lambda number: (rows[number], number))
