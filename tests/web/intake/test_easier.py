"""The easier version of the form: words and faces instead of numbers, and the same meaning for everybody behind it."""

import pytest
from sqlalchemy import select

from feedback.detection.registry import DEFAULT
from feedback.instruments import load
from feedback.persistence.answers import responses
from feedback.persistence.tables import detector_states
from tests.support.builders import SIX
from tests.support.html import soup
from tests.support.phone import NONCE, heading, without_nonce

MOSTLY = dict.fromkeys(SIX, "3") | {"off": "no"}


@pytest.fixture
def opens(phone):
    """Open the easier version."""
    return lambda token: phone.http.get(f"/F/{token}?easy=1")


@pytest.fixture
def sends(phone, opens):
    """Send the easier version, "Mostly" on all but what is named."""

    def send(token, audience="therapist", **answers):
        filled = MOSTLY | answers | {"audience": audience, "nonce": NONCE.search(opens(token).text)[1]}
        data = {name: value for name, value in filled.items() if value is not None}
        return phone.http.post(f"/F/{token}?easy=1", data=data)

    return send


def stored(world, code):
    with world.reading() as uow:
        return responses.list_responses(uow, code.code.case_code)


def test_the_form_offers_it_and_it_offers_the_numbers_back(phone, code, opens):
    usual, easy = soup(phone.opens(code.token).text), soup(opens(code.token).text)
    assert usual.find("a", string="Easier version")["href"] == "?easy=1"
    assert easy.find("a", string="Use numbers 0 to 10")["href"] == "?"


def test_each_question_has_five_worded_answers_with_faces(code, opens):
    page = soup(opens(code.token).text)
    for item in load("rapport-session-easy").scales:
        tiles = page.select(f"label:has([name={item.id}])")
        assert [tile.text.strip() for tile in tiles] == ["Not at all", "A little", "Half-way", "Mostly", "Very much"]
        assert [tile.use["href"] for tile in tiles] == [f"#f{face}" for face in range(5)]
        assert all(tile.svg["aria-hidden"] == "true" for tile in tiles)
    assert len(page.select("symbol")) == 5
    assert not page.select("[checked]")


def test_the_usual_form_carries_no_faces(phone, code):
    assert "<symbol" not in phone.opens(code.token).text


def test_it_fits_the_first_flight_of_packets(phone, code):
    packed = phone.http.get(f"/F/{code.token}?easy=1", headers={"Accept-Encoding": "gzip"})
    print(f"easier form: {len(packed.data)} bytes compressed")  # noqa: T201  the figure belongs in the report
    assert len(packed.data) <= 4_250


def test_an_answer_counts_on_0_to_10_and_keeps_the_version_it_was_given_under(world, code, sends):
    assert sends(code.token, heard="0").status_code == 303
    (kept,) = stored(world, code)
    assert kept.response.ratings == dict.fromkeys(SIX, 7.5) | {"heard": 0}
    assert (kept.response.instrument_id, kept.response.instrument_version) == ("rapport-session-easy", 1)
    assert kept.response.steps == 5
    assert kept.score == pytest.approx(6.25)


def test_easy_and_usual_answers_stand_in_one_series(phone, world, sends):
    case = world.opens_a_case()
    first, second = (world.shows_a_code(case, world.meets(case)) for _ in range(2))
    phone.sends(first.token)
    sends(second.token)
    assert [each.response.steps for each in stored(world, first)] == [11, 5]
    with world.reading() as uow:
        (state,) = uow.connection.execute(select(detector_states)).all()
    assert (state.method, state.last_session) == (DEFAULT, 2)


def test_eleven_numbers_do_not_fit_five_words(world, code, sends):
    page = sends(code.token, heard="7")
    assert (page.status_code, "could not be read" in page.text) == (400, True)
    assert stored(world, code) == ()


def test_a_gap_comes_back_in_the_same_words_with_everything_in_it(phone, code, sends):
    page = sends(code.token, pace=None, comment="kept")
    shown = soup(page.text)
    assert shown.select_one("[role=alert] a").text == "Was the pace right for you?"
    assert shown.select_one("#pace-e").text == "Pick an answer, or leave it blank"
    assert len(shown.select("[checked]")) == 6
    assert shown.select_one("textarea").text.strip() == "kept"
    assert shown.form["action"] == "?easy=1&turn=1"


def test_a_typed_code_keeps_the_choice(phone, code):
    page = soup(phone.http.get("/?easy=1").text)
    led = phone.http.post(page.form["action"], data={"code": code.typed})
    assert led.location == f"/F/{code.token}?easy=1"
    assert soup(phone.http.get("/").text).form["action"] == "/code"


def test_an_answer_for_the_totals_leaves_the_same_page_as_before(code, opens, sends):
    before = without_nonce(opens(code.token))
    assert sends(code.token, "totals").status_code == 303
    assert without_nonce(opens(code.token)) == before


def test_once_shared_it_is_done_in_either_version(phone, code, opens, sends):
    sends(code.token)
    assert {heading(page) for page in (opens(code.token), phone.opens(code.token))} == {"This one is done."}


@pytest.mark.parametrize("value", ["0", "", "yes", "1%20"])
def test_only_a_1_asks_for_it(phone, code, value):
    assert "<symbol" not in phone.http.get(f"/F/{code.token}?easy={value}").text
