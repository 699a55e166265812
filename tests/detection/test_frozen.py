"""The methods' numbers are frozen: the same forms give the same probabilities in every release of a version.

A change here is a new `version` of the method, and kept states of the old one are rebuilt.
"""

import pytest

from feedback.detection import build
from feedback.domain.trajectory import Prior, ScoredForm
from tests.detection.made import an_instrument, findings

SERIES = [
    ScoredForm(1, {"q0": 9, "q1": 8, "q2": 9, "q3": 10, "q4": 9, "q5": 8}, direct=0),
    ScoredForm(2, {"q0": 10, "q1": 10, "q2": 10, "q3": 10, "q4": 10, "q5": 10}, direct=0),
    ScoredForm(4, {"q0": 7, "q1": 9, "q2": 8, "q3": 9}, direct=1),
    ScoredForm(5, {"q0": 6, "q1": 8, "q2": 9, "q3": 9, "q4": 5, "q5": 8}),
    ScoredForm(9, {"q0": 10, "q1": 7.5, "q2": 10, "q3": 10, "q4": 7.5, "q5": 10}, direct=2, steps=5),
]
PRIOR = Prior(clinic_forms=40, clinic_mean=8.4, therapist_forms=10, therapist_mean=8.8)
FROZEN = {
    "switching": [0.0282, 0.0076, 0.3788, 0.9942, 0.2294],
    "pooled": [0.0310, 0.0115, 0.2114, 0.1457, 0.0962],
    "control_chart": [0.0594, 0.0594, 0.0594, 0.0929, 0.0493],
    "ewma": [0.0604, 0.0604, 0.0604, 0.0879, 0.0643],
    "cusum": [0.0546, 0.0546, 0.0546, 0.0688, 0.0546],
    "drop": [0.0590, 0.0276, 0.1703, 0.0944, 0.0198],
    "cutoff": [0.0602, 0.0411, 0.0727, 0.0923, 0.0540],
    "direct": [0.0306, 0.0306, 0.1038, 0.0500, 0.1915],
}


@pytest.mark.parametrize("name", list(FROZEN))
def test_version_1_gives_the_numbers_it_was_released_with(name):
    method = build(name, an_instrument())
    assert method.version == "1"
    told = [finding.probability for finding in findings(method, SERIES, PRIOR)]
    assert told == pytest.approx(FROZEN[name], abs=2e-4)
