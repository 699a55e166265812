"""`feedback instruments`: the questionnaires."""

from pathlib import Path
from typing import TypedDict

import click

from feedback import instruments as registry
from feedback.cli.opening import OPERATOR, opened, within_the_clinic, writing
from feedback.domain.instrument import About, HigherIs, Instrument
from feedback.domain.own_instrument import STATEMENT
from feedback.instruments import FhirRelease
from feedback.persistence.clinic.own_instruments import list_own
from feedback.services.clinic.add_instrument import add_instrument, offer_instrument, retire_instrument
from feedback.services.clinic.find_instrument import find_instrument, read_own

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class _Said(TypedDict):
    about: About | None
    higher_is: HigherIs | None


_ABOUT = click.option(
    "--about",
    type=click.Choice([each.value for each in About]),
    help="Of a FHIR Questionnaire: what it asks about.",
)
_HIGHER_IS = click.option(
    "--higher-is",
    type=click.Choice([each.value for each in HigherIs]),
    help="Of one: what its higher answers are.",
)


@click.group(epilog="Example: feedback instruments list")
def instruments() -> None:
    """List, check, add and export questionnaires."""


@instruments.command("list", epilog="Example: feedback instruments list --clinic")
@click.option("--clinic", is_flag=True, help="Those that the clinic has added, instead of those that ship.")
def list_(*, clinic: bool) -> None:
    """List the instruments that ship: id, language, version, licence and title."""
    if not clinic:
        for instrument_id, language in registry.known():
            _say(registry.load(instrument_id, language))
        return
    with opened() as it, it.database.reading(None) as uow:
        for kept in list_own(within_the_clinic(uow)):
            _say(read_own(kept), f"  retired {kept.retired_on}" if kept.retired_on else "")


@instruments.command(epilog="Example: feedback instruments check our-form.json")
@click.argument("file", type=_FILE)
@_ABOUT
@_HIGHER_IS
def check(file: Path, *, about: str | None, higher_is: str | None) -> None:
    """Check an instrument FILE, or a FHIR Questionnaire as JSON; name the place and the remedy where it is wrong."""
    found, _ = registry.read_any(file.read_bytes(), file.name, **_said(about, higher_is))
    registry.check_stated(found, file.name)
    click.echo(
        f"{file.name} is in order: {found.id}, version {found.version}, {found.language}, {len(found.items)} items."
    )


@instruments.command(epilog="Example: feedback instruments add our-form.json --we-hold-the-right")
@click.argument("file", type=_FILE)
@click.option("--we-hold-the-right", "holds_right", is_flag=True, help=f"Say: {STATEMENT}")
@_ABOUT
@_HIGHER_IS
def add(file: Path, *, holds_right: bool, about: str | None, higher_is: str | None) -> None:
    """Add an instrument FILE, or a FHIR Questionnaire as JSON, to what the clinic offers for new cases."""
    with opened() as it, writing(it) as uow:
        added = add_instrument(
            uow,
            it.clock,
            it.keyring,
            content=file.read_bytes(),
            file=file.name,
            holds_right=holds_right,
            by=OPERATOR,
            **_said(about, higher_is),
        )
    click.echo(f"Added: {added.id}, version {added.version}, {added.language}.")


@instruments.command(epilog="Example: feedback instruments retire our-form")
@click.argument("instrument_id", metavar="ID")
def retire(instrument_id: str) -> None:
    """Offer instrument ID for no new case. Cases that have it go on with it."""
    with opened() as it, writing(it) as uow:
        retire_instrument(uow, it.clock, it.keyring, instrument_id=instrument_id, by=OPERATOR)
    click.echo(f"{instrument_id} is retired.")


@instruments.command(epilog="Example: feedback instruments offer our-form")
@click.argument("instrument_id", metavar="ID")
def offer(instrument_id: str) -> None:
    """Offer a retired instrument ID for new cases again."""
    with opened() as it, writing(it) as uow:
        offer_instrument(uow, it.clock, it.keyring, instrument_id=instrument_id, by=OPERATOR)
    click.echo(f"{instrument_id} is offered again.")


@instruments.command(epilog="Example: feedback instruments export rapport-session --fhir r5 > questionnaire.json")
@click.argument("instrument_id", metavar="ID")
@click.option("--language", default="en", show_default=True, help="Language of the form.")
@click.option(
    "--fhir", type=click.Choice([each.value for each in FhirRelease]), help="As a FHIR Questionnaire of this release."
)
def export(instrument_id: str, language: str, fhir: str | None) -> None:
    """Write instrument ID to standard output: its own file, or a FHIR Questionnaire."""
    shipped = instrument_id in {name for name, _ in registry.known()}
    found, file = _shipped(instrument_id, language) if shipped else _added(instrument_id, language)
    written = file if fhir is None else registry.as_questionnaire(found, FhirRelease(fhir))
    click.echo(written.decode(), nl=False)


@instruments.command(epilog="Example: feedback instruments template srs > our-srs.json")
@click.argument("name", type=click.Choice(registry.templates()))
def template(name: str) -> None:
    """Write the structure of a licensed instrument, without a word of its text, to be filled in by who holds the right.

    The file says whom to ask for a licence. Fill in the empty texts, then: feedback instruments add.
    """
    click.echo(registry.template(name).decode(), nl=False)


def _said(about: str | None, higher_is: str | None) -> _Said:
    return {"about": About(about) if about else None, "higher_is": HigherIs(higher_is) if higher_is else None}


def _shipped(instrument_id: str, language: str) -> tuple[Instrument, bytes]:
    return registry.load(instrument_id, language), registry.source(instrument_id, language)


def _added(instrument_id: str, language: str) -> tuple[Instrument, bytes]:
    with opened() as it, it.database.reading(None) as outside:
        uow = within_the_clinic(outside)
        found = find_instrument(uow, instrument_id, language)
        kept = next(each for each in list_own(uow, instrument_id) if each.content_hash[:16] == found.edition)
    return found, kept.content.encode()


def _say(found: Instrument, more: str = "") -> None:
    click.echo(f"{found.id}  {found.language}  version {found.version}  {found.licence.name}  {found.title}{more}")
