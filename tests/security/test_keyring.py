"""The keys: refused when they are not in order, and never written to be read by others."""

import shutil
import stat

import pytest

from feedback.domain.errors import KeysWrong
from feedback.security.key_files import MARKS
from feedback.security.key_uses import PURPOSES, REPLACEABLE, USES
from feedback.security.keyring import Keyring


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
def test_a_missing_key_is_named_with_its_remedy(folder, purpose, measured):
    (folder / f"{purpose}.key").unlink()
    with pytest.raises(KeysWrong, match=rf"{purpose}\.key is missing\. Put the key back"):
        Keyring.load(folder)
    measured("R16", f"the key `{purpose}` gone: refused, with its name and the remedy")


@pytest.mark.fault("R16")
@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("content", ["", "not hex", "00" * 32, "ab" * 31, "ab" * 32, "é" * 64])
def test_a_damaged_or_example_key_is_refused(folder, purpose, content):
    path = folder / f"{purpose}.key"
    path.chmod(0o600)
    path.write_text(content)
    with pytest.raises(KeysWrong, match=rf"{purpose}\.key is damaged or an example\. Put the key back"):
        Keyring.load(folder)


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("mode", [0o440, 0o404, 0o420, 0o644])
def test_a_key_that_others_can_read_is_refused(folder, purpose, mode):
    (folder / f"{purpose}.key").chmod(mode)
    with pytest.raises(KeysWrong, match=rf"{purpose}\.key can be read by others\. Run `chmod 400 "):
        Keyring.load(folder)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_the_key_of_another_installation_is_refused(folder, tmp_path, purpose):
    Keyring.create(tmp_path / "others")
    shutil.copy(tmp_path / f"others/{purpose}.key", folder / f"{purpose}.key")
    with pytest.raises(KeysWrong, match=rf"{purpose}\.key is not the one this installation was made with\. Put that"):
        Keyring.load(folder)


@pytest.mark.parametrize("fault", ["damaged", "open"])
def test_an_earlier_data_key_is_looked_at_like_the_others(folder, fault):
    Keyring.load(folder).ring.turn_over()
    (earlier,) = folder.glob("data.*.key")
    if fault == "open":
        earlier.chmod(0o444)
    else:
        earlier.unlink()
        earlier.write_text("00" * 32)
        earlier.chmod(0o400)
    with pytest.raises(KeysWrong, match=earlier.name):
        Keyring.load(folder)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_lost_key_is_not_quietly_drawn_anew(folder, purpose):
    (folder / f"{purpose}.key").unlink()
    with pytest.raises(KeysWrong, match=rf"{purpose}\.key is missing\. Put the key back from your copy\.") as refused:
        Keyring.create(folder)
    assert not (folder / f"{purpose}.key").exists()
    assert (f"keys init --lost {purpose}" in str(refused.value)) is (purpose in REPLACEABLE)


@pytest.mark.parametrize("purpose", REPLACEABLE)
def test_a_key_given_up_is_drawn_anew_and_the_old_one_is_a_strangers_from_then_on(folder, purpose):
    path = folder / f"{purpose}.key"
    old = path.read_text()
    path.unlink()
    fresh = Keyring.create(folder, lost=(purpose,))
    assert fresh.keys == Keyring.load(folder).keys
    path.unlink()
    path.write_text(old)
    path.chmod(0o400)
    with pytest.raises(KeysWrong, match="not the one this installation was made with"):
        Keyring.load(folder)


def test_keys_older_than_the_marks_pass_and_get_theirs(folder):
    (folder / MARKS).unlink()
    before = Keyring.load(folder).keys
    assert Keyring.create(folder).keys == before
    assert len((folder / MARKS).read_text().splitlines()) == len(PURPOSES)


def test_after_a_turn_both_data_keys_are_this_installations(folder):
    Keyring.load(folder).ring.turn_over()
    (earlier,) = folder.glob("data.*.key")
    assert Keyring.load(folder)
    shutil.copy(earlier, folder / "data.key")
    assert Keyring.load(folder)


def test_marks_tell_nothing_of_a_key(folder):
    marks = [line.split()[1] for line in (folder / MARKS).read_text().splitlines()]
    assert {len(mark) for mark in marks} == {8}, "of 256 bits 32 are told, through a hash"
    for key in Keyring.load(folder).keys.values():
        assert not any(mark in key.hex() for mark in marks)


def test_every_key_says_what_it_is_for_and_what_its_loss_means():
    assert all(all((use.protects, use.algorithm, use.used_by, use.lost)) for use in USES.values())
    assert set(REPLACEABLE) == set(PURPOSES) - {"codes", "data", "audit"}


def test_keys_do_not_appear_when_a_keyring_is_printed(folder):
    keyring = Keyring.load(folder)
    assert not any(key.hex() in repr(keyring) or repr(key) in repr(keyring) for key in keyring.keys.values())


def test_parts_of_a_hash_do_not_run_into_one_another(folder):
    keyring = Keyring.load(folder)
    assert keyring.hash("codes", "ab", "c") != keyring.hash("codes", "a", "bc")
    assert keyring.hash("codes", "a") != keyring.hash("nonces", "a")
