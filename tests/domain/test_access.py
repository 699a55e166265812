"""Until when a code works, and how it is written."""

from datetime import date

import pytest

from feedback.domain.access import (
    AccessCode,
    AccessCodeKind,
    draw_token,
    draw_typed,
    last_day,
    show_typed,
    typed_shortfall,
)
from feedback.domain.errors import AccessCodeExpired, AccessCodeRevoked
from tests.support.chance import SeededChance


def code(**changes):
    plain = {
        "id": "1",
        "kind": AccessCodeKind.FOR_SESSION,
        "case_code": "K7Q2X-M",
        "seat": "A",
        "session_number": 1,
        "issued_on": date(2026, 3, 2),
        "expires_on": date(2026, 3, 4),
    }
    return AccessCode(**(plain | changes))


def test_a_session_code_works_to_the_end_of_its_third_local_day():
    assert last_day(date(2026, 3, 2), 3) == date(2026, 3, 4)
    code().check_usable(date(2026, 3, 4))
    with pytest.raises(AccessCodeExpired):
        code().check_usable(date(2026, 3, 5))


def test_a_card_has_no_last_day():
    code(kind=AccessCodeKind.CASE_CARD, session_number=None, expires_on=None).check_usable(date(2036, 1, 1))


def test_a_revoked_code_says_so_even_after_its_last_day():
    with pytest.raises(AccessCodeRevoked):
        code(revoked_on=date(2026, 3, 3)).check_usable(date(2026, 6, 1))


def test_a_clock_set_back_does_not_close_a_code():
    code().check_usable(date(2026, 2, 28))


def test_token_and_typed_code_have_130_and_40_bits():
    assert len(draw_token(SeededChance(1))) * 5 == 130
    assert len(draw_typed(SeededChance(1))) * 5 == 40


def test_a_typed_code_is_written_in_two_groups_and_its_gaps_are_counted():
    assert show_typed("7K4M92TX") == "7K4M-92TX"
    assert typed_shortfall("7k4m 92t") == 1
    assert typed_shortfall("7k4m-92tx-0") == -1
    assert typed_shortfall("7K4M-92TX") == 0
