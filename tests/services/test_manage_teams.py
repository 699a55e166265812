"""What figures make of teams: drawn under the name of the day, kept under it, and none for a team that is archived."""

from datetime import date

from feedback.services.clinic.manage_teams import archive_team, rename_team
from tests.support.figures import a_clinic_of, answered, closes


def names(release):
    return sorted(unit.name for unit in release.teams)


def test_published_figures_keep_the_name_of_their_day_and_an_archived_team_gets_no_more(world):
    codes = a_clinic_of(world, cases_each=20, quay=4, garden=3)
    answered(world, date(2026, 3, 10), codes)
    first = closes(world, "2026-Q1")
    assert names(first) == ["Garden", "Quay"]
    it = world.installation
    with world.writing() as uow:
        rename_team(uow, it.clock, it.keyring, team_id="quay", name="Harbour", by="anna")
        archive_team(uow, it.clock, it.keyring, team_id="garden", by="anna")
    assert names(closes(world, "2026-Q1")) == ["Garden", "Quay"]
    answered(world, date(2026, 5, 10), codes, number=2)
    assert names(closes(world, "2026-Q2")) == ["Harbour"]
