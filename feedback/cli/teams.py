"""`feedback teams`: groups of therapists, for figures of less than the whole clinic."""

import click

from feedback.cli.opening import OPERATOR, opened, within_the_clinic, writing
from feedback.domain.care import Role
from feedback.domain.errors import NotFound
from feedback.domain.plain_text import plain_text
from feedback.persistence.accounts.accounts import list_staff
from feedback.persistence.clinic.clinics import list_teams
from feedback.services.accounts.sign_in import fold_email
from feedback.services.clinic.manage_teams import archive_team, make_team, place_in_teams, rename_team, team_named


@click.group(epilog="Example: feedback teams list")
def teams() -> None:
    """Make, rename and archive teams, and place therapists in them."""


@teams.command("list", epilog="Example: feedback teams list")
def list_() -> None:
    """List the teams and who is in each; archived ones last."""
    with opened() as it, it.database.reading(None) as outside:
        uow = within_the_clinic(outside)
        people = [person for person in list_staff(uow) if person.role is Role.THERAPIST and not person.disabled_on]
        for team in sorted(list_teams(uow, with_archived=True), key=lambda team: team.archived_on is not None):
            members = ", ".join(person.email for person in people if person.team_id == team.id)
            state = f"archived on {team.archived_on}" if team.archived_on else members or "nobody yet"
            click.echo(f"{team.name}: {state}")


@teams.command(epilog='Example: feedback teams make "North"')
@click.argument("name")
def make(name: str) -> None:
    """Make a team without anybody in it."""
    with opened() as it, writing(it) as uow:
        team = make_team(uow, it.clock, it.keyring, it.chance, name=_name(name), by=OPERATOR)
        click.echo(f"Made: {team.name}")


@teams.command(epilog='Example: feedback teams rename "North" "North and East"')
@click.argument("team")
@click.argument("name")
def rename(team: str, name: str) -> None:
    """Rename a team; published figures keep the one they were published under."""
    with opened() as it, writing(it) as uow:
        found = team_named(uow, _name(team))
        rename_team(uow, it.clock, it.keyring, team_id=found.id, name=_name(name), by=OPERATOR)
        click.echo(f"{found.name} is now {_name(name)}.")


@teams.command(epilog='Example: feedback teams place dana@clinic.example "North"')
@click.argument("email", metavar="E-MAIL")
@click.argument("team", required=False)
def place(email: str, team: str | None) -> None:
    """Place a therapist in a team; without a team, in none."""
    with opened() as it, writing(it) as uow:
        folded = fold_email(email)
        person = next((one for one in list_staff(uow, folded) if one.role is Role.THERAPIST), None)
        if person is None:
            raise NotFound(f"There is no therapist with this address: {email}. See: feedback staff list")
        found = team_named(uow, _name(team)) if team else None
        place_in_teams(uow, it.clock, it.keyring, chosen={person.id: found.id if found else None}, by=OPERATOR)
        click.echo(f"{person.email} is in {found.name if found else 'no team'}.")


@teams.command(epilog='Example: feedback teams archive "North"')
@click.argument("team")
def archive(team: str) -> None:
    """End a team: nobody is in it any more, and no further figures are drawn for it."""
    with opened() as it, writing(it) as uow:
        found = team_named(uow, _name(team))
        archive_team(uow, it.clock, it.keyring, team_id=found.id, by=OPERATOR)
        click.echo(f"Archived: {found.name}")


def _name(typed: str) -> str:
    return " ".join(plain_text(typed).split())
