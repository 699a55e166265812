"""Names that reading and writing FHIR share, and the one extension for what FHIR has no place for.

HL7 FHIR R4, R4B (the same `Questionnaire`) and R5, as published on hl7.org/fhir.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

MIN_VALUE = "http://hl7.org/fhir/StructureDefinition/minValue"
MAX_VALUE = "http://hl7.org/fhir/StructureDefinition/maxValue"
ITEM_CONTROL = "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl"
CONTROLS = "http://hl7.org/fhir/questionnaire-item-control"
ORDINAL_VALUE = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
ITEM_WEIGHT = "http://hl7.org/fhir/StructureDefinition/itemWeight"
OLD_WEIGHTS = (
    "http://hl7.org/fhir/StructureDefinition/questionnaire-ordinalValue",
    "http://hl7.org/fhir/StructureDefinition/iso21090-CO-value",
)
"""What weights were called before R4; other systems write them still."""

CANONICAL = "urn:x-rapport:questionnaire:"
OPTIONS = "urn:x-rapport:options:"
EXTRA = "urn:x-rapport:instrument"
"""Scores, detector hints and the like: nested extensions under one address."""

LISTS = frozenset({"scores", "items", "reverse", "range", "cutoffs"})
"""Names within the extension that stand for lists, however often they occur."""


class FhirRelease(StrEnum):
    """The releases an instrument can be written for."""

    R4 = "r4"
    R4B = "r4b"
    R5 = "r5"


_BLANKS = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f", " "))


def fit_for(release: FhirRelease, node: Any) -> Any:
    """Return a resource as a release may hold it: before R5, text knows no blanks but the plain one."""
    if release is FhirRelease.R5:
        return node
    if isinstance(node, dict):
        return {name: fit_for(release, part) for name, part in node.items()}
    if isinstance(node, list):
        return [fit_for(release, part) for part in node]
    return node.translate(_BLANKS) if isinstance(node, str) else node


def write_extra(content: Mapping[str, Any], name: str = EXTRA) -> dict[str, Any]:
    """Write nested fields as nested extensions; what is empty is left out, as FHIR demands."""
    return {"url": name, "extension": [part for field, value in content.items() for part in _parts(field, value)]}


def _parts(name: str, value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list | tuple):
        for each in value:
            yield from _parts(name, each)
    elif isinstance(value, Mapping):
        yield write_extra(value, name)
    elif isinstance(value, bool):
        yield {"url": name, "valueBoolean": value}
    elif isinstance(value, int | float):
        yield {"url": name, "valueDecimal": value}
    elif value:
        yield {"url": name, "valueString": value}


def read_extra(extensions: list[Any]) -> dict[str, Any]:
    """Read nested extensions back. What is not of the form `write_extra` gives is left for the loader to refuse."""
    found: dict[str, Any] = {}
    for part in extensions:
        if not isinstance(part, Mapping) or not isinstance(part.get("url"), str):
            continue
        inner = part.get("extension")
        values = [value for name, value in part.items() if name.startswith("value")]
        value = read_extra(inner) if isinstance(inner, list) else values[0] if values else None
        if part["url"] in LISTS:
            found.setdefault(part["url"], []).append(value)
        else:
            found[part["url"]] = value
    return found
