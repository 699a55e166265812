"""Sheets of today's codes over several cases: the desk types case codes, a therapist chooses among their own."""

import re

import pytest
from sqlalchemy import select

from feedback.domain.care import Role
from feedback.persistence.cases import care
from feedback.persistence.tables import access_codes, audit_log
from feedback.services.cases.open_case import close_case
from feedback.services.codes import resolve_case_code
from feedback.services.codes.hand_out_sheet import MOST_CASES
from tests.support.answering import GOOD, sends
from tests.support.builders import a_therapist
from tests.support.desk import Desk, a_desk
from tests.support.html import soup
from tests.support.phone import Phone, heading

TYPED = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}")


@pytest.fixture
def desk(world):
    """Somebody at the front desk."""
    return Desk(world, world.hire(a_therapist(id="rosa", email="rosa@example.org", role=Role.DESK)))


def sheet(who, **fields):
    answer = who.sends("/sheet", **({"paper": "a4"} | fields))
    assert answer.status_code == 200
    return soup(answer.text)


def codes(world):
    with world.reading() as uow:
        return uow.connection.execute(select(access_codes)).all()


def log_of(world, actor):
    with world.reading() as uow:
        rows = uow.connection.execute(select(audit_log).where(audit_log.c.actor == actor).order_by(audit_log.c.number))
        return [(row.action, row.subject) for row in rows]


def test_the_desk_gets_a_slip_for_everybody_of_the_cases_it_typed(world, desk):
    one, couple = world.opens_a_case(), world.opens_a_case(seats=2)
    tree = sheet(desk, typed=f"{one.code.lower()}\n\n {couple.code} , {one.code}")
    stubs = [stub.text for stub in tree.select(".stub")]
    assert sorted(stubs) == sorted([one.code, f"{couple.code}, Person A", f"{couple.code}, Person B"])
    assert len({slip.select_one(".code").text for slip in tree.select(".slot")}) == 3
    for slip in tree.select(".slot"):
        assert TYPED.fullmatch(slip.select_one(".code").text)
        assert slip.select_one("svg.qr")
        assert "hl.example" in slip.get_text()
        assert "Use until Wednesday 4 March." in slip.get_text()
    handed = [subject for action, subject in log_of(world, "rosa") if action == "access_code.handed_out"]
    assert sorted(handed) == sorted([one.code, couple.code, couple.code])


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_the_sheet_is_laid_out_for_the_paper_that_was_chosen(world, desk, paper):
    tree = sheet(desk, typed=world.opens_a_case().code, paper=paper)
    assert tree.select_one(".cards")["class"] == ["cards", paper]


def test_asking_again_gives_the_same_codes_and_they_open_the_form(world, app, desk):
    case = world.opens_a_case()
    first, second = (sheet(desk, typed=case.code).select_one(".code").text for _ in range(2))
    assert first == second
    led = Phone(app).http.post("/code", data={"code": first})
    assert heading(Phone(app).http.get(led.location)) == "How was today?"


def test_one_wrong_code_among_many_hands_out_nothing_and_loses_nothing(world, desk):
    case = world.opens_a_case()
    typed = f"{case.code}\nK7Q2X-0\n00000-0"
    answer = desk.sends("/sheet", typed=typed, paper="letter")
    tree = soup(answer.text)
    assert answer.status_code == 400
    said = [line.text for line in tree.select(".note li")]
    assert said[0].startswith("K7Q2X-0: This is not a whole case code.")
    assert said[1].startswith("00000-0: There is no open case with this code.")
    assert tree.select_one("#typed").text == typed
    assert tree.select_one("#paper option[selected]")["value"] == "letter"
    assert codes(world) == []


