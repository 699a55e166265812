"""Passwords."""

import pytest

from feedback.domain.errors import PasswordTooWeak
from feedback.security.credentials import Passwords

GOOD = "four calm words here"


@pytest.fixture(scope="module")
def passwords():
    return Passwords.insecure_for_tests()


def test_a_password_matches_its_own_hash_only(passwords):
    stored = passwords.hash(GOOD)
    assert passwords.matches(stored, GOOD)
    assert not passwords.matches(stored, GOOD + " ")
    assert GOOD not in stored


@pytest.mark.parametrize("weak", ["", "short", "fourteen chars", "aaaaaaaaaaaaaaaaaaaa", "abababababababababab"])
def test_short_or_repeating_passwords_are_refused(passwords, weak):
    with pytest.raises(PasswordTooWeak):
        passwords.hash(weak)


def test_an_account_without_a_password_matches_nothing_not_even_the_decoy(passwords):
    assert not passwords.matches(None, "nobody has this password")
    assert not passwords.matches("damaged", GOOD)


def test_production_uses_argon2id_at_64_mib_and_3_passes():
    stored = Passwords().hash(GOOD)
    assert stored.startswith("$argon2id$")
    assert "m=65536,t=3,p=1" in stored
