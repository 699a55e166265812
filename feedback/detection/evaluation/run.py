"""Running a method over a whole world."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback.detection.evaluation.worlds import JudgedWorld
from feedback.detection.method import DetectionMethod
from feedback.detection.table.rows import judge

Numbers = NDArray[np.float64]
Counts = NDArray[np.int_]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a method said of every therapy session: a probability (NaN where no form came back), and its own flag.

    `forms` counts a case's answered forms up to each row, `case` tells rows of the same case.
    """

    probability: Numbers
    flag: NDArray[np.bool_]
    forms: Counts
    case: Counts

    @property
    def answered(self) -> NDArray[np.bool_]:
        """Mark the therapy sessions after which a form came back."""
        return np.asarray(~np.isnan(self.probability))


def run(world: JudgedWorld, method: DetectionMethod) -> Outcome:
    """Judge every answered form of a world from the rows before it."""
    rows = world.answers.rows
    place = {row.number: at for at, row in enumerate(rows)}
    numbers = {key: at for at, key in enumerate(dict.fromkeys(row.case for row in rows))}
    probability, flag = np.full(len(rows), np.nan), np.zeros(len(rows), dtype=bool)
    forms = np.zeros(len(rows), dtype=np.int_)
    for row, _, finding in judge(world.answers, method):
        at = place[row.number]
        probability[at], flag[at], forms[at] = finding.probability, finding.flag, finding.forms
    return Outcome(probability, flag, forms, np.array([numbers[row.case] for row in rows]))
