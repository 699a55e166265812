"""How good the methods are where the truth is known: worlds, scores, tables and plots. `feedback evaluate` prints them.

for world in simulated(instrument, seed=1, names=("base",)):
    outcome = run(world, method)
    print(score(outcome, world.truth))
"""

from feedback.detection.evaluation.evaluated import BEGIN, END, Evaluated, in_document
from feedback.detection.evaluation.run import Outcome, run
from feedback.detection.evaluation.scoring import BUDGETS, Scores, Tenth, mean_of, score, tenths
from feedback.detection.evaluation.worlds import CASES, JudgedWorld, KnownTruth, from_folder, simulated

__all__ = [
    "BEGIN",
    "BUDGETS",
    "CASES",
    "END",
    "Evaluated",
    "JudgedWorld",
    "KnownTruth",
    "Outcome",
    "Scores",
    "Tenth",
    "from_folder",
    "in_document",
    "mean_of",
    "run",
    "score",
    "simulated",
    "tenths",
]
