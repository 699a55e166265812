"""Letting happen what was planned, day by day, in the order in which it would have come in."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

import numpy as np

from feedback.bootstrap import Installation
from feedback.demo.answers import Course, Day, keep_state
from feedback.demo.plan import Meeting, PlannedCase
from feedback.demo.therapists import draw_step
from feedback.domain.audience import Audience
from feedback.domain.care import Case, Chance, Clinic, Staff
from feedback.domain.clock import Clock, FixedClock
from feedback.domain.instrument import Instrument
from feedback.domain.response import Response
from feedback.domain.rupture import RuptureFlag
from feedback.persistence.audit import append_records
from feedback.persistence.database import UnitOfWork
from feedback.persistence.flags import flags
from feedback.security.audit_chain import audit_chain
from feedback.services.cases.open_case import close_case, open_case
from feedback.services.flags.review_flag import review_flag
from feedback.services.flags.run_detection import Judge, make_judge


class Growth:
    """A clinic's data under way: which cases there are, and which flags are open."""

    def __init__(
        self, uow: UnitOfWork, it: Installation, *, clinic: Clinic, instrument: Instrument, chance: Chance, seed: int
    ) -> None:
        self._uow, self._it, self._clinic = uow, it, clinic
        self._instrument, self._chance = instrument, chance
        self._rng = np.random.default_rng([seed, 2])
        self._courses: dict[int, Course] = {}
        self._open: dict[str, dict[str, RuptureFlag]] = defaultdict(dict)
        self._closed: set[str] = set()
        self.forms = 0

    def grow(self, planned: Sequence[PlannedCase], therapists: Sequence[Staff]) -> None:
        """Let everything planned happen."""
        for day, cases in sorted(_by_day(planned).items()):
            self._live(day, cases, therapists)
        judge = self._judge()
        for course in self._courses.values():
            keep_state(self._uow, judge, course)

    @property
    def open_cases(self) -> tuple[Case, ...]:
        """Return the cases that nobody has closed."""
        return tuple(one.case for one in self._courses.values() if one.case.code not in self._closed)

    def open_flags(self, case: Case) -> tuple[RuptureFlag, ...]:
        """Return a case's open flags."""
        return tuple(self._open[case.code].values())

    def _judge(self) -> Judge:
        return make_judge(self._instrument, self._clinic.alert_budget, self._chance)

    def _live(self, day: date, cases: Sequence[tuple[int, PlannedCase]], therapists: Sequence[Staff]) -> None:
        """Live through one day: cases open, meetings are held, flags are dealt with, cases close."""
        clock, keyring = self._end_of(day), self._it.keyring
        today = Day(self._uow, self._it, self._judge(), day)
        deeds = []
        for number, plan in cases:
            by = therapists[plan.therapist]
            if plan.opened_on == day:
                case = open_case(self._uow, clock, keyring, self._chance, by=by)
                self._courses[number] = Course(case)
            for meeting in plan.meetings_on(day):
                self._review(clock, self._courses[number].case, by)
                self._meet(today, self._courses[number], meeting)
                code = self._courses[number].case.code
                deeds += [(by.id, deed, code) for deed in ("therapy_session.added", "access_code.issued")]
            if plan.closed_on == day:
                close_case(self._uow, clock, keyring, case=self._courses[number].case, by=by)
                self._closed.add(self._courses[number].case.code)
        today.write()
        if deeds:
            append_records(self._uow, deeds, at=clock.now(), chain=audit_chain(keyring))

    def _end_of(self, day: date) -> Clock:
        """Return the end of that working day, or the present when it is not over yet."""
        end = FixedClock.on(day, hour=18)
        return end if end.now() < self._it.clock.now() else self._it.clock

    def _meet(self, today: Day, course: Course, planned: Meeting) -> None:
        meeting = today.meet(course)
        if planned.form.answered:
            response = self._response(planned, asks_repair=bool(self._open[course.case.code]))
            raised = today.take(course, meeting, response)
            self.forms += 1
            if raised is not None:
                self._open[course.case.code][raised.id] = raised

    def _review(self, clock: Clock, case: Case, by: Staff) -> None:
        """Let the therapist deal with what is open, at the start of the next therapy session."""
        for flag in self.open_flags(case):
            outcome, note = draw_step(self._rng, flag.status)
            if outcome is None:
                continue
            review_flag(self._uow, clock, self._it.keyring, flag=flag, outcome=outcome, by=by, note=note)
            seen = flags.get_flag(self._uow, flag.id)
            self._open[case.code].pop(flag.id)
            if seen.is_open:
                self._open[case.code][flag.id] = seen

    def _response(self, planned: Meeting, *, asks_repair: bool) -> Response:
        form, instrument = planned.form, self._instrument
        choices: dict[str, tuple[str, ...]] = {}
        if form.off is not None:
            choices["off"] = (instrument.by_id["off"].options[form.off].value,)
        if form.closest:
            order = [option.value for option in instrument.by_id["closest"].options]
            choices["closest"] = tuple(sorted(form.closest, key=order.index))
        if form.wish:
            choices["wish"] = (form.wish,)
        if asks_repair and form.repair:
            choices["repair"] = (form.repair,)
        return Response(
            instrument_id=instrument.id,
            instrument_version=instrument.version,
            language=instrument.language,
            audience=Audience.THERAPIST,
            ratings=form.ratings,
            choices=choices,
            comment=planned.comment,
            steps=form.steps,
        )


def _by_day(planned: Sequence[PlannedCase]) -> dict[date, list[tuple[int, PlannedCase]]]:
    """Return what each day is about: the cases that open, meet or close on it, in their order."""
    days: dict[date, list[tuple[int, PlannedCase]]] = defaultdict(list)
    for number, plan in enumerate(planned):
        for day in sorted(plan.days()):
            days[day].append((number, plan))
    return days
