"""A questionnaire that a clinic brings itself: in which versions and languages, since when, until when offered."""

from dataclasses import dataclass, field
from datetime import date

from feedback.domain.errors import InstrumentRefused, Refused
from feedback.domain.instrument import Instrument

STATEMENT = "We hold the right to use this text in software."
"""What somebody of the clinic must say before a file is taken; who said it and when is in the audit log."""


@dataclass(frozen=True, slots=True)
class OwnInstrument:
    """One version in one language, with its file word for word. Local dates."""

    id: str
    version: int
    language: str
    content: str = field(repr=False)
    content_hash: str
    added_on: date
    retired_on: date | None = None

    @property
    def name(self) -> tuple[str, int, str]:
        """Return what it is known by within its clinic."""
        return (self.id, self.version, self.language)


def check_rights(*, holds_right: bool) -> None:
    """Pass when the clinic has said that it may use the words. Raises `Refused`."""
    if not holds_right:
        raise Refused(f'Not added. Say first: "{STATEMENT}" Whoever says it, and when, is kept in the audit log.')


def check_series(new: Instrument, earlier: Instrument) -> None:
    """Pass when answers to both may stand in one series: the same items, steps, options and scores.

    Raises `InstrumentRefused`: other questions are another instrument and need an id of their own.
    """
    if new.shape != earlier.shape:
        raise InstrumentRefused(
            f"{new.id}: version {new.version} in {new.language} asks or scores something else than version "
            f"{earlier.version} in {earlier.language}. A new version may change words only; give other questions "
            "another id."
        )
