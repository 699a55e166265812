"""On a shared tablet a visit is over once the start page was shown again, or another visit was begun there."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event, func, select

from feedback.domain.errors import ClosedForWriting
from feedback.persistence.database import Database
from feedback.persistence.tables import sealed_submissions
from feedback.services.answers.tablet_visit import Stage, begin_visit, end_visit, note_sent, stage_of
from feedback.web.intake import tablet_form
from tests.support.html import StrictClient, soup
from tests.support.phone import heading
from tests.web.intake.test_kiosk import (
    COOKIE,
    START,
    answers_kept,
    going_on,
    leads_to_start,
    link,
    sends,
    starts,
    visits,
)

BOTH_WAYS = pytest.mark.parametrize("audience", ["therapist", "totals"])
MADE_UP = "0123456789ABCDEFGHJKMNPQRS"


def browser(app, **more):
    app.test_client_class = StrictClient
    return app.test_client(**more)


@pytest.fixture
def tablet(app):
    """The clinic's tablet, which keeps its cookie as browsers do."""
    return browser(app)


@pytest.fixture
def other(app):
    """Another tablet of the same clinic."""
    return browser(app)


@pytest.fixture
def codes(code, card):
    """The code of one person and that of the next."""
    return code, card


@contextmanager
def written(world):
    """Collect every statement that changes something."""
    said, engine = [], world.installation.database.engine

    def note(_connection, _cursor, statement, *_more):
        said.extend([statement] if statement.startswith(("INSERT", "UPDATE", "DELETE")) else [])

    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


def shows_the_start_page(tablet, _code):
    assert heading(tablet.get(START)) == "Ready when you are."


def types_a_wrong_code(tablet, _code):
    assert "It looks 1 short." in tablet.get(starts(tablet, "7K4M-9QT").location).text


def begins_with_a_code(tablet, code):
    assert "/form/" in starts(tablet, code.typed).location


def begins_with_a_link(tablet, code):
    assert "/form/" in tablet.get(f"/F/{code.token}?kiosk=1").location


NEXT = [shows_the_start_page, types_a_wrong_code, begins_with_a_code, begins_with_a_link]


def sealed_kept(world):
    with world.reading() as uow:
        return uow.connection.scalar(select(func.count()).select_from(sealed_submissions))


@pytest.mark.checklist(29)
@BOTH_WAYS
@pytest.mark.parametrize("comes", NEXT)
def test_whatever_the_next_person_does_first_ends_the_visit_with_all_its_addresses(
    tablet, world, codes, audience, comes
):
    form = visits(tablet, codes[0])
    missing = sends(tablet, form, audience, pace=None).location
    address = sends(tablet, missing, audience, pace="3").location
    page = tablet.get(address)
    asks, longer = link(page, "Take my answers back"), link(page, "Keep this page 2 minutes longer")
    kept = answers_kept(world), sealed_kept(world)
    comes(tablet, codes[1])
    for each in (form, missing, address, asks, longer, link(page, "Someone else to talk to"), link(page, "Done")):
        assert leads_to_start(tablet.get(each)), each
    for each in (form, missing, asks):
        assert leads_to_start(sends(tablet, each, audience)), each
        assert leads_to_start(sends(tablet, each, audience, pace=None)), each
    assert (answers_kept(world), sealed_kept(world)) == kept


@pytest.mark.checklist(29)
@BOTH_WAYS
@pytest.mark.parametrize("comes", NEXT)
def test_nobody_sends_the_form_of_the_person_before(tablet, world, codes, audience, comes):
    form = visits(tablet, codes[0])
    missing = sends(tablet, form, audience, pace=None).location
    comes(tablet, codes[1])
    for each in (form, missing):
        assert leads_to_start(sends(tablet, each, audience, pace="3")), each
    assert (answers_kept(world), sealed_kept(world)) == (0, 0)


def test_what_ends_an_older_visit_leaves_the_newer_one_alone(tablet, code, card):
    """As the timer of a page in another tab does, or of one that the browser brought back."""
    older = link(tablet.get(visits(tablet, code)), "Clear this screen now")
    newer = visits(tablet, card)
    assert leads_to_start(browser(tablet.application).get(older))
    assert heading(tablet.get(newer)) == "How was today?"


def test_two_tablets_do_not_disturb_each_other(tablet, other, code, card):
    form = visits(tablet, code)
    shows_the_start_page(other, card)
    elsewhere = visits(other, card)
    assert heading(tablet.get(form)) == heading(other.get(elsewhere)) == "How was today?"
    shows_the_start_page(other, card)
    assert "/thanks/" in sends(tablet, form).location
    assert leads_to_start(other.get(elsewhere))


def test_a_browser_that_keeps_no_cookie_ends_a_visit_by_done_and_by_time_only(app, world, code, card):
    tablet = browser(app, use_cookies=False)
    form = visits(tablet, code)
    shows_the_start_page(tablet, card)
    visits(tablet, card)
    thanks = tablet.get(sends(tablet, form).location)
    assert heading(thanks) == "Thank you."
    assert leads_to_start(tablet.get(link(thanks, "Done")))
    assert leads_to_start(sends(tablet, form))
    assert len(going_on(world)) == 1


