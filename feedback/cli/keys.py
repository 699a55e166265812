"""`feedback keys`: the files without which the database cannot be read."""

import sys

import click

from feedback.cli.opening import opened
from feedback.domain.errors import DatabaseWrong
from feedback.persistence.database import Database
from feedback.persistence.upkeep.examining import has_tables
from feedback.security.key_uses import PURPOSES, REPLACEABLE
from feedback.security.keyring import Keyring
from feedback.services.upkeep.make_keys import make_keys
from feedback.services.upkeep.rotate_data_key import is_under_way, rotate_data_key
from feedback.settings import read_settings


@click.group(epilog="Example: feedback keys check")
def keys() -> None:
    """Make, check and turn over the keys."""


@keys.command("init", epilog="Example: feedback keys init --lost nonces")
@click.option(
    "--lost",
    multiple=True,
    type=click.Choice(REPLACEABLE),
    help="Draw this one anew: there is no copy of it. What that costs stands in docs/keys.md.",
)
def init(lost: tuple[str, ...]) -> None:
    """Draw the keys of a new installation. Keys that are there already stay as they are.

    One that was there and is gone is not drawn anew, nor is any where a database was written under others: put them
    back from your copy.
    """
    settings = read_settings()
    with Database(settings.database_address) as database:
        folder = make_keys(database, settings.keys_dir, lost=lost).folder
        if has_tables(database):
            _check_fit(lost)
    click.echo(f"{len(PURPOSES)} keys are in {folder}. Keep a copy in another place than the copies of the database.")


@keys.command("check", epilog="Example: feedback keys check")
def check() -> None:
    """Check that every key is there, whole, readable by nobody else, and the one the database was written under."""
    folder = Keyring.load(read_settings().keys_dir).folder
    click.echo(f"All {len(PURPOSES)} keys in {folder} are in order.")
    try:
        with opened():
            click.echo("The database was written under them.")
    except DatabaseWrong as error:
        click.echo(f"They were not held against the database. {error}")


def _check_fit(lost: tuple[str, ...]) -> None:
    """Raise `KeysWrong` when these are not the keys that the database was written under."""
    try:
        with opened():
            return
    except DatabaseWrong as error:
        if not lost:
            click.echo(f"The keys were not held against the database. {error}")


@keys.command("rotate", epilog="Example: feedback keys rotate")
def rotate() -> None:
    """Draw a new data key and seal everything anew, while the clinic works. Stopped half-way, run it again."""
    with opened() as it:
        resumed = is_under_way(it.database, it.keyring)
        count = rotate_data_key(it.database, it.keyring, after_batch=_say)
        earlier = [path.name for path in sorted(it.keyring.folder.glob("data.*.key"))]
    click.echo(f"{'Went on where it was stopped. ' if resumed else ''}{count} texts are sealed under the new data key.")
    click.echo(f"Copy {it.keyring.folder} to where you keep the keys, without pool/.")
    click.echo(
        f"No text here needs {', '.join(earlier)} any more. Delete a file once you keep no backup from before it was "
        "replaced."
    )


def _say(count: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{count} texts", nl=False, err=True)
