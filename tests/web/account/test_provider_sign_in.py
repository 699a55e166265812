"""Signing in through the organisation: linked, invited, confirmed, by groups, by role; and what stays for a bad day."""

import pytest
from joserfc.jwk import RSAKey

from feedback.domain.care import Role
from feedback.domain.errors import PasskeyRefused
from feedback.persistence.accounts.accounts import get_staff
from feedback.persistence.accounts.identities import identity_of
from feedback.persistence.audit import list_records
from feedback.persistence.clinic import clinics
from feedback.persistence.doors import clinics_behind
from feedback.security.passkeys import Site
from feedback.security.provider.vouched import Vouched, identity_hash
from feedback.services.accounts.invite_staff import invite_staff
from feedback.services.accounts.keep_passkeys import add_passkey, offer_passkey
from feedback.services.accounts.link_identity import break_glass, unlink_identity
from feedback.services.accounts.sign_in_with_passkey import ask_for_passkey, sign_in_with_passkey
from tests.support.authenticator import PHRASE, hires_with_both_steps
from tests.support.builders import a_clinic, a_therapist
from tests.support.desk import Desk
from tests.support.elsewhere import Organisation, is_signed_in
from tests.support.hostile_provider import HONEST_KEY, providing, signed
from tests.support.soft_key import SoftKey
from tests.support.world import World

SITE = Site("https://hl.example", "Rapport")
ON_ONE_ENGINE = pytest.mark.parametrize("engine_name", ["sqlite"])
"""What is decided before a database is asked for anything but a session."""

ELSEWHERE = "This account signs in through your organisation"


@pytest.fixture
def trusted(organisation):
    """The provider asks for both steps itself, and says so."""
    organisation.provider.lies = {"amr": ["pwd", "mfa"]}
    return organisation.set(oidc_second_step="mfa,hwk")


def actions(organisation):
    return [record.action for record in organisation.log()]


def way_on(page):
    """The address of the provider on the page that says what linking means."""
    return page.partition('class="b broad" href="')[2].partition('"')[0].replace("&amp;", "&")


def ticket_of(page):
    return page.text.partition('name="ticket" value="')[2].partition('"')[0]


def types_the_password(organisation, desk, person):
    return desk.http.post("/sign-in", base_url="https://hl.example", data={"email": person.email, "password": PHRASE})


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


def test_the_owner_links_an_account_and_signs_in_there_only(trusted):
    person, _ = hires_with_both_steps(trusted.world)
    desk, other = trusted.browser(person), trusted.browser(person)
    page = desk.opens("/account/provider")
    assert trusted.provider.issuer.removeprefix("http://") in page.text
    address = way_on(page.text)
    assert "prompt=login&max_age=0" in address
    answer = desk.opens(trusted.provider.comes_back(address))
    assert answer.location == "/account?changed=link"
    assert "Your account is linked." in desk.opens("/account?changed=link").text
    assert not is_signed_in(other)
    assert actions(trusted).count("staff.provider_linked") == 1
    fresh = trusted.browser()
    assert ELSEWHERE in types_the_password(trusted, fresh, person).text
    assert trusted.signs_in(fresh).location == "/dashboard"
    assert desk.opens("/account/provider").status_code == 409


def test_linking_asks_for_both_steps_first(trusted):
    person, _ = hires_with_both_steps(trusted.world)
    desk = trusted.browser(person)
    later = trusted.later(minutes=11)
    desk.http.application.extensions["feedback"] = later.browser().http.application.extensions["feedback"]
    assert desk.opens("/account/provider").location == "/account/confirm?next=/account/provider"


@pytest.mark.parametrize("comes_back_as", ["nobody", "another"])
def test_a_link_begun_in_one_session_is_not_ended_in_another(trusted, comes_back_as):
    person, _ = hires_with_both_steps(trusted.world)
    desk = trusted.browser(person)
    page = desk.opens("/account/provider")
    path = trusted.provider.comes_back(way_on(page.text))
    kept = desk.http.get_cookie("__Host-feedback-provider", domain="hl.example").value
    victim = trusted.browser(trusted.world.therapist if comes_back_as == "another" else None)
    victim.http.set_cookie("__Host-feedback-provider", kept, domain="hl.example", secure=True)
    assert victim.opens(path).status_code == 403
    assert trusted.refusals() == ["another session"]
    with trusted.world.reading() as uow:
        assert identity_of(uow, person.id) is None
        assert identity_of(uow, trusted.world.therapist.id) is None


