"""A way to open the talk, fitted to what fell and to what the client asked for.

The words are in `repair_guidance.en.json` beside this file: our own, and awaiting review by clinicians.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from feedback.domain.instrument import Instrument
from feedback.domain.rupture import Evidence, EvidenceKind, Finding

GENERAL = "general"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the talk: its title, and words to say or something to do."""

    title: str
    say: str = ""
    do: str = ""


@dataclass(frozen=True, slots=True)
class Guidance:
    """The whole panel: what the client's wish means for you, the steps, and how far to trust the words."""

    focus: str
    wish: str
    steps: tuple[Step, ...]
    review: str


def guide_repair(finding: Finding, instrument: Instrument, wish: str | None) -> Guidance:
    """Choose the words for one flag. `wish` is what the client asked for, None when nothing was."""
    words = _words()
    focus = _focus(finding, instrument, words)
    first = ("told", focus) if _of(finding, EvidenceKind.DIRECT) else (focus,)
    return Guidance(
        focus=focus,
        wish=words["wishes"].get(wish or "none", words["wishes"]["none"]),
        steps=tuple(
            Step(step["title"], _fitted(step.get("say", {}), first), _fitted(step.get("do", {}), first))
            for step in words["steps"]
        ),
        review=words["review"],
    )


def _fitted(said: Mapping[str, str], first: tuple[str, ...]) -> str:
    """Choose among a step's words: those for a client who told, then those for what fell, then the general ones."""
    return next((said[key] for key in (*first, GENERAL) if key in said), "")


def _focus(finding: Finding, instrument: Instrument, words: Mapping[str, Any]) -> str:
    """Take the client's own word on what it was closest to first, then what fell most, then the lowest answer."""
    named = [words["chips"].get(one.option) for one in _of(finding, EvidenceKind.CLOSEST)]
    fallen = (*_of(finding, EvidenceKind.ITEM_FELL), *_of(finding, EvidenceKind.LOWEST_ITEM))
    grouped = [words["items"].get(one.item) or _group(instrument, one.item) for one in fallen]
    return next((focus for focus in (*named, *grouped) if focus), GENERAL)


def _group(instrument: Instrument, item_id: str | None) -> str:
    item = instrument.by_id.get(item_id or "")
    return item.group if item else ""


def _of(finding: Finding, kind: EvidenceKind) -> tuple[Evidence, ...]:
    return tuple(one for one in finding.evidence if one.kind is kind)


@cache
def _words() -> dict[str, Any]:
    text = resources.files(__package__).joinpath("repair_guidance.en.json").read_text(encoding="utf-8")
    words: dict[str, Any] = json.loads(text)
    return words
