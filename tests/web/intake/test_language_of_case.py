"""The language of a case: what its forms come in for who has chosen none, and never more than that."""

import pytest
from sqlalchemy import select

from feedback.persistence.answers import responses
from feedback.persistence.cases import care
from feedback.persistence.tables import audit_log
from feedback.web import create_app
from tests.support.desk import Desk, a_desk
from tests.support.html import soup
from tests.support.phone import Phone, without_nonce


@pytest.fixture
def case(world):
    """A case of a clinic that offers three languages."""
    world.offers("en", "es", "ar")
    return world.opens_a_case()


@pytest.fixture
def code(world, case):
    return world.shows_a_code(case, world.meets(case))


@pytest.fixture
def phone(world, case):
    return Phone(create_app(world.installation))


def chooses(world, case, language, person=None):
    return Desk(world, person or world.therapist).sends(f"/cases/{case.code}/language", language=language)


def spoken(phone, path, prefers="en"):
    return soup(phone.http.get(path, headers={"Accept-Language": prefers}).text).html["lang"]


def test_a_form_comes_in_it_whatever_the_phone_prefers_and_a_link_still_chooses_another(world, phone, case, code):
    assert spoken(phone, f"/F/{code.token}", "es") == "es"
    chooses(world, case, "ar")
    assert spoken(phone, f"/F/{code.token}", "es") == "ar"
    assert "Accept-Language" not in phone.opens(code.token).headers["Vary"]
    assert spoken(phone, f"/F/{code.token}?lang=es") == "es"
    assert spoken(phone, f"/F/{code.token}?easy=1") == "ar"
    assert spoken(phone, phone.http.get(f"/F/{code.token}?kiosk=1").location) == "ar"
    chooses(world, case, "")
    assert spoken(phone, f"/F/{code.token}", "es") == "es"


def test_every_page_that_follows_goes_on_in_it(world, phone, case, code):
    chooses(world, case, "es")
    form = soup(phone.opens(code.token).text)
    assert form.select_one("footer p a")["href"] == "/help/harbour1?lang=es"
    assert soup(phone.sends(code.token, pace=None).text).html["lang"] == "es"
    thanks = phone.sends(code.token)
    assert spoken(phone, thanks.location) == "es"
    assert spoken(phone, f"/F/{code.token}") == "es", "this one is done"
    closed = Phone(create_app(world.on("2026-04-01").installation))
    assert spoken(closed, f"/F/{code.token}") == "es"


def test_an_answer_keeps_the_language_it_was_given_in_and_a_counted_form_looks_unused(world, phone, case, code):
    chooses(world, case, "es")
    other = world.shows_a_code(case, world.meets(case))
    phone.sends(other.token, "totals")
    assert without_nonce(phone.opens(other.token)) == without_nonce(phone.opens(code.token))
    phone.sends(code.token)
    with world.reading() as uow:
        assert [each.response.language for each in responses.list_responses(uow, case.code)] == ["es"]


def test_what_the_clinic_no_longer_offers_is_passed_over(world, phone, case, code):
    chooses(world, case, "ar")
    world.offers("en", "es")
    assert spoken(phone, f"/F/{code.token}", "es") == "es"
    page = soup(a_desk(world).opens(f"/cases/{case.code}/arrangements").text)
    assert [each["value"] for each in page.select("#language option")] == ["", "en", "es"]
    assert page.select("#language [selected]") == []


def test_a_therapist_of_the_case_sets_it_and_the_log_says_so_without_saying_which(world, case):
    assert chooses(world, case, "ar").status_code == 303
    page = soup(a_desk(world).opens(f"/cases/{case.code}/arrangements").text)
    assert page.select_one("#language [selected]").text == "العربية"
    for refused in ("de", "xx", "ar; DROP"):
        assert chooses(world, case, refused).status_code == 409
    with world.reading() as uow:
        assert care.get_case(uow, case.code).language == "ar"
        kept = uow.connection.execute(select(audit_log).where(audit_log.c.action == "case.language_set")).all()
    assert [each.subject for each in kept] == [case.code]


def test_where_there_is_one_language_there_is_nothing_to_choose(world, case):
    world.offers("es")
    page = soup(a_desk(world).opens(f"/cases/{case.code}/arrangements").text)
    assert page.select("#language") == []