def test_whether_something_was_answered_is_not_on_the_sheet(world, desk):
    silent, answered = world.opens_a_case(), world.opens_a_case(label="Tuesdays")
    sends(world, world.shows_a_code(answered, world.meets(answered)), GOOD)
    text = sheet(desk, typed=f"{silent.code}\n{answered.code}").main.get_text()
    slips = [slip.get_text(" ") for slip in sheet(desk, typed=f"{silent.code}\n{answered.code}").select(".card")]
    assert TYPED.sub("", slips[0]) == TYPED.sub("", slips[1])
    assert "Tuesdays" not in text
    assert "Dana" not in text


def test_a_therapist_finds_todays_sessions_chosen_and_prints_their_own_cases_only(world):
    today, other = world.opens_a_case(label="Tuesdays"), world.opens_a_case()
    world.meets(today)
    desk = a_desk(world)
    asked = soup(desk.opens("/sheet").text)
    assert [box["value"] for box in asked.select("input[name=chosen][checked]")] == [today.code]
    assert {box["value"] for box in asked.select("input[name=chosen]")} == {today.code, other.code}
    tree = sheet(desk, chosen=[today.code, other.code])
    assert {stub.text for stub in tree.select(".stub")} == {today.code, other.code}
    assert "Tuesdays" not in tree.main.get_text()
    assert ("access_code.handed_out", other.code) in log_of(world, "dana")


def test_nobody_prints_a_case_that_is_not_theirs_or_is_closed(world):
    sam = world.hire(a_therapist(id="sam", email="sam@example.org", display_name="Sam"))
    mine, closed, theirs = world.opens_a_case(), world.opens_a_case(), world.opens_a_case(by=sam)
    it = world.installation
    with world.writing() as uow:
        close_case(uow, it.clock, it.keyring, case=closed, by=world.therapist)
    for chosen in ([mine.code, theirs.code], [closed.code], []):
        assert a_desk(world).sends("/sheet", chosen=chosen, paper="a4").status_code == 400
    assert a_desk(world).sends("/sheet", typed=mine.code, paper="a4").status_code == 400
    assert codes(world) == []


def test_a_sheet_has_at_most_forty_cases(world):
    cases = [world.opens_a_case().code for _ in range(MOST_CASES + 1)]
    answer = a_desk(world).sends("/sheet", chosen=cases, paper="a4")
    assert (answer.status_code, "at most 40 cases" in answer.text, codes(world)) == (400, True, [])


def test_guessing_case_codes_is_slowed_down_on_both_pages_and_for_that_account_only(world, desk, monkeypatch):
    monkeypatch.setattr(resolve_case_code, "CASE_CODE_MISSES", 3)
    case = world.opens_a_case()
    other = Desk(world, world.hire(a_therapist(id="ruth", email="ruth@example.org", role=Role.DESK)))
    desk.sends("/desk", case="00000-0")
    answer = desk.sends("/sheet", typed=f"{case.code}\n00000-0\n00000-0\n00000-0\n{case.code}", paper="a4")
    said = [line.text for line in soup(answer.text).select(".note li")]
    assert said[-1] == "Let us take a short break. Try again in 10 minutes."
    assert len(said) == 3
    slowed = desk.sends("/desk", case=case.code)
    assert (slowed.status_code, soup(slowed.text).h1.text) == (429, "Let us take a short break")
    assert codes(world) == []
    assert other.sends("/desk", case=case.code).status_code == 200
    world.installation = world.on("2026-03-02", hour=13).installation
    later = Desk(world, a_therapist(id="rosa", email="rosa@example.org", role=Role.DESK))
    assert later.sends("/desk", case=case.code).status_code == 200


def test_a_slip_of_the_hand_is_not_counted_as_a_guess(world, desk, monkeypatch):
    monkeypatch.setattr(resolve_case_code, "CASE_CODE_MISSES", 1)
    case = world.opens_a_case()
    for _ in range(3):
        assert desk.sends("/desk", case="K7Q2X-0").status_code == 400
    assert desk.sends("/desk", case=case.code).status_code == 200
    with world.reading() as uow:
        assert len(care.list_therapy_sessions(uow, case.code)) == 1
