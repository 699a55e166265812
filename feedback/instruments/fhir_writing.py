"""From an `Instrument` to an HL7 FHIR `Questionnaire`."""

from dataclasses import asdict
from typing import Any

from feedback.domain.instrument import DetectorHints, Instrument, Item, ItemKind, ScoreRule
from feedback.instruments.fhir_words import (
    CANONICAL,
    CONTROLS,
    ITEM_CONTROL,
    ITEM_WEIGHT,
    MAX_VALUE,
    MIN_VALUE,
    OPTIONS,
    ORDINAL_VALUE,
    FhirRelease,
    write_extra,
)


def to_questionnaire(instrument: Instrument, release: FhirRelease) -> dict[str, Any]:
    """Return the instrument as a `Questionnaire` of a FHIR release, which `from_questionnaire` reads back unchanged.

    A rating becomes an integer with its bounds and its ends in words; one with a label for each step becomes a choice
    with weights. Scores, which FHIR has no place for, stand in an extension.
    """
    licence = instrument.licence
    return {
        "resourceType": "Questionnaire",
        "id": instrument.id,
        "language": instrument.language,
        "extension": [write_extra(_extra(instrument))],
        "url": CANONICAL + instrument.id,
        "version": str(instrument.version),
        "name": "".join(part.capitalize() for part in instrument.id.split("-")),
        "title": instrument.title,
        "status": "active",
        "subjectType": ["Patient"],
        "publisher": licence.holder,
        "description": instrument.citation,
        "copyright": ". ".join(filter(None, (licence.holder, licence.name, licence.url))),
        "item": [_item(item, release) for item in instrument.items],
    }


def _extra(instrument: Instrument) -> dict[str, Any]:
    return {
        "intro": instrument.intro,
        "recall_period": instrument.recall_period,
        "translation": instrument.translation,
        "easier_of": instrument.easier_of,
        "about": instrument.about and instrument.about.value,
        "higher_is": instrument.higher_is and instrument.higher_is.value,
        "licence": asdict(instrument.licence),
        "scores": [_score(rule) for rule in instrument.scores],
        "detector": _detector(instrument.detector),
    }


def _score(rule: ScoreRule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "items": rule.items,
        "method": rule.method,
        "range": (rule.low, rule.high),
        "min_answered": rule.min_answered,
        "reverse": sorted(rule.reverse),
        "cutoffs": [asdict(cutoff) for cutoff in rule.cutoffs],
    }


def _detector(hints: DetectorHints) -> dict[str, Any]:
    return {name: value for name, value in asdict(hints).items() if value is not None}


def _item(item: Item, release: FhirRelease) -> dict[str, Any]:
    written: dict[str, Any] = {"linkId": item.id, "text": item.text, "type": _type(item, release)}
    extra = {"short": item.short, "group": item.group, "faces": item.faces or None}
    if item.labels:
        extra |= {"low": item.low, "high": item.high}
    if any(extra.values()):
        written["extension"] = [write_extra({name: value for name, value in extra.items() if value})]
    if item.shown_when is not None:
        written["enableWhen"] = [_condition(item.shown_when.item, value) for value in sorted(item.shown_when.values)]
        written["enableBehavior"] = "any"
    if not item.optional:
        written["required"] = True
    if item.kind is ItemKind.MULTICHOICE:
        written["repeats"] = True
    if item.max_length:
        written["maxLength"] = item.max_length
    if item.kind is ItemKind.SCALE and not item.labels:
        bounds = [{"url": MIN_VALUE, "valueInteger": 0}, {"url": MAX_VALUE, "valueInteger": item.points - 1}]
        written["extension"] = [*written.get("extension", ()), *bounds]
    options = _options(item, release)
    if options:
        written["answerOption"] = options
    beside = _beside(item)
    if beside:
        written["item"] = beside
    return written


def _type(item: Item, release: FhirRelease) -> str:
    if item.kind is ItemKind.TEXT:
        return "text"
    if item.kind is ItemKind.SCALE and not item.labels:
        return "integer"
    return "coding" if release is FhirRelease.R5 else "choice"


def _options(item: Item, release: FhirRelease) -> list[dict[str, Any]]:
    weight = ITEM_WEIGHT if release is FhirRelease.R5 else ORDINAL_VALUE
    steps = [
        {"extension": [{"url": weight, "valueDecimal": step}], "valueCoding": _coding(item.id, str(step), label)}
        for step, label in enumerate(item.labels)
    ]
    return steps or [{"valueCoding": _coding(item.id, option.value, option.label)} for option in item.options]


def _coding(item: str, code: str, label: str | None = None) -> dict[str, str]:
    named = {} if label is None else {"display": label}
    return {"system": OPTIONS + item, "code": code} | named


def _condition(item: str, value: str) -> dict[str, Any]:
    return {"question": item, "operator": "=", "answerCoding": _coding(item, value)}


def _beside(item: Item) -> list[dict[str, Any]]:
    """Return the words around a question as FHIR has them: help, and the two ends of a rating."""
    words = {"help": item.hint}
    if item.kind is ItemKind.SCALE and not item.labels:
        words |= {"lower": item.low, "upper": item.high}
    return [
        {
            "linkId": f"{item.id}.{control}",
            "text": text,
            "type": "display",
            "extension": [
                {"url": ITEM_CONTROL, "valueCodeableConcept": {"coding": [{"system": CONTROLS, "code": control}]}}
            ],
        }
        for control, text in words.items()
        if text
    ]
