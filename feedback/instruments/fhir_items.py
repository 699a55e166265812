"""The items of a FHIR `Questionnaire`, as an instrument file has them."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from feedback.instruments.fhir_node import Node
from feedback.instruments.fhir_words import (
    EXTRA,
    ITEM_CONTROL,
    ITEM_WEIGHT,
    MAX_VALUE,
    MIN_VALUE,
    OLD_WEIGHTS,
    ORDINAL_VALUE,
    read_extra,
)

LONGEST_TEXT = 500
"""Characters of a free text where the resource names no limit."""

_TYPES = {"integer": "scale", "choice": "choice", "coding": "choice", "text": "text", "string": "text"}
_BESIDE = {"help": "hint", "lower": "low", "upper": "high"}
_REMEDIES = {
    "boolean": "write it as a choice between two options",
    "open-choice": "write it as a choice, with a text item for anything else",
    "display": "put its words into the title or into the help of a question",
    "question": "write it as a choice",
}


def read_items(top: Node) -> list[dict[str, Any]]:
    """Return every question in order; groups are opened and leave their name with their questions."""
    nodes = [*_questions(top.many("item"), "")]
    ids: dict[str, Node] = {}
    for node, _ in nodes:
        twin = ids.setdefault(slug(node.text("linkId")), node)
        if twin is not node:
            raise node.refuse(f"{twin.path} has this linkId too, as it is read here; give each its own", "linkId")
    return [_item(node, group) for node, group in nodes]


def slug(name: str) -> str:
    """Make an id of ours from a linkId or a code: small letters, digits, underscores, a letter first."""
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:32]
    return plain if re.match("[a-z]", plain) else f"item_{plain}"[:32]


def _questions(nodes: list[Node], group: str) -> Iterator[tuple[Node, str]]:
    for node in nodes:
        if node.text("type") != "group":
            yield node, group
            continue
        for field in ("text", "enableWhen", "repeats"):
            if node.has(field):
                raise node.refuse("a group has no heading or conditions on the form; give them to its questions", field)
        yield from _questions(node.many("item"), slug(node.text("linkId")))


def _item(node: Node, group: str) -> dict[str, Any]:
    kind = _TYPES.get(node.text("type"))
    if kind is None:
        remedy = _REMEDIES.get(node.text("type"), "use integer with bounds, choice (R5: coding), text or string")
        raise node.refuse(f'a question of type "{node.text("type")}" cannot be asked; {remedy}', "type")
    if node.has("initial"):
        raise node.refuse("nothing is chosen for a client beforehand; take it out", "initial")
    own = node.extension(EXTRA)
    item: dict[str, Any] = {"id": slug(node.text("linkId")), "text": node.text("text"), "optional": True}
    item |= {"group": group} | _beside(node) | (read_extra(own.raw("extension")) if own else {})
    item["optional"] = not node.truth("required")
    if node.has("enableWhen"):
        item["shown_when"] = _condition(node)
    if kind == "text":
        return item | {"kind": "text", "max_length": node.whole("maxLength", LONGEST_TEXT)}
    if kind == "scale":
        return _rating(node, item)
    return _choice(node, item)


def _beside(node: Node) -> dict[str, str]:
    """Read the words around a question: its help and the ends of a rating."""
    words = {}
    for inner in node.many("item"):
        control = inner.extension(ITEM_CONTROL)
        codes = control.inner("valueCodeableConcept").many("coding") if control else []
        name = _BESIDE.get(codes[0].text("code")) if codes else None
        if inner.text("type") != "display" or name is None:
            raise inner.refuse("only help, lower and upper may stand inside a question; put others after it")
        words[name] = inner.text("text")
    return words


def _rating(node: Node, item: dict[str, Any]) -> dict[str, Any]:
    low, high = node.extension(MIN_VALUE), node.extension(MAX_VALUE)
    if low is None or high is None:
        raise node.refuse("a rating needs its bounds: add the extensions minValue and maxValue")
    first, last = low.whole("valueInteger"), high.whole("valueInteger")
    if not 1 <= last - first <= 100:
        raise node.refuse("a rating has 2 to 101 steps; correct minValue and maxValue")
    if node.truth("repeats"):
        raise node.refuse("a rating is given once; take it out", "repeats")
    item |= {"kind": "scale", "points": last - first + 1}
    if not item.get("low") or not item.get("high"):
        raise node.refuse("the ends of a rating are said in words; add display items with the controls lower and upper")
    if first != 0:
        item["labels"] = [_step(item, first, last, step) for step in range(first, last + 1)]
    return item


def _step(item: dict[str, Any], first: int, last: int, step: int) -> str:
    end = {first: item["low"], last: item["high"]}.get(step, "")
    return f"{step} – {end}" if end else str(step)


def _choice(node: Node, item: dict[str, Any]) -> dict[str, Any]:
    if node.has("answerValueSet"):
        raise node.refuse("the options must stand in the file; list them as answerOption", "answerValueSet")
    options = node.many("answerOption")
    if not options:
        raise node.refuse("a choice needs its options; list them as answerOption")
    labels = [_label(option) for option in options]
    weights = [_weight(option) for option in options]
    if None in weights and set(weights) != {None}:
        lacking = options[weights.index(None)]
        raise lacking.refuse("other options have a weight and this one has none; give one to all of them or to none")
    if None not in weights and not node.truth("repeats"):
        _check_steps(node, [weight for weight in weights if weight is not None])
        ends = {"low": item.get("low", labels[0][1]), "high": item.get("high", labels[-1][1])}
        return item | ends | {"kind": "scale", "points": len(labels), "labels": [label for _, label in labels]}
    kind = "multichoice" if node.truth("repeats") else "choice"
    return item | {"kind": kind, "options": [{"value": value, "label": label} for value, label in labels]}


def _label(option: Node) -> tuple[str, str]:
    """Return an option's value and label."""
    if option.has("valueString"):
        label = option.text("valueString")
        return slug(label), label
    if not option.has("valueCoding"):
        raise option.refuse("write the option as valueCoding or valueString")
    coding = option.inner("valueCoding")
    return slug(coding.text("code")), coding.text("display")


def _weight(option: Node) -> float | None:
    places = [option, option.inner("valueCoding")] if option.has("valueCoding") else [option]
    found = [place.extension(url) for place in places for url in (ORDINAL_VALUE, ITEM_WEIGHT, *OLD_WEIGHTS)]
    return next((weight.number("valueDecimal") for weight in found if weight is not None), None)


def _check_steps(node: Node, weights: list[float]) -> None:
    gaps = {round(after - before, 9) for before, after in pairwise(weights)}
    if len(gaps) != 1 or min(gaps) <= 0:
        raise node.refuse("the weights must rise in equal steps; list the lowest first", "answerOption")


def _condition(node: Node) -> dict[str, Any]:
    rules = node.many("enableWhen")
    if node.text("enableBehavior", "any") != "any" and len(rules) > 1:
        raise node.refuse('only "any" can be followed', "enableBehavior")
    asked = {slug(rule.text("question")) for rule in rules}
    if len(asked) != 1:
        raise node.refuse("one question only may decide whether this one is shown", "enableWhen")
    return {"item": asked.pop(), "values": [_value(rule) for rule in rules]}


def _value(rule: Node) -> str:
    if rule.text("operator") != "=":
        raise rule.refuse('only "=" can be followed', "operator")
    if rule.has("answerCoding"):
        return slug(rule.inner("answerCoding").text("code"))
    if rule.has("answerString"):
        return slug(rule.text("answerString"))
    raise rule.refuse("name the answer as answerCoding or answerString")
