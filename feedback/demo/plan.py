"""What happened in the demo clinic: which cases, which therapy sessions, what clients answered. Nothing is stored here.

A therapist's week has places, and cases follow one another in a place: that keeps the clinic as full as a clinic is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from feedback.demo.comments import draw_comment
from feedback.detection.simulation import WORLDS, SimulatedForm, draw_therapist, simulate_case

WEEKS_PER_CASE = 32.5
"""How long a case keeps its place, on average: long treatments, as in a clinic that people come to weekly."""

HELD = 0.92
"""Share of weeks in which a therapy session takes place; half as many in the week after Christmas Eve."""

CLOSED_LATELY = 0.03
"""Share of places that have just become free."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """One therapy session to come, its simulated form, and what the client writes."""

    day: date
    form: SimulatedForm
    comment: str


@dataclass(frozen=True, slots=True)
class PlannedCase:
    """One case: whose (by number), from when, until when, and its therapy sessions in order."""

    therapist: int
    opened_on: date
    closed_on: date | None
    meetings: tuple[Meeting, ...]

    def days(self) -> frozenset[date]:
        """Return the days on which something happens."""
        ends = {self.opened_on} | ({self.closed_on} if self.closed_on else set())
        return frozenset(ends | {meeting.day for meeting in self.meetings})

    def meetings_on(self, day: date) -> tuple[Meeting, ...]:
        """Return the meetings of a day: one or none."""
        return tuple(meeting for meeting in self.meetings if meeting.day == day)


def plan_cases(rng: np.random.Generator, *, cases: int, first: date, today: date, therapists: int) -> list[PlannedCase]:
    """Draw the clinic's cases from its first day to today, in the order in which they were opened."""
    leanings = [draw_therapist(rng) for _ in range(therapists)]
    weeks = (today - first).days / 7
    places = max(1, round(cases / max(1.0, weeks / WEEKS_PER_CASE)))
    planned = []
    for place, count in enumerate(_cases_per_place(rng, cases, places)):
        therapist = place % therapists
        weekday = int(rng.integers(5))
        for opened, closed in _stretches(rng, count, first, today):
            days = [*_meeting_days(rng, weekday, opened, closed or today)]
            meetings = _meetings(rng, days, leanings[therapist])
            planned.append(PlannedCase(therapist, opened, closed, meetings))
    return sorted(planned, key=lambda case: case.opened_on)


def _cases_per_place(rng: np.random.Generator, cases: int, places: int) -> list[int]:
    counts = [1] * places
    for _ in range(cases - places):
        free = [place for place, count in enumerate(counts) if count < 3] or range(places)
        counts[free[int(rng.integers(len(free)))]] += 1
    return counts


def _stretches(rng: np.random.Generator, count: int, first: date, today: date) -> Iterator[tuple[date, date | None]]:
    """Divide a place's time among its cases, a week or so free between two; the last one is mostly still open."""
    start = first + timedelta(days=int(rng.integers(7)))
    ends = np.cumsum(rng.dirichlet([8.0] * count)) * (today - start).days
    opened = start
    for number, end in enumerate(ends, 1):
        until = start + timedelta(days=int(end))
        if number < count:
            yield opened, until
            opened = min(until + timedelta(days=int(rng.integers(3, 12))), today)
        elif rng.random() < CLOSED_LATELY:
            yield opened, max(opened, today - timedelta(days=int(rng.integers(2, 20))))
        else:
            yield opened, None


def _meeting_days(rng: np.random.Generator, weekday: int, opened: date, until: date) -> Iterator[date]:
    day = opened + timedelta(days=(weekday - opened.weekday()) % 7)
    while day <= until:
        quiet = (day.month, day.day) >= (12, 25) or (day.month, day.day) == (1, 1)
        if rng.random() < (HELD / 2 if quiet else HELD):
            yield day
        day += timedelta(days=7)


def _meetings(rng: np.random.Generator, days: Sequence[date], leaning: float) -> tuple[Meeting, ...]:
    if not days:
        return ()
    forms = simulate_case(rng, WORLDS["base"], therapist=leaning, sessions=len(days))
    return tuple(Meeting(day, form, _comment(rng, form)) for day, form in zip(days, forms, strict=True))


def _comment(rng: np.random.Generator, form: SimulatedForm) -> str:
    if not form.answered or not form.ratings:
        return ""
    return draw_comment(rng, form.off or 0, form.closest, float(np.mean(list(form.ratings.values()))))
