"""`feedback staff`: people with an account."""

import click

from feedback.cli.opening import OPERATOR, opened, within_the_clinic, writing
from feedback.domain.care import Role, Staff
from feedback.domain.errors import CasesLeft, NotFound, Refused
from feedback.domain.plain_text import plain_text
from feedback.persistence.accounts.accounts import list_staff
from feedback.persistence.accounts.identities import Identity, identity_of
from feedback.persistence.database import UnitOfWork
from feedback.services.accounts.disable_staff import KEEP, disable_staff
from feedback.services.accounts.invite_staff import invite_staff, reinvite_staff
from feedback.services.accounts.link_identity import break_glass, unlink_identity
from feedback.services.accounts.reset_second_step import reset_second_step
from feedback.services.accounts.sign_in import fold_email
from feedback.services.cases.cases_left import hand_over_led

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
                uow,
                it.clock,
                it.keyring,
                it.chance,
                journal=it.journal,
                staff=person,
                by=OPERATOR,
                replaces_password=True,
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
        reset_second_step(uow, it.clock, it.keyring, journal=it.journal, staff=person, by=OPERATOR)
        click.echo(
            f"{person.email} ({person.role.value}) is signed out and sets up the second step at the next sign-in."
        )


@staff.command("list", epilog="Example: feedback staff list")
def list_() -> None:
    """List the accounts: e-mail, role, name, and whether they are in use."""
    with opened() as it, it.database.reading(None) as uow:
        for person in list_staff(within_the_clinic(uow)):
            linked = identity_of(within_the_clinic(uow), person.id)
            click.echo(f"{person.email}  {person.role.value}  {person.display_name}  {_state(person, linked)}")


@staff.command(epilog="Example: feedback staff disable dana@clinic.example")
@click.argument("email", metavar="E-MAIL")
@click.option("--role", type=_ROLES, help="Only the account with this role.")
@click.option("--cases-to", metavar="E-MAIL", help="The therapist who takes over the open cases.")
@click.option("--keep-cases", is_flag=True, help="Keep the open cases until somebody asks for them: staff hand-over.")
def disable(email: str, role: str | None, cases_to: str | None, *, keep_cases: bool) -> None:
    """Disable somebody's accounts: signed out everywhere at once, no sign-in from now on.

    Where one leads open cases, say where they go. While nobody can read a case, its codes take no answer.
    """
    with opened() as it, writing(it) as uow:
        to = _therapist(uow, cases_to).id if cases_to else KEEP if keep_cases else None
        for person in _accounts(uow, email, role):
            try:
                disable_staff(uow, it.clock, it.keyring, journal=it.journal, staff=person, by=OPERATOR, cases_to=to)
            except CasesLeft as left:
                raise Refused(f"{left} Use --cases-to or --keep-cases.") from left
            click.echo(f"{person.email} ({person.role.value}) is disabled and signed out.")


@staff.command("hand-over", epilog="Example: feedback staff hand-over dana@clinic.example --to iris@clinic.example")
@click.argument("email", metavar="E-MAIL")
@click.option("--to", required=True, metavar="E-MAIL", help="The therapist who takes over.")
@click.option("--case", "code", default="", metavar="CODE", help="Only the case with this code; else all open ones.")
def hand_over(email: str, to: str, code: str) -> None:
    """Hand the open cases of a disabled therapist to another one."""
    with opened() as it, writing(it) as uow:
        (person,) = _accounts(uow, email, Role.THERAPIST.value)
        successor = _therapist(uow, to)
        count = hand_over_led(
            uow,
            it.clock,
            it.keyring,
            journal=it.journal,
            of=person,
            to=successor.id,
            by=OPERATOR,
            typed_code=plain_text(code),
        )
        click.echo(f"{count} {'case' if count == 1 else 'cases'} handed over to {successor.email}.")


@staff.command(epilog="Example: feedback staff unlink dana@clinic.example --role therapist")
@click.argument("email", metavar="E-MAIL")
@click.option("--role", type=_ROLES, required=True, help="The account with this role.")
def unlink(email: str, role: str) -> None:
    """End an account's link with the organisation's sign-in; it is signed out everywhere.

    Then it signs in with the password it has, or with a fresh link: feedback staff reinvite.
    """
    with opened() as it, writing(it) as uow:
        (person,) = _accounts(uow, email, role)
        unlink_identity(uow, it.clock, it.keyring, journal=it.journal, staff=person, by=OPERATOR)
        click.echo(f"{person.email} ({person.role.value}) is signed out and no longer linked.")


@staff.command("break-glass", epilog="Example: feedback staff break-glass anna@clinic.example --role clinic-admin")
@click.argument("email", metavar="E-MAIL")
@click.option("--role", type=_ROLES, required=True, help="The account with this role.")
@click.option("--off", is_flag=True, help="End it: the account signs in through the organisation only.")
def glass(email: str, role: str, *, off: bool) -> None:
    """Let a linked account sign in with password and second step too, for the day the organisation's sign-in fails."""
    with opened() as it, writing(it) as uow:
        (person,) = _accounts(uow, email, role)
        break_glass(uow, it.clock, it.keyring, journal=it.journal, staff=person, allowed=not off, by=OPERATOR)
        said = "signs in through the organisation only" if off else "may sign in with password and second step too"
        click.echo(f"{person.email} ({person.role.value}) {said}.")


def _accounts(uow: UnitOfWork, email: str, role: str | None) -> list[Staff]:
    found = [person for person in list_staff(uow, fold_email(email)) if role in {None, person.role.value}]
    if not found:
        raise NotFound(f"There is no such account: {email}. See: feedback staff list")
    return found


def _therapist(uow: UnitOfWork, email: str) -> Staff:
    (person,) = _accounts(uow, email, Role.THERAPIST.value)
    return person


def _state(person: Staff, link: Identity | None) -> str:
    if person.disabled_on is not None:
        return f"disabled since {person.disabled_on}"
    if link is not None:
        return f"active, through the organisation{' or a password' if link.keeps_password else ''}"
    return "active" if person.is_active else "invited"
