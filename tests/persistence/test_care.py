"""Cases, therapy sessions and codes come back as they went in, each in its own clinic."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from feedback.domain.care import Case, TherapySession
from feedback.domain.errors import AccessCodeUnknown, NoClinicChosen, NotFound
from feedback.persistence import tenant_lookup
from feedback.persistence.answers.bulk_insert import Batch
from feedback.persistence.cases import care, codes
from feedback.persistence.clinic import clinics
from feedback.persistence.tables import cases, therapy_sessions
from feedback.security.access_codes import token_hash, typed_hash
from tests.support.builders import MONDAY, a_clinic


@pytest.fixture
def elsewhere(world):
    """Another clinic in the same database."""
    other = a_clinic(id="another1", name="Another")
    with world.installation.database.writing(other.id) as uow:
        clinics.add_clinic(uow, other)
    return other.id


def test_a_clinic_comes_back_as_it_went_in(world):
    with world.reading() as uow:
        assert clinics.get_clinic(uow) == world.clinic


def test_a_case_comes_back_as_it_went_in_and_only_in_its_clinic(world, elsewhere):
    case = world.opens_a_case(label="Tuesdays")
    with world.reading() as uow:
        assert care.get_case(uow, case.code) == case
    with world.installation.database.reading(elsewhere) as uow, pytest.raises(NotFound):
        care.get_case(uow, case.code)


def test_open_cases_are_listed_before_closed_ones(world):
    first, second = world.opens_a_case(), world.opens_a_case()
    with world.writing() as uow:
        care.close_case(uow, first.code, MONDAY)
        listed = care.list_cases(uow, world.therapist.id)
    assert [case.code for case in listed] == [second.code, first.code]


def test_meetings_are_numbered_within_their_case_and_listed_by_date(world):
    case, other = world.opens_a_case(), world.opens_a_case()
    later = world.on("2026-03-20")
    world.meets(other)
    later.meets(case, date(2026, 3, 10))
    later.meets(case, date(2026, 3, 4))
    with world.reading() as uow:
        meetings = care.list_therapy_sessions(uow, case.code)
    assert [(meeting.number, meeting.held_on.day) for meeting in meetings] == [(2, 4), (1, 10)]


def test_a_case_knows_the_day_of_its_last_meeting_in_whatever_order_they_are_told(world):
    case, other, silent = (world.opens_a_case() for _ in range(3))
    later, known = world.on("2026-03-20"), []
    for day in (date(2026, 3, 10), date(2026, 3, 4), date(2026, 3, 17)):
        later.meets(case, day)
        known.append(_last_days(world)[case.code])
    later.meets(other, date(2026, 3, 5))
    assert known == [date(2026, 3, 10), date(2026, 3, 10), date(2026, 3, 17)]
    assert _last_days(world) == {case.code: known[-1], other.code: date(2026, 3, 5), silent.code: None}


def test_many_meetings_at_once_are_known_as_well(world):
    case, other = world.opens_a_case(), world.opens_a_case()
    world.meets(other, date(2026, 3, 2))
    for day in (date(2026, 3, 1), date(2026, 2, 1)):
        with world.writing() as uow:
            batch = Batch(uow, day)
            batch.add_therapy_session(TherapySession(case.code, day.month, day))
            batch.add_therapy_session(TherapySession(other.code, 1 + day.month, day))
            batch.write()
    assert _last_days(world) == {case.code: date(2026, 3, 1), other.code: date(2026, 3, 2)}


def _last_days(world):
    with world.reading() as uow:
        kept = uow.connection.execute(select(cases.c.code, cases.c.last_held_on)).all()
        held = select(therapy_sessions.c.case_code, func.max(therapy_sessions.c.held_on))
        found = uow.connection.execute(held.group_by(therapy_sessions.c.case_code)).all()
    days = dict(map(tuple, kept))
    assert {code: day for code, day in days.items() if day} == dict(map(tuple, found))
    return days


def test_a_code_is_found_by_either_hash_and_only_in_its_clinic(world, elsewhere):
    case = world.opens_a_case()
    shown = world.shows_a_code(case, world.meets(case))
    keyring = world.installation.keyring
    with world.reading() as uow:
        assert codes.get_code(uow, token_hash=token_hash(keyring, shown.token.lower())) == shown.code
        assert codes.get_code(uow, typed_hash=typed_hash(keyring, shown.typed)) == shown.code
        assert tenant_lookup.clinics_behind(uow, "token", token_hash(keyring, shown.token)) == (world.clinic.id,)
    with world.installation.database.reading(elsewhere) as uow, pytest.raises(AccessCodeUnknown):
        codes.get_code(uow, token_hash=token_hash(keyring, shown.token))


def test_a_query_without_a_clinic_is_refused(world):
    with world.installation.database.reading(None) as uow, pytest.raises(NoClinicChosen):
        care.list_cases(uow, world.therapist.id)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [({"seats": 9}, "ck_cases_seats_range"), ({"closed_on": date(2026, 3, 1)}, "ck_cases_closed_after_opened")],
)
def test_the_database_itself_refuses_what_makes_no_sense(world, changes, constraint):
    wrong = Case(**({"code": "K7Q2X-M", "therapist_id": world.therapist.id, "opened_on": MONDAY} | changes))
    with world.writing() as uow, pytest.raises(IntegrityError, match=constraint):
        care.add_case(uow, wrong)
