"""Typed words are kept the same for everybody who reads them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.domain.plain_text import plain_text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("e\u0301", "é"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\tb", "a b"),
        ("\x00a\x1b[31mb\x7f", "a[31mb"),
        ("x\u202ey\u2066z\u2069", "xyz"),
        ("\ud800a", "a"),
        ("\ufffea\ufdd0", "a"),
        ("  a  b  ", "a  b"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("a\u200fb", "a\u200fb"),
        ("\n\n", ""),
    ],
)
def test_what_harms_goes_and_what_carries_meaning_stays(typed, kept):
    assert plain_text(typed) == kept


@given(st.text(st.characters(exclude_categories=())))
def test_it_is_settled_after_one_pass_and_fit_for_any_database(typed):
    kept = plain_text(typed)
    assert plain_text(kept) == kept
    assert unicodedata.is_normalized("NFC", kept)
    assert "\x00" not in kept
    kept.encode("utf-8")
