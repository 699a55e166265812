"""The FHIR export against HL7's published schemas and the value sets beside them, and what both refuse."""

import copy
import json

import pytest

from feedback.exporters import Format, export
from feedback.instruments import FhirRelease
from tests.exporters.reading import with_names
from tests.support.builders import a_release
from tests.support.fhir_codes import code_faults
from tests.support.fhir_schemas import faults


def written(release, fhir):
    return json.loads(export(release, Format.FHIR, fhir)[0].content)


@pytest.mark.parametrize("fhir", FhirRelease)
@pytest.mark.parametrize("period", ["2026-09", "2026-Q3"])
def test_the_file_is_valid_by_the_published_schema_and_its_value_sets(period, fhir):
    bundle = written(a_release(period), fhir)
    assert faults(bundle, fhir) == []
    assert [fault for entry in bundle["entry"] for fault in faults(entry["resource"], fhir)] == []
    assert code_faults(bundle, fhir) == []


MEASURE, REPORT, GROUP = ("entry", 0, "resource"), ("entry", 1, "resource"), ("entry", 1, "resource", "group", 0)
HUNDREDS = {"value": "many"}
WRONG = {
    "a resource of no kind": ((*REPORT, "resourceType"), "MeasureReports"),
    "no status": ((*REPORT, "status"), None),
    "a status that is none": ((*REPORT, "status"), "final"),
    "a type that is none": ((*REPORT, "type"), "total"),
    "a report about one person": ((*REPORT, "type"), "individual"),
    "a person": ((*REPORT, "subject"), {"reference": "Patient/1"}),
    "what was evaluated": ((*REPORT, "evaluatedResource"), [{"reference": "QuestionnaireResponse/1"}]),
    "no measure": ((*REPORT, "measure"), "urn:x-rapport:measure:other|1"),
    "a date that is none": ((*REPORT, "date"), "8 October"),
    "a period as words": ((*REPORT, "period"), "2026-Q3"),
    "a period backwards": ((*REPORT, "period"), {"start": "2026-09-30", "end": "2026-07-01"}),
    "a group that is no list": ((*REPORT, "group"), {"code": {}}),
    "a field of our own": ((*REPORT, "flagged"), 25),
    "an empty reporter": ((*REPORT, "reporter"), "Harbour Lane"),
    "a count as text": ((*GROUP, "population", 0, "count"), "25"),
    "a count with a fraction": ((*GROUP, "population", 0, "count"), 25.5),
    "a count below the floor": ((*GROUP, "population", 0, "count"), 7),
    "a population that is none": ((*GROUP, "population", 0, "code", "coding", 0, "code"), "everybody"),
    "a figure that no measure has": ((*GROUP, "code", "coding", 0, "code"), "therapist:dana"),
    "a status that is none of ours": ((*GROUP, "extension", 0, "valueCode"), "hidden"),
    "a figure given though it is not": ((*GROUP, "extension", 0, "valueCode"), "floor"),
    "an extension without an address": ((*GROUP, "extension", 0, "url"), None),
    "an error bar elsewhere": ((*GROUP, "extension", 1, "valueRange", "low", "value"), 9000),
    "a score as text": ((*GROUP, "measureScore"), HUNDREDS),
    "a measure without a status": ((*MEASURE, "status"), None),
    "a measure's status that is none": ((*MEASURE, "status"), "published"),
    "a scoring that is none": ((*MEASURE, "scoring", "coding", 0, "code"), "count"),
    "a measure's population that is none": ((*MEASURE, "group", 0, "population", 0, "code", "coding", 0, "code"), "us"),
    "two entries of one address": (("entry", 1, "fullUrl"), "THE FIRST"),
    "a bundle of no type": (("type",), 7),
}


@pytest.mark.parametrize("fhir", FhirRelease)
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_refused(name, fhir):
    right = written(a_release("2026-09"), fhir)
    wrong, (path, value) = copy.deepcopy(right), WRONG[name]
    place = wrong
    for step in path[:-1]:
        place = place[step]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = right["entry"][0]["fullUrl"] if value == "THE FIRST" else value
    assert wrong != right
    assert faults(wrong, fhir) or code_faults(wrong, fhir)


def test_names_with_blanks_that_keep_words_together_are_valid_too():
    french = with_names("Cabinet\u00a0: l\u202fété")
    for fhir in FhirRelease:
        assert faults(written(french, fhir), fhir) == []
