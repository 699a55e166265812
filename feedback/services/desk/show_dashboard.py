"""What a therapist sees first: which sessions to be curious about, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from feedback.domain.care import Clinic, Staff
from feedback.domain.clock import Clock, local_day
from feedback.domain.repair import DIRECT_YES
from feedback.domain.rupture import EvidenceKind, Finding, RuptureFlag
from feedback.domain.soft_note import SoftNote, soft_notes
from feedback.persistence.answers.responses import Place
from feedback.persistence.database import UnitOfWork
from feedback.persistence.desk import overview
from feedback.persistence.desk.looks import list_unopened
from feedback.persistence.desk.overview import MeetingRow
from feedback.persistence.flags import flags
from feedback.security.keyring import Keyring
from feedback.services.answers.comments import open_comment
from feedback.services.cases.open_case import open_label

RECENT = 10
"""How many therapy sessions the list of recent ones goes back; a couple's is two lines."""

EARLY_SESSIONS = 4
"""Therapy sessions that count as early: the two of them are still getting to know each other."""

WEEK = timedelta(days=7)

NEW_FOR = timedelta(days=28)
"""How long an answer that was not opened counts as new."""

Choices = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class FlagCard:
    """One possible rupture as the dashboard shows it: its day, the points of its small chart, the client's words."""

    flag: RuptureFlag
    held_on: date
    meetings: tuple[MeetingRow, ...]
    instrument_id: str
    seats: int
    choices: Choices
    comment: str = field(default="", repr=False)
    label: str = field(default="", repr=False)

    @property
    def rank(self) -> tuple[bool, bool, bool, float, int]:
        """Sort: a clear "Yes" first, then who asked to be asked; among equals early sessions, the drop, the day."""
        direct = max(
            (one.value or 0 for one in self.flag.finding.evidence if one.kind is EvidenceKind.DIRECT), default=0
        )
        asked = "bring_up" in self.choices.get("wish", ())
        is_late = self.flag.session_number > EARLY_SESSIONS
        return (direct < DIRECT_YES, not asked, is_late, -drop_of(self.flag), -self.held_on.toordinal())


@dataclass(frozen=True, slots=True)
class RecentMeeting:
    """A line of the recent sessions: one seat of a meeting, and what was chosen on its form, where it was shared."""

    meeting: MeetingRow
    choices: Choices


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The whole page. `shared_this_week` counts therapy sessions of the last seven days whose answers were shared.

    `unopened` are the places of the last four weeks whose answer this therapist has not opened yet.
    """

    today: date
    cards: tuple[FlagCard, ...]
    notes: tuple[SoftNote, ...]
    recent: tuple[RecentMeeting, ...]
    shared_this_week: int
    unopened: frozenset[Place]

    @property
    def instrument_ids(self) -> frozenset[str]:
        """Give the instruments that anything on the page was answered under."""
        return frozenset(card.instrument_id for card in self.cards) | {
            line.meeting.instrument_id for line in self.recent
        }


BRIEF = (
    {EvidenceKind.BELOW_RANGE, EvidenceKind.BELOW_START, EvidenceKind.BELOW_CUTOFF, EvidenceKind.AS_USUAL},
    {EvidenceKind.ITEM_FELL, EvidenceKind.LOWEST_ITEM, EvidenceKind.FELL_SINCE_LAST, EvidenceKind.SLID},
    {EvidenceKind.DIRECT},
)
"""The three kinds of reason a dashboard names, one of each: today's value, what fell, and what the client said."""


def in_brief(finding: Finding) -> Finding:
    """Keep the strongest reason of each kind, for a row of the dashboard; the case page gives them all."""
    kept = (next((one for one in finding.evidence if one.kind in kinds), None) for kinds in BRIEF)
    return replace(finding, evidence=tuple(one for one in kept if one is not None))


def drop_of(flag: RuptureFlag) -> float:
    """Say how far today's value lies under the middle of the person's own usual range, in points; 0 if unknown."""
    found = flag.finding
    if found.value is None or found.expected_low is None or found.expected_high is None:
        return 0.0
    return max(0.0, (found.expected_low + found.expected_high) / 2 - found.value)


def show_dashboard(uow: UnitOfWork, clock: Clock, keyring: Keyring, *, clinic: Clinic, therapist: Staff) -> Dashboard:
    """Read the dashboard in a fixed number of queries, whatever the caseload."""
    today = local_day(clock, clinic.timezone)
    recent = overview.list_recent_meetings(uow, therapist.id, RECENT)
    choices = overview.list_choices(uow, therapist.id, RECENT)
    return Dashboard(
        today=today,
        cards=_cards(uow, keyring, therapist, choices),
        notes=tuple(note for one in overview.list_quiet(uow, therapist.id) for note in soft_notes(one)),
        recent=tuple(RecentMeeting(row, choices.get((row.case_code, row.number, row.seat), {})) for row in recent),
        shared_this_week=overview.count_shared_since(uow, therapist.id, today - WEEK + timedelta(days=1)),
        unopened=list_unopened(uow, therapist.id, today - NEW_FOR),
    )


def _cards(
    uow: UnitOfWork, keyring: Keyring, therapist: Staff, choices: Mapping[Place, Choices]
) -> tuple[FlagCard, ...]:
    meetings = overview.list_flagged_meetings(uow, therapist.id)
    words = overview.list_flag_words(uow, therapist.id)
    cards = []
    for flag in flags.list_open_flags(uow, therapist.id):
        place = (flag.case_code, flag.session_number, flag.seat)
        if flag.is_withdrawn or place not in words:
            continue
        with_it, course = words[place], meetings.get((flag.case_code, flag.seat), ())
        card = FlagCard(
            flag=flag,
            held_on=_day(course, flag),
            meetings=course,
            instrument_id=with_it.instrument_id,
            seats=with_it.seats,
            choices=choices.get(place, {}),
            comment=open_comment(uow, keyring, place, with_it.sealed_comment),
            label=open_label(uow, keyring, flag.case_code, with_it.sealed_label),
        )
        cards.append(card)
    return tuple(sorted(cards, key=lambda card: card.rank))


def _day(meetings: Sequence[MeetingRow], flag: RuptureFlag) -> date:
    return next((row.held_on for row in meetings if row.number == flag.session_number), flag.held_on)
