"""Signing in through the organisation: which steps it proves, what a browser carries, and a provider that is away."""

import pytest
from joserfc.jwk import RSAKey

from feedback.domain.care import Role
from feedback.persistence.audit import list_records
from feedback.persistence.clinic import clinics
from tests.support.authenticator import hires_with_both_steps
from tests.support.builders import a_clinic, a_therapist
from tests.support.desk import Desk
from tests.support.elsewhere import Organisation, actions, is_signed_in, ticket_of, types_the_password
from tests.support.hostile_provider import HONEST_KEY, providing, signed
from tests.support.world import World

ON_ONE_ENGINE = pytest.mark.parametrize("engine_name", ["sqlite"])
"""What is decided before a database is asked for anything but a session."""


def test_a_password_less_first_step_is_followed_by_our_second(organisation):
    person, app = hires_with_both_steps(organisation.world)
    organisation.links(person)
    desk = organisation.browser()
    page = organisation.signs_in(desk, next="/cases")
    assert not is_signed_in(desk)
    fields = {"ticket": ticket_of(page), "account": f"{organisation.world.clinic.id}/{person.id}", "next": "/cases"}
    assert 'name="next" value="/cases"' in page.text
    answer = desk.http.post("/sign-in/code", base_url="https://hl.example", data=fields | {"code": app.shows()})
    assert (answer.status_code, answer.location) == (303, "/cases")
    assert is_signed_in(desk)
    assert actions(organisation)[-2:] == ["staff.vouched_for", "staff.signed_in"]


def test_who_has_no_second_step_yet_may_do_nothing_but_set_it_up(organisation):
    organisation.links(organisation.world.therapist)
    desk = organisation.browser()
    assert organisation.signs_in(desk).location == "/account/second-step"
    assert desk.opens("/dashboard").location == "/account/second-step"


@ON_ONE_ENGINE
@pytest.mark.parametrize("means", [{"amr": ["pwd"]}, {"amr": None, "acr": "0"}, {"amr": [["mfa"]]}, {"acr": {}}])
def test_only_the_values_that_were_set_count_for_both_steps(trusted, means):
    trusted.links(trusted.world.therapist)
    trusted.provider.lies = means
    assert trusted.signs_in(trusted.browser()).location == "/account/second-step"


@pytest.mark.parametrize("means", [{"amr": ["pwd", "mfa"]}, {"amr": None, "acr": "hwk"}])
def test_a_provider_that_proves_both_steps_signs_in_under_a_new_cookie(trusted, means):
    trusted.links(trusted.world.therapist)
    trusted.provider.lies = means
    desk = trusted.browser()
    desk.http.set_cookie("__Host-feedback", "planted", domain="hl.example", secure=True)
    answer = trusted.signs_in(desk, next="/cases?closed=1")
    assert (answer.status_code, answer.location) == (303, "/cases?closed=1")
    cookies = {line.partition("=")[0]: line for line in answer.headers.getlist("Set-Cookie")}
    assert "planted" not in cookies["__Host-feedback"]
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert part in cookies["__Host-feedback"]
    assert "Max-Age=0" in cookies["__Host-feedback-provider"]
    assert is_signed_in(desk)


@ON_ONE_ENGINE
def test_what_a_browser_leaves_with_is_sealed_and_bound(organisation):
    answer = organisation.browser().opens("/sign-in/provider")
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-feedback-provider=")
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=600"):
        assert part in cookie
    address = answer.location
    for part in ("response_type=code", "code_challenge_method=S256", "scope=openid&", "nonce=", "state="):
        assert part in address
    state = address.partition("state=")[2].partition("&")[0]
    assert state not in cookie
    assert "form-action 'self';" in answer.headers["Content-Security-Policy"]


def test_one_person_with_two_accounts_is_asked_which(trusted):
    person, _ = hires_with_both_steps(trusted.world)
    admin, _ = hires_with_both_steps(trusted.world, id="head", role=Role.CLINIC_ADMIN)
    for each in (person, admin):
        trusted.links(each)
    desk = trusted.browser()
    page = trusted.signs_in(desk, next="/account")
    assert "Which account today?" in page.text
    fields = {"ticket": ticket_of(page), "account": f"{trusted.world.clinic.id}/head", "next": "/account"}
    answer = desk.http.post("/sign-in/role", base_url="https://hl.example", data=fields)
    assert answer.location == "/account"
    assert "Clinic admin" in desk.opens("/account").text


def test_a_second_step_that_was_not_proved_is_asked_for_after_choosing_too(organisation):
    person, _ = hires_with_both_steps(organisation.world)
    for each in (person, hires_with_both_steps(organisation.world, id="head", role=Role.CLINIC_ADMIN)[0]):
        organisation.links(each)
    desk = organisation.browser()
    page = organisation.signs_in(desk)
    fields = {"ticket": ticket_of(page), "account": f"{organisation.world.clinic.id}/head"}
    answer = desk.http.post("/sign-in/role", base_url="https://hl.example", data=fields)
    assert "Confirm it is you" in answer.text
    assert not is_signed_in(desk)


