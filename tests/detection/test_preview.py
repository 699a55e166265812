"""What another alert budget would mean, said before it is chosen, from public figures alone."""

import inspect
from itertools import pairwise

import pytest

from feedback import instruments
from feedback.detection import preview
from feedback.detection.preview import preview_budgets
from feedback.domain.errors import Refused


def test_it_is_the_budget_times_what_was_published():
    assert [(round(one.budget * 100), one.flags) for one in preview_budgets(400)] == [
        (percent, 4 * percent) for percent in range(5, 13)
    ]


def test_a_larger_budget_finds_no_less_and_is_wrong_no_less_often():
    for smaller, larger in pairwise(preview_budgets(100)):
        assert larger.caught >= smaller.caught
        assert larger.wrong >= smaller.wrong
    assert 0.0 < smaller.caught < 1.0


def test_an_instrument_of_its_own_has_its_own_figures():
    assert preview_budgets(100, instruments.load("rapport-session")) == preview_budgets(100)


def test_a_number_below_nought_is_refused():
    with pytest.raises(Refused, match="below nought"):
        preview_budgets(-1)


def test_it_has_no_way_to_look_at_answers():
    assert "persistence" not in inspect.getsource(preview)
