"""A clinic's own questionnaires in the browser: added once the right is stated, looked at, offered, retired."""

import io
import json
import re

import pytest

from feedback.persistence.audit import list_records
from feedback.persistence.clinic.own_instruments import list_own
from tests.support.desk import a_desk
from tests.support.html import soup
from tests.support.questionnaires import a_questionnaire, an_instrument_file

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


def adds(admin, content, name="ours.json", **fields):
    return admin.sends("/clinic/instruments", file=(io.BytesIO(content), name), **{"holds_right": "y", **fields})


def words(answer):
    return " ".join(soup(answer.text).main.get_text(" ").split())


def kept(world):
    with world.reading() as uow:
        return [(each.id, each.version, each.retired_on is None) for each in list_own(uow)]


def test_what_is_added_waits_to_be_offered(world, admin):
    assert adds(admin, an_instrument_file()).status_code == 303
    assert kept(world) == [("our-form", 1, False)]
    assert "not offered" in words(admin.opens("/clinic/instruments"))
    assert admin.sends("/clinic/instruments/our-form/offer").status_code == 303
    assert kept(world) == [("our-form", 1, True)]
    assert admin.sends("/clinic/instruments/our-form/retire").status_code == 303
    assert kept(world) == [("our-form", 1, False)]
    with world.reading() as uow:
        noted = [(each.actor, each.action) for each in list_records(uow) if each.action.startswith("instrument")]
    assert noted == [("anna", f"instrument.{what}") for what in ("added", "offered", "retired")]


def test_without_the_statement_or_a_file_nothing_is_added(world, admin):
    unsaid = adds(admin, an_instrument_file(), holds_right="")
    assert (unsaid.status_code, "Say that the clinic holds the right" in words(unsaid)) == (400, True)
    assert admin.sends("/clinic/instruments", holds_right="y").status_code == 400
    assert kept(world) == []


def test_a_fhir_questionnaire_is_taken_and_a_wrong_one_refused_with_its_path(world, admin):
    wrong = adds(admin, a_questionnaire("item", 0, "type", to="boolean"), "their/forms/ward.json")
    assert wrong.status_code == 400
    assert 'ward.json, Questionnaire.item[0].type: a question of type "boolean"' in words(wrong)
    assert "forms" not in words(wrong)
    unsaid = adds(admin, a_questionnaire())
    assert (unsaid.status_code, "it does not say what it is about" in words(unsaid)) == (400, True)
    unsaid = adds(admin, a_questionnaire(), about="symptoms")
    assert (unsaid.status_code, "which end of its scores is good" in words(unsaid)) == (400, True)
    assert adds(admin, a_questionnaire(), about="session", higher_is="sideways").status_code == 400
    assert kept(world) == []
    assert adds(admin, a_questionnaire(), about="symptoms", higher_is="worse").status_code == 303
    assert kept(world) == [("ward7-form", 3, False)]


@pytest.mark.parametrize("content", [b"", b"\xff\xd8 not text", b"[" * 5000, b"<xml/>", b" " * 300_000])
def test_what_is_no_questionnaire_is_refused_in_a_sentence(world, admin, content):
    assert adds(admin, content).status_code == 400
    assert kept(world) == []


def test_it_is_seen_as_clients_will_see_it_and_cannot_be_sent(world, admin):
    adds(admin, an_instrument_file())
    link = soup(admin.opens("/clinic/instruments").text).find("a", string="Our two questions")["href"]
    answer = admin.opens(link)
    page = soup(answer.text)
    assert page.h1.text == "Our two questions"
    assert {field["name"] for field in page.select("input[type=radio]")} == {"calm", "clear"}
    assert "This is a preview." in words(answer)
    assert re.search(r"style-src 'sha256-", answer.headers["Content-Security-Policy"])
    assert page.select("form[method=post]") == []
    assert admin.sends(link).status_code == 405


def test_its_preview_is_in_its_own_language_alone(world, admin):
    adds(admin, an_instrument_file(language="es", title="Dos preguntas"))
    page = soup(admin.opens("/preview/own/our-form/1/es").text)
    assert page.html["lang"] == "es"
    assert page.select("main a[lang]") == []


def test_its_words_are_for_this_clinics_admin_alone(world, admin):
    adds(admin, an_instrument_file())
    address = "/preview/own/our-form/1/en"
    assert a_desk(world).opens(address).status_code == 404
    assert admin.opens("/preview/own/our-form/2/en").status_code == 404
    assert admin.opens("/preview/own/our-form/1/fr").status_code == 404


def test_an_earlier_version_is_kept_for_old_answers(world, admin):
    adds(admin, an_instrument_file())
    adds(admin, an_instrument_file(version=2, title="Two questions"))
    assert "kept for old answers" in words(admin.opens("/clinic/instruments"))
    buttons = soup(admin.opens("/clinic/instruments").text).select("td form")
    assert len(buttons) == 1


def test_the_structure_of_a_licensed_one_is_given_without_its_words(world, admin):
    answer = admin.opens("/clinic/instruments/templates/srs.json")
    assert json.loads(answer.data)["title"] == ""
    assert answer.headers["Content-Disposition"] == 'attachment; filename="srs.json"'
    assert admin.opens("/clinic/instruments/templates/care.json").status_code == 404
