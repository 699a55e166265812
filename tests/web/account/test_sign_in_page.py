"""Signing in and out in a browser."""

import re
from dataclasses import replace

import pytest

from feedback.domain.care import Role
from feedback.persistence.accounts.accounts import set_disabled
from feedback.security.fair_turns import FairTurns
from feedback.services.accounts import sign_in as service
from tests.support.authenticator import PHRASE, hires_with_both_steps
from tests.support.desk import Desk, a_desk
from tests.support.html import soup
from tests.support.limits import after


@pytest.fixture
def mika(world):
    """A therapist who can sign in, and the app in her pocket."""
    return hires_with_both_steps(world)


def gives_password(desk, password=PHRASE, **more):
    return desk.sends("/sign-in", email="mika@example.org", password=password, **more)


def gives_code(desk, page, code, **more):
    carried = {field["name"]: field["value"] for field in soup(page.text).select("main input[type=hidden]")}
    return desk.sends("/sign-in/code", **(carried | {"code": code} | more))


def signs_in(desk, mika, **more):
    return gives_code(desk, gives_password(desk, **more), mika[1].shows())


@pytest.mark.checklist(39)
def test_the_page_sets_no_cookie_and_lets_managers_fill_it(world):
    page = Desk(world).opens("/sign-in")
    assert "Set-Cookie" not in page.headers
    fields = {field["name"]: field.get("autocomplete") for field in soup(page.text).select("form:not([hidden]) input")}
    assert fields == {"email": "username", "password": "current-password"}
    assert "onpaste" not in page.text


def test_password_and_code_lead_to_the_dashboard(world, mika):
    desk = Desk(world)
    answer = signs_in(desk, mika)
    assert (answer.status_code, answer.location) == (303, "/dashboard")
    assert desk.opens("/dashboard").status_code == 200


def test_the_password_alone_sets_no_cookie_and_opens_nothing(world, mika):
    desk = Desk(world)
    page = gives_password(desk)
    assert page.status_code == 200
    assert "Set-Cookie" not in page.headers
    assert desk.opens("/dashboard").status_code == 303


@pytest.mark.checklist(39)
def test_the_code_has_one_field_that_phones_and_managers_can_fill(world, mika):
    (field,) = soup(gives_password(Desk(world)).text).select("input[type=text]")
    assert (field["autocomplete"], field["name"], field["maxlength"]) == ("one-time-code", "code", "40")


def test_a_recovery_code_does_in_place_of_the_app(world, mika):
    desk = Desk(world)
    assert gives_code(desk, gives_password(desk), mika[1].recovery_codes[0].lower()).location == "/dashboard"


def test_a_code_signs_in_once(world, mika):
    assert signs_in(Desk(world), mika).status_code == 303
    again = signs_in(Desk(world), mika)
    assert again.status_code == 403
    assert "Set-Cookie" not in again.headers


def test_a_wrong_code_says_so_and_may_be_tried_again(world, mika):
    desk = Desk(world)
    page = gives_code(desk, gives_password(desk), "000000")
    assert page.status_code == 403
    assert soup(page.text).select_one("#code")["aria-invalid"] == "true"
    assert "value" not in soup(page.text).select_one("#code").attrs
    assert gives_code(desk, page, mika[1].shows()).location == "/dashboard"


def test_five_wrong_codes_end_in_a_pause_for_this_account(world, mika):
    desk = Desk(world)
    page = gives_password(desk)
    answers = [gives_code(desk, page, "000000").status_code for _ in range(6)]
    assert answers == [403] * 5 + [429]
    assert gives_code(desk, page, mika[1].shows()).status_code == 429


def test_a_blank_code_is_no_miss(world, mika):
    desk = Desk(world)
    page = gives_password(desk)
    assert [gives_code(desk, page, "").status_code for _ in range(6)] == [400] * 6
    assert gives_code(desk, page, mika[1].shows()).status_code == 303


@pytest.mark.parametrize("forged", ["account", "ticket", "late", "none"])
def test_the_code_needs_the_ticket_of_the_password(world, mika, forged):
    page = gives_password(Desk(world))
    ticket = soup(page.text).select_one("input[name=ticket]")["value"]
    changed = {
        "account": {"account": f"{world.clinic.id}/dana"},
        "ticket": {"ticket": ticket[:-1] + ("0" if ticket[-1] != "0" else "1")},
        "late": {},
        "none": {"ticket": "", "account": ""},
    }[forged]
    desk = Desk(world.on("2026-03-02", 13) if forged == "late" else world)
    answer = gives_code(desk, page, mika[1].shows(), **changed)
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


