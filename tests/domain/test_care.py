"""Case codes, and reading what a hand wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.domain.care import CROCKFORD, check_sign, draw_case_code, fold, read_case_code
from tests.support.chance import SeededChance

codes = st.text(alphabet=CROCKFORD, min_size=5, max_size=5).map(lambda body: f"{body}-{check_sign(body)}")


def test_a_case_code_is_five_characters_and_a_check_character():
    code = draw_case_code(SeededChance(7))
    assert len(code) == 7
    assert code[5] == "-"
    assert read_case_code(code) == code


def test_hand_written_letters_are_read_as_the_digits_they_look_like():
    assert fold(" o-il x") == "011X"
    assert fold("7k4m–9qtx") == "7K4M9QTX"


@given(codes, st.integers(0, 4), st.sampled_from(CROCKFORD))
def test_one_wrong_character_is_found_unless_the_two_stand_31_apart(code, place, other):
    wrong = code[:place] + other + code[place + 1 :]
    apart = abs(CROCKFORD.index(code[place]) - CROCKFORD.index(other))
    assert (read_case_code(wrong) is None) == (apart not in {0, 31})


@given(codes, st.integers(0, 3))
def test_two_swapped_neighbours_are_found_unless_they_stand_31_apart(code, place):
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    apart = abs(CROCKFORD.index(code[place]) - CROCKFORD.index(code[place + 1]))
    assert (read_case_code(swapped) is None) == (apart not in {0, 31})


@pytest.mark.parametrize("typed", ["", "K7Q2X", "K7Q2X-", "K7Q2X-MM", "?????-?", "K7Q2X" * 3])
def test_what_is_too_short_or_too_long_is_no_case_code(typed):
    assert read_case_code(typed) is None


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_and_keeps_to_the_alphabet(typed):
    once = fold(typed)
    assert fold(once) == once
    assert set(once) <= set(CROCKFORD)


def test_drawn_codes_use_the_whole_alphabet():
    drawn = "".join(draw_case_code(SeededChance(seed))[:5] for seed in range(400))
    assert set(drawn) == set(CROCKFORD)
