"""Changing one's own second step: only with both steps shown just now."""

import pytest

from feedback.persistence.audit import list_records
from tests.support.authenticator import PHRASE, App, hires_with_both_steps
from tests.support.desk import Desk
from tests.support.html import soup


@pytest.fixture
def mika(world):
    return hires_with_both_steps(world)


def later(world, minute):
    """The same clinic some minutes later."""
    moved = world.on("2026-03-02", 12)
    clock = moved.installation.clock
    object.__setattr__(clock, "instant", clock.instant.replace(minute=minute))
    return moved


def value(page, name):
    return soup(page.text).select_one(f"main input[name={name}]")["value"]


def test_right_after_signing_in_the_app_may_be_changed(world, mika):
    desk = Desk(world, mika[0])
    page = desk.opens("/account/second-step")
    assert page.status_code == 200
    new = App(world, soup(page.text).select_one("#key").text.replace(" ", ""))
    done = desk.sends("/account/second-step", seed=value(page, "seed"), code=new.shows())
    assert len(soup(done.text).select(".codes li")) == 10
    assert Desk(world).http is not None
    with world.reading() as uow:
        assert "staff.app_set_up" in [record.action for record in list_records(uow)][-3:]


def test_changing_the_app_signs_out_every_other_browser(world, mika):
    here, there = Desk(world, mika[0]), Desk(world, mika[0])
    page = here.opens("/account/second-step")
    new = App(world, soup(page.text).select_one("#key").text.replace(" ", ""))
    here.sends("/account/second-step", seed=value(page, "seed"), code=new.shows())
    assert here.opens("/dashboard").status_code == 200
    assert there.opens("/dashboard").status_code == 303


@pytest.mark.parametrize("path", ["/account/second-step", "/account/recovery-codes"])
def test_ten_minutes_later_both_steps_are_asked_for_again(world, mika, path):
    desk = Desk(world, mika[0])
    cookie = desk.http.get_cookie("__Host-feedback", domain="hl.example")
    moved = Desk(later(world, 10))
    moved.http.set_cookie("__Host-feedback", cookie.value, domain="hl.example", secure=True)
    answer = moved.http.post(path, base_url="https://hl.example", data={"csrf_token": desk.secret})
    assert answer.location == "/account/confirm"


def test_with_both_steps_the_way_goes_on_under_a_new_cookie(world, mika):
    desk = Desk(world, mika[0])
    before = desk.http.get_cookie("__Host-feedback", domain="hl.example").value
    answer = desk.sends("/account/confirm", password=PHRASE, code=mika[1].shows(), next="/account/second-step")
    assert (answer.status_code, answer.location) == (303, "/account/second-step")
    assert desk.http.get_cookie("__Host-feedback", domain="hl.example").value != before
    old = Desk(world)
    old.http.set_cookie("__Host-feedback", before, domain="hl.example", secure=True)
    assert old.opens("/account").status_code == 303


@pytest.mark.parametrize(
    ("password", "code", "status"), [("wrong words in here", "", 403), (PHRASE, "000000", 403), ("", "", 400)]
)
def test_one_step_alone_does_not_do(world, mika, password, code, status):
    answer = Desk(world, mika[0]).sends("/account/confirm", password=password, code=code or mika[1].shows())
    assert answer.status_code == status
    assert "Set-Cookie" not in answer.headers


def test_the_password_of_another_account_of_the_same_person_does_not_do(world, mika):
    other = "five loud geese land here"
    hires_with_both_steps(world, id="mika-desk", role="desk", password_hash=world.installation.passwords.hash(other))
    answer = Desk(world, mika[0]).sends("/account/confirm", password=other, code=mika[1].shows())
    assert answer.status_code == 403


def test_fresh_recovery_codes_are_shown_once(world, mika):
    desk = Desk(world, mika[0])
    page = desk.sends("/account/recovery-codes")
    codes = [item.text for item in soup(page.text).select(".codes li")]
    assert len(codes) == 10
    assert not set(codes) & set(mika[1].recovery_codes)
    assert codes[0] not in desk.opens("/account").text
    assert desk.sends("/account/recovery-codes", csrf_token="0" * 64).status_code == 409
