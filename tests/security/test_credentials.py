"""Passwords."""

import pytest

from feedback.domain.errors import PasswordTooWeak
from feedback.security import credentials
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


def test_accounts_that_share_a_salt_are_checked_in_one_computation(passwords, monkeypatch):
    computed = []
    real = credentials.hash_secret
    monkeypatch.setattr(credentials, "hash_secret", lambda *given: computed.append(1) or real(*given))
    shared = [passwords.hash(text, salt=b"s" * 16) for text in (GOOD, "another calm row of words", GOOD)]
    assert passwords.which_match(shared, GOOD) == (True, False, True)
    assert len(computed) == 1
    assert passwords.which_match([*shared, passwords.hash(GOOD)], GOOD) == (True, False, True, True)
    assert len(computed) == 3
    assert passwords.which_match([], GOOD) == ()
    assert len(computed) == 4, "nobody there costs the same"


def test_two_keyboards_that_compose_a_letter_differently_type_the_same_password(passwords):
    assert passwords.matches(passwords.hash("vier ruhige W\u00f6rter hier"), "vier ruhige Wo\u0308rter hier")


def test_words_about_the_person_and_the_clinic_count_for_nothing(passwords):
    about = ("mirabella@harbourlane.example", "Mirabella", "Harbour Lane Therapy")
    assert passwords.hash("mirabella harbourlane")
    with pytest.raises(PasswordTooWeak):
        passwords.hash("mirabella harbourlane", about=about)
