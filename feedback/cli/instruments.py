"""`feedback instruments`: the questionnaires."""

from pathlib import Path

import click

from feedback import instruments as registry


@click.group(epilog="Example: feedback instruments list")
def instruments() -> None:
    """List, check and export questionnaires."""


@instruments.command("list", epilog="Example: feedback instruments list")
def list_() -> None:
    """List the instruments that ship: id, language, version, licence and title."""
    for instrument_id, language in registry.known():
        found = registry.load(instrument_id, language)
        click.echo(f"{found.id}  {language}  version {found.version}  {found.licence.name}  {found.title}")


@instruments.command(epilog="Example: feedback instruments check our-form.json")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(file: Path) -> None:
    """Check an instrument FILE, and name the item and the remedy where it is wrong."""
    found = registry.read_instrument(file.read_bytes(), file.name)
    click.echo(
        f"{file.name} is in order: {found.id}, version {found.version}, {found.language}, {len(found.items)} items."
    )


@instruments.command(epilog="Example: feedback instruments export rapport-session > our-form.json")
@click.argument("instrument_id", metavar="ID")
@click.option("--language", default="en", show_default=True, help="Language of the form.")
def export(instrument_id: str, language: str) -> None:
    """Write the file of instrument ID to standard output, to start another one from."""
    click.echo(registry.source(instrument_id, language).decode(), nl=False)