def test_of_two_taps_on_start_the_one_kept_last_goes_on(world):
    it = world.installation
    with it.database.writing(None) as uow:
        for name in ("first", "second"):
            begin_visit(uow, it.clock, it.keyring, tablet="tablet", visit_id=name)
        assert [stage_of(uow, it.keyring, tablet="tablet", visit_id=name) for name in ("first", "second")] == [
            None,
            Stage.FORM,
        ]


def test_a_form_is_noted_as_sent_as_often_as_it_is_sent_and_never_once_its_visit_is_over(world):
    it, visit = world.installation, {"tablet": "tablet", "visit_id": "visit"}
    with it.database.writing(None) as uow:
        begin_visit(uow, it.clock, it.keyring, **visit)
        assert [note_sent(uow, it.keyring, **visit) for _ in range(2)] == [True, True]
        assert stage_of(uow, it.keyring, **visit) is Stage.SENT
        assert not note_sent(uow, it.keyring, tablet="tablet", visit_id="another")
        end_visit(uow, it.keyring, **visit)
        assert (note_sent(uow, it.keyring, **visit), stage_of(uow, it.keyring, **visit)) == (False, None)


@BOTH_WAYS
def test_a_send_is_not_kept_where_its_visit_ends_while_it_is_under_way(tablet, world, codes, audience, monkeypatch):
    form, database = visits(tablet, codes[0]), world.installation.database
    opened = database.reading if database.is_sqlite else database.writing  # SQLite has one writer at a time
    monkeypatch.setattr(tablet_form, "check_going_on", lambda *_given, **_more: shows_the_start_page(tablet, codes[1]))
    monkeypatch.setattr(tablet_form, "opened", lambda *_given, **_more: opened(None))
    assert leads_to_start(sends(tablet, form, audience))
    assert (answers_kept(world), sealed_kept(world)) == (0, 0)


def test_a_start_page_writes_nothing_where_nothing_is_to_end(tablet, app, world, code):
    with written(world) as said:
        shows_the_start_page(tablet, code)
        shows_the_start_page(tablet, code)
        tablet.set_cookie(COOKIE, MADE_UP)
        shows_the_start_page(tablet, code)
        assert said == []
        visits(tablet, code)
        shows_the_start_page(tablet, code)
        assert len([each for each in said if "tablet_visits" in each]) == len(said) == 3
        shows_the_start_page(tablet, code)
        assert len(said) == 3
    assert going_on(world) == []


def test_where_nothing_can_be_saved_the_start_page_is_shown_and_says_so_once_a_code_is_typed(
    tablet, world, code, monkeypatch
):
    form = visits(tablet, code)

    def is_closed(*_given):
        raise ClosedForWriting("closed")

    with monkeypatch.context() as closed:
        closed.setattr(Database, "writing", is_closed)
        shows_the_start_page(tablet, code)
        led = [
            starts(tablet, code.typed),
            tablet.get(f"/F/{code.token}?kiosk=1"),
            tablet.post(f"/F/{code.token}?kiosk=1"),
        ]
        assert [each.status_code for each in led] == [303] * 3
        page = tablet.get(led[0].location)
        assert soup(page.text).select_one("[role=alert] h2").text == "We cannot open this just now."
        assert not soup(page.text).select("[aria-invalid]")
        assert heading(tablet.get(form)) == "How was today?", "its time ends it"
        assert {each.location for each in led} == {f"{START}?slip=later"}
    shows_the_start_page(tablet, code)
    assert leads_to_start(tablet.get(form))


def test_a_tablets_cookie_is_bound_to_host_and_https_and_hidden_from_scripts_and_lasts_as_long_as_the_browser(
    tablet, app, code
):
    for first in (tablet.get(START), starts(browser(app), code.typed), browser(app).get(f"/F/{code.token}?kiosk=1")):
        (cookie,) = first.headers.getlist("Set-Cookie")
        name, *terms = cookie.split("; ")
        assert name.partition("=")[0] == COOKIE
        assert sorted(terms) == ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]
    for again in (tablet.get(START), starts(tablet, code.typed), tablet.get(f"/F/{code.token}?kiosk=1")):
        assert "Set-Cookie" not in again.headers


@pytest.mark.parametrize("odd", ["", "x", MADE_UP[:-1], MADE_UP + "0", MADE_UP.lower(), "é" * 26, "U" * 26])
def test_a_cookie_that_we_could_not_have_drawn_is_replaced(tablet, world, code, odd):
    tablet.set_cookie(COOKIE, odd)
    shows_the_start_page(tablet, code)
    drawn = tablet.get_cookie(COOKIE).value
    assert (len(drawn), drawn == odd) == (26, False)
    form = visits(tablet, code)
    assert tablet.get_cookie(COOKIE).value == drawn
    shows_the_start_page(tablet, code)
    assert leads_to_start(tablet.get(form))


def test_no_page_but_a_tablets_gives_or_reads_the_cookie(tablet, phone, code):
    """The form opened on the tablet as on a phone neither ends the visit nor is part of it."""
    form = visits(tablet, code)
    own = tablet.get(f"/F/{code.token}")
    for page in (own, tablet.get("/"), tablet.get("/withdraw"), tablet.get("/help")):
        assert "Set-Cookie" not in page.headers
    assert heading(tablet.get(form)) == "How was today?"
    assert "Set-Cookie" not in phone.opens(code.token).headers
