"""A page compressed in two halves with a gap opens as one, for every decoder."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.web.compress import FilledPage

FILLER = "\x01" * 46
TEXT = st.text(st.characters(exclude_characters="\x01", codec="utf-8"), max_size=3_000)


@given(TEXT, TEXT, st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=46, max_size=46))
def test_packed_and_plain_are_the_same_page(before, after, filling):
    page = FilledPage.around(before + FILLER + after, FILLER)
    whole = (before + filling + after).encode()
    assert page.plain(filling) == whole
    assert gzip.decompress(page.packed(filling)) == whole
    assert zlib.decompress(page.packed(filling), wbits=31) == whole


def test_the_second_half_refers_back_over_the_gap():
    words = "".join(f"sentence {number} of a long page. " for number in range(200))
    page = FilledPage.around(words + FILLER + words, FILLER)
    assert len(page.packed_after) < len(page.packed_before) / 4


def test_a_filling_of_another_length_is_refused():
    with pytest.raises(ValueError, match="46 bytes"):
        FilledPage.around(f"a{FILLER}b", FILLER).packed("short")


def test_it_carries_no_time():
    page = FilledPage.around(f"a{FILLER}b", FILLER)
    assert page.packed("0" * 46)[4:8] == b"\x00" * 4
