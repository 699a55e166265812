"""`feedback init`: from an empty machine to an invited clinic admin."""

import click

from feedback.bootstrap import make_installation
from feedback.cli.opening import OPERATOR
from feedback.domain.care import USUAL_INSTRUMENT, Role
from feedback.domain.help_numbers import CHECK_AGAIN, preset_for
from feedback.domain.languages import LANGUAGES
from feedback.instruments import load
from feedback.services.accounts.invite_staff import invite_staff
from feedback.services.clinic.install_clinic import install_clinic
from feedback.settings import read_settings


@click.command(
    epilog='Example: feedback init --clinic "Harbour Lane Therapy" --country GB --admin-email anna@clinic.example'
)
@click.option("--clinic", "name", required=True, metavar="NAME", help="Name of the clinic, as clients see it.")
@click.option("--country", metavar="CC", help="Two letters; brings its help numbers. Else FEEDBACK_COUNTRY.")
@click.option("--admin-email", required=True, metavar="E-MAIL", help="Who is to be the first clinic admin.")
def init(name: str, country: str | None, admin_email: str) -> None:
    """Make keys, database and clinic, and invite the first clinic admin."""
    settings = read_settings()
    it = make_installation(settings)
    letters = country or settings.country
    with it.database as database, database.writing(None) as uow:
        inside, clinic = install_clinic(
            uow, it.clock, it.keyring, it.chance, name=name, country=letters, timezone=settings.timezone, by=OPERATOR
        )
        invitation = invite_staff(
            inside,
            it.clock,
            it.keyring,
            it.chance,
            email=admin_email,
            display_name=admin_email.partition("@")[0],
            role=Role.CLINIC_ADMIN,
            by=OPERATOR,
        )
    click.echo(f"{clinic.name} is set up.\n  Database  {it.database.shown}\n  Keys      {settings.keys_dir}")
    click.echo("Keep a copy of the keys in another place than the copies of the database.")
    preset = preset_for(clinic.country)
    if preset is None:
        click.echo(f"There are no help numbers for {clinic.country} yet. The clinic admin enters them in the settings.")
    else:
        click.echo(f"Help numbers for {preset.name}, list of {preset.checked_on:%d %B %Y}. {CHECK_AGAIN}")
    own = LANGUAGES[clinic.languages[0]]
    if load(USUAL_INSTRUMENT, own.code).is_draft:
        click.echo(
            f"Clients are asked in {own.name}: a draft translation. Read it first, or choose English in the settings."
        )
    click.echo(f"Invitation for {admin_email}, 72 hours, once:\n  {settings.base_url}/invite/{invitation.token}")