def test_an_account_disabled_between_the_steps_stays_shut(world, mika):
    desk = Desk(world)
    page = gives_password(desk)
    with world.writing() as uow:
        set_disabled(uow, "mika", world.installation.clock.now().date())
    assert gives_code(desk, page, mika[1].shows()).status_code == 403


def test_opening_the_second_step_by_its_address_leads_to_the_first(world):
    assert Desk(world).opens("/sign-in/code").location == "/sign-in"


def test_the_cookie_is_bound_to_host_and_https_and_hidden_from_scripts(world, mika):
    cookie = signs_in(Desk(world), mika).headers["Set-Cookie"]
    assert re.match(r"__Host-feedback=[0-9A-Z]{52};", cookie)
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=43200"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_over_plain_http_the_cookie_has_its_own_name(world, mika):
    plain = world.installation.settings.model_copy(update={"base_url": "http://hl.example"})
    desk = Desk(replace(world, installation=replace(world.installation, settings=plain)))
    cookie = signs_in(desk, mika).headers["Set-Cookie"]
    assert cookie.startswith("feedback_staff=")
    assert "Secure" not in cookie


def test_a_wrong_password_keeps_the_address_and_not_the_password(world, mika):
    page = gives_password(Desk(world), "seven quiet badgers swim")
    assert page.status_code == 403
    assert soup(page.text).select_one("#email")["value"] == "mika@example.org"
    assert "badgers" not in page.text
    assert "Set-Cookie" not in page.headers


def test_a_blank_field_says_so_beside_it(world):
    page = Desk(world).sends("/sign-in", email="", password="")
    assert page.status_code == 400
    assert soup(page.text).select_one("#email")["aria-describedby"] == "email-wrong"


def test_the_page_asked_for_comes_after_signing_in(world, mika):
    desk = Desk(world)
    asked = desk.opens("/cases", x="1")
    assert asked.status_code == 303
    page = desk.http.get(asked.location, base_url="https://hl.example")
    wanted = soup(page.text).select_one("input[name=next]")["value"]
    assert signs_in(desk, mika, next=wanted).location == "/cases?x=1"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:1", "/a\nb"],
)
def test_nobody_is_led_to_another_site_after_signing_in(world, mika, elsewhere):
    assert signs_in(Desk(world), mika, next=elsewhere).location == "/dashboard"


def test_signing_out_ends_the_session_on_the_server(world, mika):
    desk = Desk(world)
    signs_in(desk, mika)
    cookie = desk.http.get_cookie("__Host-feedback", domain="hl.example")
    token = soup(desk.opens("/dashboard").text).select_one("input[name=csrf_token]")["value"]
    assert desk.sends("/sign-out", csrf_token=token).location == "/sign-in"
    desk.http.set_cookie("__Host-feedback", cookie.value, domain="hl.example", secure=True)
    assert desk.opens("/dashboard").status_code == 303


def test_signing_out_clears_what_the_browser_kept(world, mika):
    desk = Desk(world, mika[0])
    assert desk.opens("/account").headers["Cache-Control"] == "no-store"
    gone = desk.sends("/sign-out")
    assert gone.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_every_page_can_be_signed_out_from(world):
    """Every page that draws the frame of the staff pages for somebody signed in, in the same place."""
    desk = Desk(world, world.therapist)
    seen = 0
    for path in ("/dashboard", "/cases", "/own-figures", "/notices", "/clinic/releases", "/account", "/account/log"):
        page = soup(desk.opens(path).text)
        assert page.select_one('header form[action="/sign-out"] button').text == "Sign out", path
        seen += 1
    assert seen == 7
    assert soup(desk.opens("/cases/K7Q2X-M").text).select_one('form[action="/sign-out"]'), "an error has it too"


def test_a_new_sign_in_ends_the_session_before(world, mika):
    desk = Desk(world)
    signs_in(desk, mika)
    before = desk.http.get_cookie("__Host-feedback", domain="hl.example").value
    gives_code(desk, gives_password(desk), mika[1].recovery_codes[0])
    other = Desk(world)
    other.http.set_cookie("__Host-feedback", before, domain="hl.example", secure=True)
    assert other.opens("/dashboard").status_code == 303


