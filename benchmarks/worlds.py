"""Worlds to score detectors on: a folder of files with their truth, or this project's own simulator."""

import csv
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from feedback.detection.simulation import WORLDS, SimulatedForm, simulate_clinics
from feedback.detection.table import Table, read_table
from feedback.domain.instrument import Instrument

TRUTH = ("onset", "in_rupture", "excluded")


@dataclass(frozen=True)
class JudgedWorld:
    """Answers as a detector may see them, and the truth: one row per therapy session, the same order in both."""

    name: str
    answers: Table
    onset: np.ndarray
    in_rupture: np.ndarray
    excluded: np.ndarray


def from_folder(folder: Path, instrument: Instrument) -> Iterator[JudgedWorld]:
    """Read every `NAME.answers.csv.gz` with its `NAME.truth.csv.gz`."""
    for path in sorted(folder.glob("*.answers.csv.gz")):
        name = path.name.removesuffix(".answers.csv.gz")
        with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
            answers = read_table(lines, instrument)
        with gzip.open(folder / f"{name}.truth.csv.gz", "rt", encoding="utf-8", newline="") as lines:
            truth = list(csv.DictReader(lines))
        marks = {mark: np.array([row[mark] == "1" for row in truth]) for mark in TRUTH}
        yield JudgedWorld(name, answers, **marks)


def simulated(instrument: Instrument, *, seed: int, cases: int = 25) -> Iterator[JudgedWorld]:
    """Draw every world of the simulator, eight clinics of eight therapists with so many cases each."""
    for name, world in WORLDS.items():
        rng = np.random.default_rng([seed, *name.encode()])
        out = io.StringIO()
        writer = csv.writer(out)
        items = [item.id for item in instrument.scales]
        writer.writerow(["clinic", "therapist", "case", "session", "steps", *items, "off"])
        truths = []
        for case in simulate_clinics(rng, world, cases=cases):
            for form in case.forms:
                writer.writerow([case.clinic, case.therapist, case.case, *_cells(form, items)])
                truths.append(form.truth)
        answers = read_table(out.getvalue().splitlines(keepends=True), instrument)
        yield JudgedWorld(name, answers, **{mark: np.array([getattr(t, mark) for t in truths]) for mark in TRUTH})


def _cells(form: SimulatedForm, items: list[str]) -> list[object]:
    ratings = [form.ratings.get(item, "") for item in items]
    return [form.session, form.steps, *ratings, "" if form.off is None else form.off]
