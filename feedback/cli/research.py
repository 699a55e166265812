"""`feedback detect`: the detection methods as a command on a table, for researchers and for a look at old data."""

import csv
import sys
from pathlib import Path

import click

from feedback import detection, instruments
from feedback.cli.table_files import check_apart, read_text, written
from feedback.detection import explain, table
from feedback.detection.switching.fitting import fit
from feedback.detection.switching.tuned import Tuned, read_tuned
from feedback.domain.errors import DetectionInputWrong
from feedback.domain.instrument import Instrument
from feedback.domain.rupture import Finding
from feedback.exporters.cells import neutral

MOST_NOTES = 10
"""Notes that are said one by one; of the others there is a count."""


def _read(path: Path, instrument: Instrument) -> table.Table:
    return table.read_table([read_text(path)], instrument)


def _record(row: table.TableRow, finding: Finding, instrument: Instrument) -> dict[str, object]:
    def rounded(value: float | None, digits: int = 2) -> str:
        return "" if value is None else f"{value:.{digits}f}"

    return {
        **{name: neutral(text) for name, text in row.keys.items()},
        "probability": rounded(finding.probability, 4),
        "flag": int(finding.flag),
        "level": finding.level.value,
        "expected_low": rounded(finding.expected_low),
        "expected_high": rounded(finding.expected_high),
        "value": rounded(finding.value),
        "reasons": neutral(" · ".join(explain.reasons(finding, instrument))),
    }


def _instrument(named: str) -> Instrument:
    """Return an instrument that ships, by id, or the one in a file."""
    if not named.endswith(".json"):
        return instruments.load(named)
    path = Path(named)
    if not path.is_file():
        raise DetectionInputWrong(
            f"There is no instrument file {named}. Give its path, or an id: feedback instruments list."
        )
    found, _ = instruments.read_any(path.read_bytes(), path.name)
    instruments.check_stated(found, path.name)
    if not found.is_judged:
        raise DetectionInputWrong(f"{path.name} is not about the session, so there is nothing in it to be judged.")
    return found


def _say_what_was_passed_over(read: table.Table) -> None:
    if read.missing:
        click.echo(f"Not in the file, so taken as not answered: {', '.join(read.missing)}.", err=True)
    if read.unused:
        click.echo(f"In the file, but not asked by this instrument: {', '.join(read.unused)}.", err=True)

    for note in read.notes[:MOST_NOTES]:
        click.echo(note, err=True)
    if len(read.notes) > MOST_NOTES:
        click.echo(f"… and {len(read.notes) - MOST_NOTES:,} more of this kind.", err=True)
    if all(row.form is None for row in read.rows):
        click.echo("No row holds an answer, so there is nothing to judge.", err=True)


def _tuned(instrument: Instrument, read: table.Table, fit_to: Path | None, parameters: Path | None) -> Tuned | None:
    """Fit parameters and write them down, or read some, or leave it at the frozen ones."""
    if fit_to and parameters:
        raise DetectionInputWrong("Give --fit or --parameters, not both: --fit writes them, --parameters reads them.")
    if parameters:
        return read_tuned(read_text(parameters), instrument, parameters.name)
    if not fit_to:
        return None
    quiet = not sys.stderr.isatty()
    found = fit(read, instrument, lambda line: None if quiet else click.echo(f"Fitting, {line}", err=True))
    about = {"cases": found.cases, "forms": found.forms, "gain_per_form_set_aside": round(found.gain, 4)}
    with written(fit_to) as file:
        file.write(found.tuned.as_text(**about))
    click.echo(
        f"Fitted to {found.cases} cases; answers set aside are foretold better by {found.gain:.4f} per form. "
        f"Written to {fit_to.name}.",
        err=True,
    )
    return found.tuned


def _write(target: Path, read: table.Table, method: detection.DetectionMethod, instrument: Instrument) -> None:
    found: dict[int, dict[str, object]] = {}
    answered = sum(row.form is not None for row in read.rows)
    judging = table.judge(read, method)
    unseen = not sys.stderr.isatty()
    with click.progressbar(judging, length=answered, label="Judging forms", file=sys.stderr, hidden=unseen) as steps:
        for row, _, finding in steps:
            found[row.number] = _record(row, finding, instrument)
    with written(target) as lines:
        writer = csv.DictWriter(lines, [*read.keys, *table.FOUND], lineterminator="\n")
        writer.writeheader()
        writer.writerows(found[number] for number in sorted(found))


FILE = click.Path(dir_okay=False, path_type=Path)
THERE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(epilog="Example: feedback detect --input answers.csv.gz --output findings.csv")
@click.option("--input", "source", required=True, type=THERE, help="The table of answers.")
@click.option("--output", "target", required=True, type=FILE, help="Where the findings go, one row per answered form.")
@click.option(
    "--instrument", "named", default="rapport-session", show_default=True, help="Instrument by id, or its .json file."
)
@click.option("--method", default=detection.DEFAULT, show_default=True, help="Detection method by name.")
@click.option(
    "--budget", default=detection.DEFAULT_BUDGET, show_default=True, help="Share of forms to flag, 0.05 to 0.12."
)
@click.option("--fit", "fit_to", type=FILE, help="Fit parameters to this table (60 cases at least), write them here.")
@click.option("--parameters", type=THERE, help="Use parameters that --fit wrote.")
def detect(
    *,
    source: Path,
    target: Path,
    named: str,
    method: str,
    budget: float,
    fit_to: Path | None,
    parameters: Path | None,
) -> None:
    """Judge every answered form of a CSV file (or .csv.gz) from the forms before it.

    Columns: case, session, one per rated item; optional clinic, therapist, date, off, closest, steps. Blank: not
    answered. Semicolons and tabs are read as well, and UTF-16 where it is marked. What cannot be read for certain is
    refused with its row.
    """
    inputs = [source, *([parameters] if parameters else []), *([Path(named)] if named.endswith(".json") else [])]
    check_apart(inputs, [target, *([fit_to] if fit_to else [])])
    instrument = _instrument(named)
    detection.build(method, instrument, budget)
    read = _read(source, instrument)
    _say_what_was_passed_over(read)
    tuned = _tuned(instrument, read, fit_to, parameters)
    _write(target, read, detection.build(method, instrument, budget, tuned=tuned), instrument)