def test_a_person_with_two_roles_chooses_after_the_password(world, mika):
    hires_with_both_steps(world, id="mika-admin", role=Role.CLINIC_ADMIN)
    desk = Desk(world)
    page = gives_password(desk)
    assert "Set-Cookie" not in page.headers
    tree = soup(page.text)
    buttons = {button.text.split(",")[0]: button["value"] for button in tree.select("button[name=account]")}
    assert set(buttons) == {"Therapist", "Clinic admin"}
    ticket = tree.select_one("input[name=ticket]")["value"]
    second = desk.sends("/sign-in/role", ticket=ticket, account=buttons["Therapist"])
    assert gives_code(desk, second, mika[1].shows()).location == "/dashboard"
    assert desk.opens("/dashboard").status_code == 200


@pytest.mark.parametrize("forged", ["account", "ticket", "late"])
def test_a_ticket_opens_only_what_the_password_opened_and_not_for_long(world, mika, forged):
    hires_with_both_steps(world, id="mika-admin", role=Role.CLINIC_ADMIN)
    ticket = soup(gives_password(Desk(world)).text).select_one("input[name=ticket]")["value"]
    account = f"{world.clinic.id}/{'dana' if forged == 'account' else 'mika'}"
    desk = Desk(world.on("2026-03-02", 13) if forged == "late" else world)
    answer = desk.sends("/sign-in/role", ticket=ticket[:-1] + "x" if forged == "ticket" else ticket, account=account)
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("ticket", ["", ".", "a.b.c", "99999999999999999999.x/y.00", "…"])
def test_a_ticket_of_nonsense_is_refused_calmly(world, ticket):
    assert Desk(world).sends("/sign-in/role", ticket=ticket, account="x/y").status_code == 403


def test_another_site_cannot_sign_anybody_out(world):
    desk = a_desk(world)
    desk.sends("/sign-out", csrf_token="0" * 64)
    assert desk.opens("/dashboard").status_code == 200
    foreign = desk.http.post(
        "/sign-out", base_url="https://hl.example", headers={"Sec-Fetch-Site": "cross-site"}, data={}
    )
    assert foreign.status_code == 403


def test_signing_out_everywhere_ends_this_browsers_session_too(world):
    here, there = a_desk(world), a_desk(world)
    assert len(soup(here.opens("/account").text).select("tbody tr")) == 2
    here.sends("/account/sign-out-everywhere")
    assert there.opens("/dashboard").status_code == 303
    assert here.opens("/dashboard").status_code == 303


def test_a_sign_in_that_has_to_wait_says_so_and_for_how_long(world, monkeypatch):
    desk = Desk(world)
    monkeypatch.setattr(FairTurns, "_take", lambda *_: False)
    answer = gives_password(desk)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "5")
    assert "try again in a few seconds" in answer.text


@pytest.mark.parametrize("planted", ["0" * 52, "", "x", "known to an attacker"])
def test_a_cookie_planted_before_signing_in_is_not_the_one_that_opens(world, mika, planted):
    desk = Desk(world)
    desk.http.set_cookie("__Host-feedback", planted, domain="hl.example", secure=True)
    signs_in(desk, mika)
    own = desk.http.get_cookie("__Host-feedback", domain="hl.example").value
    assert own != planted
    attacker = Desk(world)
    attacker.http.set_cookie("__Host-feedback", planted, domain="hl.example", secure=True)
    assert attacker.opens("/dashboard").status_code == 303


def test_two_browsers_signed_in_at_once_do_not_disturb_each_other(world, mika):
    one, two = Desk(world), Desk(world)
    signs_in(one, mika)
    gives_code(two, gives_password(two), mika[1].recovery_codes[0])
    assert [desk.opens("/dashboard").status_code for desk in (one, two)] == [200, 200]
    token = soup(one.opens("/dashboard").text).select_one("input[name=csrf_token]")["value"]
    one.sends("/sign-out", csrf_token=token)
    assert [desk.opens("/dashboard").status_code for desk in (one, two)] == [303, 200]


def test_a_browser_that_signed_in_is_known_again_and_its_cookie_is_bound(world, mika, monkeypatch):
    desk = Desk(world)
    (cookie,) = [
        line
        for line in signs_in(desk, mika).headers.getlist("Set-Cookie")
        if line.startswith("__Host-feedback-device=")
    ]
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "mika" not in cookie
    assert "Set-Cookie" not in gives_password(Desk(world)).headers, "a password alone makes nobody known"
    desk.sends("/sign-out")
    monkeypatch.setattr(service, "PASSWORD", after(service.PASSWORD, 0))
    assert gives_password(Desk(world)).status_code == 429
    assert gives_password(desk).status_code == 200
