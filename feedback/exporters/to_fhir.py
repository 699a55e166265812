"""A release as HL7 FHIR: a bundle of two `Measure`s and one summary `MeasureReport` for each unit and kind.

R4 and R4B, which have the same resources here, or R5. A figure that is not given is marked with the standard
extension *data-absent-reason*, code *masked*; error bars stand in an extension of our own.
"""

from collections.abc import Iterator
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from feedback.domain.figures.release import Figure, FigureStatus, Release, Unit, UnitKind
from feedback.exporters import about
from feedback.exporters.datapackage import written
from feedback.exporters.fhir_measure import (
    ABSENT,
    COUNTS,
    MEANS,
    canonical,
    group_code,
    kind_of,
    link_id,
    measure_resource,
    population,
)
from feedback.instruments import FhirRelease
from feedback.instruments.fhir_words import fit_for, write_extra

INTERVAL = "urn:x-rapport:interval95"
STATUS = "urn:x-rapport:figure-status"
RELEASE = "urn:x-rapport:release"
LEDGER = "urn:x-rapport:ledger"
UNITS = "urn:x-rapport:unit"


def write_fhir(release: Release, fhir: FhirRelease) -> bytes:
    """Write the bundle. The same release gives the same bytes; no resource holds anything about a person."""
    return written(
        {
            "resourceType": "Bundle",
            "id": f"rapport-{release.period}",
            "identifier": {"system": LEDGER, "value": release.chain},
            "type": "collection",
            "entry": [
                {"fullUrl": _uuid(release, resource["id"]), "resource": fit_for(fhir, resource)}
                for resource in _resources(release, fhir)
            ],
        }
    )


def _uuid(release: Release, name: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{release.chain}/{name}')}"


def _resources(release: Release, fhir: FhirRelease) -> Iterator[dict[str, Any]]:
    kinds = [kind for kind in (COUNTS, MEANS) if any(kind_of(each.measure) == kind for each in release.figures)]
    for kind in kinds:
        yield measure_resource(release, kind, fhir)
    for unit in dict.fromkeys(each.unit for each in release.figures):
        for kind in kinds:
            figures = [each for each in release.figures if each.unit == unit and kind_of(each.measure) == kind]
            if figures:
                yield _report(release, unit, kind, figures, fhir)


def _report(release: Release, unit: Unit, kind: str, figures: list[Figure], fhir: FhirRelease) -> dict[str, Any]:
    place = list(dict.fromkeys(each.unit for each in release.figures)).index(unit)
    part = "" if unit.kind is UnitKind.CLINIC else f", {unit.name}"
    return {
        "resourceType": "MeasureReport",
        "id": f"rapport-{release.period}-{kind}-{place}",
        "extension": [write_extra(_release(release), RELEASE)],
        "status": "complete",
        "type": "summary",
        "measure": canonical(release, kind),
        "date": str(release.closed_on),
        "reporter": {
            "type": "Organization",
            "identifier": {"system": UNITS, "value": unit.id},
            "display": f"{release.clinic_name}{part}",
        },
        "period": {"start": str(release.period.first_day), "end": str(release.period.last_day)},
        "group": [_group(figure, kind, fhir) for figure in figures],
    }


def _release(release: Release) -> dict[str, Any]:
    of_response = {"epsilon_response": float(release.rule.epsilon_response)}
    return {
        "rule": about.rule_version(release.rule),
        **({} if release.rule.counts_clients else of_response),
        "epsilon_client_quarter": float(release.rule.epsilon_client_quarter),
        "ledger_number": release.number,
        "ledger_head": release.chain,
        "is_demo": release.is_demo,
        "note": about.notes(release),
    }


def _group(figure: Figure, kind: str, fhir: FhirRelease) -> dict[str, Any]:
    own = [{"url": STATUS, "valueCode": str(figure.status)}, *_interval(figure)]
    r5 = fhir is FhirRelease.R5
    named: dict[str, Any] = {"linkId": link_id(figure.measure)} if r5 else {}
    group = {"extension": own} | named | {"code": group_code(figure.measure)}
    counted: dict[str, Any] = {"linkId": f"{link_id(figure.measure)}.population"} if r5 else {}
    counted |= {"code": population(kind)}
    if kind == MEANS:
        score = {"value": figure.value} if _is_given(figure) else {"extension": [_masked()]}
        return group | {"measureScoreQuantity" if r5 else "measureScore": score}
    if not _is_given(figure):
        return group | {"population": [counted | {"_count": {"extension": [_masked()]}}]}
    return group | {"population": [counted | {"count": int(figure.value or 0)}]}


def _is_given(figure: Figure) -> bool:
    return figure.status is FigureStatus.RELEASED


def _masked() -> dict[str, Any]:
    return {"url": ABSENT, "valueCode": "masked"}


def _interval(figure: Figure) -> Iterator[dict[str, Any]]:
    if figure.lower95 is not None and figure.upper95 is not None:
        yield {"url": INTERVAL, "valueRange": {"low": {"value": figure.lower95}, "high": {"value": figure.upper95}}}
