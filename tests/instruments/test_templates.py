"""Templates of licensed instruments: all the structure, not one word of the text."""

import json

import pytest

from feedback import instruments
from feedback.domain.errors import InstrumentRefused, NotFound

WORDS = ("title", "text", "low", "high", "hint", "intro")


def parts(value):
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from parts(each)
    elif isinstance(value, list):
        for each in value:
            yield from parts(each)


def filled(name):
    """The template as somebody with a licence would fill it in; here with words of nobody."""
    content = json.loads(instruments.template(name))
    for part in parts(content):
        part.update({field: "ours" for field in WORDS if field in part})
        if "labels" in part:
            part["labels"] = [f"step {step}" for step in range(len(part["labels"]))]
    return json.dumps(content).encode()


@pytest.mark.parametrize("name", instruments.templates())
def test_a_template_holds_no_text_and_says_whom_to_ask(name):
    content = json.loads(instruments.template(name))
    assert {part[field] for part in parts(content) for field in WORDS if field in part} == {""}
    assert {label for part in parts(content) for label in part.get("labels", ())} <= {""}
    assert content["licence"]["needs_permission"]
    assert not content["licence"]["may_ship"]
    assert content["licence"]["url"].startswith("https://")


@pytest.mark.parametrize("name", instruments.templates())
def test_a_template_is_refused_until_its_words_are_filled_in(name):
    with pytest.raises(InstrumentRefused, match="must be text"):
        instruments.read_any(instruments.template(name), name)
    assert instruments.read_any(filled(name), name)[0].id == name


def test_the_structures_are_those_of_the_papers():
    srs, wai = (instruments.read_any(filled(name), name)[0] for name in ("srs", "wai-sr"))
    assert (len(srs.scales), srs.total.low, srs.total.high) == (4, 0, 40)
    assert [(cutoff.value, cutoff.direction) for cutoff in srs.total.cutoffs] == [(36, "below")]
    assert (len(wai.scales), wai.total.low, wai.total.high, wai.scales[0].points) == (12, 12, 60, 5)
    groups = {rule.id: [int(item.removeprefix("item_")) for item in rule.items] for rule in wai.scores[1:]}
    assert groups == {"goal": [4, 6, 8, 11], "task": [1, 2, 10, 12], "bond": [3, 5, 7, 9]}


def test_an_unknown_template_is_not_there():
    with pytest.raises(NotFound, match="srs, wai-sr"):
        instruments.template("care")


LICENSED = ("srs", "csrs", "gsrs", "wai", "sai", "br-wai", "arm", "haq", "calpas", "seq", "care", "collaborate")


def test_nothing_licensed_travels_with_the_product():
    for name in instruments.known():
        assert instruments.load(*name).licence.may_ship, name
        assert not name[0].startswith(LICENSED), name
