"""Make the detector's frozen parameters anew from the project's own simulator: `make parameters`.

Writes `feedback/detection/frozen/*.json`. For the built-in instrument every method on all worlds together, so that none
is favoured; for other shapes of instrument `switching` and `pooled` on a few worlds. Other draws than those of the
published table. To be run when a method or the simulator changes; a changed number is a new version of the method.
"""

import json
import math
import sys
from pathlib import Path

import numpy as np

from benchmarks.freeze.shapes import SHAPES, instrument_of, world_of
from feedback import detection, instruments
from feedback.detection.calibration import OWN_LIMIT, PERCENT, Calibration, Shape, needed
from feedback.detection.evaluation.run import Outcome, run
from feedback.detection.evaluation.scoring import caught_at
from feedback.detection.evaluation.worlds import JudgedWorld, draw
from feedback.detection.simulation import WORLDS
from feedback.domain.instrument import Instrument

SEED = 7
FOLDER = Path(__file__).resolve().parents[2] / "feedback" / "detection" / "frozen"
BUDGETED = ("switching", "pooled")
"""The methods without a limit of their own."""

FULL_CASES, SHAPE_CASES = 12, 4
SHAPE_WORLDS = ("base", "mild-ceiling", "severe-ceiling", "clients-hide-it", "noisy", "steady")


def fit_logistic(statistic: np.ndarray, hit: np.ndarray) -> tuple[float, float]:
    """Fit offset and slope of a logistic regression by Newton's method."""
    rows = np.column_stack([np.ones_like(statistic), statistic])
    found = np.zeros(2)
    for _ in range(40):
        share = 1.0 / (1.0 + np.exp(-np.clip(rows @ found, -60, 60)))
        found = found + np.linalg.solve((rows * (share * (1 - share))[:, None]).T @ rows, rows.T @ (hit - share))
    return round(float(found[0]), 3), round(float(found[1]), 3)


def measured(name: str, instrument: Instrument, worlds: list[JudgedWorld]) -> Calibration:
    """Run a method over worlds, and find what its statistic means and what each budget does."""
    method = detection.build(name, instrument)
    method.calibration = Calibration(0.0, 1.0)  # the plain statistic, as log odds
    outcomes = [run(world, method, instrument) for world in worlds]
    seen = np.concatenate([outcome.probability[outcome.answered] for outcome in outcomes])
    hit = np.concatenate([w.truth.touched[o.answered] for w, o in zip(worlds, outcomes, strict=True)])
    log_odds = np.log(np.clip(seen, 1e-12, None)) - np.log(np.clip(1 - seen, 1e-12, None))
    offset, slope = fit_logistic(log_odds, hit)
    base, of_base = next((w, o) for w, o in zip(worlds, outcomes, strict=True) if w.name == "base")
    if name not in BUDGETED:
        marks = of_base.flag
        wrong, caught = _wrong(base, marks), caught_at(marks, of_base, base.truth)
        return Calibration(offset, slope, {}, {OWN_LIMIT: wrong}, {OWN_LIMIT: round(caught, 3)})
    limits, wrongs, caughts = {}, {}, {}
    for at in PERCENT:
        cut = float(np.quantile(log_odds, 1 - at / 100))
        limits[at] = math.floor(1000 / (1 + math.exp(-(offset + slope * cut)))) / 1000
        marks = _over(of_base, cut)
        wrongs[at], caughts[at] = _wrong(base, marks), round(caught_at(marks, of_base, base.truth), 3)
    return Calibration(offset, slope, limits, wrongs, caughts)


def _over(outcome: Outcome, cut: float) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nan_to_num(np.log(outcome.probability / (1 - outcome.probability)), nan=-1e9) >= cut


def _wrong(world: JudgedWorld, marks: np.ndarray) -> float:
    return round(float(1.0 - world.truth.touched[marks].mean()), 3)


def written(path: Path, shapes: list[tuple[Shape, dict[str, Calibration]]]) -> None:
    """Write one file of frozen parameters."""
    plain = [
        {
            "items": shape.items,
            "steps": shape.steps,
            "direct": shape.direct,
            "methods": {name: each.as_plain() for name, each in of.items()},
        }
        for shape, of in shapes
    ]
    made_by = "make parameters, from simulated worlds; no answers of people"
    path.write_text(json.dumps({"made_by": made_by, "shapes": plain}, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Write both files; with names of methods, only these anew."""
    form = instruments.load("rapport-session")
    chosen = tuple(sys.argv[1:]) or detection.names()
    worlds = [draw(form, world, seed=SEED, cases=FULL_CASES) for world in WORLDS.values() if not world.aside]
    found = {}
    for name in detection.names():
        print(name, file=sys.stderr)
        found[name] = measured(name, form, worlds) if name in chosen else needed(name, form)
    written(FOLDER / "rapport-session.json", [(Shape.of(form), found)])
    shapes = []
    for shape in SHAPES:
        print(shape, file=sys.stderr)
        made = instrument_of(shape, form)
        few = [draw(made, world_of(shape, WORLDS[name]), seed=SEED, cases=SHAPE_CASES) for name in SHAPE_WORLDS]
        of = {name: measured(name, made, few) if name in chosen else needed(name, made) for name in BUDGETED}
        shapes.append((shape, of))
    six = {name: each for name, each in found.items() if name not in BUDGETED}
    written(FOLDER / "defaults.json", [*shapes, (Shape.of(form), found), (Shape(6, 11, direct=False), six)])


if __name__ == "__main__":
    main()
