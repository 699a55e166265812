"""By clients no figure is rougher in proportion than it was by answers, at any size, but for what is left over."""

from fractions import Fraction

import pytest

from feedback.domain.figures.noise import reach95
from feedback.domain.figures.rule import USUAL
from tests.support.error_bars import SIZES, at, count_bar, gaussian_factor, item_bar, made, mean_bars, score_bar

LEFT_OVER = {"team and quarter, without one", "felt off: no"}


@pytest.mark.parametrize("size", SIZES)
def test_no_figure_is_rougher_in_proportion_than_by_answers(size):
    truth = made(size)
    rougher = {
        name
        for name, answers in truth.answers.items()
        if name != "all" and count_bar(USUAL, name) / truth.clients[name] > 1.005 * (reach95(Fraction(4)) + 2) / answers
    }
    assert rougher == LEFT_OVER
    answers, clients = truth.answers["all"], truth.clients["all"]
    assert score_bar(USUAL, clients) <= mean_bars(reach95(Fraction(200)), reach95(Fraction(4)), answers)
    assert item_bar(USUAL, clients) <= mean_bars(reach95(Fraction(800)), reach95(Fraction(16)), answers)


def test_epsilon_is_ten_at_most_and_gaussian_noise_would_be_wider_at_the_same_epsilon():
    assert USUAL.epsilon_client_quarter <= 10
    assert at(float(USUAL.epsilon_client_quarter)).spent == USUAL.spent
    assert gaussian_factor(USUAL) > 1
