"""Questionnaires of somebody else: a clinic's own file, and a FHIR resource as another system would write it."""

import copy
import json
from typing import Any

from feedback.domain.instrument import About, HigherIs


def an_instrument_file(**changes: Any) -> bytes:
    """A clinic's own two questions and a note, free of anybody's words."""
    plain: dict[str, Any] = {
        "id": "our-form",
        "version": 1,
        "language": "en",
        "title": "Our two questions",
        "licence": {
            "name": "Our own words",
            "holder": "Harbour Lane Therapy",
            "may_ship": False,
            "needs_permission": False,
        },
        "citation": "Harbour Lane Therapy, 2026.",
        "recall_period": "today",
        "about": "session",
        "higher_is": "better",
        "items": [
            {"id": "calm", "kind": "scale", "text": "How calm was it?", "low": "not at all", "high": "very"},
            {"id": "clear", "kind": "scale", "text": "How clear was it?", "low": "not at all", "high": "very"},
            {"id": "note", "kind": "text", "text": "Anything else?", "max_length": 200},
        ],
        "scores": [{"id": "total", "items": ["calm", "clear"], "method": "mean", "range": [0, 10], "min_answered": 1}],
    }
    return json.dumps(plain | changes).encode()


RATING = [
    {"url": "http://hl7.org/fhir/StructureDefinition/minValue", "valueInteger": 0},
    {"url": "http://hl7.org/fhir/StructureDefinition/maxValue", "valueInteger": 10},
]


def end(control: str, words: str) -> dict[str, Any]:
    """The words at an end of a rating."""
    system = "http://hl7.org/fhir/questionnaire-item-control"
    coded = {
        "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl",
        "valueCodeableConcept": {"coding": [{"system": system, "code": control}]},
    }
    return {"linkId": f"1.{control}", "type": "display", "text": words, "extension": [coded]}


ENDS = [end("lower", "not at all"), end("upper", "very")]


def weighted(code: str, display: str, weight: float) -> dict[str, Any]:
    """An answer with a weight."""
    extension = [{"url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": weight}]
    return {"valueCoding": {"code": code, "display": display, "extension": extension}}


QUESTIONNAIRE: dict[str, Any] = {
    "resourceType": "Questionnaire",
    "id": "Ward7-Form",
    "language": "en",
    "version": "3",
    "name": "Ward7Form",
    "title": "How was it?",
    "status": "active",
    "publisher": "Ward 7",
    "copyright": "Ward 7, to be used with permission",
    "item": [
        {"linkId": "1", "text": "How calm was it?", "type": "integer", "extension": RATING, "item": ENDS},
        {
            "linkId": "grp",
            "type": "group",
            "item": [
                {
                    "linkId": "grp.2",
                    "text": "How often were you heard?",
                    "type": "choice",
                    "answerOption": [
                        weighted("N", "Never", 0),
                        weighted("S", "At times", 1),
                        weighted("A", "Always", 2),
                    ],
                }
            ],
        },
        {
            "linkId": "3",
            "text": "Was anything missing?",
            "type": "choice",
            "answerOption": [
                {"valueCoding": {"code": "n", "display": "No"}},
                {"valueCoding": {"code": "y", "display": "Yes"}},
            ],
        },
        {
            "linkId": "4",
            "text": "What was it?",
            "type": "string",
            "enableWhen": [{"question": "3", "operator": "=", "answerCoding": {"code": "y"}}],
        },
    ],
}
"""A `Questionnaire` of another system: no extension of ours, other names, a group, weights, a condition."""


SAID = {"about": About.SESSION, "higher_is": HigherIs.BETTER}
"""What is said beside it, for FHIR has no place for it."""


def a_questionnaire(*path: str | int, to: Any = None) -> bytes:
    """That resource with one place changed, or taken out; several places apart from each other."""
    content = copy.deepcopy(QUESTIONNAIRE)
    if path:
        place: Any = content
        for step in path[:-1]:
            place = place[step]
        if to is None:
            del place[path[-1]]
        else:
            place[path[-1]] = to
    return json.dumps(content).encode()
