"""`feedback staff`: people with an account."""

import click

from feedback.cli.opening import OPERATOR, opened, within_the_clinic, writing
from feedback.domain.care import Role, Staff
from feedback.domain.errors import NotFound
from feedback.domain.plain_text import plain_text
from feedback.persistence.accounts.accounts import list_staff
from feedback.persistence.database import UnitOfWork
from feedback.services.accounts.disable_staff import disable_staff
from feedback.services.accounts.invite_staff import invite_staff, reinvite_staff
from feedback.services.accounts.reset_second_step import reset_second_step
from feedback.services.accounts.sign_in import fold_email

_ROLES = click.Choice([role.value for role in Role])


@click.group(epilog="Example: feedback staff list")
def staff() -> None:
    """Invite, list and disable people with an account."""


@staff.command(epilog="Example: feedback staff invite dana@clinic.example --role therapist --name Dana")
@click.argument("email", metavar="E-MAIL")
@click.option("--role", type=_ROLES, required=True, help="What the account may do.")
@click.option("--name", default="", help="The name clients see; else the part before the @.")
def invite(email: str, role: str, name: str) -> None:
    """Make an account and print its invitation link, which works once and for 72 hours."""
    with opened() as it:
        with writing(it) as uow:
            invitation = invite_staff(
                uow,
                it.clock,
                it.keyring,
                it.chance,
                email=email,
                display_name=plain_text(name) or email.partition("@")[0],
                role=Role(role),
                by=OPERATOR,
            )
        click.echo(f"{it.settings.base_url}/invite/{invitation.token}")


@staff.command(epilog="Example: feedback staff reinvite dana@clinic.example --role therapist")
@click.argument("email", metavar="E-MAIL")
@click.option("--role", type=_ROLES, required=True, help="The account with this role.")
def reinvite(email: str, role: str) -> None:
    """Print a fresh link to an account: for somebody who lost theirs, or forgot the password."""
    with opened() as it:
        with writing(it) as uow:
            (person,) = _accounts(uow, email, role)
            invitation = reinvite_staff(
                uow, it.clock, it.keyring, it.chance, staff=person, by=OPERATOR, replaces_password=True
            )
        click.echo(f"{it.settings.base_url}/invite/{invitation.token}")


@staff.command(
    "reset-second-step", epilog="Example: feedback staff reset-second-step dana@clinic.example --role therapist"
)
@click.argument("email", metavar="E-MAIL")
@click.option("--role", type=_ROLES, required=True, help="The account with this role.")
def reset(email: str, role: str) -> None:
    """Let somebody who lost phone and recovery codes set up the second step anew. The password stays."""
    with opened() as it, writing(it) as uow:
        (person,) = _accounts(uow, email, role)
        reset_second_step(uow, it.clock, it.keyring, staff=person, by=OPERATOR)
        click.echo(
            f"{person.email} ({person.role.value}) is signed out and sets up the second step at the next sign-in."
        )


@staff.command("list", epilog="Example: feedback staff list")
def list_() -> None:
    """List the accounts: e-mail, role, name, and whether they are in use."""
    with opened() as it, it.database.reading(None) as uow:
        for person in list_staff(within_the_clinic(uow)):
            click.echo(f"{person.email}  {person.role.value}  {person.display_name}  {_state(person)}")


@staff.command(epilog="Example: feedback staff disable dana@clinic.example")
@click.argument("email", metavar="E-MAIL")
@click.option("--role", type=_ROLES, help="Only the account with this role.")
def disable(email: str, role: str | None) -> None:
    """Disable somebody's accounts: signed out everywhere at once, no sign-in from now on."""
    with opened() as it, writing(it) as uow:
        for person in _accounts(uow, email, role):
            disable_staff(uow, it.clock, it.keyring, staff=person, by=OPERATOR)
            click.echo(f"{person.email} ({person.role.value}) is disabled and signed out.")


def _accounts(uow: UnitOfWork, email: str, role: str | None) -> list[Staff]:
    found = [person for person in list_staff(uow, fold_email(email)) if role in {None, person.role.value}]
    if not found:
        raise NotFound(f"There is no such account: {email}. See: feedback staff list")
    return found


def _state(person: Staff) -> str:
    if person.disabled_on is not None:
        return f"disabled since {person.disabled_on}"
    return "active" if person.is_active else "invited"
