"""The FHIR `Measure`s that a release's reports refer to: what each figure is, and by which rule it is protected."""

from typing import Any

from feedback.domain.figures.measures import is_mean
from feedback.domain.figures.release import Release
from feedback.exporters import about
from feedback.exporters.codebook import label
from feedback.instruments import FhirRelease

SCORING = "http://terminology.hl7.org/CodeSystem/measure-scoring"
POPULATION = "http://terminology.hl7.org/CodeSystem/measure-population"
MEASURES = "urn:x-rapport:measures"
CANONICAL = "urn:x-rapport:measure:"
COUNTS, MEANS = "counts", "means"
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
_NO_LANGUAGE = {"url": ABSENT, "valueCode": "not-applicable"}
_SCORINGS = {COUNTS: ("cohort", "Cohort"), MEANS: ("continuous-variable", "Continuous Variable")}
_POPULATIONS = {
    COUNTS: ("initial-population", "Initial Population"),
    MEANS: ("measure-population", "Measure Population"),
}


def kind_of(measure: str) -> str:
    """Say which of the two `Measure`s a figure belongs to."""
    return MEANS if is_mean(measure) else COUNTS


def canonical(release: Release, kind: str) -> str:
    """Return the address of a `Measure` with its version, which is the rule's own."""
    return f"{CANONICAL}{kind}|{_version(release)}"


def population(kind: str) -> dict[str, Any]:
    """Return the code of the one population that a group of this kind has."""
    return concept(POPULATION, *_POPULATIONS[kind])


def group_code(measure: str) -> dict[str, Any]:
    """Return the code of a figure, with its words."""
    return concept(MEASURES, measure, label(measure))


def concept(system: str, code: str, display: str) -> dict[str, Any]:
    """Write a `CodeableConcept` of one coding."""
    return {"coding": [{"system": system, "code": code, "display": display}], "text": display}


def link_id(measure: str) -> str:
    """Return what ties a group of a report to the group of its `Measure` (R5)."""
    return measure.replace(":", ".")


def measure_resource(release: Release, kind: str, fhir: FhirRelease) -> dict[str, Any]:
    """Write one of the two `Measure`s; a group for each figure of its kind in the release."""
    named = dict.fromkeys(figure.measure for figure in release.figures if kind_of(figure.measure) == kind)
    return {
        "resourceType": "Measure",
        "id": f"rapport-{kind}",
        "url": CANONICAL + kind,
        "version": _version(release),
        "name": f"Rapport{kind.capitalize()}",
        "title": f"Rapport, {kind} of a closed period",
        "status": "active",
        "description": "\n".join((*release.rule.notes, about.ERROR_BARS)),
        "disclaimer": " ".join(about.MEANING),
        "scoring": concept(SCORING, *_SCORINGS[kind]),
        "group": [_group(measure, kind, fhir) for measure in named],
    }


def _version(release: Release) -> str:
    return f"{release.rule.name}-{release.rule.version}"


def _group(measure: str, kind: str, fhir: FhirRelease) -> dict[str, Any]:
    """Write a group. R4 demands a criterion with a language; ours is in words, for nobody can query it."""
    counted: dict[str, Any] = {"code": population(kind)}
    if fhir is not FhirRelease.R5:
        counted["criteria"] = {"description": label(measure), "_language": {"extension": [_NO_LANGUAGE]}}
        return {"code": group_code(measure), "population": [counted]}
    return {
        "linkId": link_id(measure),
        "code": group_code(measure),
        "population": [{"linkId": f"{link_id(measure)}.population"} | counted],
    }
