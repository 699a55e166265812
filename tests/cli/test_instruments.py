"""`feedback instruments`: checking, adding, retiring and exporting from the host."""

import json

import pytest

from tests.support.questionnaires import a_questionnaire, an_instrument_file


@pytest.fixture
def ours(tmp_path):
    file = tmp_path / "ours.json"
    file.write_bytes(an_instrument_file())
    return str(file)


def test_a_file_and_a_fhir_questionnaire_are_checked_alike(run, ours, tmp_path):
    ward = tmp_path / "ward.json"
    ward.write_bytes(a_questionnaire())
    assert "in order: our-form, version 1, en, 3 items" in run("instruments", "check", ours).output
    said = ("--about", "symptoms", "--higher-is", "worse")
    assert "in order: ward7-form, version 3, en, 4 items" in run("instruments", "check", str(ward), *said).output
    unsaid = run("instruments", "check", str(ward), *said[:2])
    assert (unsaid.exit_code, "does not say which end of its scores is good" in unsaid.stderr) == (2, True)


def test_a_wrong_questionnaire_is_one_line_with_path_and_remedy(run, tmp_path):
    ward = tmp_path / "ward.json"
    ward.write_bytes(a_questionnaire("item", 0, "type", to="boolean"))
    done = run("instruments", "check", str(ward))
    assert done.exit_code == 2
    assert done.stderr.startswith("feedback: ward.json, Questionnaire.item[0].type:")
    assert done.stderr.count("\n") == 1


def test_adding_needs_the_statement(installed, ours):
    done = installed("instruments", "add", ours)
    assert done.exit_code == 2
    assert "We hold the right to use this text in software." in done.stderr
    assert installed("instruments", "list", "--clinic").output == ""


def test_added_listed_exported_retired_and_offered_again(installed, ours):
    assert installed("instruments", "add", ours, "--we-hold-the-right").output == "Added: our-form, version 1, en.\n"
    assert "our-form  en  version 1" in installed("instruments", "list", "--clinic").output
    assert installed("instruments", "export", "our-form").output.encode() == an_instrument_file()
    resource = json.loads(installed("instruments", "export", "our-form", "--fhir", "r5").output)
    assert (resource["resourceType"], resource["id"]) == ("Questionnaire", "our-form")
    assert installed("instruments", "retire", "our-form").exit_code == 0
    assert "retired 20" in installed("instruments", "list", "--clinic").output
    assert installed("instruments", "offer", "our-form").exit_code == 0
    assert "retired" not in installed("instruments", "list", "--clinic").output


def test_a_questionnaire_is_added_once_its_good_end_is_said(installed, tmp_path):
    ward = tmp_path / "ward.json"
    ward.write_bytes(a_questionnaire())
    words = ("instruments", "add", str(ward), "--we-hold-the-right")
    assert installed(*words).exit_code == 2
    assert installed(*words, "--about", "session").exit_code == 2
    assert installed(*words, "--about", "session", "--higher-is", "worse").exit_code == 0
    kept = json.loads(installed("instruments", "export", "ward7-form").output)
    assert (kept["about"], kept["higher_is"]) == ("session", "better")
    assert kept["scores"][0]["reverse"] == kept["scores"][0]["items"]


def test_what_ships_is_exported_without_an_installation(run):
    assert json.loads(run("instruments", "export", "rapport-session").output)["id"] == "rapport-session"
    assert json.loads(run("instruments", "export", "rapport-session", "--fhir", "r4b").output)["version"] == "1"


def test_a_template_is_written_out(run):
    assert json.loads(run("instruments", "template", "wai-sr").output)["id"] == "wai-sr"
