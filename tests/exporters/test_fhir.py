"""FHIR: valid for each release's own models, our codes from the right value sets, equal to the figures."""

import json

import pytest
from fhir.resources import measure as r5_measure
from fhir.resources import measurereport as r5_report
from fhir.resources.R4B import measure as r4b_measure
from fhir.resources.R4B import measurereport as r4b_report

from feedback.domain.figures.measures import is_mean
from feedback.domain.figures.release import FigureStatus
from feedback.exporters import Format, export
from feedback.instruments import FhirRelease
from tests.support.builders import GARDEN, QUAY, a_release

MODELS = {
    FhirRelease.R4: (r4b_measure.Measure, r4b_report.MeasureReport),
    FhirRelease.R4B: (r4b_measure.Measure, r4b_report.MeasureReport),
    FhirRelease.R5: (r5_measure.Measure, r5_report.MeasureReport),
}
"""R4B left both resources as they were in R4."""

SCORINGS = {"proportion", "ratio", "continuous-variable", "cohort", "composite"}
POPULATIONS = {
    "initial-population", "numerator", "numerator-exclusion", "denominator", "denominator-exclusion",
    "denominator-exception", "measure-population", "measure-population-exclusion", "measure-observation",
}  # fmt: skip


def bundle(release, fhir=FhirRelease.R4B):
    return json.loads(export(release, Format.FHIR, fhir)[0].content)


def resources(release, kind, fhir=FhirRelease.R4B):
    return [entry["resource"] for entry in bundle(release, fhir)["entry"] if entry["resource"]["resourceType"] == kind]


def groups(release, fhir):
    """Every figure of the reports: unit, measure, status, value or the reason for its absence."""
    score = "measureScoreQuantity" if fhir is FhirRelease.R5 else "measureScore"
    for report in resources(release, "MeasureReport", fhir):
        for group in report["group"]:
            code, status = group["code"]["coding"][0]["code"], group["extension"][0]["valueCode"]
            given = group[score] if score in group else group["population"][0]
            value = given.get("value", given.get("count"))
            absent = given.get("_count", given).get("extension", [{}])[0].get("valueCode")
            yield report["reporter"]["identifier"]["value"], code, status, value, absent


@pytest.mark.parametrize("fhir", FhirRelease)
@pytest.mark.parametrize("period", ["2026-09", "2026-Q3"])
def test_every_resource_is_valid_for_the_releases_own_model(period, fhir):
    measure, report = MODELS[fhir]
    release = a_release(period)
    for model, kind in ((measure, "Measure"), (report, "MeasureReport")):
        found = resources(release, kind, fhir)
        assert found
        for resource in found:
            model.model_validate(resource)


def test_the_models_would_find_a_wrong_resource():
    (report, *_) = resources(a_release(), "MeasureReport")
    for wrong in (report | {"type": 7}, report | {"group": {}}, report | {"nonsense": 1}):
        with pytest.raises(ValueError, match="MeasureReport"):
            r4b_report.MeasureReport.model_validate(wrong)


@pytest.mark.parametrize("fhir", FhirRelease)
@pytest.mark.parametrize("period", ["2026-09", "2026-Q3"])
def test_every_figure_is_there_once_and_what_is_not_given_is_masked(period, fhir):
    release = a_release(period)
    wanted = {
        (each.unit.id, each.measure, each.status.value, each.value, None if each.value is not None else "masked")
        for each in release.figures
    }
    found = [*groups(release, fhir)]
    assert set(found) == wanted
    assert len(found) == len(release.figures)


@pytest.mark.parametrize("fhir", FhirRelease)
def test_codes_come_from_their_value_sets(fhir):
    release = a_release()
    for report in resources(release, "MeasureReport", fhir):
        assert (report["status"], report["type"]) == ("complete", "summary")
        assert report["period"] == {"start": "2026-07-01", "end": "2026-09-30"}
    for measure in resources(release, "Measure", fhir):
        assert measure["status"] == "active"
        assert measure["scoring"]["coding"][0]["code"] in SCORINGS
        codes = {part["code"]["coding"][0]["code"] for group in measure["group"] for part in group["population"]}
        assert codes <= POPULATIONS


@pytest.mark.parametrize("fhir", FhirRelease)
def test_each_report_refers_to_a_measure_that_has_its_groups(fhir):
    release = a_release()
    measures = {f"{one['url']}|{one['version']}": one for one in resources(release, "Measure", fhir)}
    for report in resources(release, "MeasureReport", fhir):
        defined = {group["code"]["coding"][0]["code"] for group in measures[report["measure"]]["group"]}
        assert {group["code"]["coding"][0]["code"] for group in report["group"]} <= defined
        if fhir is FhirRelease.R5:
            links = {group["linkId"] for group in measures[report["measure"]]["group"]}
            assert {group["linkId"] for group in report["group"]} <= links


def test_means_are_scores_counts_are_counts_and_error_bars_stand_beside():
    release = a_release()
    intervals = {}
    for report in resources(release, "MeasureReport"):
        for group in report["group"]:
            measure = group["code"]["coding"][0]["code"]
            assert ("measureScore" in group) == is_mean(measure)
            for extension in group["extension"][1:]:
                bounds = extension["valueRange"]
                unit = report["reporter"]["identifier"]["value"]
                intervals[unit, measure] = (bounds["low"]["value"], bounds["high"]["value"])
    assert intervals == {
        (each.unit.id, each.measure): (each.lower95, each.upper95)
        for each in release.figures
        if each.status in {FigureStatus.RELEASED, FigureStatus.FLOOR}
    }


def test_every_report_carries_rule_spending_head_and_notes_and_names_nobody():
    release = a_release()
    for report in resources(release, "MeasureReport"):
        (own,) = report["extension"]
        said = {part["url"]: next(value for name, value in part.items() if name != "url") for part in own["extension"]}
        assert (said["rule"], said["ledger_head"]) == ("FLN-10-clients 1", release.chain)
        assert said["epsilon_client_quarter"] == 9.9
        assert "epsilon_response" not in said
        notes = {part["valueString"] for part in own["extension"] if part["url"] == "note"}
        assert "Totals need not add up." in notes
        assert report.keys().isdisjoint({"subject", "evaluatedResource"})
    assert {unit.id for unit in (QUAY, GARDEN)} < {
        report["reporter"]["identifier"]["value"] for report in resources(release, "MeasureReport")
    }
