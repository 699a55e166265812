"""Breaking the glass from the pages: a clinic admin lets single accounts in beside the organisation's sign-in."""

from dataclasses import replace

import pytest

from feedback.domain.care import Role
from feedback.persistence.accounts.accounts import set_password
from feedback.persistence.accounts.identities import identity_of
from tests.support.authenticator import PHRASE, hires_with_both_steps
from tests.support.elsewhere import is_signed_in, types_the_password

ON_ONE_ENGINE = pytest.mark.parametrize("engine_name", ["sqlite"])
STRANDED = "No clinic admin could sign in"


@pytest.fixture
def head(organisation):
    """A clinic admin with both steps."""
    return hires_with_both_steps(organisation.world, id="head", email="head@example.org", role=Role.CLINIC_ADMIN)[0]


def way_in(person):
    return f"/clinic/staff/{person.id}/local-sign-in"


def deeds(organisation):
    return [(record.actor, record.action, record.subject) for record in organisation.log()]


def test_an_admin_lets_somebody_in_and_ends_it_again(organisation, head):
    person, _ = hires_with_both_steps(organisation.world)
    organisation.links(person)
    admin, hers = organisation.browser(head), organisation.browser(person)
    assert "Allow a password beside it" in admin.opens(way_in(person)).text
    assert "through your organisation" in types_the_password(organisation.browser(), person).text
    assert admin.sends(way_in(person), change="allow").location == "/clinic/staff"
    assert "Confirm it is you" in types_the_password(organisation.browser(), person).text
    assert "or with a password" in admin.opens("/clinic/staff").text
    assert is_signed_in(hers), "allowing disturbs nobody"
    assert "Only through the organisation" in admin.opens(way_in(person)).text
    admin.sends(way_in(person), change="end")
    assert not is_signed_in(hers)
    assert "through your organisation" in types_the_password(organisation.browser(), person).text
    allowed, ended = (
        ("head", "staff.local_sign_in_allowed", person.id),
        ("head", "staff.local_sign_in_ended", person.id),
    )
    assert [deed for deed in deeds(organisation) if "local_sign_in" in deed[1]] == [allowed, ended]
    again = organisation.browser(person)
    assert "let an account sign in with a password" in again.opens("/account/log").text


@ON_ONE_ENGINE
@pytest.mark.parametrize("change", [None, "", "unlink", "ALLOW"])
def test_a_button_that_is_not_ours_changes_nothing(organisation, head, change):
    person, _ = hires_with_both_steps(organisation.world)
    organisation.links(person)
    sent = {} if change is None else {"change": change}
    assert organisation.browser(head).sends(way_in(person), **sent).status_code == 409
    assert organisation.browser(head).sends(way_in(person), change="allow", csrf_token="0" * 64).status_code == 409
    with organisation.world.reading() as uow:
        assert identity_of(uow, person.id).keeps_password is False


@ON_ONE_ENGINE
def test_an_account_that_is_not_linked_has_nothing_to_allow(organisation, head):
    admin = organisation.browser(head)
    assert way_in(organisation.world.therapist) not in admin.opens("/clinic/staff").text
    for answer in (
        admin.opens(way_in(organisation.world.therapist)),
        admin.sends(way_in(organisation.world.therapist), change="allow"),
    ):
        assert (answer.status_code, "is not linked" in answer.text) == (409, True)


@ON_ONE_ENGINE
def test_both_steps_are_asked_for_once_more(organisation, head):
    person, _ = hires_with_both_steps(organisation.world)
    organisation.links(person)
    admin = organisation.browser(head)
    later = organisation.later(minutes=11)
    admin.http.application.extensions["feedback"] = later.browser().http.application.extensions["feedback"]
    assert admin.opens(way_in(person)).location == f"/account/confirm?next={way_in(person)}"
    assert admin.sends(way_in(person), change="allow").location == "/account/confirm"
    with organisation.world.reading() as uow:
        assert identity_of(uow, person.id).keeps_password is False


def test_an_admin_without_a_password_gets_one_for_the_bad_day_without_the_server(organisation, head):
    """Taken up through the provider, the glass broken from the page, a password of one's own: then it falls silent."""
    organisation = organisation.set(oidc_second_step="mfa")
    organisation.provider.lies = {"amr": ["mfa"]}
    with organisation.world.writing() as uow:
        set_password(uow, head.id, "$argon2id$nobody$knows$it")
    organisation.links(head)
    admin = organisation.browser()
    organisation.signs_in(admin)
    page = admin.opens("/clinic/staff").text
    assert STRANDED in page
    assert way_in(head) in page
    assert "/account/password" not in admin.opens("/account").text
    admin.secret = admin.opens("/account").text.partition('name="csrf_token" value="')[2].partition('"')[0]
    admin.sends(way_in(head), change="allow")
    assert STRANDED not in admin.opens("/clinic/staff").text
    assert "/account/password" in admin.opens("/account").text
    done = admin.sends("/account/password", password=PHRASE)
    assert (done.status_code, done.location) == (303, "/account?changed=password")
    silent = organisation.set(oidc_issuer="http://127.0.0.1:9", oidc_second_step="mfa")
    away = silent.browser().opens("/sign-in/provider")
    assert (away.status_code, "sign in with a password if your account has one" in away.text) == (503, True)
    assert "Confirm it is you" in types_the_password(silent.browser(), head).text


@ON_ONE_ENGINE
def test_an_unlinked_or_disabled_admin_counts_as_they_can(organisation, head):
    admin = organisation.browser(head)
    organisation.links(organisation.world.therapist)
    assert STRANDED not in admin.opens("/clinic/staff").text, "she is not linked herself"
    other = organisation.world.hire(replace(head, id="other", email="other@example.org"))
    organisation.links(head, "somebody-2")
    admin = organisation.browser(head)
    assert STRANDED not in admin.opens("/clinic/staff").text, "another is not linked"
    admin.sends(f"/clinic/staff/{other.id}/disable")
    assert STRANDED in admin.opens("/clinic/staff").text
