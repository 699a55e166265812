"""From answers to a score."""

from hypothesis import given
from hypothesis import strategies as st

from feedback.domain.instrument import Item, ItemKind, ScoreRule
from feedback.domain.scoring import in_range, score

SIX = tuple("abcdef")
rule = ScoreRule(id="total", items=SIX, method="mean", low=0, high=100, min_answered=4)
reversed_rule = ScoreRule(id="total", items=SIX, method="sum", low=0, high=60, min_answered=4, reverse=frozenset({"f"}))
ratings = st.dictionaries(st.sampled_from(SIX), st.floats(0, 10), max_size=6)


def test_the_score_is_the_mean_of_what_was_answered():
    assert score(rule, dict.fromkeys(SIX, 8.0) | {"a": 2.0}) == 7.0
    assert score(rule, {"a": 9.0, "b": 8.0, "c": 7.0, "d": 6.0}) == 7.5


def test_with_three_of_six_answered_there_is_no_score():
    assert score(rule, {"a": 9.0, "b": 8.0, "c": 7.0}) is None
    assert score(rule, {}) is None


def test_a_reversed_item_counts_from_the_other_end():
    assert score(reversed_rule, dict.fromkeys(SIX, 10.0) | {"f": 0.0}) == 10.0


def test_zero_is_an_answer():
    assert score(rule, dict.fromkeys(SIX, 0.0)) == 0.0


def test_a_score_is_shown_on_0_to_10_and_published_in_its_own_range():
    assert in_range(rule, 7.5) == 75.0
    assert in_range(reversed_rule, 10.0) == 60.0


@given(ratings)
def test_a_score_lies_between_its_lowest_and_highest_answer(given_ratings):
    result = score(rule, given_ratings)
    if len(given_ratings) < 4:
        assert result is None
    else:
        assert min(given_ratings.values()) - 1e-9 <= result <= max(given_ratings.values()) + 1e-9


@given(ratings)
def test_turning_every_answer_round_turns_the_score_round(given_ratings):
    turned = ScoreRule(id="total", items=SIX, method="mean", low=0, high=100, min_answered=4, reverse=frozenset(SIX))
    result, mirrored = score(rule, given_ratings), score(turned, given_ratings)
    assert (result is None) == (mirrored is None)
    if result is not None:
        assert abs(result + mirrored - 10) < 1e-9


def test_any_number_of_points_runs_from_0_to_10_in_equal_steps():
    for points in (5, 7, 11, 101):
        values = Item(id="a", kind=ItemKind.SCALE, text="?", points=points).values
        assert len(values) == points
        assert (values[0], values[-1]) == (0.0, 10.0)
