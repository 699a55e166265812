"""A sealed backup is read whole and unaltered, or not at all."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.domain.errors import BackupWrong
from feedback.security.backup_seal import MAGIC, seal_lines, unseal_lines

KEY = bytes(32)
SECRET = "a planted word"
LINES = [f"{SECRET} {number}" for number in range(3)]
BIG = ["x" * 1000 + str(number) for number in range(3000)]


def sealed(lines, key=KEY):
    file = io.BytesIO()
    seal_lines(key, lines, file)
    return file.getvalue()


def unsealed(content, key=KEY):
    return list(unseal_lines(key, io.BytesIO(content)))


@pytest.mark.parametrize(
    "lines", [[], LINES, BIG, ["\u2028 and \x85 within a line"]], ids=["none", "few", "many", "odd"]
)
def test_the_lines_come_back(lines):
    assert unsealed(sealed(lines)) == lines


def test_nothing_of_the_lines_can_be_read_without_the_key():
    assert SECRET.encode() not in sealed(LINES)
    with pytest.raises(BackupWrong, match="another key"):
        unsealed(sealed(LINES), key=bytes(31) + b"\x01")


def test_the_same_lines_are_sealed_differently_each_time():
    assert sealed(LINES) != sealed(LINES)


@given(st.data())
def test_whatever_byte_is_changed_or_cut_off_is_noticed(data):
    content = sealed(LINES)
    place = data.draw(st.integers(0, len(content) - 1))
    changed = content[:place] + bytes([content[place] ^ data.draw(st.integers(1, 255))]) + content[place + 1 :]
    for wrong in (changed, content[:place], content + b"x"):
        with pytest.raises(BackupWrong):
            unsealed(wrong)


def test_pieces_cannot_be_left_out_or_swapped():
    content = sealed(BIG)
    start = len(MAGIC) + 24
    pieces, at = [], start
    while at < len(content):
        end = at + 4 + int.from_bytes(content[at : at + 4], "big")
        pieces.append(content[at:end])
        at = end
    assert len(pieces) > 3
    for wrong in (pieces[1:], pieces[:1] + pieces[2:], [pieces[1], pieces[0], *pieces[2:]], pieces[:-1]):
        with pytest.raises(BackupWrong):
            unsealed(content[:start] + b"".join(wrong))


def test_another_kind_of_file_is_named_as_such():
    with pytest.raises(BackupWrong, match="not a backup"):
        unsealed(b"SQLite format 3\x00" + bytes(100))
