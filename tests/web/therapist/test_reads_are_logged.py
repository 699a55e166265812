"""A therapist's own reads are in the log once a day and case, so that a stolen sign-in leaves a trace."""

from dataclasses import replace

import pytest
from flask import redirect

from feedback.domain.care import Part, Role
from feedback.domain.errors import NotSaved
from feedback.persistence.audit import list_records
from feedback.persistence.clinic.clinics import save_clinic
from feedback.persistence.database import Database
from feedback.persistence.flags import flags
from feedback.persistence.read_log import last_read_on, move_last_read
from feedback.services.audit.verify_audit import verify_audit
from feedback.services.cases.share_case import share_case
from feedback.web import create_app
from feedback.web.access import ReadNotLogged, opens_answers
from tests.support.answering import a_case_that_fell, meets_and_sends
from tests.support.desk import Desk, a_desk


@pytest.fixture
def case(world):
    case = world.on("2026-02-20").opens_a_case()
    meets_and_sends(world, case, "2026-03-02", comment="Words of a client.")
    return case


def reads(world):
    with world.reading() as uow:
        return [(one.actor, one.action, one.subject) for one in list_records(uow) if one.action.endswith(".read")]


@pytest.mark.parametrize("view", ["", "/print", "/together", "?session=1", "/arrangements", "/code"])
def test_a_case_is_read_once_a_day_whichever_of_its_pages_is_opened(world, case, view):
    for _ in range(3):
        assert a_desk(world).opens(f"/cases/{case.code}{view}").status_code == 200
    assert reads(world) == [("dana", "case.read", case.code)]


def test_a_mark_sent_without_an_outcome_shows_the_case_again_and_is_a_read_as_well(world):
    case = a_case_that_fell(world, off="yes", comment="It felt rushed.")
    with world.reading() as uow:
        (flag,) = flags.list_flags(uow, case.code)
    for token in ({}, {"csrf_token": "0" * 64}):
        page = a_desk(world).sends(f"/flags/{flag.id}", **token)
        assert (page.status_code, "It felt rushed." in page.text) == (400, True)
    assert reads(world) == [("dana", "case.read", case.code)]


def test_ones_own_figures_are_read_once_a_day(world):
    for _ in range(2):
        assert a_desk(world).opens("/own-figures").status_code == 200
    assert reads(world) == [("dana", "own_figures.read", "dana")]


def test_no_page_that_can_show_answers_is_given_out_without_a_read_in_the_log(world):
    with create_app(world.installation).test_request_context("/"):
        with pytest.raises(ReadNotLogged):
            opens_answers(lambda: "answers")()
        assert opens_answers(lambda: redirect("/"))().status_code == 302


def test_each_day_each_case_and_the_first_page_have_a_line_of_their_own(world, case):
    other = world.opens_a_case()
    for there in (world, world, world.on("2026-03-03")):
        desk = a_desk(there)
        for page in ("/dashboard", f"/cases/{case.code}", f"/cases/{other.code}"):
            desk.opens(page)
    daily = [
        ("dana", "first_page.read", "dana"),
        ("dana", "case.read", case.code),
        ("dana", "case.read", other.code),
    ]
    assert reads(world) == daily * 2
    with world.reading() as uow:
        assert verify_audit(uow, world.installation.keyring).is_whole


def test_the_day_is_the_clinics_own(world, case):
    """In Berlin, 23:30 UTC on a summer's day is the next day already."""
    clinic = replace(world.clinic, timezone="Europe/Berlin")
    moved = replace(world, clinic=clinic)
    with world.writing() as uow:
        move_last_read(uow, "dana", case.code, world.on("2026-07-01").installation.clock.now().date())
    with world.writing() as uow:
        save_clinic(uow, clinic)
    a_desk(moved.on("2026-07-01", hour=12)).opens(f"/cases/{case.code}")
    assert reads(world) == []
    a_desk(moved.on("2026-07-01", hour=23)).opens(f"/cases/{case.code}")
    assert reads(world) == [("dana", "case.read", case.code)]


def test_of_two_at_once_one_writes_it_down(world, case):
    day = world.installation.clock.now().date()
    with world.writing() as uow:
        assert move_last_read(uow, "dana", case.code, day)
        assert not move_last_read(uow, "dana", case.code, day)
    with world.reading() as uow:
        assert last_read_on(uow, "dana", case.code) == day


def test_therapist_and_auditor_find_it_and_none_of_what_was_read(world, case):
    desk = a_desk(world)
    desk.opens(f"/cases/{case.code}")
    auditor = world.hire(replace(world.therapist, id="olu", email="olu@example.org", role=Role.AUDITOR))
    for page in (desk.opens("/account/log"), Desk(world, auditor).opens("/clinic/audit")):
        assert "looked at a case" in page.text
        assert case.code in page.text
        assert "Words of a client" not in page.text


def test_where_nothing_can_be_kept_one_reads_ones_own_and_nobody_elses(world, case, monkeypatch):
    it, iris = world.installation, world.hire(replace(world.therapist, id="iris", email="iris@example.org"))
    with world.writing() as uow:
        share_case(
            uow,
            it.clock,
            it.keyring,
            journal=it.journal,
            case=case,
            part=Part.CO_THERAPIST,
            staff_id="iris",
            days=0,
            by=world.therapist,
        )
    own, colleague = a_desk(world), Desk(world, iris)

    def closed(_self, _clinic_id):
        raise NotSaved("This was not saved.")

    monkeypatch.setattr(Database, "writing", closed)
    page = own.opens(f"/cases/{case.code}")
    assert (page.status_code, "Words of a client." in page.text) == (200, True)
    assert own.opens("/dashboard").status_code == 200
    assert colleague.opens(f"/cases/{case.code}").status_code == 503
    assert reads(world) == []
