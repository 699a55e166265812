"""What a therapist sees first: which sessions to be curious about, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from feedback.domain.care import Clinic, Staff
from feedback.domain.clock import Clock, local_day
from feedback.domain.repair import DIRECT_YES, RepairOutcome, repair_outcome
from feedback.domain.response import WithdrawnBy
from feedback.domain.rupture import EvidenceKind, Finding, RuptureFlag
from feedback.domain.soft_note import SoftNote, soft_notes
from feedback.persistence.answers.responses import Place
from feedback.persistence.dashboard import open_flags, overview
from feedback.persistence.dashboard.open_flags import OpenFlag
from feedback.persistence.dashboard.overview import LatestCase, MeetingRow, News, Recent
from feedback.persistence.database import UnitOfWork
from feedback.security.keyring import Keyring
from feedback.services.answers.comments import open_comment
from feedback.services.cases.open_case import open_label
from feedback.services.clinic.find_instrument import find_instrument
from feedback.services.dashboard.list_told import AllTold, list_told
from feedback.services.flags.repair_story import LaterAnswer, read_later

MOST_TOLD = 6
"""Answers with which a client told something that the page shows whole at first; one tap shows the rest."""

MOST_NEW = 6
"""New signals that the page shows at first: as many as somebody can think about between two sessions."""

MOST_OPEN = 4
"""The same for what is still open."""

MOST_CASES = 40
"""Of so many cases, those that met last, the page says what is new: as many as anybody sees in a week."""

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
    """One possible rupture as the dashboard shows it: the points of its small chart, and the client's words.

    `later` are the shared answers that followed; a new signal has none. `is_changed` when the client replaced
    the answer after it may have been read.
    """

    flag: RuptureFlag
    instrument_id: str
    seats: int
    meetings: tuple[MeetingRow, ...]
    choices: Choices
    later: tuple[LaterAnswer, ...] = ()
    comment: str = field(default="", repr=False)
    label: str = field(default="", repr=False)
    is_changed: bool = False

    @property
    def held_on(self) -> date:
        """Return the day of the flag's therapy session."""
        return next((row.held_on for row in self.meetings if row.number == self.flag.session_number), self.flag.held_on)

    @property
    def outcome(self) -> RepairOutcome:
        """Say what the later answers show so far."""
        return repair_outcome(tuple(one.form for one in self.later), case_is_open=True)


