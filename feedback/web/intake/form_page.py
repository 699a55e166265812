"""What the form shows, apart from what somebody has answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from feedback.domain.care import Clinic
from feedback.domain.instrument import Instrument, Item, ItemKind
from feedback.web.i18n import ngettext
from feedback.web.intake.who_reads import WhoReads, who_reads

REPAIR_ITEM = "repair"

QUESTIONS_A_MINUTE = 8
"""Taps, most of them; the built-in form is meant to take a minute."""


@dataclass(frozen=True, slots=True)
class Block:
    """A question with those that follow when it is answered with one of the values in `opens`."""

    item: Item
    followers: tuple[Item, ...]
    opens: frozenset[str]


@dataclass(frozen=True, slots=True)
class FormPage:
    """One form: whose, about which day, under which instrument. `asks_repair` while a flag of this seat is open.

    `sentence` is the version of the who-reads sentence; `has_easier` when there are two versions to choose between, of
    which `instrument` is the one chosen. `is_about_earlier` when the form of a card is about a therapy session before
    today. `only` are the items that are asked again, where not all are.
    """

    clinic: Clinic
    therapist: str
    day: str
    instrument: Instrument
    asks_repair: bool
    sentence: int
    has_easier: bool = False
    is_about_earlier: bool = False
    only: frozenset[str] | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """Return what makes two forms the same page."""
        return (
            self.clinic,
            self.therapist,
            self.day,
            self.instrument.key,
            self.asks_repair,
            self.sentence,
            self.is_about_earlier,
        )

    @property
    def asked(self) -> tuple[Item, ...]:
        """Return the items that this form asks, in order."""
        left_out = set() if self.asks_repair else {REPAIR_ITEM}
        return tuple(
            item
            for item in self.instrument.items
            if item.id not in left_out and (item.kind is not ItemKind.TEXT or self.clinic.comment_enabled)
        )

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Return the questions, each with its followers directly after it, so that the reveal needs no script."""
        if self.only is not None:
            return tuple(Block(item, (), frozenset()) for item in self.asked if item.id in self.only)
        return tuple(self._block(item) for item in self.asked if item.shown_when is None)

    def ends_of(self, item: Item) -> str:
        """Return the id of the first scale with the same words at its ends, so that a reader hears them once."""
        ends = (item.points, item.low, item.high)
        shown = (each for each in self.instrument.scales if self.only is None or each.id in self.only)
        return next(each.id for each in shown if (each.points, each.low, each.high) == ends)

    @property
    def is_easier(self) -> bool:
        """Return whether this is the easier version of another form."""
        return bool(self.instrument.easier_of)

    @property
    def has_more(self) -> bool:
        """Return whether it has more than tiles and words on it: faces, or numbers to type."""
        return self.instrument.has_faces or any(item.is_typed for item in self.instrument.scales)

    @property
    def opening(self) -> str:
        """Say how much there is to do: the questions that stand there before anything is answered, and the time."""
        count = len(self.blocks)
        minutes = max(1, round(count / QUESTIONS_A_MINUTE))
        return " ".join(
            (
                ngettext("%(num)s short question.", "%(num)s short questions.", count),
                ngettext("About %(num)s minute.", "About %(num)s minutes.", minutes),
            )
        )

    @property
    def who_reads(self) -> WhoReads:
        """Say who reads it."""
        return who_reads(self.clinic, self.therapist, self.sentence)

    @property
    def call(self) -> str:
        """Return the number to call when somebody is not safe: the first of the clinic's help numbers."""
        return self.clinic.help_numbers[0].said if self.clinic.help_numbers else ""

    @property
    def totals_enabled(self) -> bool:
        """Return whether there is a second way to send."""
        return self.clinic.totals_enabled

    def _block(self, item: Item) -> Block:
        rules = {each: each.shown_when for each in self.asked if each.shown_when and each.shown_when.item == item.id}
        return Block(item, tuple(rules), frozenset(value for rule in rules.values() for value in rule.values))


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that came back to be looked at again: what was given as text, what is missing or too long, and why.

    `left_out` is a note that is not taken here any more. `stands` when nothing is filled in now, and what the same form
    sent before stays.
    """

    given: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    missed: tuple[Item, ...] = ()
    excess: Mapping[str, int] = field(default_factory=dict)
    note: str = ""
    audience: str = "therapist"
    left_out: str = ""
    stands: bool = False

    @property
    def is_back(self) -> bool:
        """True when the form was sent and has come back."""
        return bool(self.missed or self.excess or self.note)
