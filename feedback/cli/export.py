"""`feedback export`: a closed period as files."""

from pathlib import Path

import click

from feedback.cli.opening import OPERATOR, opened, writing
from feedback.domain.errors import Refused
from feedback.domain.figures.period import Period
from feedback.exporters import ExportedFile, Format
from feedback.instruments import FhirRelease
from feedback.services.figures.export_release import Wanted, export_release


@click.command(epilog="Example: feedback export --period 2026-Q3 --format csv --output figures")
@click.option("--period", required=True, help="A closed month such as 2026-09, or quarter such as 2026-Q3.")
@click.option("--format", "wanted", required=True, type=click.Choice([each.value for each in Format]), help="What as.")
@click.option(
    "--output",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the files; made when it is not there.",
)
@click.option(
    "--fhir",
    default=FhirRelease.R4B.value,
    show_default=True,
    type=click.Choice([each.value for each in FhirRelease]),
    help="FHIR release, for that format.",
)
def export(period: str, wanted: str, folder: Path, fhir: str) -> None:
    """Write the figures of a closed period as files, from the ledger alone.

    The export is noted in the audit log. The same period gives the same bytes, so writing it again changes nothing;
    another file of the same name is left alone and named.
    """
    chosen = Wanted(Period.read(period), Format(wanted), FhirRelease(fhir))
    with opened() as it, writing(it) as uow:
        files = export_release(uow, it.clock, it.keyring, wanted=chosen, by=OPERATOR)
        _check_free(folder, files)
        folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            (folder / file.name).write_bytes(file.content)
    for file in files:
        click.echo(f"Wrote {folder / file.name}")


def _check_free(folder: Path, files: tuple[ExportedFile, ...]) -> None:
    for file in files:
        path = folder / file.name
        if path.exists() and path.read_bytes() != file.content:
            raise Refused(f"{path} is there already and says something else. Choose another folder with --output.")