def test_linking_takes_nobody_who_was_signed_in_there_before(trusted):
    """A colleague's sign-in that the browser still has at the provider must not be linked by mistake."""
    person, _ = hires_with_both_steps(trusted.world)
    now = int(trusted.world.installation.clock.now().timestamp())
    for auth_time in (now - 3600, None):
        trusted.provider.lies = {"auth_time": auth_time}
        desk = trusted.browser(person)
        page = desk.opens("/account/provider")
        address = way_on(page.text)
        assert desk.opens(trusted.provider.comes_back(address)).status_code == 403
    assert trusted.refusals() == ["not asked anew"] * 2


def invited(organisation, role=Role.THERAPIST):
    it = organisation.world.installation
    with organisation.world.writing() as uow:
        invitation = invite_staff(
            uow, it.clock, it.keyring, it.chance, email="new@example.org", display_name="Nia", role=role, by="operator"
        )
        uow.commit()
    return invitation


def test_an_invitation_is_taken_up_without_a_password(trusted):
    invitation, desk = invited(trusted), trusted.browser()
    assert f"/invite/{invitation.token}/provider" in desk.opens(f"/invite/{invitation.token}").text
    address = trusted.goes(desk, f"/invite/{invitation.token}/provider")
    assert invitation.token not in address
    assert desk.opens(trusted.provider.comes_back(address)).location == "/dashboard"
    assert trusted.browser().opens(f"/invite/{invitation.token}").status_code == 404
    assert trusted.signs_in(trusted.browser()).location == "/dashboard"
    with trusted.world.reading() as uow:
        assert get_staff(uow, invitation.staff.id).is_active
        assert identity_of(uow, invitation.staff.id).keeps_password is False


def test_opening_the_way_to_the_provider_uses_no_invitation_up(trusted):
    invitation = invited(trusted)
    for _ in range(3):
        trusted.goes(trusted.browser(), f"/invite/{invitation.token}/provider")
    assert trusted.browser().opens(f"/invite/{invitation.token}").status_code == 200
    assert trusted.browser().opens("/invite/unknown/provider").status_code == 404


def test_confirming_through_the_organisation_is_signing_in_there_anew(trusted):
    trusted.links(trusted.world.therapist)
    desk = trusted.browser()
    trusted.signs_in(desk)
    assert "Confirm through your organisation" in desk.opens("/account/confirm").text
    address = trusted.goes(desk, "/account/confirm/provider", next="/account/log")
    assert "prompt=login&max_age=0" in address
    assert desk.opens(trusted.provider.comes_back(address)).location == "/account/log"
    trusted.links(hires_with_both_steps(trusted.world)[0], "somebody-2")
    trusted.provider.subject = "somebody-2"
    answer = desk.opens(trusted.provider.comes_back(trusted.goes(desk, "/account/confirm/provider")))
    assert answer.status_code == 403
    assert "somebody else" in answer.text
    assert trusted.refusals() == ["somebody else"]


def test_a_group_opens_its_role_and_no_other(trusted):
    trusted = trusted.set(oidc_second_step="mfa", oidc_groups="Care=therapist,Heads=clinic-admin")
    trusted.links(trusted.world.therapist)
    trusted.provider.lies |= {"groups": ["Everybody", "Care"]}
    desk = trusted.browser()
    assert trusted.signs_in(desk).location == "/dashboard"
    for groups in (["Heads"], ["care"], [], None, "Everybody", {"Care": 1}):
        trusted.provider.lies |= {"groups": groups}
        answer = trusted.signs_in(trusted.browser())
        assert answer.status_code == 403
        assert "does not list you for this work any more" in answer.text
    assert not is_signed_in(desk), "who lost the group is signed out everywhere"
    assert actions(trusted).count("staff.role_lost") == 6
    trusted.provider.lies |= {"groups": "Care"}
    assert trusted.signs_in(desk).location == "/dashboard"


