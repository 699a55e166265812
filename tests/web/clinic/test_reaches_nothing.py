"""A clinic admin, by every request there is, with names of real cases: no answer, no case, no therapist's figure."""

from dataclasses import replace

import pytest
from flask import abort, request
from sqlalchemy import delete, func, select

from feedback.domain.care import Role
from feedback.persistence.accounts.accounts import list_staff
from feedback.persistence.tables import answers, cases, responses
from feedback.web import access
from feedback.web.clinic import people
from feedback.web.staff_session import signed_in
from tests.support.answering import a_case_that_fell
from tests.support.desk import Desk
from tests.web.test_matrix import UNKNOWN, asks, rows_of, somebody, staff_entries, things_of

OF_A_CASE = ("code", "code_id", "flag_id")
CHANGES = ("audit_log", "staff_sessions", "tenant_lookup")
"""Tables in which a request by an admin may leave a line."""

ENDS = {"/sign-out", "/account/sign-out-everywhere"}
"""Where the session ends: what comes after would be asked by nobody."""

DRAWN_ANEW = {"/account/passkeys", "/account/second-step", "/account/recovery-codes", "/account/log"}
"""Pages that hold something drawn anew at every look; and the log of what they themselves did goes on."""


def check_names_are_worth_nothing(world, role):
    """Ask for everything of a case by its name, and by one made up: the answers are the same, and change nothing."""
    real = things_of(world)
    named = UNKNOWN | {name: real[name] for name in OF_A_CASE}
    desk, before, asked = Desk(world, somebody(world, role)), rows_of(world, world.clinic.id), 0
    for entry in staff_entries(world):
        if any(f"{name}>" in entry.rule for name in OF_A_CASE):
            asked += 1
            answer = asks(desk, entry, named)
            assert answer == asks(desk, entry, UNKNOWN), (entry.rule, entry.method)
            assert role in entry.admits or answer[0] == 404, (entry.rule, entry.method)
    assert asked > 10
    after = rows_of(world, world.clinic.id)
    assert {name: rows for name, rows in after.items() if name not in CHANGES} == {
        name: rows for name, rows in before.items() if name not in CHANGES
    }


def all_that_ask_who_is_there(world):
    return [entry for entry in staff_entries(world) if entry.admits and entry.rule not in ENDS]


@pytest.fixture
def admin(world):
    return Desk(world, somebody(world, Role.CLINIC_ADMIN), strict=False)


def check_no_page_depends_on_answers(world, admin, entries):
    """Ask each route by each method; then delete all cases with their answers, and ask once more."""
    for _ in range(3):
        a_case_that_fell(world, off="yes", comment="Nobody else may read this.")
    things = UNKNOWN | {"staff_id": world.therapist.id}

    def seen():
        return {(entry.rule, entry.method): asks(admin, entry, things) for entry in entries}

    seen()  # what can be asked once only has been asked
    before, again = seen(), seen()
    fresh = {asked for asked in before if before[asked] != again[asked]}
    assert {rule for rule, _ in fresh} <= DRAWN_ANEW
    with world.writing() as uow:
        uow.connection.execute(delete(cases))
    after = seen()
    assert {asked for asked in before if after[asked] != before[asked]} <= fresh
    assert sum(answer[0] == 200 for answer in before.values()) >= len(entries) // 10


@pytest.mark.checklist(42)
@pytest.mark.parametrize("role", [Role.CLINIC_ADMIN, Role.AUDITOR, Role.DESK])
def test_the_name_of_a_real_case_is_worth_no_more_than_one_made_up(world, role):
    check_names_are_worth_nothing(world, role)


@pytest.mark.checklist(42)
def test_no_page_by_any_route_depends_on_a_case_an_answer_or_a_therapists_scores(world, admin):
    entries = all_that_ask_who_is_there(world)
    assert len(entries) > 60
    check_no_page_depends_on_answers(world, admin, entries)


def one_answer(uow):
    return uow.connection.scalar(select(func.min(answers.c.value)))


def one_case(uow):
    return uow.connection.scalar(select(func.count()).select_from(cases))


def a_therapists_figure(uow):
    return uow.connection.scalar(select(func.sum(responses.c.score)))


@pytest.mark.parametrize("leak", [one_answer, one_case, a_therapists_figure])
def test_a_leak_on_one_page_would_be_found(world, admin, monkeypatch, leak):
    def leaking(uow):
        return tuple(replace(one, display_name=f"{one.display_name} {leak(uow)}") for one in list_staff(uow))

    monkeypatch.setattr(people, "list_staff", leaking)
    shown = [entry for entry in all_that_ask_who_is_there(world) if entry.rule == "/clinic/staff"]
    with pytest.raises(AssertionError):
        check_no_page_depends_on_answers(world, admin, shown)
    monkeypatch.undo()
    check_no_page_depends_on_answers(world, admin, shown)


def test_a_route_that_forbids_what_is_there_and_misses_what_is_not_would_be_found(world, monkeypatch):
    def telling():
        code = (request.view_args or {}).get("code")
        with world.reading() as uow:
            if uow.connection.scalar(select(cases.c.code).where(cases.c.code == code)):
                abort(403)
        return signed_in()

    monkeypatch.setattr(access, "signed_in", telling)
    with pytest.raises(AssertionError):
        check_names_are_worth_nothing(world, Role.CLINIC_ADMIN)
