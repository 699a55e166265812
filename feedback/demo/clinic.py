"""Making the whole demo clinic in one transaction, publishing its past, and saying how to get into it."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from feedback import instruments
from feedback.bootstrap import Installation
from feedback.demo.chance import SeededChance
from feedback.demo.found import Founded, found_clinic
from feedback.demo.growth import Growth
from feedback.demo.people import TIMEZONE
from feedback.demo.plan import plan_cases
from feedback.domain.care import Case, Chance, Part, Staff
from feedback.domain.clock import FixedClock, local_day
from feedback.domain.figures.unseen import NONE_UNSEEN
from feedback.domain.rupture import FlagStatus
from feedback.persistence.accounts.accounts import set_password
from feedback.persistence.cases import care
from feedback.persistence.dashboard.read_receipts import note_all_opened
from feedback.persistence.dashboard.told import mark_all
from feedback.persistence.database import UnitOfWork
from feedback.security.totp import code_at, draw_seed, step_at
from feedback.services.accounts.set_up_second_step import set_up_app
from feedback.services.cases.add_therapy_session import add_therapy_session
from feedback.services.cases.share_case import share_case
from feedback.services.codes.issue_access_code import ShownCode, issue_access_code
from feedback.services.figures.close_due import due_periods
from feedback.services.figures.close_release import close_release

LATELY = timedelta(days=7)
UNOPENED = timedelta(days=2)
"""How far back the demo's therapists have not opened what came in."""

UNANSWERED = timedelta(days=21)
"""How far back they have not marked what was asked for outright and raised no flag."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """What somebody signs in with: both steps, the second as an app's seed and as codes that work once each."""

    email: str
    password: str = field(repr=False)
    totp_secret: str = field(repr=False)
    recovery_codes: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class DemoClinic:
    """How to get into the demo, and how much is in it. `shared` is the case that the supervisor may read for a time."""

    name: str
    therapist: SignIn
    admin: SignIn
    supervisor: SignIn
    shared: str
    case: str
    code: ShownCode
    cases: int
    forms: int


def make_demo(it: Installation, *, cases: int, months: int, seed: int) -> DemoClinic:
    """Fill an empty installation with a clinic that has worked with the product for some months, up to now."""
    today = local_day(it.clock, TIMEZONE)
    first = _months_before(today, months)
    chance = SeededChance(seed)
    with it.database.writing(None) as outside:
        uow, founded = found_clinic(outside, it, FixedClock.on(first, hour=8), chance)
        planned = plan_cases(
            np.random.default_rng([seed, 0]),
            cases=cases,
            first=first,
            today=today,
            therapists=len(founded.therapists),
        )
        instrument = instruments.load("rapport-session")
        growth = Growth(uow, it, clinic=founded.clinic, instrument=instrument, chance=chance, seed=seed)
        growth.grow(planned, founded.therapists)
        note_all_opened(uow, today - UNOPENED)
        mark_all(uow, today - UNANSWERED)
        therapist = _with_most_to_look_at(founded, growth, today)
        case = _met_today(uow, it, growth, therapist)
        demo = DemoClinic(
            name=founded.clinic.name,
            therapist=_sign_in(uow, it, therapist),
            admin=_sign_in(uow, it, founded.admin),
            supervisor=_sign_in(uow, it, founded.supervisor),
            shared=_shared(uow, it, growth, therapist, founded.supervisor),
            case=case.code,
            code=_code(uow, it, case, therapist),
            cases=len(planned),
            forms=growth.forms,
        )
    _publish(it, founded.clinic.id, chance)
    return demo


def _publish(it: Installation, clinic_id: str, chance: Chance) -> None:
    """Close every period that is over, as if each had been closed on its day."""
    with it.database.writing(clinic_id) as uow:
        for period in due_periods(uow, it.clock, it.rule):
            clock = FixedClock.on(period.closes_on)
            close_release(uow, clock, chance, it.journal, period=period, rule=it.rule, unseen=NONE_UNSEEN, is_demo=True)


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, 28))


def _with_most_to_look_at(founded: Founded, growth: Growth, today: date) -> Staff:
    """Choose, among those with an open case, the therapist with the most flags of late that nobody has looked at."""
    waiting = {case.therapist_id: 0 for case in growth.open_cases}
    for case in growth.open_cases:
        for flag in growth.open_flags(case):
            if flag.status is FlagStatus.NEW and today - flag.held_on <= LATELY:
                waiting[case.therapist_id] += 1
    return max(founded.therapists, key=lambda person: waiting.get(person.id, -1))


def _met_today(uow: UnitOfWork, it: Installation, growth: Growth, therapist: Staff) -> Case:
    """Return an open case that meets today: if there is one, one without a flag; who has not met for longest comes."""

    def turn(case: Case) -> tuple[bool, bool, date]:
        meetings = care.list_therapy_sessions(uow, case.code)
        return not meetings, bool(growth.open_flags(case)), meetings[-1].held_on if meetings else case.opened_on

    case = min((one for one in care.list_cases(uow, therapist.id) if one.is_open), key=turn)
    add_therapy_session(uow, it.clock, it.keyring, case=case, by=therapist)
    return case


def _shared(uow: UnitOfWork, it: Installation, growth: Growth, by: Staff, supervisor: Staff) -> str:
    """Let the supervisor read one of the therapist's open cases for thirty days: the one with most that is open."""
    mine = [case for case in growth.open_cases if case.therapist_id == by.id]
    case = max(mine, key=lambda one: len(growth.open_flags(one)))
    share_case(
        uow,
        it.clock,
        it.keyring,
        journal=it.journal,
        case=case,
        part=Part.SUPERVISOR,
        staff_id=supervisor.id,
        days=30,
        by=by,
    )
    return case.code


def _code(uow: UnitOfWork, it: Installation, case: Case, by: Staff) -> ShownCode:
    meeting = care.list_therapy_sessions(uow, case.code)[-1]
    return issue_access_code(uow, it.clock, it.keyring, it.chance, case=case, by=by.id, meeting=meeting)


def _sign_in(uow: UnitOfWork, it: Installation, person: Staff) -> SignIn:
    drawn = it.chance.text(20).lower()
    password = "-".join(drawn[place : place + 5] for place in range(0, 20, 5))
    set_password(uow, person.id, it.passwords.hash(password))
    seed = draw_seed(it.chance)
    before = code_at(seed, step_at(it.clock.now()) - 1)
    codes = set_up_app(
        uow, it.clock, it.keyring, it.chance, journal=it.journal, staff=person, seed=seed, code=before, replaces=False
    )
    return SignIn(person.email, password, seed, codes)
