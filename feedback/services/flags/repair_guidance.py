"""A way to open the talk, fitted to what fell, to what the client says it was closest to, and to their wish.

Notice, invite without pressure, listen and own your part, change one thing now, check; patterns only later; close the
loop. The words are data (`repair_guidance.LANGUAGE.json` beside this file): our own, and awaiting review by clinicians.
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
LANGUAGE = "en"
ASKED = "bring_up"
"""The wish that invites the therapist to name it; after any other, naming it waits until the client does."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the talk: its title, words to say, or something to do."""

    title: str
    say: tuple[str, ...] = ()
    do: str = ""


@dataclass(frozen=True, slots=True)
class Approach:
    """How somebody who works in this way may go about it."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Guidance:
    """The whole panel. `once_open` are words for after the client has taken it up, where they did not ask for more."""

    focus: str
    title: str
    may_be: str
    also: tuple[str, ...]
    wish: str
    steps: tuple[Step, ...]
    once_open: tuple[str, ...]
    avoid: tuple[str, ...]
    later: tuple[str, ...]
    approaches: tuple[Approach, ...]
    review: str


def guide_repair(finding: Finding, instrument: Instrument, wish: str | None, language: str = LANGUAGE) -> Guidance:
    """Choose the words for one flag. `wish` is what the client asked for, None when nothing was."""
    words = _words(language)
    focus, *others = _focuses(finding, instrument, words)
    fitted, wished = words["focuses"][focus], words["wishes"].get(wish or "none", words["wishes"]["none"])
    opening = fitted["say"] if wish == ASKED else wished["say"]
    told = bool(_of(finding, EvidenceKind.DIRECT))
    return Guidance(
        focus=focus,
        title=fitted["title"],
        may_be=fitted["may_be"],
        also=tuple(words["focuses"][other]["title"] for other in others),
        wish=wished["advice"],
        steps=_steps(words, fitted, tuple(opening), thanks=words["thanks"]["told" if told else GENERAL]),
        once_open=() if wish == ASKED else tuple(fitted["say"]),
        avoid=tuple(fitted["avoid"]),
        later=tuple(words["later"]),
        approaches=tuple(Approach(title, fitted[name]) for name, title in words["approaches"].items()),
        review=words["review"],
    )


def _steps(
    words: Mapping[str, Any], fitted: Mapping[str, Any], opening: tuple[str, ...], *, thanks: str
) -> tuple[Step, ...]:
    titles = words["titles"]
    return (
        Step(titles["thanks"], say=(thanks,)),
        Step(titles["open"], say=opening),
        Step(titles["listen"], do=fitted["listen"]),
        Step(titles["own"], do=fitted["own"]),
        Step(titles["change"], do=fitted["change"]),
        Step(titles["check"], do=words["check"]),
    )


def _focuses(finding: Finding, instrument: Instrument, words: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the client's own words on what it was closest to first; without any, what fell most or was lowest."""
    named = [words["chips"].get(one.option) for one in _of(finding, EvidenceKind.CLOSEST)]
    fallen = (*_of(finding, EvidenceKind.ITEM_FELL), *_of(finding, EvidenceKind.LOWEST_ITEM))
    grouped = [words["items"].get(one.item) or words["groups"].get(_group(instrument, one.item)) for one in fallen]
    found = [one for one in named if one] or [one for one in grouped if one][:1] or [GENERAL]
    return tuple(dict.fromkeys(found))


def _group(instrument: Instrument, item_id: str | None) -> str:
    item = instrument.by_id.get(item_id or "")
    return item.group if item else ""


def _of(finding: Finding, kind: EvidenceKind) -> tuple[Evidence, ...]:
    return tuple(one for one in finding.evidence if one.kind is kind)


@cache
def _words(language: str) -> dict[str, Any]:
    text = resources.files(__package__).joinpath(f"repair_guidance.{language}.json").read_text(encoding="utf-8")
    words: dict[str, Any] = json.loads(text)
    return words
