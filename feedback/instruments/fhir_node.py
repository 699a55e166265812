"""One element of a FHIR resource, read by name and type. Each refusal names its path and the remedy."""

from collections.abc import Mapping

from feedback.domain.errors import InstrumentRefused

NOT_UNDERSTOOD = ("modifierExtension", "implicitRules")
"""FHIR: whoever does not understand these must not use the resource."""


class Node:
    """A JSON object at a path such as `Questionnaire.item[2]`, counted from 0 as FHIRPath does."""

    def __init__(self, file: str, path: str, value: object) -> None:
        self.file = file
        self.path = path
        if not isinstance(value, Mapping):
            raise self.refuse("this must be a JSON object, in braces")
        self._value = value
        for name in NOT_UNDERSTOOD:
            if name in value:
                raise self.refuse(f'"{name}" may change what the rest means and is not known here; take it out')

    def refuse(self, remedy: str, name: str = "") -> InstrumentRefused:
        """Make the refusal of this element, or of a field of it; the caller raises it."""
        where = f"{self.path}.{name}" if name else self.path
        return InstrumentRefused(f"{self.file}, {where}: {' '.join(remedy.split())}.")

    def has(self, name: str) -> bool:
        """Say whether a field is there."""
        return name in self._value

    def names(self) -> frozenset[str]:
        """Give the names of all fields."""
        return frozenset(self._value)

    def text(self, name: str, default: str | None = None) -> str:
        """Give a text. Without a default it must be there."""
        value = self._value.get(name, default)
        if not isinstance(value, str) or not (value.strip() or default is not None):
            raise self.refuse("this must be a text; add it" if name not in self._value else "this must be a text", name)
        return value

    def whole(self, name: str, default: int | None = None) -> int:
        """Give a whole number."""
        value = self._value.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.refuse("this must be a whole number", name)
        return value

    def number(self, name: str) -> float:
        """Give a number."""
        value = self._value.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.refuse("this must be a number", name)
        return float(value)

    def truth(self, name: str) -> bool:
        """Give true or false; false when it is not there."""
        value = self._value.get(name, False)
        if not isinstance(value, bool):
            raise self.refuse("this must be true or false", name)
        return value

    def inner(self, name: str) -> "Node":
        """Give an inner object."""
        return Node(self.file, f"{self.path}.{name}", self._value.get(name))

    def many(self, name: str) -> list["Node"]:
        """Give a list of objects; none when it is not there."""
        value = self._value.get(name, [])
        if not isinstance(value, list):
            raise self.refuse("this must be a list, in square brackets", name)
        return [Node(self.file, f"{self.path}.{name}[{place}]", each) for place, each in enumerate(value)]

    def extension(self, url: str) -> "Node | None":
        """Give the extension with an address, or none."""
        return next((each for each in self.many("extension") if each.text("url") == url), None)

    def raw(self, name: str) -> list[object]:
        """Give a list as it stands."""
        value = self._value.get(name)
        return value if isinstance(value, list) else []
