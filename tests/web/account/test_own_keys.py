"""Changing one's own second step: only with both steps shown just now."""

from dataclasses import replace
from datetime import timedelta

import pytest

from feedback.domain.clock import FixedClock
from feedback.persistence.accounts.accounts import list_sessions
from feedback.persistence.audit import list_records
from feedback.services.accounts.keep_signed_in import session_name
from tests.support.authenticator import PHRASE, App, hires_with_both_steps
from tests.support.desk import Desk
from tests.support.html import soup


@pytest.fixture
def mika(world):
    return hires_with_both_steps(world)


def later(world, minutes):
    """The same clinic some minutes later."""
    clock = FixedClock(world.installation.clock.now() + timedelta(minutes=minutes))
    return replace(world, installation=replace(world.installation, clock=clock))


def value(page, name):
    return soup(page.text).select_one(f"main input[name={name}]")["value"]


def test_right_after_signing_in_the_app_may_be_changed(world, mika):
    desk = Desk(world, mika[0])
    page = desk.opens("/account/second-step")
    assert page.status_code == 200
    new = App(world, soup(page.text).select_one("#key").text.replace(" ", ""))
    done = desk.sends("/account/second-step", seed=value(page, "seed"), code=new.shows())
    assert len(soup(done.text).select(".codes li")) == 10
    with world.reading() as uow:
        assert "staff.app_set_up" in [record.action for record in list_records(uow)][-3:]


def test_changing_the_app_signs_out_every_other_browser(world, mika):
    here, there = Desk(world, mika[0]), Desk(world, mika[0])
    page = here.opens("/account/second-step")
    new = App(world, soup(page.text).select_one("#key").text.replace(" ", ""))
    here.sends("/account/second-step", seed=value(page, "seed"), code=new.shows())
    assert here.opens("/dashboard").status_code == 200
    assert there.opens("/dashboard").status_code == 303


@pytest.mark.parametrize("path", ["/account/second-step", "/account/recovery-codes", "/account/password"])
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


def test_a_new_password_takes_the_place_of_the_old_one_and_signs_out_the_others(world, mika):
    here, there = Desk(world, mika[0]), Desk(world, mika[0])
    new = "five loud geese land here"
    done = here.sends("/account/password", password=new)
    assert (done.status_code, done.location) == (303, "/account?changed=password")
    assert "Your new password is set." in here.opens(done.location).text
    assert there.opens("/account").status_code == 303
    assert Desk(world).sends("/sign-in", email="mika@example.org", password=PHRASE).status_code == 403
    assert Desk(world).sends("/sign-in", email="mika@example.org", password=new).status_code == 200


@pytest.mark.parametrize("weak", ["", "short", "passwordpassword", "mika mika example mika"])
def test_a_weak_new_password_is_refused_beside_its_field(world, mika, weak):
    answer = Desk(world, mika[0]).sends("/account/password", password=weak)
    assert answer.status_code == 400
    assert soup(answer.text).select_one("#password")["aria-invalid"] == "true"
    assert weak == "" or weak not in answer.text


def test_one_browser_is_signed_out_from_another(world, mika):
    here, there = Desk(world, mika[0]), Desk(world, mika[0])
    rows = soup(here.opens("/account").text).select("tbody tr")
    assert [bool(row.find("form")) for row in rows].count(True) == 1
    (other,) = [row.form["action"] for row in rows if row.form]
    assert here.sends(other, csrf_token="0" * 64).status_code == 409
    assert there.opens("/account").status_code == 200
    assert here.sends(other).location == "/account"
    assert there.opens("/account").status_code == 303
    assert here.opens("/account").status_code == 200


def test_whoever_ends_a_sign_in_of_their_own_finds_it_in_the_log(world, mika):
    here, there, third = (Desk(world, mika[0]) for _ in range(3))
    others = [row.form["action"] for row in soup(here.opens("/account").text).select("tbody tr") if row.form]
    here.sends(others[0])
    here.sends(others[0])
    (left,) = [desk for desk in (there, third) if desk.opens("/account").status_code == 200]
    left.sends("/sign-out")
    left.sends("/sign-out")
    here.sends("/account/sign-out-everywhere")
    with world.reading() as uow:
        told = [record.action for record in list_records(uow) if record.actor == "mika"]
    assert told[-3:] == ["staff.session_ended", "staff.signed_out", "staff.signed_out_everywhere"]
    shown = soup(Desk(world, mika[0]).opens("/account/log").text)
    assert [row.select("td")[2].text for row in shown.select("tbody tr")][1:3] == [
        "signed out everywhere",
        "signed out",
    ]


def test_nobody_signs_somebody_else_out(world, mika):
    noor, _ = hires_with_both_steps(world, id="noor", email="noor@example.org")
    hers, mine = Desk(world, noor), Desk(world, mika[0])
    with world.reading() as uow:
        (session,) = list_sessions(uow, noor.id)
    assert mine.sends(f"/account/sessions/{session_name(session)}/end").location == "/account"
    assert hers.opens("/account").status_code == 200


def test_browsers_that_have_run_out_are_not_listed(world, mika):
    Desk(world, mika[0])
    later_on = Desk(later(world, 40), mika[0])
    assert len(soup(later_on.opens("/account").text).select("tbody tr")) == 1
