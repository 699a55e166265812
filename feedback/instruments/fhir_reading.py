"""From an HL7 FHIR `Questionnaire` (R4, R4B or R5, as JSON) to what an instrument file holds.

Strict on purpose: what the form could not show as it is meant is refused with its path, never dropped quietly.
"""

import re
from typing import Any

from feedback.domain.instrument import About, HigherIs
from feedback.instruments.fhir_items import read_items
from feedback.instruments.fhir_node import Node
from feedback.instruments.fhir_words import EXTRA, read_extra

_OUT_OF_USE = {"retired", "entered-in-error"}


def from_questionnaire(
    value: object, file: str, *, about: About | None = None, higher_is: HigherIs | None = None
) -> dict[str, Any]:
    """Return the fields of an instrument file. Raises `InstrumentRefused` with the path and the remedy.

    Without this product's own extension there is no scoring in it: the score is then the mean of all ratings on
    0–10, from at least half of them. What it is `about` and what a high answer is stands in that extension or is said
    beside it; ratings about the session whose high end is bad are reversed, so that a high score is good. Rights that
    the resource does not speak of are taken to need permission.
    """
    top = Node(file, "Questionnaire", value)
    if top.text("resourceType") != "Questionnaire":
        raise top.refuse('this must be "Questionnaire"; other resources hold no questions', "resourceType")
    if top.text("status") in _OUT_OF_USE:
        raise top.refuse("this is no longer in use; take the version that is", "status")
    extra = _extra(top)
    items = read_items(top)
    own_scores = extra.pop("scores", None)
    is_reversed = own_scores is None and about is About.SESSION and higher_is is HigherIs.WORSE
    said = {"about": about, "higher_is": HigherIs.BETTER if is_reversed else higher_is}
    title = top.text("title")
    return {
        "id": _id(top),
        "version": _version(top),
        "language": _language(top),
        "title": title,
        "licence": extra.pop("licence", None) or _licence(top),
        "citation": top.text("description", title),
        "recall_period": extra.pop("recall_period", "as its items say"),
        "items": items,
        "scores": own_scores or [_mean(top, items, is_reversed=is_reversed)],
    } | _agreed(top, extra, {name: each.value for name, each in said.items() if each is not None})


def _agreed(top: Node, extra: dict[str, Any], said: dict[str, str]) -> dict[str, Any]:
    """Join what the resource says with what is said beside it. Raises `InstrumentRefused` where they differ."""
    for name, value in said.items():
        if extra.get(name, value) != value:
            raise top.refuse(f'the resource itself says that "{name}" is "{extra[name]}"; leave it at that')
    return extra | said


def is_questionnaire(value: object) -> bool:
    """Return whether parsed JSON is a FHIR resource rather than an instrument file."""
    return isinstance(value, dict) and "resourceType" in value


def _extra(top: Node) -> dict[str, Any]:
    """Read the own extension. A server may have written a whole number with a point: FHIR has it as a decimal."""
    found = top.extension(EXTRA)
    if found is None:
        return {}
    extra = read_extra(found.raw("extension"))
    for score in extra.get("scores", ()):
        least = score.get("min_answered") if isinstance(score, dict) else None
        if isinstance(least, float) and least.is_integer():
            score["min_answered"] = int(least)
    return extra


def _id(top: Node) -> str:
    named = top.text("id", "") or top.text("name", "")
    plain = re.sub(r"[^a-z0-9]+", "-", named.lower()).strip("-")
    if not re.match("[a-z]", plain):
        raise top.refuse("give it an id that begins with a letter, such as our-form", "id")
    return plain


def _language(top: Node) -> str:
    language = top.text("language")
    if "_" in language:
        raise top.refuse(f'this is "{language[:40]}"; write {language[:40].replace("_", "-")}', "language")
    return language


def _version(top: Node) -> int:
    version = top.text("version")
    if not re.fullmatch("[1-9][0-9]{0,3}", version):
        raise top.refuse(
            f'this is "{version}"; write a whole number, and the next one when anything changes', "version"
        )
    return int(version)


def _licence(top: Node) -> dict[str, Any]:
    if not top.has("copyright"):
        raise top.refuse("this is missing; say whose the words are and under which terms you may use them", "copyright")
    terms = " ".join(top.text("copyright").split())[:300]
    return {
        "name": terms,
        "holder": top.text("publisher", terms),
        "may_ship": False,
        "needs_permission": True,
    }


def _mean(top: Node, items: list[dict[str, Any]], *, is_reversed: bool) -> dict[str, Any]:
    rated = [item["id"] for item in items if item["kind"] == "scale"]
    if not rated:
        raise top.refuse("no rating is among the items; add an integer with bounds, or a choice with weights", "item")
    half = -(-len(rated) // 2)
    rule = {"id": "total", "items": rated, "method": "mean", "range": [0, 10], "min_answered": half}
    return rule | ({"reverse": rated} if is_reversed else {})
