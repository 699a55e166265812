"""The front desk hands out today's code for a case code, and learns nothing else; the poster carries no code."""

import re

import pytest
from sqlalchemy import select

from feedback.domain.care import Role
from feedback.persistence.cases import care
from feedback.persistence.clinic import clinics
from feedback.persistence.tables import audit_log
from feedback.services.cases.open_case import close_case
from feedback.web.qr import qr_svg
from tests.support.answering import LOW, a_case_that_fell, a_couple, sends
from tests.support.builders import a_clinic, a_therapist
from tests.support.desk import Desk, a_desk
from tests.support.html import soup

WRONG = ("", "K7Q2X", "K7Q2X-0", "nonsense", "0" * 400, "<b>", "’")


@pytest.fixture
def rosa(world):
    """Somebody at the front desk."""
    return world.hire(a_therapist(id="rosa", email="rosa@example.org", display_name="Rosa", role=Role.DESK))


@pytest.fixture
def desk(world, rosa):
    return Desk(world, rosa)


def handed(desk, case, **fields):
    answer = desk.sends("/desk", case=case.code, **fields)
    assert answer.status_code == 200
    return soup(answer.text)


def log_of(world):
    with world.reading() as uow:
        written = select(audit_log.c.actor, audit_log.c.action, audit_log.c.subject).order_by(audit_log.c.number)
        rows = uow.connection.execute(
            written.where(audit_log.c.actor == "rosa", audit_log.c.action != "staff.signed_in")
        )
        return [tuple(row) for row in rows]


def meetings(world, case):
    with world.reading() as uow:
        return [meeting.held_on.isoformat() for meeting in care.list_therapy_sessions(uow, case.code)]


@pytest.mark.parametrize("way", ["{}", " {} ", "lower", "spaced"])
def test_a_case_code_however_typed_gives_todays_code_and_adds_the_session(world, desk, way):
    case = world.opens_a_case()
    typed = {"lower": case.code.lower(), "spaced": " ".join(case.code.replace("-", ""))}.get(way, way.format(case.code))
    tree = soup(desk.sends("/desk", case=typed).text)
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}", tree.select_one(".show .code").text)
    assert meetings(world, case) == ["2026-03-02"]
    assert [action for _, action, _ in log_of(world)] == [
        "therapy_session.added",
        "access_code.issued",
        "access_code.handed_out",
    ]


def test_asking_again_gives_the_same_code_adds_nothing_and_is_logged_again(world, desk):
    case = world.opens_a_case()
    first = handed(desk, case).select_one(".code").text
    assert handed(desk, case).select_one(".code").text == first
    assert meetings(world, case) == ["2026-03-02"]
    assert log_of(world)[-1] == ("rosa", "access_code.handed_out", case.code)
    assert len(log_of(world)) == 4


def test_the_code_the_therapist_opened_today_is_the_one_handed_out(world, desk):
    case = world.opens_a_case()
    shown = world.shows_a_code(case, world.meets(case))
    assert handed(desk, case).select_one(".code").text.replace("-", "") == shown.typed
    assert meetings(world, case) == ["2026-03-02"]


def test_what_was_shared_or_flagged_changes_nothing_the_desk_sees(world, desk):
    silent, open_flag = world.on("2026-02-01").opens_a_case(label="Tuesdays"), a_case_that_fell(world, off="yes")
    code = world.shows_a_code(silent, world.meets(silent))
    before = handed(desk, silent)
    sends(world, code, LOW, off="yes", comment="Too fast.")
    assert str(handed(desk, silent)) == str(before)
    texts = [handed(desk, case).main.get_text(" ") for case in (silent, open_flag)]
    assert re.sub(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", "", texts[0]) == re.sub(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", "", texts[1])
    for word in ("Tuesdays", "Dana", "Too fast.", "February", "rupture", silent.code, open_flag.code):
        assert word not in texts[0] + texts[1], word


def test_a_couple_gets_one_square_at_a_time(world, desk):
    case = a_couple(world)
    first, second = handed(desk, case), handed(desk, case, seat="B")
    assert [button.text for button in first.select("button[name=seat]")] == ["Person A", "Person B"]
    assert first.select_one(".show .code").text != second.select_one(".show .code").text
    assert second.select_one("button[aria-current]").text == "Person B"
    assert "Person B." in second.select_one(".paper .card").get_text()


@pytest.mark.parametrize("typed", WRONG)
def test_a_code_whose_check_sign_does_not_fit_is_refused_beside_the_field(desk, typed):
    answer = desk.sends("/desk", case=typed)
    tree = soup(answer.text)
    assert answer.status_code == 400
    assert "six characters" in tree.select_one("#case-wrong").text
    assert tree.select_one("#case")["aria-describedby"].split() == ["case-hint", "case-wrong"]


def test_a_closed_case_is_answered_like_one_that_never_was(world, desk):
    closed, it = world.opens_a_case(), world.installation
    with world.writing() as uow:
        close_case(uow, it.clock, it.keyring, case=closed, by=world.therapist)
    answers = [desk.sends("/desk", case=code) for code in (closed.code, "00000-0")]
    assert [answer.status_code for answer in answers] == [400, 400]
    plain = [answer.text.replace(code, "CODE") for answer, code in zip(answers, (closed.code, "00000-0"), strict=True)]
    assert plain[0] == plain[1]
    assert (meetings(world, closed), log_of(world)) == ([], [])


def test_a_seat_that_is_not_there_hands_out_nothing(world, desk):
    case = world.opens_a_case()
    assert desk.sends("/desk", case=case.code, seat="B").status_code == 400
    assert (meetings(world, case), log_of(world)) == ([], [])


def test_a_form_of_another_session_hands_out_nothing(world, desk):
    case = world.opens_a_case()
    assert desk.sends("/desk", case=case.code, csrf_token=a_desk(world).secret).status_code == 400
    assert meetings(world, case) == []


def test_without_help_numbers_no_code_is_handed_out(world, desk):
    case = world.opens_a_case()
    with world.writing() as uow:
        clinics.save_clinic(uow, a_clinic(help_numbers=()))
    answer = desk.sends("/desk", case=case.code)
    assert (answer.status_code, "help numbers" in answer.text, meetings(world, case)) == (400, True, [])


def test_the_desk_has_four_pages_and_no_list_of_anything(world, desk):
    case = a_case_that_fell(world, off="yes")
    pages = {path: desk.opens(path) for path in ("/desk", "/sheet", "/poster", "/account")}
    assert {page.status_code for page in pages.values()} == {200}
    assert [link["href"] for link in soup(pages["/desk"].text).select("nav a")] == list(pages)
    assert all(case.code not in page.text for page in pages.values())


def test_the_poster_carries_the_address_of_the_code_page_and_no_code(world, desk):
    page = desk.opens("/poster").text
    assert page.replace(desk.secret, "") == desk.opens("/poster").text.replace(desk.secret, "")
    poster = soup(page).select_one(".poster")
    assert "hl.example" in poster.get_text()
    assert "/F/" not in page.upper()
    drawn = soup(f"<!doctype html><title>-</title>{qr_svg('HTTPS://HL.EXAMPLE/', '')}")
    assert [path["d"] for path in poster.select(".qr path")] == [path["d"] for path in drawn.select(".qr path")]
