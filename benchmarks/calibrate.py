"""Fit the frozen numbers of `feedback/detection/calibration.py` to the project's own simulated worlds, and print them.

`python benchmarks/calibrate.py`: `LOGISTIC` and `THRESHOLDS` on all worlds together, so that none is favoured; `WRONG`
on *base*, the world of the published averages. Other draws than those of `benchmarks/detector.py`. To be run when a
method or the simulator changes; a changed number is a new version of the method.
"""

import math

import numpy as np
from detector import outputs_of
from worlds import JudgedWorld, simulated

from feedback import detection, instruments
from feedback.detection.calibration import LOGISTIC, THRESHOLDS
from feedback.detection.table import judge

SEED = 7
PERCENT = (5, 6, 7, 8, 9, 10, 11, 12)


def fit_logistic(statistic: np.ndarray, hit: np.ndarray) -> tuple[float, float]:
    """Fit offset and slope of a logistic regression by Newton's method."""
    rows = np.column_stack([np.ones_like(statistic), statistic])
    found = np.zeros(2)
    for _ in range(30):
        share = 1.0 / (1.0 + np.exp(-np.clip(rows @ found, -60, 60)))
        found = found + np.linalg.solve((rows * (share * (1 - share))[:, None]).T @ rows, rows.T @ (hit - share))
    return round(float(found[0]), 3), round(float(found[1]), 3)


def flags_of(world: JudgedWorld, name: str) -> np.ndarray:
    """Say for every row whether the method's own rule flags it."""
    instrument = instruments.load("rapport-session")
    place = {row.number: at for at, row in enumerate(world.answers.rows)}
    marks = np.zeros(len(place), dtype=bool)
    for row, _, finding in judge(world.answers, detection.build(name, instrument), instrument):
        marks[place[row.number]] = finding.flag
    return marks


def main() -> None:
    """Print `LOGISTIC`, `THRESHOLDS` and `WRONG`."""
    worlds = list(simulated(instruments.load("rapport-session"), seed=SEED))
    hit = np.concatenate([world.in_rupture for world in worlds])
    base = np.concatenate([np.full(len(world.onset), world.name == "base") for world in worlds])
    logistic, thresholds, wrong = {}, {}, {}
    for name in detection.names():
        outputs = np.concatenate([outputs_of(world, name)[0] for world in worlds])
        seen = ~np.isnan(outputs)
        if name in LOGISTIC:
            offset, slope = LOGISTIC[name]
            statistic = (np.log(outputs[seen] / (1 - outputs[seen])) - offset) / slope
            logistic[name] = fit_logistic(statistic, hit[seen])
            new_offset, new_slope = logistic[name]
            outputs[seen] = 1 / (1 + np.exp(-(new_offset + new_slope * statistic)))
        if name in THRESHOLDS:
            limits = {at: float(np.quantile(outputs[seen], 1 - at / 100)) for at in PERCENT}
            thresholds[name] = {at: math.floor(limit * 1000) / 1000 for at, limit in limits.items()}
            wrong[name] = {at: _wrong(hit[seen & base], outputs[seen & base] >= limit) for at, limit in limits.items()}
        else:
            flags = np.concatenate([flags_of(world, name) for world in worlds])
            wrong[name] = {0: _wrong(hit, flags & base)}
            print(f"# {name} flags {flags.sum() / seen.sum():.3f} of the answered forms")
    print(f"LOGISTIC = {logistic}\nTHRESHOLDS = {thresholds}\nWRONG = {wrong}")


def _wrong(hit: np.ndarray, flags: np.ndarray) -> float:
    return round(float(1.0 - hit[flags].mean()), 2)


if __name__ == "__main__":
    main()
