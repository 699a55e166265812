"""Teams can be made and given, renamed and archived, by the clinic admin alone; each step is in the log."""

import pytest

from feedback.domain.care import Role
from feedback.persistence.accounts.accounts import list_staff
from feedback.persistence.audit import list_records
from feedback.persistence.clinic.clinics import list_teams
from tests.support.builders import a_therapist
from tests.support.desk import Desk, a_desk
from tests.support.html import soup
from tests.support.naughty import SOME


def teams(world, **more):
    with world.reading() as uow:
        return {team.name: team for team in list_teams(uow, **more)}


def team_of(world, staff_id):
    with world.reading() as uow:
        return next(person.team_id for person in list_staff(uow) if person.id == staff_id)


def deeds(world):
    with world.reading() as uow:
        return [(one.actor, one.action, one.subject) for one in list_records(uow) if one.action.startswith("team.")]


def made(admin, world, name="North"):
    assert admin.sends("/clinic/teams", name=name).status_code == 303
    return teams(world)[" ".join(name.split())]


def test_a_team_is_made_given_renamed_and_archived(admin, world):
    world.hire(a_therapist(id="iris", email="iris@example.org", display_name="Iris"))
    north = made(admin, world)
    assert admin.sends("/clinic/teams/members", **{"team-dana": north.id, "team-iris": ""}).status_code == 303
    assert (team_of(world, "dana"), team_of(world, "iris")) == (north.id, None)
    page = soup(admin.opens("/clinic/teams").text)
    assert page.select_one("#team-dana option[selected]").text == "North"
    assert "1 therapist" in page.main.get_text()
    assert admin.sends(f"/clinic/teams/{north.id}/name", name="  North   and East ").status_code == 303
    assert list(teams(world)) == ["North and East"]
    assert admin.sends(f"/clinic/teams/{north.id}/archive").status_code == 303
    assert (teams(world), team_of(world, "dana")) == ({}, None)
    assert teams(world, with_archived=True)["North and East"].archived_on is not None
    assert deeds(world) == [
        ("anna", "team.made", north.id),
        ("anna", "team.staff_moved", f"dana/{north.id}"),
        ("anna", "team.renamed", north.id),
        ("anna", "team.archived", north.id),
    ]


def test_saving_again_moves_nobody_and_writes_nothing_down(admin, world):
    north = made(admin, world)
    for _ in range(2):
        admin.sends("/clinic/teams/members", **{"team-dana": north.id})
    admin.sends(f"/clinic/teams/{north.id}/name", name="North")
    assert [action for _, action, _ in deeds(world)] == ["team.made", "team.staff_moved"]


@pytest.mark.parametrize(("name", "says"), [("", "Type a name."), ("x" * 61, "at most 60"), ("nOrTh", "already")])
def test_a_name_that_will_not_do_is_said_beside_it(admin, world, name, says):
    made(admin, world)
    answer = admin.sends("/clinic/teams", name=name)
    assert answer.status_code == 400
    assert says in answer.text
    assert list(teams(world)) == ["North"]


def test_the_name_of_an_archived_team_is_not_given_to_another(admin, world):
    north = made(admin, world)
    admin.sends(f"/clinic/teams/{north.id}/archive")
    answer = admin.sends("/clinic/teams", name="North")
    assert (answer.status_code, "published under it" in answer.text) == (400, True)
    for path in ("name", "archive"):
        assert admin.sends(f"/clinic/teams/{north.id}/{path}", name="South").status_code == 404


def test_only_therapists_are_placed_and_only_in_teams_that_are_there(admin, world):
    north = made(admin, world)
    world.hire(a_therapist(id="sol", email="sol@example.org", role=Role.SUPERVISOR))
    assert admin.sends("/clinic/teams/members", **{"team-sol": north.id}).status_code == 409
    assert admin.sends("/clinic/teams/members", **{"team-dana": "elsewhere"}).status_code == 404
    assert admin.sends("/clinic/teams/members", **{"team-nobody": north.id}).status_code == 404
    assert (team_of(world, "sol"), team_of(world, "dana")) == (None, None)


def test_one_wrong_choice_moves_nobody(admin, world):
    north = made(admin, world)
    admin.sends("/clinic/teams/members", **{"team-dana": north.id, "team-nobody": north.id})
    assert team_of(world, "dana") is None


def test_a_disabled_therapist_is_not_asked_about_and_keeps_their_team(admin, world):
    north = made(admin, world)
    world.hire(a_therapist(id="iris", email="iris@example.org", team_id=north.id))
    admin.sends("/clinic/staff/iris/disable")
    assert soup(admin.opens("/clinic/teams").text).select_one("#team-iris") is None
    admin.sends("/clinic/teams/members", **{"team-dana": north.id})
    assert team_of(world, "iris") == north.id


def test_nobody_else_comes_in(admin, world):
    north = made(admin, world)
    for desk in (a_desk(world), Desk(world)):
        assert desk.opens("/clinic/teams").status_code in {303, 404}
        for path in ("", "/members", f"/{north.id}/name", f"/{north.id}/archive"):
            assert desk.sends(f"/clinic/teams{path}", name="x").status_code in {303, 404}
    assert list(teams(world)) == ["North"]


def test_without_the_pages_token_nothing_happens(admin, world):
    north = made(admin, world)
    for path in ("/members", f"/{north.id}/name", f"/{north.id}/archive"):
        fields = {"csrf_token": "0" * 64, "name": "South", "team-dana": north.id}
        assert admin.sends(f"/clinic/teams{path}", **fields).status_code == 409
    assert list(teams(world)) == ["North"]
    assert team_of(world, "dana") is None


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("typed", SOME)
def test_whatever_is_typed_as_a_name_is_kept_or_refused_and_shown_as_text(admin, typed):
    assert admin.sends("/clinic/teams", name=typed).status_code in {303, 400}
    assert admin.opens("/clinic/teams").status_code == 200


def test_the_auditors_log_names_the_team(admin, world):
    north = made(admin, world)
    admin.sends("/clinic/teams/members", **{"team-dana": north.id})
    auditor = world.hire(a_therapist(id="olu", email="olu@example.org", role=Role.AUDITOR))
    text = Desk(world, auditor).opens("/clinic/audit").text
    assert "gave an account another team" in text
    assert "team North" in text