@pytest.mark.parametrize("way", ["link", "invitation"])
def test_nobody_is_linked_to_a_role_that_their_groups_do_not_open(trusted, way):
    trusted = trusted.set(oidc_groups="Care=therapist")
    trusted.provider.lies |= {"groups": ["Heads"]}
    if way == "invitation":
        invitation, desk = invited(trusted), trusted.browser()
        person, address = invitation.staff, trusted.goes(desk, f"/invite/{invitation.token}/provider")
    else:
        person, _ = hires_with_both_steps(trusted.world)
        desk = trusted.browser(person)
        page = desk.opens("/account/provider").text
        address = way_on(page)
    assert desk.opens(trusted.provider.comes_back(address)).status_code == 403
    assert trusted.refusals() == ["no group for the role"]
    with trusted.world.reading() as uow:
        assert identity_of(uow, person.id) is None


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


def test_breaking_glass_and_ending_it(trusted):
    person, _ = hires_with_both_steps(trusted.world)
    trusted.links(person)
    it = trusted.world.installation
    assert ELSEWHERE in types_the_password(trusted, trusted.browser(), person).text
    with trusted.world.writing() as uow:
        break_glass(uow, it.clock, it.keyring, staff=person, allowed=True, by="operator")
        uow.commit()
    assert "Confirm it is you" in types_the_password(trusted, trusted.browser(), person).text
    assert trusted.signs_in(trusted.browser()).location == "/dashboard"
    with trusted.world.writing() as uow:
        break_glass(uow, it.clock, it.keyring, staff=person, allowed=False, by="operator")
        uow.commit()
    assert ELSEWHERE in types_the_password(trusted, trusted.browser(), person).text
    assert actions(trusted)[-1] == "staff.local_sign_in_ended"


def test_an_account_whose_link_ended_signs_in_as_before(trusted):
    person, _ = hires_with_both_steps(trusted.world)
    trusted.links(person)
    it = trusted.world.installation
    with trusted.world.writing() as uow:
        unlink_identity(uow, it.clock, it.keyring, staff=person, by="operator")
        hashed = identity_hash(it.keyring, Vouched(trusted.provider.issuer, "somebody-1", None, frozenset()))
        assert clinics_behind(uow, "identity", hashed) == ()
        uow.commit()
    assert trusted.signs_in(trusted.browser()).status_code == 403
    assert "Confirm it is you" in types_the_password(trusted, trusted.browser(), person).text


def test_a_disabled_account_is_not_opened_by_the_provider(trusted):
    person, _ = hires_with_both_steps(trusted.world, disabled_on=trusted.world.installation.clock.now().date())
    trusted.links(person)
    assert trusted.signs_in(trusted.browser()).status_code == 403
    assert trusted.refusals() == ["no linked account"]


def test_one_sign_in_opens_accounts_in_two_clinics(trusted):
    it = trusted.world.installation
    other = World(it, a_clinic(id="harbour2", name="Elsewhere"), a_therapist(id="else", email="e@x.y"))
    with it.database.writing(None) as uow:
        clinics.add_clinic(uow.within("harbour2"), other.clinic)
        uow.commit()
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
    assert "Confirm it is you" in types_the_password(organisation, desk, person).text


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


def test_a_passkey_of_a_linked_account_signs_in_no_longer(trusted):
    it, key = trusted.world.installation, SoftKey(SITE.base_url)
    with trusted.world.writing() as uow:
        offered = offer_passkey(uow, it.clock, it.keyring, it.chance, site=SITE, staff=trusted.world.therapist)
        made, whose = key.makes(offered), {"site": SITE, "staff": trusted.world.therapist}
        add_passkey(uow, it.clock, it.keyring, it.chance, answer=made, name="Mine", **whose)
        uow.commit()

    def shows():
        answer = key.shows(ask_for_passkey(it.clock, it.keyring, it.chance, SITE))
        return sign_in_with_passkey(it.database, it.clock, it.keyring, site=SITE, answer=answer)

    assert shows().staff == trusted.world.therapist
    trusted.links(trusted.world.therapist)
    with pytest.raises(PasskeyRefused, match=ELSEWHERE):
        shows()


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
