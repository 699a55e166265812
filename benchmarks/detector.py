"""The detector's speed: one new form with the state kept, and a table of 27,000 forms; beside one NumPy pass.

`python -m benchmarks.detector`. Limits: 3 ms for a form, 30 s and 500 MB for the table of 4,800 cases.
"""

import resource
import statistics
import sys
import time

import numpy as np

from feedback import detection, instruments
from feedback.detection.evaluation.run import run
from feedback.detection.evaluation.worlds import JudgedWorld, draw
from feedback.detection.method import DetectionMethod
from feedback.detection.simulation import WORLDS

FORM_LIMIT_MS = 3.0
TABLE_LIMIT_S = 30.0
TABLE_LIMIT_MB = 500.0
CASES_PER_THERAPIST = 75


def one_form(world: JudgedWorld, method: DetectionMethod, rounds: int = 600) -> float:
    """Return the median time of one new form with the state kept, milliseconds."""
    states: dict[tuple[str, str, str], bytes] = {}
    times = []
    for row in [row for row in world.answers.rows if row.form is not None][:rounds]:
        assert row.form is not None
        kept = states.get(row.case)
        begun = time.process_time()
        states[row.case], _ = method.observe(kept, row.form)
        times.append(time.process_time() - begun)
    return statistics.median(times) * 1000


def numpy_pass(rounds: int = 400) -> float:
    """Return the median time of the least a grid filter must do in NumPy: gather, sum, exponentiate, two products."""
    rng = np.random.default_rng(1)
    table_of, places = rng.random((6, 93)), rng.integers(0, 93, (17, 6, 74))
    wobble, walk, mass = rng.random((74, 56)), rng.random((56, 56)), rng.random((17, 56))
    times = []
    for _ in range(rounds):
        begun = time.process_time()
        fit = table_of[np.arange(6)[None, :, None], places].sum(axis=1)
        left = (mass @ walk) * (np.exp(fit - fit.max()) @ wobble)
        left /= left.sum()
        times.append(time.process_time() - begun)
    return statistics.median(times) * 1000


def main() -> None:
    """Print the speeds; exit with 1 when a limit is passed."""
    instrument = instruments.load("rapport-session")
    made = {name: detection.build(name, instrument) for name in detection.names()}
    world = draw(instrument, WORLDS["base"], seed=1, cases=CASES_PER_THERAPIST)
    floor = numpy_pass()
    print(f"one new form, median ms of processor time; one vectorised NumPy pass of the same size takes {floor:.3f}")
    slowest = 0.0
    for name, method in made.items():
        took = one_form(world, method)
        slowest = max(slowest, took)
        print(f"  {name:14} {took:.3f}  = {took / floor:.1f} passes")
    begun = time.process_time()
    outcome = run(world, made[detection.DEFAULT], instrument)
    took = time.process_time() - begun
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    forms, cases = int(outcome.answered.sum()), int(outcome.case.max()) + 1
    passes = took * 1000 / forms / floor
    print(f"a table of {forms} forms of {cases} cases: {took:.1f} s on one core, {megabytes:.0f} MB")
    print(f"  {passes:.1f} passes a form, reading, reasons and state included")
    if slowest > FORM_LIMIT_MS or took > TABLE_LIMIT_S or megabytes > TABLE_LIMIT_MB:
        sys.exit(f"A limit is passed: {FORM_LIMIT_MS} ms, {TABLE_LIMIT_S} s, {TABLE_LIMIT_MB} MB.")


if __name__ == "__main__":
    main()
