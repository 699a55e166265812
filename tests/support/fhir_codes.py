"""What FHIR demands beyond its schemas, and we of ourselves: codes from their value sets, parts that fit together.

Codes as listed on hl7.org/fhir for R4, R4B and R5: measure-report-status, measure-report-type, publication-status,
measure-scoring, measure-population, data-absent-reason. Written without the product's own code.
"""

from collections.abc import Iterator
from typing import Any

from feedback.instruments import FhirRelease

REPORT_STATUS = {"complete", "pending", "error"}
REPORT_TYPE = {"individual", "subject-list", "summary", "data-collection"}
REPORT_TYPE_R5 = {"individual", "subject-list", "summary", "data-exchange"}
PUBLICATION = {"draft", "active", "retired", "unknown"}
SCORING = {"proportion", "ratio", "continuous-variable", "cohort", "composite"}
POPULATION = {
    "initial-population", "numerator", "numerator-exclusion", "denominator", "denominator-exclusion",
    "denominator-exception", "measure-population", "measure-population-exclusion", "measure-observation",
}  # fmt: skip
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
STATUS = "urn:x-rapport:figure-status"
STATUSES = {"released", "floor", "merged", "gated"}
OF_ONE_PERSON = {"subject", "evaluatedResource", "subjectResults"}

Node = dict[str, Any]


def code_faults(bundle: Node, release: FhirRelease) -> list[str]:
    """Say what is wrong with the codes, references and figures of an export."""
    resources = [entry.get("resource", {}) for entry in bundle.get("entry", ())]
    measures = {f"{each.get('url')}|{each.get('version')}": each for each in resources if _is(each, "Measure")}
    found = [fault for measure in measures.values() for fault in _of_measure(measure)]
    for report in (each for each in resources if _is(each, "MeasureReport")):
        found += _of_report(report, release)
        measure = measures.get(report.get("measure", ""))
        found += _of_both(measure, report, release) if measure else ["refers to a measure that is not there"]
    names = [entry.get("fullUrl") for entry in bundle.get("entry", ())]
    return found + (["two entries have one address"] if len(set(names)) != len(names) else [])


def _is(resource: Node, kind: str) -> bool:
    return resource.get("resourceType") == kind


def _codes(concept: Node) -> list[str]:
    return [str(coding.get("code")) for coding in concept.get("coding", ())]


def _of_measure(measure: Node) -> Iterator[str]:
    if measure.get("status") not in PUBLICATION:
        yield "the measure's status is none"
    if not set(_codes(measure.get("scoring", {}))) & SCORING:
        yield "the measure's scoring is none"
    for group in measure.get("group", ()):
        yield from _of_populations(group)


def _of_populations(group: Node) -> Iterator[str]:
    for population in group.get("population", ()):
        if not set(_codes(population.get("code", {}))) <= POPULATION:
            yield "a population's code is none"


def _of_report(report: Node, release: FhirRelease) -> Iterator[str]:
    if report.get("status") not in REPORT_STATUS:
        yield "the report's status is none"
    if report.get("type") not in (REPORT_TYPE_R5 if release is FhirRelease.R5 else REPORT_TYPE):
        yield "the report's type is none"
    if report.get("type") != "summary" or report.keys() & OF_ONE_PERSON:
        yield "a report about somebody"
    period = report.get("period")
    if not isinstance(period, dict) or not period.get("start", "9") <= period.get("end", "0"):
        yield "no period, or one that ends before it begins"
    if not isinstance(report.get("reporter"), dict) or not isinstance(report.get("group"), list):
        yield "no reporter or no groups"
        return
    for group in report.get("group", ()):
        yield from _of_populations(group)
        yield from _of_figure(group)


def _of_figure(group: Node) -> Iterator[str]:
    """A figure is given exactly when it is released, else masked; counts keep to the floor, bars lie around them."""
    named = {part.get("url"): part for part in group.get("extension", ())}
    if None in named:
        yield "an extension without an address"
    status = named.get(STATUS, {}).get("valueCode")
    if status not in STATUSES:
        yield "a figure's status is none"
    scores = [group[name] for name in ("measureScore", "measureScoreQuantity") if name in group]
    counts = group.get("population", [])
    values = [each.get("value") for each in scores] + [each.get("count") for each in counts]
    absent = [each.get("extension", []) for each in scores] + [
        each.get("_count", {}).get("extension", []) for each in counts
    ]
    masked = [mark for part in absent for mark in part if mark == {"url": ABSENT, "valueCode": "masked"}]
    (value,) = values or [None]
    if (value is not None) != (status == "released") or bool(masked) == (value is not None):
        yield "given and not released, or neither given nor masked"
    if counts and not isinstance(value, int | None):
        yield "a count that is no whole number"
    elif counts and value is not None and value < 10 and _codes(group["code"]) != ["codes"]:
        yield "a count below the floor"
    for part in named.values():
        bar = part.get("valueRange")
        if bar and value is not None and not bar["low"]["value"] <= value <= bar["high"]["value"]:
            yield "the figure lies outside its error bar"


def _of_both(measure: Node, report: Node, release: FhirRelease) -> Iterator[str]:
    defined = [_codes(group["code"]) for group in measure.get("group", ())]
    links = {group.get("linkId") for group in measure.get("group", ())}
    for group in report.get("group", ()):
        if _codes(group.get("code", {})) not in defined:
            yield "a figure that its measure does not define"
        if release is FhirRelease.R5 and group.get("linkId") not in links:
            yield "a link that leads nowhere"
