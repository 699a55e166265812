"""One element of a FHIR resource, read by name and type. Each refusal names its path and the remedy."""

from collections.abc import Mapping

from feedback.domain.errors import InstrumentRefused

NOT_UNDERSTOOD = ("modifierExtension", "implicitRules")
"""FHIR: whoever does not understand these must not use the resource."""


NOT_SHOWN = {
    "questionnaire-hidden": "a question that is hidden cannot be asked",
    "questionnaire-optionExclusive": "an option that excludes the others cannot be followed",
    "sdc-questionnaire-enableWhenExpression": "an expression cannot decide whether a question is shown",
    "sdc-questionnaire-calculatedExpression": "an answer cannot be calculated",
    "sdc-questionnaire-initialExpression": "nothing is chosen for a client beforehand",
    "sdc-questionnaire-answerExpression": "options cannot be calculated",
    "sdc-questionnaire-answerOptionsToggleExpression": "options cannot come and go",
    "sdc-questionnaire-candidateExpression": "options cannot be calculated",
    "sdc-questionnaire-contextExpression": "options cannot be calculated",
    "sdc-questionnaire-itemPopulationContext": "nothing is filled in for a client beforehand",
    "cqf-expression": "an expression cannot be followed",
    "cqf-calculatedValue": "a value cannot be calculated",
    "questionnaire-constraint": "a rule that answers must follow cannot be held",
    "targetConstraint": "a rule that answers must follow cannot be held",
    "questionnaire-minOccurs": "a number of answers cannot be demanded",
    "questionnaire-maxOccurs": "a number of answers cannot be demanded",
    "minLength": "a length of an answer cannot be demanded",
    "regex": "a form of an answer cannot be demanded",
}
"""Extensions of FHIR and its SDC guide, by the end of their address, that change what is asked or whether."""

NOT_ASKED = {
    "readOnly": "a question that nobody may answer cannot be asked",
    "initialSelected": "nothing is chosen for a client beforehand",
    "answerConstraint": "only the options that are listed can be chosen",
}


class Node:
    """A JSON object at a path such as `Questionnaire.item[2]`, counted from 0 as FHIRPath does."""

    def __init__(self, file: str, path: str, value: object) -> None:
        self.file = file
        self.path = path
        if not isinstance(value, Mapping):
            raise self.refuse("this must be a JSON object, in braces")
        self._value = value
        self._check_shown()
        for name in NOT_UNDERSTOOD:
            if name in value:
                raise self.refuse(f'"{name}" may change what the rest means and is not known here; take it out')

    def _check_shown(self) -> None:
        """Refuse what would have to be asked otherwise than the form can, or not at all."""
        for place, extension in enumerate(self.raw("extension")):
            if not isinstance(extension, Mapping):
                continue
            name = str(extension.get("url")).rpartition("/")[2]
            if name in NOT_SHOWN and extension.get("valueBoolean") is not False:
                raise self.refuse(f"{NOT_SHOWN[name]}; take it out, or the question with it", f"extension[{place}]")
        for name, why in NOT_ASKED.items():
            if self._value.get(name) not in (None, False):
                raise self.refuse(f"{why}; take it out, or the question with it", name)

    def refuse(self, remedy: str, name: str = "") -> InstrumentRefused:
        """Make the refusal of this element, or of a field of it; the caller raises it."""
        where = f"{self.path}.{name}" if name else self.path
        return InstrumentRefused(f"{self.file}, {where}: {' '.join(remedy.split())}.")

    def has(self, name: str) -> bool:
        """Return whether a field is there."""
        return name in self._value

    def names(self) -> frozenset[str]:
        """Return the names of all fields."""
        return frozenset(self._value)

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text. Without a default it must be there."""
        value = self._value.get(name, default)
        if not isinstance(value, str) or not (value.strip() or default is not None):
            raise self.refuse("this must be a text; add it" if name not in self._value else "this must be a text", name)
        return value

    def whole(self, name: str, default: int | None = None) -> int:
        """Return a whole number, also where it is written with a point."""
        value = self._value.get(name, default)
        if isinstance(value, float) and value.is_integer():
            return int(value)  # a server may write 10 as 10.0
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.refuse("this must be a whole number", name)
        return value

    def number(self, name: str) -> float:
        """Return a number."""
        value = self._value.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.refuse("this must be a number", name)
        return float(value)

    def truth(self, name: str) -> bool:
        """Return true or false; false when it is not there."""
        value = self._value.get(name, False)
        if not isinstance(value, bool):
            raise self.refuse("this must be true or false", name)
        return value

    def inner(self, name: str) -> "Node":
        """Return an inner object."""
        return Node(self.file, f"{self.path}.{name}", self._value.get(name))

    def many(self, name: str) -> list["Node"]:
        """Return a list of objects; none when it is not there."""
        value = self._value.get(name, [])
        if not isinstance(value, list):
            raise self.refuse("this must be a list, in square brackets", name)
        return [Node(self.file, f"{self.path}.{name}[{place}]", each) for place, each in enumerate(value)]

    def extension(self, url: str) -> "Node | None":
        """Return the extension with an address, or none."""
        return next((each for each in self.many("extension") if each.text("url") == url), None)

    def raw(self, name: str) -> list[object]:
        """Return a list as it stands."""
        value = self._value.get(name)
        return value if isinstance(value, list) else []
