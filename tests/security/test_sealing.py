"""Sealed words open at their own place, under their own key, and tell little by their length."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback.domain.errors import KeysWrong
from feedback.security.keyring import Keyring
from feedback.security.sealing import pad, seal, unpad, unseal

PLACE = ("responses", "comment", "clinic", "K7Q2X-M", "3", "A")


@pytest.fixture(scope="module")
def keyring(tmp_path_factory):
    return Keyring.create(tmp_path_factory.mktemp("keys"))


@given(text=st.text(max_size=600))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_sealed_is_what_is_read(keyring, text):
    assert unseal(keyring, seal(keyring, text, *PLACE), *PLACE) == text


@pytest.mark.parametrize("place", range(len(PLACE)))
def test_a_sealed_text_cannot_be_moved(keyring, place):
    sealed = seal(keyring, "I felt rushed.", *PLACE)
    elsewhere = [*PLACE]
    elsewhere[place] += "x"
    with pytest.raises(KeysWrong):
        unseal(keyring, sealed, *elsewhere)


def test_another_key_opens_nothing(keyring, tmp_path):
    with pytest.raises(KeysWrong):
        unseal(Keyring.create(tmp_path / "others"), seal(keyring, "x", *PLACE), *PLACE)


def test_a_changed_byte_anywhere_is_noticed(keyring):
    sealed = seal(keyring, "I felt rushed.", *PLACE)
    for place in range(0, len(sealed), 7):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(KeysWrong):
            unseal(keyring, bytes(changed), *PLACE)


def test_short_and_long_comments_have_one_of_few_lengths(keyring):
    lengths = {len(seal(keyring, "x" * size, *PLACE)) for size in range(0, 1000, 9)}
    assert len(lengths) == 3


def test_the_same_words_never_look_the_same(keyring):
    assert seal(keyring, "x", *PLACE) != seal(keyring, "x", *PLACE)


@given(st.binary(max_size=3000))
def test_padding_comes_off_whole(content):
    assert unpad(pad(content)) == content
    assert len(pad(content)) in {256, 512, 1024, 2048, 3072}
