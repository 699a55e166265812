"""Signing in through a real OpenID provider, by somebody at a real browser, on both databases."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from feedback.domain.care import Role
from feedback.domain.clock import SystemClock
from feedback.persistence.audit import list_records
from feedback.services.accounts.invite_staff import invite_staff
from tests.support.authenticator import hires_with_both_steps
from tests.support.browsing import violations
from tests.support.builders import a_clinic, a_therapist
from tests.support.installing import install
from tests.support.people import enters
from tests.support.real_provider import CLIENT_ID, MFA, PEOPLE, SECRET, real_provider
from tests.support.serving import address, free_port, serving
from tests.support.world import World

pytestmark = pytest.mark.browser


@pytest.fixture
def organised(database, chance, tmp_path):
    """The small clinic, now, whose therapists are the group Care of the provider."""
    port = free_port()
    with real_provider(tmp_path / "provider", f"{address(port)}/sign-in/provider/back") as issuer:
        it = install(database, tmp_path, clock=SystemClock(), chance=chance, base_url=address(port))
        settings = it.settings.model_copy(
            update={
                "oidc_issuer": issuer,
                "oidc_client_id": CLIENT_ID,
                "oidc_client_secret": SECRET,
                "oidc_scope": "openid groups",
                "oidc_groups": "Care=therapist",
                "oidc_second_step": MFA,
            }
        )
        small = World(replace(it, settings=settings), a_clinic(), a_therapist())
        small.found()
        with serving(small.installation, port):
            yield small


def invites(world, role=Role.THERAPIST):
    it = world.installation
    with world.writing() as uow:
        invitation = invite_staff(
            uow, it.clock, it.keyring, it.chance, email="new@example.org", display_name="Nia", role=role, by="operator"
        )
    return f"{world.address}/invite/{invitation.token}"


def signs_in_there(page, name):
    expect(page.get_by_role("heading", level=1)).to_have_text("Harbour Lane Sign-in")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PEOPLE[name])
    page.get_by_role("button", name="Go on").click()


def test_an_invitation_and_every_sign_in_after_it_go_through_the_provider_without_script(organised, new_context):
    page = new_context(java_script_enabled=False, locale="en-GB").new_page()
    page.goto(invites(organised))
    page.get_by_role("link", name="Continue through your organisation").click()
    signs_in_there(page, "dana")
    page.wait_for_url("**/dashboard")
    page.get_by_role("button", name="Sign out", exact=True).click()
    fresh = new_context(java_script_enabled=False, locale="en-GB").new_page()
    fresh.goto(f"{organised.address}/cases")
    fresh.get_by_role("link", name="Sign in through your organisation").click()
    signs_in_there(fresh, "dana")
    fresh.wait_for_url("**/cases")
    fresh.goto(f"{organised.address}/account")
    expect(fresh.get_by_text("Linked since")).to_be_visible()
    with organised.reading() as uow:
        done = [record.action for record in list_records(uow) if record.action.startswith("staff.")]
    assert done[-6:] == [
        "staff.invited",
        "staff.provider_linked",
        "staff.signed_in",
        "staff.signed_out",
        "staff.vouched_for",
        "staff.signed_in",
    ]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_an_account_is_linked_by_its_owner_and_nobody_else_gets_in(organised, new_context):
    person = hires_with_both_steps(organised)[0]
    context = new_context(locale="en-GB")
    page = enters(organised, context, person)
    page.goto(f"{organised.address}/account")
    page.get_by_role("link", name="Link this account").click()
    assert violations(page) == []
    page.get_by_role("link", name="Go on to 127.0.0.1").click()
    signs_in_there(page, "dana")
    expect(page.get_by_role("status")).to_contain_text("Your account is linked.")
    assert violations(page) == []
    other = new_context(locale="en-GB").new_page()
    other.goto(f"{organised.address}/sign-in")
    assert violations(other) == []
    other.get_by_role("link", name="Sign in through your organisation").click()
    signs_in_there(other, "noor")
    expect(other.get_by_role("alert")).to_contain_text("No account here is linked with that sign-in.")
    assert violations(other) == []
