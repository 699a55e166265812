"""How well, and how fast, the detection methods work: `python benchmarks/detector.py [--worlds DIR] [--write]`.

Without `--worlds` on the project's own simulated worlds; `--write` puts that table into docs/detection.md.
"""

import argparse
import statistics
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scoring import Scores, score
from worlds import JudgedWorld, from_folder, simulated

from feedback import detection, instruments
from feedback.detection.table import judge
from feedback.domain.trajectory import Prior

SEED = 20261123
DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "detection.md"
BEGIN, END = "<!-- begin: benchmarks/detector.py -->", "<!-- end: benchmarks/detector.py -->"
HEAD = "| method | AUC | 1st form | forms 2–4 | 5+ | caught at 8 % | PPV |\n|---|---|---|---|---|---|---|"


def outputs_of(world: JudgedWorld, name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Run a method over a world: probability (NaN: no form), number of the form in its case, and a case number."""
    instrument = instruments.load("rapport-session")
    place = {row.number: at for at, row in enumerate(world.answers.rows)}
    numbers = {key: at for at, key in enumerate(dict.fromkeys(row.case for row in world.answers.rows))}
    case = np.array([numbers[row.case] for row in world.answers.rows])
    outputs, forms = np.full(len(place), np.nan), np.zeros(len(place), dtype=int)
    for row, _, finding in judge(world.answers, detection.build(name, instrument), instrument):
        outputs[place[row.number]], forms[place[row.number]] = finding.probability, finding.forms
    return outputs, forms, case


def line(label: str, found: Scores) -> str:
    """Write one line of the table."""
    auc = " | ".join(f"{value:.3f}" for value in found[:5])
    return f"| {label} | {auc} | {found.ppv:.2f} |"


def mean(all_of: list[Scores]) -> Scores:
    """Average scores over worlds."""
    return Scores(*(float(np.nanmean(column)) for column in zip(*all_of, strict=True)))


def table(worlds: list[JudgedWorld], methods: tuple[str, ...]) -> str:
    """Score every method on every world; the last block is the mean over the worlds."""
    found = {}
    for world in worlds:
        for name in methods:
            truth = (world.onset, world.in_rupture, world.excluded)
            found[world.name, name] = score(*outputs_of(world, name), truth)
            print(f"  {world.name:18} {line(name, found[world.name, name])}", file=sys.stderr)
    blocks = [
        f"**{world.name}**\n\n{HEAD}\n" + "\n".join(line(f"`{name}`", found[world.name, name]) for name in methods)
        for world in worlds
    ]
    means = [line(f"`{name}`", mean([found[world.name, name] for world in worlds])) for name in methods]
    return "\n\n".join([*blocks, f"**mean of {len(worlds)} worlds**\n\n{HEAD}\n" + "\n".join(means)])


def speed(world: JudgedWorld, name: str, rounds: int = 400) -> float:
    """Give the median time of one new form with the state kept, milliseconds."""
    method = detection.build(name, instruments.load("rapport-session"))
    states: dict[tuple[str, str, str], bytes] = {}
    times = []
    for row in [row for row in world.answers.rows if row.form is not None][:rounds]:
        kept = states.get(row.case)
        begun = time.perf_counter()
        states[row.case], _ = method.observe(kept, row.form, Prior())
        times.append(time.perf_counter() - begun)
    return statistics.median(times) * 1000


def numpy_pass(rounds: int = 400) -> float:
    """Give the median time of the least a grid filter must do in NumPy: gather, sum, exponentiate, two products."""
    rng = np.random.default_rng(1)
    table_of, places = rng.random((6, 93)), rng.integers(0, 93, (17, 6, 74))
    wobble, walk, mass = rng.random((74, 56)), rng.random((56, 56)), rng.random((17, 56))
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        fit = table_of[np.arange(6)[None, :, None], places].sum(axis=1)
        left = (mass @ walk) * (np.exp(fit - fit.max()) @ wobble)
        left /= left.sum()
        times.append(time.perf_counter() - begun)
    return statistics.median(times) * 1000


def main() -> None:
    """Print the table and the speeds; with `--write` keep the table in the documents."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=Path, help="folder of NAME.answers.csv.gz and NAME.truth.csv.gz")
    parser.add_argument("--method", action="append", help="only this method (repeatable)")
    parser.add_argument("--write", action="store_true", help="put the table of the simulated worlds into the documents")
    chosen = parser.parse_args()
    instrument = instruments.load("rapport-session")
    found = from_folder(chosen.worlds, instrument) if chosen.worlds else simulated(instrument, seed=SEED)
    worlds = list(found)
    methods = tuple(chosen.method or detection.names())
    written = table(worlds, methods)
    print(written)
    floor = numpy_pass()
    print(f"\none new form, median ms (one vectorised NumPy pass of the same size: {floor:.3f})")
    for name in methods:
        took = speed(worlds[0], name)
        print(f"  {name:14} {took:.3f}  = {took / floor:.1f} passes")
    if chosen.write and not chosen.worlds:
        before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
        _, _, after = rest.partition(END)
        DOCUMENT.write_text(f"{before}{BEGIN}\n\n{written}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