@dataclass(frozen=True, slots=True)
class RecentMeeting:
    """A line of the recent sessions: one seat of a meeting, and what was chosen on its form, where it was shared.

    `gone` says who took the answer back that was shared.
    """

    meeting: MeetingRow
    choices: Choices
    is_new: bool
    gone: WithdrawnBy | None = None


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The whole page. `flags` and `still_open` count them all, whether or not each is among the cards.

    `told` is what clients said outright, whatever the numbers; `told_flags` are the flags of its answers, by place, and
    they stand nowhere else on the page. `new` are signals nobody has dealt with and after which nothing was shared;
    `still` everything else that is open.
    `shared_this_week` counts therapy sessions of the last seven days whose answers were shared, `unopened` the answers
    of the last four weeks that this therapist has not opened yet, both in the cases that met last.
    """

    today: date
    told: AllTold
    told_flags: Mapping[Place, FlagCard]
    flags: int
    still_open: int
    new: tuple[FlagCard, ...]
    still: tuple[FlagCard, ...]
    notes: tuple[SoftNote, ...]
    recent: tuple[RecentMeeting, ...]
    shared_this_week: int
    unopened: int

    @property
    def cards(self) -> tuple[FlagCard, ...]:
        """Return everything that is shown, in its order."""
        return self.new + self.still

    @property
    def answers_shown(self) -> frozenset[Place]:
        """Return the places of the answers of which the page shows words, a choice or a point of a chart."""
        cards = (*self.cards, *self.told_flags.values())
        rows = [row for card in cards for row in card.meetings] + [line.meeting for line in self.recent]
        later = {(card.flag.case_code, one.number, card.flag.seat) for card in cards for one in card.later}
        flagged = {(card.flag.case_code, card.flag.session_number, card.flag.seat) for card in cards}
        told = frozenset(one.place for one in self.told.shown)
        return told | flagged | later | {_place(row) for row in rows if row.is_shared}

    @property
    def left_out(self) -> int:
        """Count the open flags that are not shown."""
        return self.flags - len(self.cards)

    @property
    def has_heard(self) -> bool:
        """Return whether anything was shared lately: where nothing was, nobody can say how it is."""
        return self.shared_this_week > 0 or any(line.meeting.is_shared for line in self.recent)

    @property
    def new_left_out(self) -> bool:
        """Return whether answers count as new that are not among the recent sessions shown."""
        return self.unopened > sum(line.is_new for line in self.recent)

    @property
    def instrument_ids(self) -> frozenset[str]:
        """Return the instruments that anything on the page was answered under."""
        return (
            frozenset(card.instrument_id for card in self.cards)
            | {line.meeting.instrument_id for line in self.recent}
            | {one.instrument_id for one in self.told.shown}
        )


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


def rank(found: OpenFlag) -> tuple[bool, bool, bool, float, int]:
    """Sort: a clear "Yes" first, then who asked to be asked; among equals early sessions, the drop, the day."""
    is_late = found.session_number > EARLY_SESSIONS
    return (found.direct < DIRECT_YES, not found.asked, is_late, -found.fell_by, -found.held_on.toordinal())


def show_dashboard(
    uow: UnitOfWork, clock: Clock, keyring: Keyring, *, clinic: Clinic, therapist: Staff, everything: bool = False
) -> Dashboard:
    """Read the dashboard in a fixed number of queries, whatever the caseload: its first flags, or `everything`."""
    today = local_day(clock, clinic.timezone)
    new_since = today - NEW_FOR
    told = list_told(uow, keyring, therapist=therapist, most=None if everything else MOST_TOLD)
    found = open_flags.list_open_flags(uow, therapist.id)
    places, first = told.places, {one.place for one in told.shown}
    ranked = sorted((one for one in found if _of_flag(one) not in places), key=rank)
    with_words = [one for one in found if _of_flag(one) in first]
    new, still = [one for one in ranked if one.is_new], [one for one in ranked if not one.is_new]
    shown = (new, still) if everything else (new[:MOST_NEW], still[:MOST_OPEN])
    ids = [one.id for one in (*with_words, *shown[0], *shown[1])]
    latest = overview.list_latest_cases(uow, therapist.id, MOST_CASES)
    codes = [case.code for case in latest]
    week = today - WEEK + timedelta(days=1)
    news = overview.count_news(uow, therapist.id, codes, shared_since=week, new_since=new_since)
    last_ones = _recent(latest, news, everything=everything)
    recent = overview.list_recent_meetings(uow, therapist.id, last_ones, new_since=new_since)
    choices = overview.list_choices(uow, last_ones, ids)
    drawn = _cards(uow, keyring, therapist, (*with_words, *shown[0], *shown[1]), choices)
    cards = drawn[len(with_words) :]
    return Dashboard(
        today=today,
        told=told,
        told_flags={_of_flag(one): card for one, card in zip(with_words, drawn, strict=False)},
        flags=len(ranked),
        still_open=len(still),
        new=cards[: len(shown[0])],
        still=tuple(sorted(cards[len(shown[0]) :], key=lambda card: card.outcome is RepairOutcome.REPAIRED)),
        notes=tuple(note for one in overview.list_quiet(uow, therapist.id, codes) for note in soft_notes(one)),
        recent=tuple(
            RecentMeeting(row, choices.get(_place(row), {}) if row.is_shared else {}, is_new, gone)
            for row, is_new, gone in sorted(recent, key=lambda line: everything and not line[1])
        ),
        shared_this_week=news.shared,
        unopened=news.unopened,
    )


def _recent(latest: Sequence[LatestCase], news: News, *, everything: bool) -> Recent:
    """Choose the latest therapy sessions, or all of the span in which an answer that was not opened counts as new."""
    if everything and news.unopened:
        return Recent.all_of(latest, max(RECENT, news.meetings))
    return Recent.of(latest, RECENT)


def _place(row: MeetingRow) -> Place:
    return (row.case_code, row.number, row.seat)


def _of_flag(found: OpenFlag) -> Place:
    return (found.case_code, found.session_number, found.seat)


def _cards(
    uow: UnitOfWork, keyring: Keyring, therapist: Staff, shown: Sequence[OpenFlag], choices: Mapping[Place, Choices]
) -> tuple[FlagCard, ...]:
    """Lay out the flags that are shown: two queries for all of them."""
    meetings = open_flags.list_meetings_up_to(uow, therapist.id, [one.id for one in shown if one.is_new])
    later = open_flags.list_shared_since(uow, therapist.id, [one.id for one in shown if not one.is_new])
    named = {name: find_instrument(uow, name) for name in {one.instrument_id for one in shown}}
    return tuple(
        FlagCard(
            flag=one.read(),
            instrument_id=one.instrument_id,
            seats=one.seats,
            meetings=meetings.get((one.case_code, one.seat), ()),
            choices=choices.get(_of_flag(one), {}),
            later=read_later(named[one.instrument_id], later.get(one.id, ())),
            comment=open_comment(uow, keyring, _of_flag(one), one.sealed_comment),
            label=open_label(uow, keyring, one.case_code, one.sealed_label),
            is_changed=bool(one.is_changed),
        )
        for one in shown
    )
