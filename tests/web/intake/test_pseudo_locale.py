"""Every client page in a language nobody speaks: a text that was never marked for translation shows itself."""

from dataclasses import replace

import pytest

from feedback.domain.instrument import Instrument
from feedback.persistence.clinic import clinics
from feedback.services.codes.issue_access_code import revoke_access_code
from feedback.web import i18n
from feedback.web.errors import PAGES, STATUS_PAGES
from feedback.web.intake import form, preview
from tests.support.html import soup
from tests.support.pseudo import CLOSE, OPEN, Pseudo, bare_words

NOT_TRANSLATED = ("Harbour Lane Therapy", "Anna Lind, clinical lead", "The regulator", "Samaritans", "Monday", "March")
"""Names, what the clinic wrote itself, and a day, which Babel words."""


@pytest.fixture
def engine_name() -> str:
    """One database is enough for what pages say."""
    return "sqlite"


@pytest.fixture(autouse=True)
def pseudo(monkeypatch):
    """Speak the language nobody speaks, in the texts and in the questionnaire."""
    monkeypatch.setattr(i18n, "catalogue", lambda code: Pseudo())
    find = form.find_instrument
    monkeypatch.setattr(form, "find_instrument", lambda *args: _marked(find(*args)))
    easier = form.easier
    monkeypatch.setattr(form, "easier", lambda usual: _marked(easier(usual)))
    load = preview.load
    monkeypatch.setattr(preview, "load", lambda *args: _marked(load(*args)))


@pytest.fixture
def in_every_part(world):
    """A clinic that uses everything a client page can show."""
    changed = replace(world.clinic, languages=("en",), quick_exit="https://www.example.org/", script_enabled=True)
    with world.writing() as uow:
        clinics.save_clinic(uow, changed)


def _marked(instrument: Instrument) -> Instrument:
    def mark(text):
        return f"{OPEN}{text}{CLOSE}" if text else text

    items = tuple(
        replace(
            item,
            text=mark(item.text), hint=mark(item.hint), low=mark(item.low), high=mark(item.high),
            labels=tuple(map(mark, item.labels)),
            options=tuple(replace(option, label=mark(option.label)) for option in item.options),
        )
        for item in instrument.items
    )  # fmt: skip
    return replace(instrument, title=mark(instrument.title), intro=mark(instrument.intro), items=items)


def _says(phone, address):
    page = phone.http.get(address)
    assert bare_words(page.text, allowed=NOT_TRANSLATED) == [], address
    assert OPEN in page.text
    return page


def test_the_measure_finds_what_is_not_marked():
    page = f"<title>{OPEN}a{CLOSE}</title><p>{OPEN}Ask <b>Dana</b>{CLOSE} now</p><input aria-label='Say more'><p>12</p>"
    assert bare_words(page, allowed=()) == ["now", "Say more"]
    assert bare_words(page, allowed=("now",)) == ["Say more"]


@pytest.mark.parametrize("kind", ["", "?easy=1"])
def test_the_form_and_the_thank_you(phone, code, in_every_part, kind):
    page = _says(phone, f"/F/{code.token}{kind}")
    nonce = soup(page.text).select_one("[name=nonce]")["value"]
    back = phone.http.post(
        f"/F/{code.token}{kind}", data={"nonce": nonce, "audience": "therapist", "comment": "7" * 501}
    )
    assert (back.status_code, bare_words(back.text, allowed=NOT_TRANSLATED)) == (422, [])
    for audience in ("totals", "therapist"):
        sent = {"nonce": nonce, "audience": audience, "send_as_is": "1"}
        empty = phone.http.post(f"/F/{code.token}{kind}", data=sent)
        assert (empty.status_code, bare_words(empty.text, allowed=NOT_TRANSLATED)) == (400, [])
        sent["off"] = "no"
        _says(phone, phone.http.post(f"/F/{code.token}{kind}", data=sent).location)
        nonce = phone.nonce(code.token) if audience == "totals" else nonce
    _says(phone, f"/F/{code.token}{kind}")


@pytest.mark.parametrize("kind", ["", "easy=1"])
def test_a_visit_to_a_shared_tablet(phone, code, in_every_part, kind):
    for address in (
        "/k/harbour1",
        "/k/harbour1?slip=5",
        "/k/harbour1?slip=-1",
        "/k/harbour1?slip=wait",
        "/k/harbour1/withdraw?slip=1",
    ):
        _says(phone, address)
    form = phone.http.get(f"/F/{code.token}?kiosk=1&{kind}").location
    _says(phone, form)
    missing = phone.http.post(form, data={"audience": "totals", "comment": "7" * 501}).location
    _says(phone, missing)
    thanks = _says(phone, phone.http.post(missing, data={"audience": "totals", "send_as_is": "1"}).location)
    for link in soup(thanks.text).select("a")[1:4]:
        _says(phone, phone.http.get(link["href"]).location or link["href"])
    _says(phone, "/k/harbour1/withdrawn")


def test_a_choice_that_was_not_made_and_a_button_pressed_again(phone, code):
    for data in ({"heard": "7"}, {"heard": "seven", "audience": "therapist"}):
        page = phone.http.post(f"/F/{code.token}", data=data)
        assert (page.status_code, bare_words(page.text, allowed=NOT_TRANSLATED)) == (400, [])


@pytest.mark.parametrize("address", ["/", "/help", "/withdraw", "/k/harbour1", "/preview/harbour1", "/nowhere", "/F/x"])
def test_the_pages_around_it(phone, in_every_part, address):
    _says(phone, address)


@pytest.mark.parametrize(
    ("address", "data"),
    [
        ("/code", {"code": "7K4"}),
        ("/code", {"code": "7K4M9QTXX"}),
        ("/code", {"code": "00000000"}),
        ("/code", {}),
        ("/withdraw", {}),
        ("/withdraw", {"receipt": "0000"}),
        ("/withdraw", {"receipt": "R4KM92-TX7K4M-92TX7K"}),
    ],
)
def test_what_is_said_of_what_was_typed(phone, address, data):
    page = phone.http.post(address, data=data)
    assert bare_words(page.text, allowed=(*NOT_TRANSLATED, *data.values())) == []


def test_a_code_that_is_closed_or_revoked(phone, world, app, code):
    app.extensions["feedback"] = world.on("2026-04-01").installation
    assert _says(phone, f"/F/{code.token}").status_code == 410
    app.extensions["feedback"] = world.installation
    it = world.installation
    with world.writing() as uow:
        case = form.find_code(uow, it.clock, it.keyring, token=code.token).case
        revoke_access_code(uow, it.clock, it.keyring, journal=it.journal, case=case, code_id=code.code.id, by="dana")
    assert _says(phone, f"/F/{code.token}").status_code == 410


@pytest.mark.parametrize("template", sorted({name for _, name in PAGES.values()} | set(STATUS_PAGES.values())))
def test_every_error(app, template):
    with app.test_request_context("/"):
        page = app.jinja_env.get_template(template).render(
            clinic=None, help_numbers=(), client_sheet="", clears=600, therapist="Dana", day="", code_days=3
        )
    assert bare_words(page, allowed=("Dana",)) == []
