"""What a case begins with: a mean of many, never so exact that one answer could be read in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.detection.case.memory import pooled_mean
from feedback.domain.trajectory import FEWEST_IN_PRIOR, Prior

SCORES = st.lists(st.floats(0, 10), min_size=FEWEST_IN_PRIOR, max_size=60)


def exact(scores):
    return Prior(len(scores), sum(scores) / len(scores), len(scores), sum(scores) / len(scores))


def kept(scores):
    return Prior.of_sums((len(scores), sum(scores)), (len(scores), sum(scores)))


@given(st.lists(st.floats(0, 10), max_size=FEWEST_IN_PRIOR - 1))
def test_fewer_than_ten_forms_say_nothing(scores):
    assert kept(scores) == Prior()


@given(SCORES)
def test_rounding_moves_the_level_a_case_starts_from_by_a_seventh_of_a_point_at_most(scores):
    assert abs(pooled_mean(kept(scores)) - pooled_mean(exact(scores))) <= 0.15
    assert 0 <= kept(scores).clinic_mean <= 10


@given(SCORES, st.floats(0, 10), st.floats(0, 10))
def test_two_priors_one_form_apart_fit_every_score_that_form_could_have_had(scores, one, other):
    """Who does not know the other answers cannot tell from the difference what the one was."""
    before, after = kept(scores), kept([*scores, one])
    step = after.clinic_forms * after.clinic_mean - before.clinic_forms * before.clinic_mean
    assert -10 - 1e-6 <= step - other <= 10 + 1e-6


def test_the_clinics_and_the_therapists_forms_count_each_for_itself():
    assert Prior.of_sums((40, 320.0), (9, 40.0)) == Prior(40, 8.0, 0, 0.0)
    assert Prior.of_sums((40, 324.9), (20, 155.1)) == Prior(40, 8.0, 20, pytest.approx(8.0))
