"""Inviting people, giving fresh links, disabling and enabling."""

import re

from feedback.domain.care import Team
from feedback.persistence.accounts.accounts import list_staff
from feedback.persistence.audit import list_records
from feedback.persistence.clinic.clinics import add_team
from feedback.web.forms import kept_line
from tests.support.desk import BASE, Desk, a_desk
from tests.support.html import soup
from tests.support.naughty import SOME

LINK = re.compile(r"https://hl\.example/invite/[0-9A-Z]+")
NEW = {"display_name": "Iris", "email": "Iris@Example.org ", "role": "therapist"}


def person(world, email):
    with world.reading() as uow:
        return next(one for one in list_staff(uow) if one.email == email)


def actions(world):
    with world.reading() as uow:
        return [(record.actor, record.action) for record in list_records(uow)]


def test_an_invitation_is_shown_once_and_opens_the_account(admin, world):
    shown = admin.sends("/clinic/staff", **NEW)
    link = LINK.search(shown.text)[0]
    assert shown.status_code == 200
    assert "no-store" in shown.headers["Cache-Control"]
    assert link not in admin.opens("/clinic/staff").text
    visitor = Desk(world)
    done = visitor.sends(link.removeprefix(BASE), password="four calm words in a row")
    assert (done.status_code, done.location) == (303, "/account/second-step")
    assert person(world, "iris@example.org").is_active
    assert ("anna", "staff.invited") in actions(world)


def test_an_invitation_into_a_team(admin, world):
    with world.writing() as uow:
        add_team(uow, Team("quay", "Quay"))
    admin.sends("/clinic/staff", **(NEW | {"team": "quay"}))
    assert person(world, "iris@example.org").team_id == "quay"
    assert "Quay" in admin.opens("/clinic/staff").text


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(admin, world):
    for changed, said in (
        ({"email": "no address"}, "does not look like an e-mail address"),
        ({"email": "dana@example.org"}, "already an account with this e-mail address and role"),
        ({"display_name": ""}, "Type the name clients will see."),
        ({"role": "owner"}, "Not a valid choice."),
    ):
        answer = admin.sends("/clinic/staff", **(NEW | changed))
        assert answer.status_code == 400
        assert said in answer.text
        form = soup(answer.text).find("form", action="/clinic/staff")
        assert form.find(id="email")["value"] == kept_line((NEW | changed)["email"])
    with world.reading() as uow:
        assert len(list_staff(uow)) == 2


def test_disabling_signs_out_at_once_and_enabling_lets_in_again(admin, world):
    dana = a_desk(world)
    assert dana.opens("/dashboard").status_code == 200
    assert admin.sends("/clinic/staff/dana/disable").status_code == 303
    assert dana.opens("/dashboard").location.startswith("/sign-in")
    assert "disabled" in admin.opens("/clinic/staff").text
    assert admin.sends("/clinic/staff/dana/invitation").status_code == 409
    admin.sends("/clinic/staff/dana/enable")
    assert person(world, "dana@example.org").is_active
    assert dana.opens("/dashboard").location.startswith("/sign-in"), "the old cookie stays dead"
    assert [done for done in actions(world) if done[0] == "anna"][-2:] == [
        ("anna", "staff.disabled"),
        ("anna", "staff.enabled"),
    ]


def test_a_pending_invitation_ends_when_the_account_is_disabled(admin, world):
    link = LINK.search(admin.sends("/clinic/staff", **NEW).text)[0].removeprefix(BASE)
    admin.sends(f"/clinic/staff/{person(world, 'iris@example.org').id}/disable")
    assert Desk(world).opens(link).status_code == 404


def test_a_fresh_link_takes_the_place_of_the_one_before(admin, world):
    first = LINK.search(admin.sends("/clinic/staff", **NEW).text)[0].removeprefix(BASE)
    iris = person(world, "iris@example.org").id
    second = LINK.search(admin.sends(f"/clinic/staff/{iris}/invitation").text)[0].removeprefix(BASE)
    assert Desk(world).opens(first).status_code == 404
    assert Desk(world).opens(second).status_code == 200


def test_no_admin_gets_a_link_into_an_account_in_use(admin, world):
    answer = admin.sends("/clinic/staff/dana/invitation")
    assert answer.status_code == 409
    assert "feedback staff reinvite" in answer.text
    assert not LINK.search(answer.text)
    assert "/clinic/staff/dana/invitation" not in admin.opens("/clinic/staff").text


def test_nobody_disables_themselves_or_somebody_of_nowhere(admin, world):
    assert admin.sends("/clinic/staff/anna/disable").status_code == 409
    assert admin.sends("/clinic/staff/nobody/disable").status_code == 404
    assert person(world, "anna@example.org").is_active


def test_a_form_from_another_page_changes_nothing(admin, world):
    for path in ("/clinic/staff", "/clinic/staff/dana/disable", "/clinic/staff/dana/invitation"):
        answer = admin.sends(path, csrf_token="0" * 64, **NEW)
        assert answer.status_code in {400, 409}
        assert not LINK.search(answer.text)
    with world.reading() as uow:
        assert [one.disabled_on for one in list_staff(uow)] == [None, None]


def test_naughty_names_are_kept_as_they_are_shown(admin, world):
    kept = {}
    for number, text in enumerate(SOME):
        email = f"n{number}@example.org"
        answer = admin.sends("/clinic/staff", **(NEW | {"display_name": text, "email": email}))
        typed = kept_line(text)
        if 1 <= len(typed) <= 60:
            assert answer.status_code == 200, ascii(text)
            kept[email] = typed
        else:
            assert answer.status_code == 400, ascii(text)
            assert soup(answer.text).find(id="display_name")["value"] == typed, ascii(text)
    with world.reading() as uow:
        stored = {one.email: one.display_name for one in list_staff(uow) if one.email in kept}
    assert stored == kept
    rows = soup(admin.opens("/clinic/staff").text).select("tbody tr")
    shown = {row.find_all("td")[0].text: row.find("th").text for row in rows}
    assert {email: name for email, name in shown.items() if email in kept} == kept
