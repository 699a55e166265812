"""The suite's own tools do what the other tests rely on."""

import pytest
from sqlalchemy import insert, select

from feedback.persistence.tables import instruments
from tests.support import html
from tests.support.browsing import violations

ROW = {"id": "x", "version": 1, "language": "en", "content_hash": "", "content": ""}


@pytest.mark.parametrize("turn", ["first", "second"])
def test_each_test_gets_a_database_without_rows(database, turn):
    with database.writing(None) as uow:
        assert uow.connection.execute(select(instruments)).all() == [], turn
        uow.connection.execute(insert(instruments).values(ROW))


def test_the_fixture_names_the_engine_it_gives(database, engine_name):
    assert database.engine.dialect.name == engine_name


@pytest.mark.parametrize(
    "markup",
    [
        "<!doctype html><title>x</title><p>open <b>bold</p>",
        "<title>x</title><p>no doctype</p>",
        '<!doctype html><title>x</title><p id="a" id="b">twice</p>',
        "<!doctype html><title>x</title><p>&nosuch;</p>",
    ],
)
def test_the_strict_parser_refuses_what_a_browser_would_repair(markup):
    with pytest.raises(html.Malformed):
        html.check(markup)


def test_the_strict_parser_takes_a_page_with_a_drawing_in_it():
    html.check('<!doctype html><html lang="en"><title>x</title><svg role="img"><path d="M0 0"/></svg></html>')


@pytest.mark.browser
def test_the_phone_has_letters_and_no_script(phone):
    phone.set_content("<p>one<script>document.body.textContent = 'script ran'</script>")
    one = phone.locator("p").screenshot()
    assert phone.locator("p").inner_text() == "one"
    assert phone.viewport_size["width"] < 500
    phone.set_content("<p>two")
    assert phone.locator("p").screenshot() != one


@pytest.mark.browser
def test_axe_sees_a_picture_without_words(desk):
    desk.set_content('<html lang="en"><title>x</title><main><h1>x</h1><img src="data:,"></main></html>')
    assert [line.split()[0] for line in violations(desk)] == ["image-alt"]
    desk.set_content('<html lang="en"><title>x</title><main><h1>x</h1></main></html>')
    assert violations(desk) == []


@pytest.mark.browser
def test_a_phone_reaches_the_served_product(served, phone):
    answer = phone.goto(f"{served.address}/")
    assert answer.status == 200
    assert phone.locator("h1").is_visible()
