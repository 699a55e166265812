"""Reading JSON strictly: UTF-8, bounded in size, depth and digits, every name once, finite numbers, whole characters.

The time it takes grows with the size of the file and no faster.
"""

import json
import math
import re
from collections import Counter

from feedback.domain.errors import InstrumentRefused

LARGEST_FILE = 256 * 1024
DEEPEST = 32
LONGEST_NUMBER = 30
"""Characters; an instrument counts steps and points."""

_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?', re.DOTALL)
_BRACKET = re.compile(r"[\[\]{}]")


def parse(content: bytes, file: str) -> object:
    """Read JSON from the bytes of a file called `file`. Raises `InstrumentRefused` with the place and the remedy."""
    if len(content) > LARGEST_FILE:
        raise InstrumentRefused(f"{file}: the file is larger than 256 KiB. An instrument is a few pages of text.")
    try:
        text = content.decode("utf-8-sig")  # a mark at the start, as Windows programs write it, is no part of the text
        _check_depth(text)
        value: object = json.loads(
            text, object_pairs_hook=_once, parse_constant=_no_constant, parse_int=_whole, parse_float=_finite
        )
        _check_characters(value)
    except UnicodeDecodeError as error:
        raise InstrumentRefused(f"{file}: byte {error.start} is not UTF-8. Save the file as UTF-8.") from error
    except json.JSONDecodeError as error:
        raise InstrumentRefused(f"{file}, line {error.lineno}: this is not JSON ({error.msg}).") from error
    except ValueError as error:
        raise InstrumentRefused(f"{file}: {error}.") from error
    return value


def _check_depth(text: str) -> None:
    """Pass text whose brackets go no deeper than any parser follows, before one is let at it."""
    depth = 0
    for bracket in _BRACKET.finditer(_STRING.sub("", text)):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > DEEPEST:
            raise ValueError(f"more than {DEEPEST} brackets stand within one another; an instrument needs a few")


def _check_characters(value: object) -> None:
    """Pass strings that are whole: half of a surrogate pair, as an escape can write it, is no character."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            waiting += [*each, *each.values()]
        elif isinstance(each, list):
            waiting += each
        elif isinstance(each, str) and not _is_whole(each):
            raise ValueError(f"a text holds half a character, beginning “{each[:20]!a}”")


def _is_whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = min(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise ValueError(f'"{twice[:40]}" stands twice in one object; keep one of the two')
    return found


def _whole(digits: str) -> int:
    _check_length(digits)
    return int(digits)


def _finite(digits: str) -> float:
    _check_length(digits)
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError(f"{digits} is too large a number")
    return value


def _check_length(digits: str) -> None:
    if len(digits) > LONGEST_NUMBER:
        raise ValueError(f"{digits[:LONGEST_NUMBER]}… is a number of too many digits; {LONGEST_NUMBER} are the most")


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not a number an instrument may use; write a finite one")
