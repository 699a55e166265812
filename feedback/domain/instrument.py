"""Instruments: a questionnaire as data, with its licence, its source and what a detector may know about it.

The words are those of psychometrics and of FHIR `Questionnaire`. Nothing in an instrument is executed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

MOST_TILES = 21
"""Points of a scale that are each shown, to be tapped."""


class ItemKind(StrEnum):
    """`scale`: 0–10 in equal steps. `choice`: one option. `multichoice`: several. `text`: free words."""

    SCALE = "scale"
    CHOICE = "choice"
    MULTICHOICE = "multichoice"
    TEXT = "text"


class About(StrEnum):
    """What an instrument measures. Only what is about the `session` is judged for possible ruptures."""

    SESSION = "session"
    SYMPTOMS = "symptoms"
    OTHER = "other"


class HigherIs(StrEnum):
    """What a high score says."""

    BETTER = "better"
    WORSE = "worse"


@dataclass(frozen=True, slots=True)
class ResponseOption:
    """One answer to a choice: the value that is stored and the label that is read."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class ShownWhen:
    """An item is asked only when `item` was answered with one of `values`; a hidden answer is not saved."""

    item: str
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Item:
    """One question. A scale runs from 0 to 10 in `points` equal steps, its ends in words.

    `labels` words each step instead of a number; `faces` draws a face beside each, from sad to glad.
    """

    id: str
    kind: ItemKind
    text: str
    short: str = ""
    hint: str = ""
    points: int = 11
    options: tuple[ResponseOption, ...] = ()
    low: str = ""
    high: str = ""
    labels: tuple[str, ...] = ()
    faces: bool = False
    group: str = ""
    optional: bool = True
    shown_when: ShownWhen | None = None
    max_length: int = 0

    @property
    def values(self) -> tuple[float, ...]:
        """Return the values a scale accepts, all on 0–10 whatever the number of points."""
        return tuple(step * 10 / (self.points - 1) for step in range(self.points))

    @property
    def is_typed(self) -> bool:
        """Return whether a scale has too many points to show each: then its number is typed."""
        return self.points > MOST_TILES

    @property
    def named(self) -> str:
        """Return the short name a therapist reads in a reason line; the question itself when there is none."""
        return self.short or self.text


@dataclass(frozen=True, slots=True)
class Cutoff:
    """A published threshold on a score, with the paper it comes from."""

    value: float
    direction: str
    source: str


@dataclass(frozen=True, slots=True)
class ScoreRule:
    """How a score is made: `mean` or `sum` of items, some reversed, from at least `min_answered` of them."""

    id: str
    items: tuple[str, ...]
    method: str
    low: float
    high: float
    min_answered: int
    reverse: frozenset[str] = frozenset()
    cutoffs: tuple[Cutoff, ...] = ()


@dataclass(frozen=True, slots=True)
class Licence:
    """Under which terms an instrument may be used, and whether it may travel with the product."""

    name: str
    url: str
    holder: str
    may_ship: bool
    needs_permission: bool


@dataclass(frozen=True, slots=True)
class DetectorHints:
    """What a detection method may know: the item that asks directly, and whether the top step is open-ended."""

    direct_item: str | None = None
    closest_item: str | None = None
    top_is_ceiling: bool = True
    parameters: str | None = None


@dataclass(frozen=True, slots=True)
class Instrument:
    """A questionnaire in one version and language. Items are in the order in which they are asked.

    `easier_of` names the instrument that this one asks in plainer words: same item ids, same scores, one series.
    `edition` tells apart what two clinics added under one name; it is empty for what ships. `about` and `higher_is` are
    None where a file kept since before they were asked for does not say.
    """

    id: str
    version: int
    language: str
    title: str
    intro: str
    licence: Licence
    citation: str
    recall_period: str
    items: tuple[Item, ...]
    scores: tuple[ScoreRule, ...]
    detector: DetectorHints = DetectorHints()
    translation: str = "original"
    easier_of: str = ""
    edition: str = ""
    about: About | None = None
    higher_is: HigherIs | None = None

    @property
    def is_judged(self) -> bool:
        """Return whether answers are judged: they are about the session, and which of their ends is good is known."""
        return self.about is About.SESSION and self.higher_is is HigherIs.BETTER

    @property
    def key(self) -> tuple[str, int, str, str]:
        """Return what names these words and no others, in this process."""
        return (self.id, self.version, self.language, self.edition)

    @property
    def by_id(self) -> Mapping[str, Item]:
        """Look items up by id."""
        return MappingProxyType({item.id: item for item in self.items})

    @property
    def scales(self) -> tuple[Item, ...]:
        """Return the rated items, in order."""
        return tuple(item for item in self.items if item.kind is ItemKind.SCALE)

    @property
    def is_draft(self) -> bool:
        """Return whether this is a translation that nobody but its writer has read."""
        return self.translation.startswith("draft")

    @property
    def has_faces(self) -> bool:
        """Return whether any item shows faces."""
        return any(item.faces for item in self.items)

    @property
    def total(self) -> ScoreRule:
        """Return the main score: the first one the file names."""
        return self.scores[0]

    @property
    def shape(self) -> tuple[object, ...]:
        """Return all that answers depend on, and no wording: versions and languages of one series share it."""
        items = tuple(
            (item.id, item.kind, item.points, tuple(option.value for option in item.options)) for item in self.items
        )
        return (items, self.scores, self.detector)
