"""Worlds to score detectors on: this project's own simulator, or a folder of files with their truth."""

import csv
import gzip
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from feedback.detection.simulation import WORLDS, SimulatedForm, World, simulate_clinics
from feedback.detection.table.rows import Table, read_table
from feedback.domain.errors import NotFound
from feedback.domain.instrument import Instrument

Marks = NDArray[np.bool_]

CASES = 25
"""Cases per therapist in a drawn world: 1,600 in all, about 10,000 answered forms."""


@dataclass(frozen=True, slots=True)
class KnownTruth:
    """What really happened, one mark per therapy session.

    `in_rupture` from the session in which it begins (`onset`); `excluded` marks what is left of one: an old unrepaired
    rupture, or the dip after a repair.
    """

    onset: Marks
    in_rupture: Marks
    excluded: Marks

    @property
    def touched(self) -> Marks:
        """Mark what is in a rupture or in what is left of one: where a talk is due."""
        return self.in_rupture | self.excluded


@dataclass(frozen=True, slots=True)
class JudgedWorld:
    """Answers as a detector may see them, and the truth: one row per therapy session, the same order in both."""

    name: str
    answers: Table
    truth: KnownTruth


def from_folder(folder: Path, instrument: Instrument) -> Iterator[JudgedWorld]:
    """Read every `NAME.answers.csv.gz` with its `NAME.truth.csv.gz`. Raises `NotFound` where there is none."""
    paths = sorted(folder.glob("*.answers.csv.gz"))
    if not paths:
        raise NotFound(f"{folder} holds no NAME.answers.csv.gz with a NAME.truth.csv.gz beside it.")
    for path in paths:
        name = path.name.removesuffix(".answers.csv.gz")
        with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
            answers = read_table(lines, instrument)
        with gzip.open(folder / f"{name}.truth.csv.gz", "rt", encoding="utf-8", newline="") as lines:
            truth = list(csv.DictReader(lines))
        onset, in_rupture, excluded = (
            np.array([row[mark] == "1" for row in truth], dtype=bool) for mark in ("onset", "in_rupture", "excluded")
        )
        yield JudgedWorld(name, answers, KnownTruth(onset, in_rupture, excluded))


def simulated(
    instrument: Instrument, *, seed: int, names: Sequence[str] = tuple(WORLDS), cases: int = CASES
) -> Iterator[JudgedWorld]:
    """Draw worlds by name, 64 therapists with so many cases each. Raises `NotFound` for a name there is not."""
    for name in names:
        if name not in WORLDS:
            raise NotFound(f"There is no world “{name}”. Choose from: {', '.join(WORLDS)}.")
    for name in names:
        yield draw(instrument, WORLDS[name], seed=seed, cases=cases)


def draw(instrument: Instrument, world: World, *, seed: int, cases: int = CASES) -> JudgedWorld:
    """Draw one world. The seed and the name of the world decide everything."""
    rng = np.random.default_rng([seed, *world.name.encode()])
    out = io.StringIO()
    writer = csv.writer(out)
    items = [item.id for item in instrument.scales]
    asked, closest = instrument.detector.direct_item, instrument.detector.closest_item
    writer.writerow(["clinic", "therapist", "case", "session", "steps", *items, asked, closest])
    truths = []
    for case in simulate_clinics(rng, world, cases=cases):
        for form in case.forms:
            writer.writerow([case.clinic, case.therapist, case.case, *_cells(form, items)])
            truths.append(form.truth)
    answers = read_table(out.getvalue().splitlines(keepends=True), instrument)
    onset, in_rupture, excluded = np.array([[t.onset, t.in_rupture, t.excluded] for t in truths], dtype=bool).T
    return JudgedWorld(world.name, answers, KnownTruth(onset, in_rupture, excluded))


def _cells(form: SimulatedForm, items: list[str]) -> list[object]:
    ratings = [form.ratings.get(item, "") for item in items]
    return [form.session, form.steps, *ratings, "" if form.off is None else form.off, "|".join(sorted(form.closest))]
