"""A wrong instrument file is refused with the file, the place and the remedy; a right one agrees with the schema."""

import copy
import json
from importlib import resources

import jsonschema
import pytest

from feedback.domain.errors import InstrumentRefused
from feedback.domain.instrument import ItemKind
from feedback.instruments import read_instrument, schema

SHIPPED = json.loads((resources.files("feedback.instruments") / "data" / "rapport-session.en.json").read_bytes())
VALIDATOR = jsonschema.Draft202012Validator(json.loads(schema()))


def read(content):
    return read_instrument(json.dumps(content).encode(), "mine.json")


def changed(*path, to):
    content = copy.deepcopy(SHIPPED)
    place = content
    for step in path[:-1]:
        place = place[step]
    if to is None:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return content


def test_the_schema_is_itself_valid_and_accepts_what_ships():
    jsonschema.Draft202012Validator.check_schema(VALIDATOR.schema)
    VALIDATOR.validate(SHIPPED)


@pytest.mark.parametrize(
    ("content", "place", "remedy"),
    [
        (changed("version", to="1"), "the file", "whole number"),
        (changed("version", to=True), "the file", "whole number"),
        (changed("id", to="Rapport Session"), "the file", "write it like"),
        (changed("language", to="english!"), "the file", "write it like"),
        (changed("title", to=None), "the file", '"title" is missing'),
        (changed("title", to=""), "the file", "1 to 300"),
        (changed("colour", to="red"), "the file", '"colour" is not a field'),
        (changed("items", to=[]), "the file", "list of objects"),
        (changed("licence", "may_ship", to="yes"), "licence", "true or false"),
        (changed("licence", "url", to="javascript:alert(1)"), "licence", "write it like"),
        (changed("items", 0, "kind", to="slider"), "heard", "write it like"),
        (changed("items", 0, "points", to=1), "heard", "2 to 101"),
        (changed("items", 0, "points", to=102), "heard", "2 to 101"),
        (changed("items", 0, "text", to="<b>How</b> well?"), "heard", "markup"),
        (changed("items", 0, "text", to="How&nbsp;well?"), "heard", "markup"),
        (changed("items", 0, "text", to="How well did {client} feel?"), "heard", "{therapist}"),
        (changed("items", 0, "text", to="{{ 7 * 7 }}"), "heard", "{therapist}"),
        (changed("items", 0, "low", to=None), "heard", '"low" is missing'),
        (changed("items", 0, "labels", to=["Often", 7]), "heard", "list of texts"),
        (changed("items", 0, "faces", to="yes"), "heard", "true or false"),
        (changed("items", 6, "labels", to=["No", "Yes"]), "off", '"labels" is not a field'),
        (changed("easier_of", to="Rapport Session"), "the file", "write it like"),
        (changed("items", 0, "options", to=[]), "heard", '"options" is not a field'),
        (changed("items", 0, "id", to="nonce"), "nonce", "choose another"),
        (changed("items", 6, "options", to=None), "off", '"options" is missing'),
        (changed("items", 6, "options", 0, "value", to="No!"), "No!", "write it like"),
        (changed("items", 10, "max_length", to=0), "comment", "1 to 5000"),
        (changed("scores", 0, "method", to="eval"), "total", "write it like"),
        (changed("scores", 0, "range", to=[0]), "total", "two numbers"),
        (changed("scores", 0, "min_answered", to=0), "total", "from 1 to"),
        (changed("scores", 0, "cutoffs", 0, "source", to=None), "cutoff", '"source" is missing'),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_field_is_refused_by_loader_and_schema_alike(content, place, remedy):
    with pytest.raises(InstrumentRefused) as refusal:
        read(content)
    assert str(refusal.value).startswith("mine.json, ")
    assert place in str(refusal.value)
    assert remedy in str(refusal.value)
    assert not VALIDATOR.is_valid(content)


@pytest.mark.parametrize(
    ("content", "place", "remedy"),
    [
        (changed("items", 1, "id", to="heard"), 'item "heard"', "give each its own"),
        (changed("items", 0, "labels", to=["Not at all", "Very much"]), 'item "heard"', "each of its 11 steps"),
        (changed("items", 0, "labels", to=["{client}", "b"]), 'item "heard"', "no braces"),
        (changed("items", 0, "faces", to=True), 'item "heard"', "5 points and 5"),
        (changed("easier_of", to="rapport-session"), "the file", "another instrument"),
        (changed("items", 6, "options", 1, "value", to="no"), 'item "off"', "give each its own"),
        (changed("items", 7, "shown_when", "item", to="heard"), 'item "closest"', "choice item"),
        (changed("items", 7, "shown_when", "item", to="wish"), 'item "closest"', "asked before"),
        (
            changed("items", 9, "shown_when", to={"item": "wish", "values": ["just_know"]}),
            'item "repair"',
            "always asked",
        ),
        (changed("items", 7, "shown_when", "values", to=["maybe"]), 'item "closest"', "option values"),
        (changed("scores", 0, "items", to=["heard", "safe", "goals", "off"]), 'score "total"', "not a scale item"),
        (changed("scores", 0, "reverse", to=["wish"]), 'score "total"', "same score"),
        (changed("scores", 0, "range", to=[100, 0]), 'score "total"', "lower number first"),
        (changed("scores", 0, "min_answered", to=7), 'score "total"', "from 1 to 6"),
        (changed("scores", 0, "cutoffs", 0, "value", to=101), 'score "total"', "outside its range"),
        (changed("scores", to=SHIPPED["scores"] * 2), 'score "total"', "give each its own"),
        (changed("detector", "direct_item", to="heard"), "detector", "choice item"),
        (changed("detector", "closest_item", to="off"), "detector", "multichoice"),
        (changed("title", to="How was today\u202e?"), "the file", "control characters"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_parts_that_do_not_agree_are_refused(content, place, remedy):
    with pytest.raises(InstrumentRefused) as refusal:
        read(content)
    assert place in str(refusal.value)
    assert remedy in str(refusal.value)


@pytest.mark.parametrize(
    ("content", "remedy"),
    [
        (b"", "not JSON"),
        (b"[]", "JSON object"),
        (b"{", "not JSON"),
        (b"\xff\xfe", "UTF-8"),
        (b'{"id": "a", "id": "b"}', "stands twice"),
        (b'{"version": NaN}', "finite"),
        (b'{"version": 1' + b"0" * 5000 + b"}", "mine.json"),
        (b"[" * 100_000, "mine.json"),
        (b" " * 300_000, "256 KiB"),
        (b"null", "JSON object"),
    ],
    ids=["empty", "list", "cut short", "not text", "twice", "nan", "huge number", "deep", "large", "null"],
)
def test_a_damaged_file_is_refused_in_one_sentence(content, remedy):
    with pytest.raises(InstrumentRefused, match=r"^mine\.json") as refusal:
        read_instrument(content, "mine.json")
    assert remedy in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("points", [2, 5, 7, 11, 101])
def test_a_scale_takes_its_points_from_the_file_and_always_runs_from_0_to_10(points):
    item = read(changed("items", 0, "points", to=points)).by_id["heard"]
    assert item.kind is ItemKind.SCALE
    assert len(item.values) == points
    assert (item.values[0], item.values[-1]) == (0, 10)
