"""Taking up an invitation in a browser."""

import pyotp
import pytest

from feedback.domain.care import Role
from feedback.services.accounts.invite_staff import invite_staff, renew_invitation
from tests.support.authenticator import PHRASE, App, hires_with_both_steps
from tests.support.desk import Desk, a_desk
from tests.support.html import soup


def value(form, name):
    return form.select_one(f"main input[name={name}]")["value"]


def sets_up(desk, world):
    form = soup(desk.opens("/account/second-step").text)
    seed = form.select_one("#key").text.replace(" ", "")
    code = App(world, seed).shows()
    carried = {name: value(form, name) for name in ("csrf_token", "seed")}
    return seed, desk.sends("/account/second-step", code=code, **carried)


@pytest.fixture
def token(world):
    """The secret part of an invitation for Mika."""
    it = world.installation
    with world.writing() as uow:
        invitation = invite_staff(
            uow,
            it.clock,
            it.keyring,
            it.chance,
            email="mika@example.org",
            display_name="Mika <b>",
            role=Role.THERAPIST,
            by="admin",
        )
    return invitation.token


def test_the_page_greets_and_opening_it_uses_nothing_up(world, token):
    desk = Desk(world)
    for _ in range(3):
        page = desk.opens(f"/invite/{token}")
    assert soup(page.text).h1.text == "Welcome, Mika <b>"
    assert soup(page.text).select_one("#password")["autocomplete"] == "new-password"


def test_a_password_of_ones_own_leads_to_the_second_step_and_nowhere_else(world, token):
    desk = Desk(world)
    assert desk.sends(f"/invite/{token}", password=PHRASE).location == "/account/second-step"
    for path in ("/dashboard", "/account", "/account/confirm"):
        assert desk.opens(path).location == "/account/second-step"


def test_with_both_steps_set_up_the_account_opens(world, token):
    desk = Desk(world)
    desk.sends(f"/invite/{token}", password=PHRASE)
    seed, page = sets_up(desk, world)
    assert page.status_code == 200
    codes = [item.text for item in soup(page.text).select(".codes li")]
    assert len(set(codes)) == 10
    assert "no-store" in page.headers["Cache-Control"]
    assert soup(page.text).find("a", string="I have kept them")["href"] == "/dashboard"
    assert desk.opens("/dashboard").status_code == 200
    assert "You have 10 recovery codes left" in desk.opens("/account").text
    assert seed not in desk.opens("/account").text


def test_a_wrong_first_code_keeps_the_same_square(world, token):
    desk = Desk(world)
    desk.sends(f"/invite/{token}", password=PHRASE)
    form = soup(desk.opens("/account/second-step").text)
    answer = desk.sends(
        "/account/second-step", csrf_token=value(form, "csrf_token"), seed=value(form, "seed"), code="1"
    )
    assert answer.status_code == 400
    assert soup(answer.text).select_one("#key").text == form.select_one("#key").text
    assert desk.opens("/dashboard").location == "/account/second-step"


def test_the_square_says_what_the_key_says(world, token):
    desk = Desk(world)
    desk.sends(f"/invite/{token}", password=PHRASE)
    page = soup(desk.opens("/account/second-step").text)
    address = page.find("a", string="open in the app")["href"]
    assert pyotp.parse_uri(address).secret == page.select_one("#key").text.replace(" ", "")
    assert page.select_one("svg.qr") is not None
    assert not page.select("script, img, iframe"), "nothing is drawn elsewhere"


@pytest.mark.parametrize("seed", ["", "00", "zz", "…", "01" * 300])
def test_a_seed_that_no_page_of_ours_carried_sets_nothing_up(world, token, seed):
    desk = Desk(world)
    desk.sends(f"/invite/{token}", password=PHRASE)
    form = soup(desk.opens("/account/second-step").text)
    answer = desk.sends("/account/second-step", csrf_token=value(form, "csrf_token"), seed=seed, code="000000")
    assert answer.location == "/account/second-step"


def test_a_seed_of_somebody_elses_page_sets_nothing_up(world, token):
    desk, other = Desk(world), a_desk(world)
    desk.sends(f"/invite/{token}", password=PHRASE)
    form, foreign = soup(desk.opens("/account/second-step").text), soup(other.opens("/account/second-step").text)
    answer = desk.sends(
        "/account/second-step", csrf_token=value(form, "csrf_token"), seed=value(foreign, "seed"), code="000000"
    )
    assert answer.location == "/account/second-step"


def test_a_new_password_by_a_link_does_not_pass_the_second_step(world):
    person, app = hires_with_both_steps(world)
    it = world.installation
    with world.writing() as uow:
        link = renew_invitation(uow, it.clock, it.keyring, it.chance, staff=person)
    desk = Desk(world)
    page = desk.sends(f"/invite/{link.token}", password="five loud geese land here")
    assert page.status_code == 200
    assert "Set-Cookie" not in page.headers
    for path in ("/dashboard", "/account/second-step"):
        assert desk.opens(path).location.startswith("/sign-in")
    form = soup(page.text)
    carried = {name: value(form, name) for name in ("ticket", "account")}
    assert desk.sends("/sign-in/code", code=app.shows(), **carried).location == "/dashboard"


def test_two_browsers_with_the_password_alone_set_up_one_app_between_them(world, token):
    first, second = Desk(world), Desk(world)
    first.sends(f"/invite/{token}", password=PHRASE)
    second.sends("/sign-in", email="mika@example.org", password=PHRASE)
    page = second.opens("/account/second-step")
    assert page.status_code == 200
    assert sets_up(first, world)[1].status_code == 200
    form = soup(page.text)
    late = second.sends(
        "/account/second-step", csrf_token=value(form, "csrf_token"), seed=value(form, "seed"), code="000000"
    )
    assert late.location.startswith("/sign-in"), "the other one was signed out"


def test_a_used_link_says_what_to_do(world, token):
    Desk(world).sends(f"/invite/{token}", password=PHRASE)
    page = Desk(world).opens(f"/invite/{token}")
    assert page.status_code == 404
    assert page.text == Desk(world).opens(f"/invite/{'0' * 52}").text


@pytest.mark.parametrize("password", ["", "short", "x" * 14, "x" * 40, "y" * 300])
def test_a_weak_password_is_refused_and_the_link_still_works(world, token, password):
    page = Desk(world).sends(f"/invite/{token}", password=password)
    assert page.status_code == 400
    assert soup(page.text).select_one("#password")["aria-invalid"] == "true"
    assert Desk(world).sends(f"/invite/{token}", password=PHRASE).status_code == 303
