"""The clinic admin sees no case, no answer and no figure: with every answer gone, no page of theirs is different."""

import re
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from sqlalchemy import delete, select

from feedback.demo.clinic import make_demo
from feedback.domain.care import Role
from feedback.persistence.accounts.accounts import list_staff
from feedback.persistence.clinic.clinics import only_clinic
from feedback.persistence.tables import cases
from tests.support.desk import Desk
from tests.support.html import soup
from tests.support.world import World


@pytest.fixture
def full(installation):
    """A small demo clinic, as a world to act in."""
    made = make_demo(installation, cases=16, months=2, seed=3)
    with installation.database.reading(None) as outside:
        clinic = only_clinic(outside)
        people = list_staff(outside.within(clinic.id))
    therapist = next(one for one in people if one.email == made.therapist.email)
    world = World(installation, clinic, therapist)
    return world, next(one for one in people if one.role is Role.CLINIC_ADMIN)


def crawled(desk, start):
    """Every page that can be reached by links from a first one, without what differs at every look."""
    pages, waiting = {}, [start]
    while waiting:
        path = waiting.pop()
        answer = desk.opens(path)
        if path in pages or answer.mimetype != "text/html":
            continue
        pages[path] = re.sub(r"[0-9a-f]{64}", "", answer.text)
        links = (urlsplit(link["href"]) for link in soup(answer.text).select("a[href]"))
        waiting += [link.path for link in links if not link.netloc and link.path and link.scheme in {"", "https"}]
    return pages


@pytest.mark.checklist(42)
def test_no_page_an_admin_can_reach_depends_on_a_case_or_an_answer(full):
    world, anna = full
    admin, dana = Desk(world, anna), Desk(world, world.therapist)
    with world.reading() as uow:
        codes = [*uow.connection.scalars(select(cases.c.code))]
    before, seen_by_dana = crawled(admin, "/clinic"), crawled(dana, "/dashboard")
    with world.writing() as uow:
        uow.connection.execute(delete(cases))
    assert {"/clinic", "/clinic/staff", "/clinic/settings", "/account"} <= set(before)
    assert crawled(admin, "/clinic") == before
    assert not [code for code in codes for page in before.values() if code in page]
    assert crawled(dana, "/dashboard") != seen_by_dana, "else this test would see nothing"


def test_a_therapist_finds_none_of_these_pages_and_an_admin_none_of_theirs(full):
    world, anna = full
    dana, admin = Desk(world, world.therapist), Desk(world, anna)
    assert {dana.opens(path).status_code for path in ("/clinic", "/clinic/staff", "/clinic/settings")} == {404}
    assert {admin.opens(path).status_code for path in ("/dashboard", "/cases")} == {404}


def test_a_person_of_another_clinic_is_not_there(full):
    world, anna = full
    admin = Desk(world, anna)
    other = World(world.installation, replace(world.clinic, id="other", name="Other"), replace(anna, id="eve"))
    other.found()
    assert admin.sends("/clinic/staff/eve/disable").status_code == 404
    assert "Other" not in admin.opens("/clinic/staff").text
