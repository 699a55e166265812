"""`feedback audit`: what staff did, and whether the log of it is whole."""

from pathlib import Path
from typing import TextIO

import click

from feedback.cli.opening import opened, within_the_clinic
from feedback.domain.errors import AuditBroken
from feedback.persistence.database import UnitOfWork
from feedback.services.audit.export_audit import differs_from, export_audit
from feedback.services.audit.verify_audit import verify_audit

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group(epilog="Example: feedback audit verify")
def audit() -> None:
    """Verify and export the log of what staff did."""


@audit.command("verify", epilog="Example: feedback audit verify --against audit-2026-11.jsonl")
@click.option("--against", type=_FILE, help="Also hold it against this earlier export.")
def verify(against: Path | None) -> None:
    """Check every record of the log. The first that was changed, taken out, swapped or cut off is named."""
    with opened() as it, it.database.reading(None) as uow:
        inside = within_the_clinic(uow)
        verdict = verify_audit(inside, it.keyring)
        if not verdict.is_whole:
            raise AuditBroken(f"{verdict.why} The {verdict.sound} before it are in order. Keep a copy of the database.")
        if against is not None:
            _hold_against(inside, against)
    click.echo(f"The log is whole: {verdict.sound} records, each as it was written.")


@audit.command("export", epilog="Example: feedback audit export audit-2026-11.jsonl")
@click.argument("file", type=_FILE)
def export(file: Path) -> None:
    """Write the log to a new FILE, one JSON object per line. Kept elsewhere, it shows what is changed later."""
    with opened() as it, it.database.reading(None) as uow, _new(file) as out:
        count = 0
        for line in export_audit(within_the_clinic(uow)):
            out.write(line + "\n")
            count += 1
    click.echo(f"{file} holds {count} records. Keep it in another place than the database.")


def _new(file: Path) -> TextIO:
    try:
        file.touch(mode=0o600, exist_ok=False)
    except OSError as error:
        raise click.BadParameter(f"{file} cannot be made: {error.strerror}.", param_hint="FILE") from None
    return file.open("w", encoding="utf-8")


def _hold_against(uow: UnitOfWork, file: Path) -> None:
    try:
        with file.open(encoding="utf-8") as kept:
            number = differs_from(uow, kept)
    except (OSError, ValueError, KeyError, TypeError):
        raise click.BadParameter(f"{file} is not an export of the log.", param_hint="--against") from None
    if number is not None:
        raise AuditBroken(f"Record {number} of {file} is not in the log as it was then.")