def test_one_sign_in_opens_accounts_in_two_clinics(trusted):
    it = trusted.world.installation
    other = World(it, a_clinic(id="harbour2", name="Elsewhere"), a_therapist(id="else", email="e@x.y"))
    with it.database.writing(None) as uow:
        clinics.add_clinic(uow.within("harbour2"), other.clinic)
    other.hire(other.therapist)
    trusted.links(trusted.world.therapist)
    trusted.links(other.therapist, world=other)
    assert "Elsewhere" in trusted.signs_in(trusted.browser()).text
    trusted.provider.subject = "nobody here"
    trusted.signs_in(trusted.browser())
    with other.reading() as uow:
        assert [one.action for one in list_records(uow)][-1] == "provider.refused"


@ON_ONE_ENGINE
def test_keys_that_were_changed_are_fetched_once_more(trusted):
    trusted.links(trusted.world.therapist)
    desk = trusted.browser()
    trusted.signs_in(desk)
    fresh = RSAKey.generate_key(2048, {"kid": "second", "use": "sig"}, auto_kid=False)
    trusted.provider.keys = [fresh]
    trusted.provider.signs = lambda claims: signed(claims, fresh, kid="second")
    assert trusted.signs_in(desk).status_code == 303
    assert trusted.provider.asked.count("/keys") == 2
    trusted.signs_in(desk)
    assert trusted.provider.asked.count("/keys") == 2
    trusted.provider.signs = lambda claims: signed(claims, HONEST_KEY)
    assert trusted.signs_in(desk).status_code == 403
    assert trusted.provider.asked.count("/keys") == 3


@ON_ONE_ENGINE
@pytest.mark.parametrize(
    "says",
    [
        {"issuer": "https://login.example"},
        {"token_endpoint": "ftp://login.example/token"},
        {"jwks_uri": None},
        {"padding": "x" * 600_000},
    ],
)
def test_a_provider_that_says_what_cannot_be_right_is_as_if_it_were_away(organisation, says):
    organisation.provider.says = says
    page = organisation.browser().opens("/sign-in/provider")
    assert page.status_code == 503
    assert "does not answer just now" in page.text
    assert 'name="password"' in page.text


@ON_ONE_ENGINE
def test_nobody_is_asked_whom_the_provider_points_to(organisation):
    organisation.provider.moved_to = f"{organisation.provider.issuer}/elsewhere"
    assert organisation.browser().opens("/sign-in/provider").status_code == 503
    assert "/elsewhere" not in organisation.provider.asked


@ON_ONE_ENGINE
def test_a_provider_that_is_away_keeps_neither_the_server_nor_passwords_from_working(world):
    with providing(world.installation.clock) as provider:
        gone = provider
    organisation = Organisation(world, gone).set()
    person, _ = hires_with_both_steps(world)
    desk = organisation.browser()
    assert "Sign in through your organisation" in desk.opens("/sign-in").text
    page = desk.opens("/sign-in/provider", next="/cases")
    assert (page.status_code, page.headers.get("Retry-After")) == (503, None)
    assert "try again in a minute" in page.text
    assert "Confirm it is you" in types_the_password(desk, person).text


@ON_ONE_ENGINE
def test_a_provider_that_goes_away_half_way_is_said(trusted):
    trusted.links(trusted.world.therapist)
    desk = trusted.browser()
    path = trusted.provider.comes_back(trusted.goes(desk))
    trusted.provider.signs = lambda _: 1 / 0
    answer = desk.opens(path)
    assert answer.status_code == 503
    assert not is_signed_in(desk)


@ON_ONE_ENGINE
def test_somebody_who_turned_back_there_is_told_how_to_go_on(trusted):
    desk = trusted.browser()
    path = trusted.provider.comes_back(trusted.goes(desk), code=None, error="access_denied", error_description="<b>")
    answer = desk.opens(path)
    assert answer.status_code == 403
    assert "was not finished" in answer.text
    assert "<b>" not in answer.text


@ON_ONE_ENGINE
def test_without_a_provider_there_is_nothing_at_its_addresses(world):
    desk = Desk(world, world.therapist)
    for path in (
        "/sign-in/provider",
        "/sign-in/provider/back?state=x",
        "/account/provider",
        "/account/confirm/provider",
    ):
        assert desk.opens(path).status_code == 404
    assert "organisation" not in Desk(world).opens("/sign-in").text


@ON_ONE_ENGINE
def test_any_process_takes_up_what_another_began(trusted):
    trusted.links(trusted.world.therapist)
    first, second = trusted.browser(), trusted.browser()
    path = trusted.provider.comes_back(trusted.goes(first))
    kept = first.http.get_cookie("__Host-feedback-provider", domain="hl.example").value
    second.http.set_cookie("__Host-feedback-provider", kept, domain="hl.example", secure=True)
    assert first.http.application is not second.http.application
    assert second.opens(path).location == "/dashboard"


@ON_ONE_ENGINE
def test_logs_say_nothing_of_what_came_back(trusted, capfd):
    trusted.links(trusted.world.therapist)
    desk = trusted.browser()
    path = trusted.provider.comes_back(trusted.goes(desk), state="sentinel-state", code="sentinel-code")
    desk.opens(path)
    trusted.provider.lies = {"email": "sentinel@example.org", "sub": "sentinel-subject", "amr": ["mfa"]}
    trusted.signs_in(desk)
    trusted.provider.signs = lambda _: "sentinel-token"
    trusted.signs_in(desk)
    written = "".join(capfd.readouterr())
    assert "/sign-in/provider/back" in written
    assert "sentinel" not in written
    assert [name for name in trusted.log() if "sentinel" in str(name)] == []
