"""JSON of somebody else: bounded in size, depth and digits, and its cost grows with its size and no faster."""

import json
import sys

import pytest

from feedback.domain.errors import InstrumentRefused
from feedback.instruments import check_stated, read_any
from feedback.instruments.parsing import DEEPEST, LARGEST_FILE, _once, parse
from tests.support.questionnaires import a_questionnaire, an_instrument_file

ITEM = {"kind": "scale", "text": "How?", "low": "no", "high": "yes"}


class Counted(str):
    """A name that counts how often names are compared."""

    __slots__ = ()
    compared = 0

    def __eq__(self, other):
        Counted.compared += 1
        return str.__eq__(self, other)

    def __hash__(self):
        return hash(str(self))


def comparisons(count):
    Counted.compared = 0
    _once([(Counted(f"n{at}"), at) for at in range(count)])
    return Counted.compared


def test_twice_as_many_names_are_compared_twice_as_often():
    assert comparisons(4000) < 3 * max(comparisons(2000), 2000)


def steps(content):
    """Count what Python executes of our own code while it reads, call by call and line by line."""
    seen = 0

    def local(_frame, event, _argument):
        nonlocal seen
        seen += event == "line"
        return local

    def calls(frame, _event, _argument):
        return local if "instruments" in frame.f_code.co_filename else None

    before = sys.gettrace()
    sys.settrace(calls)
    try:
        check_stated(read_any(content, "f")[0], "f")
    except InstrumentRefused:
        pass
    finally:
        sys.settrace(before)
    return seen


def many_names(count):
    return json.dumps({f"n{at}": at for at in range(count)}).encode()


def many_items(count):
    asked = {"id": "asked", "kind": "choice", "text": "?", "options": [{"value": "a", "label": "a"}]}
    shown = {"shown_when": {"item": "asked", "values": ["a"]}}
    items = [asked, *(ITEM | shown | {"id": f"i{at}"} for at in range(count))]
    return an_instrument_file(items=items, scores=[score(count)])


def many_scores(count):
    return an_instrument_file(
        items=[ITEM | {"id": f"i{at}"} for at in range(count)],
        scores=[score(1) | {"id": f"s{at}"} for at in range(count // 8 or 1)],
    )


def score(count):
    names = [f"i{at}" for at in range(count)]
    return {"id": "total", "items": names, "method": "mean", "range": [0, 10], "min_answered": 1}


def many_options(count):
    options = [{"value": f"o{at}", "label": f"{at}"} for at in range(count)]
    return an_instrument_file(
        items=[{"id": "i0", "kind": "choice", "text": "?", "options": options}, ITEM | {"id": "i1"}]
    )


def many_extensions(count):
    return a_questionnaire("item", 0, "extension", to=[{"url": f"urn:{at}"} for at in range(count)])


def deep_groups(count):
    node = json.loads(a_questionnaire())["item"][0]
    for at in range(count // 16):
        node = {"linkId": f"g{at}", "type": "group", "item": [node]}
    return a_questionnaire("item", to=[node])


@pytest.mark.parametrize(
    "made", [many_names, many_items, many_scores, many_options, many_extensions, deep_groups], ids=lambda f: f.__name__
)
def test_a_file_of_twice_the_parts_takes_twice_the_steps(made):
    assert steps(made(160)) < 2.5 * steps(made(80))


REFUSED = {
    "too large": (b" " * (LARGEST_FILE + 1), "larger than 256 KiB"),
    "too deep": (b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), "brackets stand within one another"),
    "far too deep": (b'{"a":' * 40_000, "brackets stand within one another"),
    "not closed": (b"[" * 20, "this is not JSON"),
    "a name twice": (b'{"a": 1, "a": 2}', '"a" stands twice'),
    "a name twice, once in an escape": (b'{"a": 1, "\\u0061": 2}', '"a" stands twice'),
    "a long name twice": (b'{"%s": 1, "%s": 2}' % (b"n" * 9000, b"n" * 9000), "stands twice"),
    "many digits": (b"1" * 5000, "too many digits"),
    "many digits after the point": (b"1." + b"1" * 5000, "too many digits"),
    "a number beyond all": (b"1e400", "too large a number"),
    "not a number": (b"NaN", "not a number"),
    "endless": (b"-Infinity", "not a number"),
    "half a character": (b'["\\ud800"]', "half a character"),
    "half a character as a name": (b'{"\\udfff": 1}', "half a character"),
    "not UTF-8": (b'"\xff"', "byte 1 is not UTF-8"),
    "half a character in UTF-8": (b'"\xed\xa0\x80"', "is not UTF-8"),
    "UTF-16": ("{}".encode("utf-16"), "is not UTF-8"),
    "nothing": (b"", "this is not JSON"),
    "two": (b"{} {}", "this is not JSON"),
}


@pytest.mark.parametrize(("content", "says"), REFUSED.values(), ids=REFUSED)
def test_what_no_instrument_needs_is_refused_in_a_sentence(content, says):
    with pytest.raises(InstrumentRefused, match="f") as refused:
        parse(content, "f")
    assert says in str(refused.value)
    assert len(str(refused.value)) < 200
    str(refused.value).encode()


def test_what_is_right_at_the_bounds_is_read():
    assert parse(b"\xef\xbb\xbf[1]", "f") == [1]
    assert parse(b"[" * DEEPEST + b"]" * DEEPEST, "f")
    assert parse(b'["%s", "\\"[[{{", "\\\\"]' % (b"[" * 5000), "f")[0] == "[" * 5000
    assert parse(b'["\\ud83d\\ude00"]', "f") == ["\U0001f600"]
    assert parse(b"[10.0, 1e2, -0.5]", "f") == [10.0, 100.0, -0.5]


def test_more_items_than_anybody_answers_are_refused():
    with pytest.raises(InstrumentRefused, match="200 are the most"):
        read_any(many_items(300), "f")
