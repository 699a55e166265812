"""Reading one JSON object strictly: every field by name and type, and nothing left over.

Each refusal is one sentence that names the file, the place in it and the remedy.
"""

import re
from collections.abc import Mapping

from feedback.domain.errors import InstrumentRefused

MARKUP = re.compile(r"<[A-Za-z/!?]|&#?\w+;")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
BRACES = re.compile(r"[{}]")
PLACEHOLDER = "{therapist}"


class Fields:
    """The fields of one JSON object. Call `finish` at the end: a field nobody asked for is a slip of the pen."""

    def __init__(self, file: str, place: str, value: object) -> None:
        self.file = file
        self.place = place
        if not isinstance(value, Mapping):
            raise self.refuse("this must be a JSON object, in braces")
        self._left: dict[str, object] = dict(value)

    def refuse(self, remedy: str) -> InstrumentRefused:
        """Make the refusal of this place in this file; the caller raises it."""
        return InstrumentRefused(" ".join(f"{self.file}, {self.place}: {remedy}.".split()))

    def has(self, name: str) -> bool:
        """Return whether a field is there and not yet read."""
        return name in self._left

    def text(self, name: str, default: str | None = None, *, like: str | None = None, longest: int = 300) -> str:
        """Take a line of plain text. Without a default it must be there; `like` is a pattern for the whole of it."""
        value = self._take(name, default)
        if not isinstance(value, str) or (value == "" and default is None) or len(value) > longest:
            raise self.refuse(f'"{name}" must be text of 1 to {longest} characters')
        if like is not None and not re.fullmatch(like, value):
            raise self.refuse(f'"{name}" is "{value}"; write it like {like}')
        if MARKUP.search(value) or CONTROL.search(value):
            raise self.refuse(f'"{name}" must be plain text: take out markup, entities and control characters')
        return value

    def wording(self, name: str, default: str | None = None) -> str:
        """Take text that a client reads. The one placeholder it may hold is `{therapist}`."""
        value = self.text(name, default)
        if BRACES.search(value.replace(PLACEHOLDER, "")):
            raise self.refuse(f'"{name}" may hold no braces but the placeholder {PLACEHOLDER}')
        return value

    def wordings(self, name: str) -> tuple[str, ...]:
        """Take a list of different texts that a client reads."""
        values = self.texts(name)
        return tuple(Fields(self.file, self.place, {name: value}).wording(name) for value in values)

    def whole(self, name: str, default: int | None = None, *, low: int, high: int) -> int:
        """Take a whole number within bounds."""
        value = self._take(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self.refuse(f'"{name}" must be a whole number from {low} to {high}')
        return value

    def number(self, name: str) -> float:
        """Take a number."""
        return self._number(name, self._take(name, None))

    def span(self, name: str) -> tuple[float, float]:
        """Take a pair of numbers, the lower one first."""
        value = self._take(name, None)
        if not isinstance(value, list) or len(value) != 2:
            raise self.refuse(f'"{name}" must be two numbers, as in [0, 100]')
        low, high = (self._number(name, each) for each in value)
        if low >= high:
            raise self.refuse(f'"{name}" must name the lower number first')
        return low, high

    def truth(self, name: str, *, default: bool | None = None) -> bool:
        """Take true or false."""
        value = self._take(name, default)
        if not isinstance(value, bool):
            raise self.refuse(f'"{name}" must be true or false')
        return value

    def texts(self, name: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Take a list of different, non-empty texts."""
        value = self._take(name, default if default is None else list(default))
        if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
            raise self.refuse(f'"{name}" must be a list of texts')
        if len(set(value)) != len(value):
            raise self.refuse(f'"{name}" names something twice; keep one of the two')
        return tuple(value)

    def one(self, name: str) -> "Fields":
        """Take an inner object, to be read in its turn."""
        return Fields(self.file, f'{self.place}, "{name}"', self._take(name, None))

    def many(self, name: str, called: str = "id", *, may_be_empty: bool = False) -> tuple["Fields", ...]:
        """Take a list of objects; each is called by its field `called` in refusals, else by its place from 1."""
        value = self._take(name, [] if may_be_empty else None)
        if not isinstance(value, list) or not (value or may_be_empty):
            raise self.refuse(f'"{name}" must be a list of objects')
        return tuple(
            Fields(self.file, self._inner(name, place, each, called), each) for place, each in enumerate(value, 1)
        )

    def finish(self) -> None:
        """Refuse what nobody asked for."""
        if self._left:
            raise self.refuse(f'"{min(self._left)}" is not a field known here; check its spelling or take it out')

    def _inner(self, name: str, place: int, value: object, called: str) -> str:
        inner = value.get(called) if isinstance(value, Mapping) else None
        inside = "" if self.place == "the file" else f"{self.place}, "
        return f"{inside}{name.removesuffix('s')} {place if inner is None else chr(34) + str(inner)[:40] + chr(34)}"

    def _take(self, name: str, default: object) -> object:
        if name not in self._left and default is None:
            raise self.refuse(f'"{name}" is missing; add it')
        return self._left.pop(name, default)

    def _number(self, name: str, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.refuse(f'"{name}" must hold numbers only')
        return float(value)
