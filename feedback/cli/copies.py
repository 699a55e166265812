"""`feedback db backup`, `restore` and `move`: copies of the whole clinic."""

from collections.abc import Iterable
from pathlib import Path

import click

from feedback.cli.opening import OPERATOR, opened
from feedback.cli.restored import access_report
from feedback.domain.clock import SystemClock
from feedback.domain.copying import TableSum
from feedback.persistence.database import Database
from feedback.persistence.figures.journal import Journal
from feedback.security.access_codes import SystemChance
from feedback.security.keyring import Keyring
from feedback.services.upkeep.move_database import move_database
from feedback.services.upkeep.restore_backup import restore_backup
from feedback.services.upkeep.write_backup import write_backup
from feedback.settings import read_settings

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("backup", epilog="Example: feedback db backup /var/backups/feedback-2026-11-23.backup")
@click.argument("file", type=_FILE)
def backup(file: Path) -> None:
    """Write everything to a new FILE, sealed with the key `backups`, while the clinic works on.

    It holds no keys. Keep a copy of the keys in another place: the two together are the whole clinic.
    """
    with opened() as it:
        held = write_backup(it.database, it.keyring, file)
    click.echo(f"{file} holds {_rows(held)}. Without the keys nobody can read it.")


@click.command("restore", epilog="Example: feedback db restore /var/backups/feedback-2026-11-23.backup")
@click.argument("file", type=_FILE)
def restore(file: Path) -> None:
    """Put the backup FILE back into an empty place: no database yet, or one without rows.

    The file is checked to its end before anything is touched. Sealed answers whose key is not in the folder of keys
    cannot be read any more: they are given up, and counted. Access that was taken away since is taken away again; it is
    printed what that was, and who has to be invited anew.
    """
    settings = read_settings()
    keyring = Keyring.load(settings.keys_dir)
    journal = Journal(settings.data_dir / "journal")
    with Database(settings.database_address) as database:
        restored = restore_backup(
            database, SystemClock(), keyring, SystemChance(), journal=journal, file=file, by=OPERATOR
        )
    click.echo(f"{database.shown} holds {_rows(restored.tables)} again. Everybody signs in anew.")
    for line in (line for clinic in restored.access for line in access_report(clinic)):
        click.echo(line)
    if restored.dropped:
        click.echo(f"Given up, because their key is in no copy: {restored.dropped} sealed answers.")


@click.command("move", epilog="Example: feedback db move --to postgresql://feedback@db.internal/feedback")
@click.option(
    "--to", "address", required=True, metavar="ADDRESS", help="An empty database, as in FEEDBACK_DATABASE_URL."
)
def move(address: str) -> None:
    """Copy everything into an empty database and check that both hold the same. Stop the server first.

    The old database stays as it is. Afterwards set FEEDBACK_DATABASE_URL to the new one and start the server again.
    """
    with Database(read_settings(database_url=address).database_address) as target, opened() as it:
        held = move_database(it.database, target)
    click.echo(f"{target.shown} holds {_rows(held)}, the same as before: counts and sums are equal.")
    click.echo("Set FEEDBACK_DATABASE_URL to it and start the server. Delete the old one once all is well.")


def _rows(tables: Iterable[TableSum]) -> str:
    held = tuple(tables)
    return f"{sum(table.rows for table in held):,} rows in {len(held)} tables"
