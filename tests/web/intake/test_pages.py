"""The pages around the form: each says what happened and what to do, with help at its foot."""

import pytest
from sqlalchemy.exc import OperationalError

from feedback.domain.errors import ClosedForWriting
from feedback.persistence.cases.care import get_case
from feedback.persistence.database import Database
from feedback.services.codes.issue_access_code import revoke_access_code
from feedback.web import current_clinic
from feedback.web.intake import form
from tests.support.html import soup
from tests.support.phone import heading


@pytest.mark.checklist(26)
def test_a_code_past_its_last_day_has_closed(phone, world, app, code):
    app.extensions["feedback"] = world.on("2026-03-04", hour=23).installation
    assert phone.opens(code.token).status_code == 200
    nonce = phone.nonce(code.token)
    app.extensions["feedback"] = world.on("2026-03-05", hour=0).installation
    for page in (phone.opens(code.token), phone.sends(code.token, nonce=nonce)):
        assert (page.status_code, heading(page)) == (410, "This code has closed.")
        assert "Codes stay open for 3 days." in page.text
        assert "Ask Dana for a new code." in page.text
        assert soup(page.text).find("a", href="tel:02079460001")


def test_a_send_repeated_after_the_last_day_still_meets_its_thank_you(phone, world, app, code):
    nonce = phone.nonce(code.token)
    phone.sends(code.token, nonce=nonce)
    app.extensions["feedback"] = world.on("2026-03-09").installation
    assert phone.sends(code.token, nonce=nonce).status_code == 303


@pytest.mark.checklist(26)
def test_a_revoked_code_was_closed(phone, world, code):
    it = world.installation
    with world.writing() as uow:
        case = get_case(uow, code.code.case_code)
        revoke_access_code(uow, it.clock, it.keyring, journal=it.journal, case=case, code_id=code.code.id, by="dana")
    page = phone.opens(code.token)
    assert (page.status_code, heading(page)) == (410, "This code was closed.")


@pytest.mark.checklist(26)
@pytest.mark.parametrize("token", ["0" * 26, "x", "%F0%9F%8C%8A", "0" * 4000, "..%5c..%5cetc", "%00", "' OR 1=1 --"])
def test_unknown_and_malformed_links_get_one_page(phone, token):
    pages = [phone.opens(each) for each in (token, "Z" * 26)]
    assert {page.status_code for page in pages} == {404}
    assert len({page.text for page in pages}) == 1


def test_someone_else_to_talk_to_is_the_clinics_contact_and_an_outside_body(phone):
    for address in ("/help", "/help/harbour1"):
        text = phone.http.get(address).text
        assert "Anna Lind, clinical lead, 020 7946 0000" in text
        assert "The regulator" in text


def test_help_of_an_unknown_clinic_is_not_found(phone):
    assert phone.http.get("/help/elsewhere").status_code == 404


@pytest.mark.parametrize("name", ["/", "/help", "/withdraw", "/nowhere", "/F/unknown", "/thanks/x"])
def test_pages_without_a_clinic_of_their_own_show_the_only_clinics_numbers(phone, name):
    foot = soup(phone.http.get(name).text).footer
    assert [link["href"] for link in foot.select("a")][:2] == ["tel:999", "tel:116123"]


def test_another_site_cannot_send(phone, code):
    nonce = phone.nonce(code.token)
    foreign = [
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "https://localhost.elsewhere.example", "Sec-Fetch-Site": "same-origin"},
    ]
    for headers in foreign:
        page = phone.http.post(f"/F/{code.token}", data={"nonce": nonce, "audience": "therapist"}, headers=headers)
        assert (page.status_code, heading(page)) == (403, "This was not sent from our page.")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://localhost"},
        {"Origin": "https://hl.example"},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_our_own_page_may_send(phone, code, headers):
    data = {"nonce": phone.nonce(code.token), "audience": "therapist", "send_as_is": "1", "off": "no"}
    assert phone.http.post(f"/F/{code.token}", data=data, headers=headers).status_code == 303


def test_more_than_16_kib_is_too_much(phone, code):
    page = phone.http.post(f"/F/{code.token}", data={"comment": "x" * 17_000})
    assert (page.status_code, heading(page)) == (413, "That is too much to send at once.")


def test_other_methods_are_refused_with_a_page(phone, code):
    for method in ("PUT", "DELETE", "PATCH"):
        page = phone.http.open(f"/F/{code.token}", method=method)
        assert page.status_code == 405
        assert "POST" in page.headers["Allow"]


def test_a_fault_of_ours_is_a_calm_page_without_its_words(phone, code, monkeypatch):
    monkeypatch.setattr(form, "page_of", lambda _form: 1 / 0)
    page = phone.opens(code.token)
    assert (page.status_code, heading(page)) == (500, "Something went wrong on our side.")
    assert "division" not in page.text


def test_a_database_that_does_not_answer_says_try_again_on_looking_and_on_sending(phone, code, monkeypatch):
    nonce = phone.nonce(code.token)

    def away(*_anything, **_more):
        raise OperationalError("SELECT", {}, Exception("server closed the connection"))

    monkeypatch.setattr(form, "find_code", away)
    asked = {
        "We cannot open this just now.": phone.opens(code.token),
        "Not saved, please try again.": phone.sends(code.token, nonce=nonce),
    }
    for said, page in asked.items():
        assert (page.status_code, heading(page)) == (503, said)
        assert page.headers["Retry-After"] == "60"
        assert "116" in page.text, "help numbers are there whatever happens"
    monkeypatch.undo()
    assert phone.sends(code.token, nonce=nonce).status_code == 303


def test_what_cannot_be_kept_at_all_is_said_on_the_page_of_the_codes_own_clinic(phone, code, world, monkeypatch):
    nonce = phone.nonce(code.token)
    world.offers("de")

    def closed(*_anything, **_more):
        raise ClosedForWriting("Nothing can be saved just now.")

    monkeypatch.setattr(Database, "writing", closed)
    monkeypatch.setattr(current_clinic, "any_clinic", lambda: None)
    page = phone.sends(code.token, nonce=nonce)
    assert page.status_code == 503
    assert soup(page.text).html["lang"] == "de", "known from the code alone"


def test_who_shows_no_key_of_ours_never_stands_among_the_writers(phone, code, monkeypatch):
    def stands(*_anything, **_more):
        raise AssertionError

    monkeypatch.setattr(Database, "writing", stands)
    page = phone.sends(code.token, nonce="A" * 46)
    assert page.status_code == 400
    assert "Please press the button once more." in page.text
    assert phone.sends("0" * 26, nonce="A" * 46).status_code == 404


def test_a_database_that_cannot_take_it_says_not_saved(phone, code, monkeypatch):
    nonce = phone.nonce(code.token)

    def full(*_anything, **_more):
        raise OperationalError("INSERT", {}, Exception("disk is full"))

    monkeypatch.setattr(form, "submit_response", full)
    page = phone.sends(code.token, nonce=nonce)
    assert (page.status_code, heading(page)) == (503, "Not saved, please try again.")
    assert page.headers["Retry-After"] == "60"
    monkeypatch.undo()
    assert phone.sends(code.token, nonce=nonce).status_code == 303
