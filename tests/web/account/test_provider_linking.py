"""Linked with the organisation's sign-in: by owner, invitation, group and role; and what stays for a bad day."""

import pytest

from feedback.domain.care import Role
from feedback.domain.errors import PasskeyRefused
from feedback.persistence.accounts.accounts import get_staff
from feedback.persistence.accounts.identities import identity_of
from feedback.persistence.tenant_lookup import clinics_behind
from feedback.security.passkeys import Site
from feedback.security.provider.oidc_identity import Vouched, identity_hash
from feedback.services.accounts.invite_staff import invite_staff
from feedback.services.accounts.keep_passkeys import add_passkey, offer_passkey
from feedback.services.accounts.link_identity import break_glass, unlink_identity
from feedback.services.accounts.sign_in_with_passkey import ask_for_passkey, sign_in_with_passkey
from tests.support.authenticator import hires_with_both_steps
from tests.support.elsewhere import actions, is_signed_in, types_the_password, way_on
from tests.support.soft_key import SoftKey

SITE = Site("https://hl.example", "Rapport")
ON_ONE_ENGINE = pytest.mark.parametrize("engine_name", ["sqlite"])
"""What is decided before a database is asked for anything but a session."""

ELSEWHERE = "This account signs in through your organisation"


def invited(organisation, role=Role.THERAPIST):
    it = organisation.world.installation
    with organisation.world.writing() as uow:
        return invite_staff(
            uow, it.clock, it.keyring, it.chance, email="new@example.org", display_name="Nia", role=role, by="operator"
        )


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
    assert ELSEWHERE in types_the_password(fresh, person).text
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


def test_breaking_glass_and_ending_it(trusted):
    person, _ = hires_with_both_steps(trusted.world)
    trusted.links(person)
    it = trusted.world.installation
    assert ELSEWHERE in types_the_password(trusted.browser(), person).text
    with trusted.world.writing() as uow:
        break_glass(uow, it.clock, it.keyring, journal=it.journal, staff=person, allowed=True, by="operator")
    assert "Confirm it is you" in types_the_password(trusted.browser(), person).text
    assert trusted.signs_in(trusted.browser()).location == "/dashboard"
    with trusted.world.writing() as uow:
        break_glass(uow, it.clock, it.keyring, journal=it.journal, staff=person, allowed=False, by="operator")
    assert ELSEWHERE in types_the_password(trusted.browser(), person).text
    assert actions(trusted)[-1] == "staff.local_sign_in_ended"


def test_an_account_whose_link_ended_signs_in_as_before(trusted):
    person, _ = hires_with_both_steps(trusted.world)
    trusted.links(person)
    it = trusted.world.installation
    with trusted.world.writing() as uow:
        unlink_identity(uow, it.clock, it.keyring, journal=it.journal, staff=person, by="operator")
        hashed = identity_hash(it.keyring, Vouched(trusted.provider.issuer, "somebody-1", None, frozenset()))
        assert clinics_behind(uow, "identity", hashed) == ()
    assert trusted.signs_in(trusted.browser()).status_code == 403
    assert "Confirm it is you" in types_the_password(trusted.browser(), person).text


def test_a_disabled_account_is_not_opened_by_the_provider(trusted):
    person, _ = hires_with_both_steps(trusted.world, disabled_on=trusted.world.installation.clock.now().date())
    trusted.links(person)
    assert trusted.signs_in(trusted.browser()).status_code == 403
    assert trusted.refusals() == ["no linked account"]


def test_a_passkey_of_a_linked_account_signs_in_no_longer(trusted):
    it, key = trusted.world.installation, SoftKey(SITE.base_url)
    with trusted.world.writing() as uow:
        offered = offer_passkey(uow, it.clock, it.keyring, it.chance, site=SITE, staff=trusted.world.therapist)
        made, whose = key.makes(offered), {"site": SITE, "staff": trusted.world.therapist}
        add_passkey(uow, it.clock, it.keyring, it.chance, answer=made, name="Mine", **whose)

    def shows():
        answer = key.shows(ask_for_passkey(it.clock, it.keyring, it.chance, SITE))
        return sign_in_with_passkey(it.database, it.clock, it.keyring, site=SITE, answer=answer)

    assert shows().staff == trusted.world.therapist
    trusted.links(trusted.world.therapist)
    with pytest.raises(PasskeyRefused, match=ELSEWHERE):
        shows()
