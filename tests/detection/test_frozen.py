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
    "pooled": [0.0280, 0.0097, 0.2186, 0.1471, 0.0944],
    "control_chart": [0.0574, 0.0574, 0.0574, 0.0965, 0.0462],
    "drop": [0.0565, 0.0225, 0.2013, 0.0998, 0.0150],
    "cutoff": [0.0576, 0.0357, 0.0728, 0.0977, 0.0503],
    "direct": [0.0306, 0.0306, 0.1038, 0.0500, 0.1915],
}


@pytest.mark.parametrize("name", list(FROZEN))
def test_version_1_gives_the_numbers_it_was_released_with(name):
    method = build(name, an_instrument())
    assert method.version == "1"
    told = [finding.probability for finding in findings(method, SERIES, PRIOR)]
    assert told == pytest.approx(FROZEN[name], abs=2e-4)
