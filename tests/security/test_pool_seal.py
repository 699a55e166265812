"""The pool's seal: the web process cannot open what it sealed, and lengths tell nothing."""

from nacl.public import PrivateKey, SealedBox

from feedback.security.pool_seal import make_pool_key, seal_for_pool
from feedback.security.sealing import unpad


def test_only_the_private_file_opens_the_seal(tmp_path):
    public = make_pool_key(tmp_path, "2026-03-02")
    sealed = seal_for_pool(public, {"off": 2})
    path = tmp_path / "pool" / "2026-03-02.key"
    private = PrivateKey(bytes.fromhex(path.read_text()))
    assert unpad(SealedBox(private).decrypt(sealed)) == b'{"off":2}'
    assert path.stat().st_mode & 0o777 == 0o400


def test_full_and_empty_answers_have_the_same_length_and_never_the_same_bytes(tmp_path):
    public = make_pool_key(tmp_path, "k")
    empty, full = seal_for_pool(public, {}), seal_for_pool(public, {"ratings": {"heard": 10.0}, "off": 3})
    assert len(empty) == len(full)
    assert seal_for_pool(public, {}) != empty
