"""The auditor's page, and everybody's own log."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import update

from feedback.domain.care import Part, Role
from feedback.persistence.tables import audit_log
from feedback.services.cases.share_case import share_case
from feedback.web.audit_wording import DEEDS
from tests.house.repository import PACKAGE
from tests.support.answering import a_case_that_fell
from tests.support.builders import a_therapist
from tests.support.desk import Desk, a_desk
from tests.support.html import soup


@pytest.fixture
def auditor(world):
    person = replace(world.therapist, id="ada", email="ada@example.org", display_name="Ada", role=Role.AUDITOR)
    return Desk(world, world.hire(person))


def rows(page):
    return [[cell.text for cell in row.select("td")] for row in soup(page.text).select("tbody tr")]


def test_the_log_says_when_who_what_and_about_whom_newest_first(world, auditor):
    case = world.opens_a_case()
    newest, *_ = rows(auditor.opens("/clinic/audit"))
    assert newest == ["2026-03-02 12:00", "Dana (therapist)", "opened a case", case.code]


def test_a_long_log_comes_in_pages(world, auditor):
    for _ in range(105):
        world.opens_a_case()
    page = auditor.opens("/clinic/audit")
    assert len(rows(page)) == 100
    older = soup(page.text).find("a", string="Older")["href"]
    assert len(rows(auditor.opens(f"/clinic/audit{older}"))) == 6
    assert not soup(auditor.opens(f"/clinic/audit{older}").text).find("a", string="Older")


@pytest.mark.parametrize("before", ["", "x", "-1", "99999999999999999999", "0"])
def test_a_page_asked_for_by_nonsense_is_a_page(auditor, before):
    assert auditor.opens("/clinic/audit", before=before).status_code == 200


def test_the_page_says_whether_the_log_is_whole_when_asked(world, auditor):
    world.opens_a_case()
    assert "The log is whole" not in auditor.opens("/clinic/audit").text
    assert "The log is whole: 2 records" in auditor.opens("/clinic/audit", check="yes").text
    with world.writing() as uow:
        uow.connection.execute(update(audit_log).where(audit_log.c.number == 2).values(subject="another"))
    assert "Record 2 is not as it was written." in auditor.opens("/clinic/audit", check="yes").text


def test_the_file_holds_every_record(world, auditor):
    world.opens_a_case()
    answer = auditor.opens("/clinic/audit/file")
    assert [json.loads(line)["number"] for line in answer.text.splitlines()] == [1, 2]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="audit-2026-03-02.jsonl"'


def test_a_therapist_sees_who_else_had_to_do_with_their_cases_and_nothing_of_others(world):
    noor = world.hire(a_therapist(id="noor", email="noor@example.org", display_name="Noor"))
    mine, hers = world.opens_a_case(), world.opens_a_case(by=noor)
    rosa = world.hire(a_therapist(id="rosa", email="r@x.y", display_name="Rosa", role=Role.DESK))
    world.meets(mine)
    Desk(world, rosa).sends("/desk", case=mine.code)
    shown = rows(a_desk(world).opens("/account/log"))
    assert ["2026-03-02 12:00", "Rosa (desk)", "handed out a code", mine.code] in shown
    assert not [row for row in shown if hers.code in row or "Noor" in row[1]]


def test_every_deed_that_has_words_is_one_that_is_recorded():
    written = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.glob("services/*/*.py"))
    accounts = {action for action in DEEDS if action.startswith(("staff.", "access_code."))}
    assert [action for action in accounts if f'"{action}"' not in written] == []


def test_whoever_looks_at_somebody_elses_case_is_written_down_and_its_therapist_sees_it(world, auditor):
    it, case = world.installation, a_case_that_fell(world)
    sara = world.hire(a_therapist(id="sara", email="s@x.y", display_name="Sara", role=Role.SUPERVISOR))
    with world.writing() as uow:
        part = Part.SUPERVISOR
        share_case(
            uow,
            it.clock,
            it.keyring,
            journal=it.journal,
            case=case,
            part=part,
            staff_id="sara",
            days=7,
            by=world.therapist,
        )
    a_desk(world).opens(f"/cases/{case.code}")
    assert Desk(world, sara).opens(f"/cases/{case.code}").status_code == 200
    looked = ["2026-03-02 12:00", "Sara (supervisor)", "looked at a case", case.code]
    shown = rows(a_desk(world).opens("/account/log"))
    assert shown.count(looked) == 1
    assert ["2026-03-02 12:00", "Dana (therapist)", "looked at a case", case.code] in shown
    assert ["2026-03-02 12:00", "Dana (therapist)", "shared a case with a supervisor"] in [row[:3] for row in shown]
    assert f"{case.code}, Sara (supervisor)" in [row[3] for row in shown]
    assert looked in rows(auditor.opens("/clinic/audit"))
