"""`feedback detect`: the detection methods as a command on a table, for researchers and for a look at old data."""

import csv
import gzip
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click

from feedback import detection, instruments
from feedback.detection import explain, table
from feedback.domain.errors import DetectionInputWrong
from feedback.domain.instrument import Instrument
from feedback.domain.rupture import Finding


@contextmanager
def _opened(path: Path, mode: str) -> Iterator[IO[str]]:
    """Open a table for reading ("rt") or writing ("wt"), through gzip where its name ends in `.gz`."""
    if path.suffix == ".gz":
        with gzip.open(path, mode, encoding="utf-8", newline="") as packed:
            yield packed  # type: ignore[misc]  # gzip opened as text gives text
    else:
        encoding = "utf-8-sig" if mode == "rt" else "utf-8"  # spreadsheets put a mark at the start
        with path.open(mode, encoding=encoding, newline="") as plain:
            yield plain


def _read(path: Path, instrument: Instrument) -> table.Table:
    try:
        with _opened(path, "rt") as lines:
            return table.read_table(lines, instrument)
    except (UnicodeDecodeError, gzip.BadGzipFile, EOFError, csv.Error) as error:
        raise DetectionInputWrong(f"{path.name} is not a CSV file in UTF-8, nor one packed with gzip.") from error


def _record(row: table.TableRow, finding: Finding, instrument: Instrument) -> dict[str, object]:
    def rounded(value: float | None, digits: int = 2) -> str:
        return "" if value is None else f"{value:.{digits}f}"

    return {
        **row.keys,
        "probability": rounded(finding.probability, 4),
        "flag": int(finding.flag),
        "level": finding.level.value,
        "expected_low": rounded(finding.expected_low),
        "expected_high": rounded(finding.expected_high),
        "value": rounded(finding.value),
        "reasons": " · ".join(explain.reasons(finding, instrument)),
    }


@click.command()
@click.option("--input", "source", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--output", "target", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--instrument", "instrument_id", default="rapport-session", show_default=True, help="Instrument by id.")
@click.option("--method", default=detection.DEFAULT, show_default=True, help="Detection method by name.")
@click.option(
    "--budget", default=detection.DEFAULT_BUDGET, show_default=True, help="Share of forms to flag, 0.05 to 0.12."
)
def detect(source: Path, target: Path, instrument_id: str, method: str, budget: float) -> None:
    """Judge every answered form of a CSV file (or .csv.gz) from the forms before it.

    Columns: case, session, one per rated item; optional clinic, therapist, date, off, steps. Blank: not answered.

    Example: feedback detect --input answers.csv.gz --output findings.csv
    """
    instrument = instruments.load(instrument_id)
    judged_by = detection.build(method, instrument, budget)
    read = _read(source, instrument)
    found: dict[int, dict[str, object]] = {}
    answered = sum(row.form is not None for row in read.rows)
    judging = table.judge(read, judged_by, instrument)
    unseen = not sys.stderr.isatty()
    with click.progressbar(judging, length=answered, label="Judging forms", file=sys.stderr, hidden=unseen) as steps:
        for row, _, finding in steps:
            found[row.number] = _record(row, finding, instrument)
    with _opened(target, "wt") as lines:
        writer = csv.DictWriter(lines, [*read.keys, *table.FOUND], lineterminator="\n")
        writer.writeheader()
        writer.writerows(found[number] for number in sorted(found))
