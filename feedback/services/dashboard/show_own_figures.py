"""A therapist's own figures, for learning: seen by nobody else, compared with nobody."""

from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean

from feedback.domain.care import Clinic, Staff
from feedback.domain.clock import Clock, local_day
from feedback.domain.instrument import Instrument
from feedback.domain.repair import RepairOutcome, repair_outcome
from feedback.domain.rupture import FlagStatus
from feedback.persistence.answers.responses import Place
from feedback.persistence.dashboard import own_figures
from feedback.persistence.dashboard.followup_responses import LaterRow
from feedback.persistence.dashboard.own_figures import Guess, OwnFlag
from feedback.persistence.database import UnitOfWork
from feedback.services.clinic.find_instrument import find_instrument
from feedback.services.flags.record_repair import TALK_STATUSES
from feedback.services.flags.repair_story import read_later

PERIOD = timedelta(days=91)
"""A quarter of a year, counted back from today."""


@dataclass(frozen=True, slots=True)
class OwnFigures:
    """Counts of one's own last quarter, and all guesses. `back` is of the talks; `gap` is in points of 0–10."""

    since: date
    flags: int
    marked: int
    talks: int
    back: int
    sessions: int
    shared: int
    guesses: tuple[Guess, ...]

    @property
    def answers_shown(self) -> frozenset[Place]:
        """Return the places of the answers that stand beside a guess."""
        return frozenset(one.place for one in self.guesses)

    @property
    def gap(self) -> float | None:
        """Return the mean of guess less answer: above zero, one guesses higher than they answer."""
        return fmean(one.guessed - one.answered for one in self.guesses) if self.guesses else None

    @property
    def distance(self) -> float | None:
        """Return the mean distance between guess and answer, whichever is higher."""
        return fmean(abs(one.guessed - one.answered) for one in self.guesses) if self.guesses else None


def show_own_figures(uow: UnitOfWork, clock: Clock, *, clinic: Clinic, therapist: Staff) -> OwnFigures:
    """Count what is one's own, in a fixed number of queries. A withdrawn answer's flag is not among them."""
    since = local_day(clock, clinic.timezone) - PERIOD + timedelta(days=1)
    raised = own_figures.list_own_flags(uow, therapist.id, since)
    later = own_figures.list_later_forms(uow, therapist.id, since)
    named = {name: find_instrument(uow, name) for name in {flag.instrument_id for flag in raised}}
    talked = [flag for flag in raised if flag.status in TALK_STATUSES]
    sessions, shared = own_figures.count_sessions(uow, therapist.id, since)
    return OwnFigures(
        since=since,
        flags=len(raised),
        marked=sum(flag.status is not FlagStatus.NEW for flag in raised),
        talks=len(talked),
        back=sum(
            _outcome(named[flag.instrument_id], flag, later.get(flag.id, ())) is RepairOutcome.REPAIRED
            for flag in talked
        ),
        sessions=sessions,
        shared=shared,
        guesses=own_figures.list_guesses(uow, therapist.id),
    )


def _outcome(instrument: Instrument, flag: OwnFlag, rows: tuple[LaterRow, ...]) -> RepairOutcome:
    forms = tuple(one.form for one in read_later(instrument, rows))
    return repair_outcome(forms, case_is_open=flag.case_is_open)
