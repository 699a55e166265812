"""`feedback evaluate`: how good the methods are, in worlds whose truth is known."""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from feedback import detection, instruments
from feedback.detection import evaluation
from feedback.detection.evaluation import plots, report
from feedback.detection.simulation import WORLDS
from feedback.domain.instrument import Instrument

SEED = 20261123
"""The draws of the published table. Nothing was fitted to them."""


def _worlds(
    instrument: Instrument, folder: Path | None, names: str, seed: int, cases: int
) -> Iterator[evaluation.JudgedWorld]:
    if folder is not None:
        return evaluation.from_folder(folder, instrument)
    chosen = tuple(name.strip() for name in names.split(",") if name.strip()) or tuple(WORLDS)
    return evaluation.simulated(instrument, seed=seed, names=chosen, cases=cases)


@click.command(epilog="Example: feedback evaluate --worlds base,half-missing --method switching --method cutoff")
@click.option("--worlds", "names", default="", help="Simulated worlds by name, with commas between. Default: all.")
@click.option(
    "--from",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Score the worlds of a folder instead: NAME.answers.csv.gz and NAME.truth.csv.gz.",
)
@click.option("--method", "methods", multiple=True, help="Only this method; may be given several times.")
@click.option(
    "--cases", default=evaluation.CASES, show_default=True, type=click.IntRange(1), help="Cases per therapist."
)
@click.option("--seed", default=SEED, show_default=True, help="Another seed draws other clients.")
@click.option("--csv", "table", type=click.Path(dir_okay=False, path_type=Path), help="Write every figure as CSV.")
@click.option(
    "--plots", "drawn", type=click.Path(file_okay=False, path_type=Path), help="Write ROC and calibration as SVG here."
)
@click.option(
    "--document",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Put the tables between the two marks of this document.",
)
def evaluate(
    *,
    names: str,
    folder: Path | None,
    methods: tuple[str, ...],
    cases: int,
    seed: int,
    table: Path | None,
    drawn: Path | None,
    document: Path | None,
) -> None:
    """Score the detection methods in simulated worlds, where it is known what really happened.

    Prints AUC by form number, ruptures caught and share of right flags at 5, 8 and 10 % of forms, delay and
    calibration. All worlds and methods take a few minutes.
    """
    instrument = instruments.load("rapport-session")
    made = {name: detection.build(name, instrument) for name in methods or detection.names()}
    found = evaluation.Evaluated(made)
    for world in _worlds(instrument, folder, names, seed, cases):
        for name in made:
            found.add(world, name)
            if sys.stderr.isatty():
                click.echo(f"{world.name}: {name}", err=True)
    click.echo(found.text())
    if table:
        with table.open("w", encoding="utf-8", newline="") as lines:
            csv.writer(lines, lineterminator="\n").writerows([report.CSV_HEAD, *report.csv_rows(found.scores)])
    if drawn:
        drawn.mkdir(parents=True, exist_ok=True)
        about = f"Drawn by feedback evaluate from {found.forms} answered forms of {len(found.names)} simulated worlds."
        (drawn / "detection-roc.svg").write_text(plots.roc_plot(found.curves(), about), encoding="utf-8")
        calibration = plots.calibration_plot(found.tenths(), about)
        (drawn / "detection-calibration.svg").write_text(calibration, encoding="utf-8")
    if document:
        document.write_text(
            evaluation.in_document(document.read_text(encoding="utf-8"), found.text()), encoding="utf-8"
        )
