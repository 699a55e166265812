"""What has a length must not tell an unseen answer by it: the stored row, and all that goes over the network.

The stored row of an unseen answer has one length, whatever the questionnaire and the answers.
"""

import gzip
import re
import zlib
from dataclasses import replace
from datetime import date
from itertools import product
from urllib.parse import urlencode

import pytest
from sqlalchemy import update

from feedback import instruments
from feedback.domain.figures.submissions import Submission
from feedback.domain.languages import LANGUAGES
from feedback.instruments.checks import MOST_ITEMS
from feedback.persistence.tables import staff
from feedback.security.sealed_box import make_submission_key, seal_to, sealed_length
from feedback.web import create_app
from feedback.web.intake.thanks import THANKS_BYTES
from tests.support.builders import SIX
from tests.support.phone import SEVENS, Phone

GZIP = {"Accept-Encoding": "gzip"}

LONGEST_ID = "x" * 32
"""By the schema of an instrument file, of an item and of an option."""


@pytest.fixture
def app(world):
    return create_app(world.installation)


@pytest.fixture
def phone(app):
    return Phone(app)


@pytest.fixture
def code(world):
    return a_code(world)


def an_answer(items: int, rating: float | None, *, width: int = 32) -> Submission:
    named = {f"{number:03}".rjust(width, "q"): rating for number in range(items)}
    return Submission("K7Q2X-M", "B", 9_999, date(2026, 12, 31), "i" * 64, 9_999, named, LONGEST_ID, "f" * 64)


def test_the_sealed_row_of_every_questionnaire_and_every_answer_has_one_length(tmp_path):
    public = make_submission_key(tmp_path, "k")
    steps = [step / (points - 1) * 10 for points in range(2, 12) for step in range(points)]
    said = [an_answer(items, rating) for items, rating in product((1, 6, 18, 30, 90, MOST_ITEMS), (None, 0.0, 10.0))]
    said += [an_answer(18, rating) for rating in steps]
    said += [replace(said[0], case_code="A", session_number=None, direct=None, instrument_id="a", ratings={})]
    assert {len(seal_to(public, each.to_sealed())) for each in said} == {sealed_length()}


@pytest.mark.parametrize("instrument_id", ["rapport-session", "rapport-session-easy"])
def test_the_longest_name_that_is_accepted_is_the_one_tried(instrument_id):
    assert all(len(item.id) <= len(LONGEST_ID) for item in instruments.load(instrument_id).items)


NAMES = ("D", "Dana", "д" * 40, "伊" * 40, "🌻" * 20, "Q" * 80)
"""Of therapists: as short and as long as names may be, in one to four bytes a character."""

BUTTONS = re.compile(r'name="audience" value="([^"]+)"')


def named(world, name):
    with world.writing() as uow:
        uow.connection.execute(update(staff).where(staff.c.id == world.therapist.id).values(display_name=name))


def a_code(world):
    case = world.opens_a_case()
    return world.shows_a_code(case, world.meets(case))


def request_of(phone, token, audience, **fields):
    """Send what a browser sends; gives the bytes of its body, and the answer."""
    filled = SEVENS | {"nonce": phone.nonce(token), "audience": audience} | fields
    body = urlencode({name: value for name, value in filled.items() if value is not None})
    answer = phone.http.post(f"/F/{token}", data=body, content_type="application/x-www-form-urlencoded", headers=GZIP)
    return len(body), answer


def seen(phone, world, audience, **fields):
    """What somebody sees of a send who reads sizes on the network: of the request, and of every answer."""
    sent, answer = request_of(phone, a_code(world).token, audience, **fields)
    head = sum(len(name) + len(value) for name, value in answer.headers)
    if answer.status_code != 303:
        return sent, head, len(answer.data)
    thanks = phone.http.get(answer.location, headers=GZIP)
    assert thanks.status_code == 200
    return sent, head, len(answer.data), sum(len(n) + len(v) for n, v in thanks.headers), len(thanks.data)


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("gaps", [{}, {"pace": None}])
def test_who_sees_sizes_on_the_network_does_not_learn_which_button_was_pressed(phone, world, gaps):
    token = a_code(world).token
    values = set(BUTTONS.findall(phone.opens(token).text))
    assert len(values) == 2
    for name in NAMES:
        named(world, name)
        sizes = {button: {seen(phone, world, button, **gaps) for _ in range(4)} for button in values}
        assert len(set.union(*sizes.values())) == 1, (name, sizes)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_fifty_thank_yous_of_each_kind_have_one_length(phone, world):
    sizes = {seen(phone, world, button) for button in ("therapist", "in-totals") for _ in range(50)}
    assert len(sizes) == 1, sizes


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("lang", [*LANGUAGES])
def test_nor_by_a_browser_that_takes_nothing_compressed_in_any_language(phone, world, lang):
    for name in NAMES:
        named(world, name)
        sizes = set()
        for button in ("therapist", "in-totals"):
            token = a_code(world).token
            fields = SEVENS | {"nonce": phone.nonce(token), "audience": button}
            answer = phone.http.post(f"/F/{token}?lang={lang}", data=fields)
            sizes.add((len(answer.data), len(answer.location), len(phone.http.get(answer.location).data)))
        assert len(sizes) == 1, (name, sizes)


def tablet_sees(tablet, world, audience):
    """The same on a shared tablet: of the send, what it leads to, and the thank-you."""
    begun = tablet.get(f"/F/{a_code(world).token}?kiosk=1")
    answer = tablet.post(begun.location, data=SEVENS | {"audience": audience}, headers=GZIP)
    assert answer.status_code == 303
    thanks = tablet.get(answer.location, headers=GZIP)
    return len(begun.location), len(answer.location), len(answer.data), len(thanks.data)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_nor_on_a_shared_tablet(app, world):
    tablet = app.test_client(use_cookies=False)
    for name in NAMES:
        named(world, name)
        sizes = {tablet_sees(tablet, world, button) for button in ("therapist", "in-totals") for _ in range(3)}
        assert len(sizes) == 1, (name, sizes)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_what_a_tablet_asks_for_again_has_one_length_whatever_was_left_out(app, world):
    tablet = app.test_client(use_cookies=False)
    sizes = set()
    for left_out in (("pace",), ("heard", "pace"), tuple(SIX)):
        begun = tablet.get(f"/F/{a_code(world).token}?kiosk=1")
        given = {item: value for item, value in SEVENS.items() if item not in left_out}
        answer = tablet.post(begun.location, data=given | {"audience": "in-totals"}, headers=GZIP)
        page = tablet.get(answer.location, headers=GZIP)
        assert "Not sent yet" in gzip.decompress(page.data).decode()
        sizes.add(len(page.data))
    assert len(sizes) == 1


def test_a_padded_page_is_the_same_page_to_every_decoder(phone, code):
    sent = phone.sends(code.token)
    plain = phone.http.get(sent.location)
    packed = phone.http.get(sent.location, headers=GZIP)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data).decode() == plain.text.rstrip()
    assert zlib.decompress(packed.data, wbits=31) == gzip.decompress(packed.data)
    assert len(packed.data) % THANKS_BYTES == 0 == len(plain.data) % THANKS_BYTES
