"""The seal of unseen answers: the web process cannot open what it sealed, and lengths tell nothing."""

import pytest
from nacl.public import PrivateKey, SealedBox

from feedback.domain.errors import KeysWrong
from feedback.security.sealed_box import (
    SUBMISSION_BYTES,
    destroy_submission_keys,
    make_submission_key,
    open_sealed,
    read_submission_key,
    seal_to,
    sealed_length,
)
from feedback.security.sealing import unpad


def test_only_the_private_file_opens_the_seal(tmp_path):
    public = make_submission_key(tmp_path, "2026-03-02")
    sealed = seal_to(public, {"off": 2})
    path = tmp_path / "pool" / "2026-03-02.key"
    private = PrivateKey(bytes.fromhex(path.read_text()))
    assert unpad(SealedBox(private).decrypt(sealed)) == b'{"off":2}'
    assert path.stat().st_mode & 0o777 == 0o400
    assert open_sealed(read_submission_key(tmp_path, "2026-03-02"), sealed) == {"off": 2}
    with pytest.raises(KeysWrong):
        open_sealed(PrivateKey.generate(), sealed)


def test_what_was_sealed_twice_is_opened_twice(tmp_path):
    public = make_submission_key(tmp_path, "k")
    twice = seal_to(public, {"sealed": seal_to(public, {"off": 2}, length=512).hex()})
    assert open_sealed(read_submission_key(tmp_path, "k"), twice) == {"off": 2}


def test_full_and_empty_answers_have_the_same_length_and_never_the_same_bytes(tmp_path):
    public = make_submission_key(tmp_path, "k")
    empty, full = seal_to(public, {}), seal_to(public, {"ratings": "x" * (SUBMISSION_BYTES - 15)})
    assert len(empty) == len(full) == sealed_length()
    assert seal_to(public, {}) != empty


def test_what_does_not_fit_is_refused_instead_of_growing(tmp_path):
    public = make_submission_key(tmp_path, "k")
    with pytest.raises(ValueError, match="do not fit"):
        seal_to(public, {"ratings": "x" * SUBMISSION_BYTES})


def test_keys_that_are_no_longer_used_are_destroyed_and_no_others(tmp_path):
    for key_id in "abc":
        make_submission_key(tmp_path, key_id)
    destroy_submission_keys(tmp_path, but={"b", "z"})
    assert [path.stem for path in (tmp_path / "pool").iterdir()] == ["b"]
