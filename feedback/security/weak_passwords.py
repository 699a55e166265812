"""How much a guesser has to get right: what everybody tries first counts for next to nothing.

No list of stolen passwords ships with the product. Among passwords of 15 characters or more the commonest are common
words, runs and rows of keys, strung together or repeated; they are found by what they are made of.
"""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

_ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop", "qsdfghjklm")
_ROWS_BOTH_WAYS = _ROWS + tuple(row[::-1] for row in _ROWS)
_LOOKS_LIKE = str.maketrans("013457@$!", "oieastasi")
_SHORTEST_WORD = 3
_SHORTEST_ROW = 4
_LONGEST_WORD = 30


def effort(password: str, about: Iterable[str] = ()) -> int:
    """Count the separate things in a password: a common word, a run or a row of keys is one, its repetition none.

    Any other character is one each. `about` holds words about the person and the clinic: they count for nothing.
    """
    plain = password.casefold()[:256]
    own = {part for text in about for part in _parts(text)}
    place = count = 0
    seen: set[str] = set()
    while place < len(plain):
        piece, weight = _next_piece(plain, place, own)
        count += 0 if piece in seen else weight
        seen.add(piece)
        place += len(piece)
    return count


def _next_piece(plain: str, place: int, own: set[str]) -> tuple[str, int]:
    """Return the longest known piece that begins here and what it counts; else the one character."""
    lengths = (_repeated(plain, place), _run(plain, place), _row(plain, place), _word(plain, place, own))
    longest = max(lengths)
    if longest == 0:
        return plain[place], 1
    piece = plain[place : place + longest]
    is_free = longest == lengths[0] or piece in own
    return piece, 0 if is_free else 1


def _repeated(plain: str, place: int) -> int:
    """Return how much from here on stood before as it stands here, from three characters up."""
    length = 0
    while place + length < len(plain) and plain[place : place + length + 1] in plain[:place]:
        length += 1
    return length if length >= _SHORTEST_WORD else 0


def _run(plain: str, place: int) -> int:
    """Return how far characters follow each other by the same step of -1, 0 or 1, from three up."""
    steps = [ord(after) - ord(before) for before, after in zip(plain[place:], plain[place + 1 :], strict=False)]
    length = 1
    if steps and abs(steps[0]) <= 1:
        while length <= len(steps) and steps[length - 1] == steps[0]:
            length += 1
    return length if length >= _SHORTEST_WORD else 0


def _row(plain: str, place: int) -> int:
    """Return how far keys of one row follow each other, either way, from four up."""
    length = 0
    while place + length < len(plain) and any(plain[place : place + length + 1] in row for row in _ROWS_BOTH_WAYS):
        length += 1
    return length if length >= _SHORTEST_ROW else 0


def _word(plain: str, place: int, own: set[str]) -> int:
    """Return the length of the longest common or own word that begins here, digits read as letters they look like."""
    known = _common()
    for length in range(min(_LONGEST_WORD, len(plain) - place), _SHORTEST_WORD - 1, -1):
        piece = plain[place : place + length]
        if piece in own or piece in known or piece.translate(_LOOKS_LIKE) in known:
            return length
    return 0


def _parts(text: str) -> list[str]:
    letters = "".join(sign if sign.isalnum() else " " for sign in text.casefold())
    return [part for part in letters.split() if len(part) >= _SHORTEST_WORD]


@cache
def _common() -> frozenset[str]:
    text = files("feedback.security").joinpath("common_words.txt").read_text(encoding="ascii")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())
