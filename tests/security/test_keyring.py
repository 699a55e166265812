"""The keys: refused when they are not in order, and never written to be read by others."""

import stat

import pytest

from feedback.domain.errors import KeysWrong
from feedback.security.keyring import PURPOSES, Keyring


@pytest.fixture
def folder(tmp_path):
    Keyring.create(tmp_path / "keys")
    return tmp_path / "keys"


def test_every_purpose_has_a_key_of_its_own(folder):
    keys = Keyring.load(folder).keys
    assert set(keys) == set(PURPOSES)
    assert len(set(keys.values())) == len(PURPOSES)


def test_only_the_owner_may_read_keys_and_folder(folder):
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o400}


def test_creating_again_keeps_every_key(folder):
    before = Keyring.load(folder).keys
    assert Keyring.create(folder).keys == before


@pytest.mark.fault("R16")
@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_missing_key_is_named_with_its_remedy(folder, purpose):
    (folder / f"{purpose}.key").unlink()
    with pytest.raises(KeysWrong, match=rf"{purpose}\.key is missing\. Put the key back"):
        Keyring.load(folder)


@pytest.mark.fault("R16")
@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("content", ["", "not hex", "00" * 32, "ab" * 31, "ab" * 32])
def test_a_damaged_or_example_key_is_refused(folder, purpose, content):
    path = folder / f"{purpose}.key"
    path.chmod(0o600)
    path.write_text(content)
    with pytest.raises(KeysWrong, match=r"damaged or an example"):
        Keyring.load(folder)


def test_a_key_that_others_can_read_is_refused(folder):
    (folder / "data.key").chmod(0o440)
    with pytest.raises(KeysWrong, match=r"chmod 400"):
        Keyring.load(folder)


def test_keys_do_not_appear_when_a_keyring_is_printed(folder):
    keyring = Keyring.load(folder)
    assert not any(key.hex() in repr(keyring) or repr(key) in repr(keyring) for key in keyring.keys.values())


def test_parts_of_a_hash_do_not_run_into_one_another(folder):
    keyring = Keyring.load(folder)
    assert keyring.hash("codes", "ab", "c") != keyring.hash("codes", "a", "bc")
    assert keyring.hash("codes", "a") != keyring.hash("nonces", "a")
