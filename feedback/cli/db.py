"""`feedback db`: the shape of the database."""

from pathlib import Path

import click

from feedback import paths
from feedback.cli.copies import backup, move, restore
from feedback.persistence.database import Database
from feedback.persistence.upkeep import migrate
from feedback.persistence.upkeep.copies import copy_before
from feedback.settings import read_settings


@click.group(epilog="Example: feedback db check")
def db() -> None:
    """Upgrade, downgrade, check, back up, restore and move the database."""


db.add_command(backup)
db.add_command(restore)
db.add_command(move)


@db.command("upgrade", epilog="Example: feedback db upgrade")
def upgrade() -> None:
    """Bring the database to this version's shape. On SQLite a copy is made first."""
    with _opened() as database:
        if migrate.is_current(database, paths.migrations()):
            migrate.complete(database)
            click.echo("The database is up to date. Nothing was changed.")
            return
        copy = _copy(database)
        migrate.upgrade(database, paths.migrations())
        click.echo(f"The database is now at revision {migrate.current(database)}.")
    _mention(copy)


@db.command("downgrade", epilog="Example: feedback db downgrade 0001")
@click.argument("revision")
@click.confirmation_option(prompt="This takes tables or columns away, with what is in them. Go on?")
def downgrade(revision: str) -> None:
    """Take the database back to an earlier REVISION. On SQLite a copy is made first."""
    known = migrate.revisions(paths.migrations())
    if revision not in known:
        raise click.BadParameter(f"there is no revision {revision}. Choose one of: {', '.join(known)}.")
    with _opened() as database:
        copy = _copy(database)
        migrate.downgrade(database, paths.migrations(), revision)
        click.echo(f"The database is now at revision {migrate.current(database)}.")
    _mention(copy)


@db.command("check", epilog="Example: feedback db check")
def check() -> None:
    """Check that the database can be reached and has this version's shape."""
    with _opened() as database:
        migrate.check_current(database, paths.migrations())
        click.echo(f"The database is in order, at revision {migrate.current(database)}.")


def _opened() -> Database:
    return Database(read_settings().database_address)


def _copy(database: Database) -> Path | None:
    return copy_before(database, migrate.current(database))


def _mention(copy: Path | None) -> None:
    if copy is not None:
        click.echo(f"A copy from before is in {copy}. Delete it once all is well: it holds the same data.")
