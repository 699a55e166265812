"""Teams: made, renamed, given to therapists, archived. Figures of a team are published under the name of that day.

A team groups therapists so that a clinic can read figures of less than all of them. Whether a team is large enough for
figures of its own is decided when a period is closed, by who is in it then.
"""

from collections.abc import Mapping
from dataclasses import replace

from feedback.domain.care import Chance, Role, Team
from feedback.domain.clock import Clock, local_day
from feedback.domain.errors import NotFound, Refused
from feedback.persistence.accounts import accounts
from feedback.persistence.clinic import clinics
from feedback.persistence.database import UnitOfWork
from feedback.security.keyring import Keyring
from feedback.services.audit.record_audit import record_audit

NAME_LENGTH = 60
_ID_LENGTH = 8


def make_team(uow: UnitOfWork, clock: Clock, keyring: Keyring, chance: Chance, *, name: str, by: str) -> Team:
    """Make a team without anybody in it. Raises `Refused` for a name that is missing, too long or taken."""
    _check_name(uow, name)
    team = Team(chance.text(_ID_LENGTH), name)
    clinics.add_team(uow, team)
    record_audit(uow, clock, keyring, actor=by, action="team.made", subject=team.id)
    return team


def rename_team(uow: UnitOfWork, clock: Clock, keyring: Keyring, *, team_id: str, name: str, by: str) -> None:
    """Rename a team; published figures keep the one they were published under.

    Raises `NotFound`, and `Refused` as for a new one.
    """
    team = get_team(uow, team_id)
    if name == team.name:
        return
    _check_name(uow, name, but=team.id)
    clinics.save_team(uow, replace(team, name=name))
    record_audit(uow, clock, keyring, actor=by, action="team.renamed", subject=team.id)


def place_in_teams(
    uow: UnitOfWork, clock: Clock, keyring: Keyring, *, chosen: Mapping[str, str | None], by: str
) -> int:
    """Return therapists their team, or none, by account; return how many moved. Who is not named stays where they are.

    Raises `NotFound` for a team or an account that is not there, and `Refused` for an account that has no cases.
    """
    people = {person.id: person for person in accounts.list_staff(uow)}
    known = {team.id for team in clinics.list_teams(uow)}
    moved = 0
    for staff_id, team_id in chosen.items():
        person = people.get(staff_id)
        if person is None or team_id not in {None, *known}:
            raise NotFound("There is no such team or account in this clinic.")
        if person.role is not Role.THERAPIST:
            raise Refused("Only therapists are in teams: figures of a team are about their sessions.")
        if person.team_id != team_id:
            accounts.set_team(uow, staff_id, team_id)
            subject = f"{staff_id}/{team_id}" if team_id else staff_id
            record_audit(uow, clock, keyring, actor=by, action="team.staff_moved", subject=subject)
            moved += 1
    return moved


def archive_team(uow: UnitOfWork, clock: Clock, keyring: Keyring, *, team_id: str, by: str) -> None:
    """End a team: nobody is in it any more, and no further figures are drawn for it. Published ones stay.

    Its name is not given to another, or a row of figures would be about two different teams. Raises `NotFound`.
    """
    team = get_team(uow, team_id)
    accounts.empty_team(uow, team.id)
    clinics.save_team(uow, replace(team, archived_on=local_day(clock, clinics.get_clinic(uow).timezone)))
    record_audit(uow, clock, keyring, actor=by, action="team.archived", subject=team.id)


def get_team(uow: UnitOfWork, team_id: str) -> Team:
    """Return a team that is not archived. Raises `NotFound`."""
    found = next((team for team in clinics.list_teams(uow) if team.id == team_id), None)
    if found is None:
        raise NotFound("There is no such team in this clinic.")
    return found


def team_named(uow: UnitOfWork, name: str) -> Team:
    """Return the team of a name, whatever the case of its letters. Raises `NotFound`."""
    found = next((team for team in clinics.list_teams(uow) if team.name.casefold() == name.casefold()), None)
    if found is None:
        raise NotFound(f"There is no such team: {name}. See: feedback teams list")
    return found


def _check_name(uow: UnitOfWork, name: str, but: str | None = None) -> None:
    if not name or len(name) > NAME_LENGTH:
        raise Refused(f"Please give the team a name of up to {NAME_LENGTH} characters.")
    others = (team for team in clinics.list_teams(uow, with_archived=True) if team.id != but)
    taken = next((team for team in others if team.name.casefold() == name.casefold()), None)
    if taken is not None:
        was = "There was a team of this name; its figures were published under it." if taken.archived_on else ""
        raise Refused(was or "There is a team of this name already.")
