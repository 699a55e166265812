"""Device cookies: a browser is known to the accounts that signed in there, and to nobody else."""

import pytest

from feedback.security.known_device import MOST_MARKS, device_of, mark_device

HERS, HIS = "dana@example.org", "noor@example.org"


@pytest.fixture
def parts(world):
    return world.installation.keyring, world.installation.chance


def test_a_browser_is_known_to_the_account_that_signed_in_there(parts):
    cookie = mark_device(*parts, "", HERS)
    assert device_of(parts[0], cookie, HERS)
    assert device_of(parts[0], cookie, HIS) is None


def test_two_people_at_one_desk_are_both_known_and_apart(parts):
    cookie = mark_device(*parts, mark_device(*parts, "", HERS), HIS)
    assert None is not device_of(parts[0], cookie, HERS) != device_of(parts[0], cookie, HIS) is not None


def test_a_cookie_does_not_grow(parts):
    cookie = ""
    for number in range(50):
        cookie = mark_device(*parts, cookie, f"{number}@example.org")
        cookie = mark_device(*parts, cookie, HERS)
    assert cookie.count(".") == MOST_MARKS - 1
    assert device_of(parts[0], cookie, HERS)


def test_it_says_nothing_about_anybody(parts):
    cookie = mark_device(*parts, "", HERS)
    assert "dana" not in cookie
    assert cookie != mark_device(*parts, "", HERS)


@pytest.mark.parametrize("made_up", ["", ".", "x" * 58, "." * 10_000, "ä" * 58, "0" * 58 + ".", "A" * 26 + "f" * 32])
def test_nobody_makes_one_up(parts, made_up):
    assert device_of(parts[0], made_up, HERS) is None
    assert device_of(parts[0], mark_device(*parts, made_up, HERS), HERS)
