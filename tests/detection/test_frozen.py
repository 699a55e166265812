"""The methods' numbers are frozen: the same forms give the same probabilities in every release of a version.

A change here is a new `version` of the method, and kept states of the old one are rebuilt.
"""

import pytest

from feedback.detection import build
from feedback.domain.trajectory import ScoredForm
from tests.detection.made import an_instrument, findings

SERIES = [
    ScoredForm(1, {"q0": 9, "q1": 8, "q2": 9, "q3": 10, "q4": 9, "q5": 8}, direct=0),
    ScoredForm(2, {"q0": 10, "q1": 10, "q2": 10, "q3": 10, "q4": 10, "q5": 10}, direct=0),
    ScoredForm(4, {"q0": 7, "q1": 9, "q2": 8, "q3": 9}, direct=1),
    ScoredForm(5, {"q0": 6, "q1": 8, "q2": 9, "q3": 9, "q4": 5, "q5": 8}),
    ScoredForm(9, {"q0": 10, "q1": 7.5, "q2": 10, "q3": 10, "q4": 7.5, "q5": 10}, direct=2, steps=5),
]
FROZEN = {
    "switching": [0.0659, 0.0276, 0.4328, 0.9907, 0.3540],
    "pooled": [0.0828, 0.0397, 0.2917, 0.2274, 0.1718],
    "control_chart": [0.1192, 0.1192, 0.1192, 0.1604, 0.1052],
    "ewma": [0.1184, 0.1184, 0.1184, 0.1616, 0.1248],
    "cusum": [0.1068, 0.1068, 0.1068, 0.1326, 0.1068],
    "drop": [0.1219, 0.0991, 0.1643, 0.1387, 0.0906],
    "cutoff": [0.1155, 0.0875, 0.1322, 0.1568, 0.1068],
    "direct": [0.0825, 0.0825, 0.2280, 0.1306, 0.3933],
}


VERSIONS = {"switching": "4"}


@pytest.mark.parametrize("name", list(FROZEN))
def test_a_version_gives_the_numbers_it_was_released_with(name):
    method = build(name, an_instrument())
    assert method.version == VERSIONS.get(name, "3")
    told = [finding.probability for finding in findings(method, SERIES)]
    assert told == pytest.approx(FROZEN[name], abs=2e-4)
