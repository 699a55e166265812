"""Bodies no form would send, two thousand in `make soak`: each a mistake, never a fault, and nothing typed is lost."""

import html
import re
from collections import Counter

import pytest

from feedback.domain.limits import FORM_KEYS, OLD_RECEIPT, TYPED_CODE
from feedback.domain.plain_text import plain_text
from feedback.web import create_app
from tests.support.html import check
from tests.support.limits import after, opened_after
from tests.support.malformed import bodies
from tests.support.phone import NONCE

MOST = 2_000
ADDRESSES = ("/F/{token}", "/F/{token}?easy=1", "{visit}", "/code", "/withdraw", "/k/harbour1")
TEXTAREA = re.compile(r"<textarea[^>]*>\n(.*?)</textarea>", re.DOTALL)


@pytest.fixture
def engine_name():
    """What is refused never reaches a database: one is enough."""
    return "sqlite"


@pytest.fixture
def http(world, monkeypatch):
    """A client that does not check every page's HTML: so many would take a minute."""
    monkeypatch.setattr("feedback.services.answers.resolve_access_code.TYPED_CODE", after(TYPED_CODE, MOST))
    monkeypatch.setattr("feedback.services.answers.issue_form_key.FORM_KEYS", opened_after(FORM_KEYS, MOST))
    monkeypatch.setattr("feedback.web.intake.withdraw.OLD_RECEIPT", after(OLD_RECEIPT, MOST))
    return create_app(world.installation).test_client(use_cookies=False)


def a_code(world):
    case = world.opens_a_case()
    return world.shows_a_code(case, world.meets(case))


def stored(world):
    with world.reading() as uow:
        return sum(
            uow.connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()  # noqa: S608  our own names
            for table in ("responses", "sealed_submissions")
        )


@pytest.mark.fault("R10")
@pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning")  # of the library, for half a file
def test_malformed_bodies_are_mistakes_and_nothing_typed_is_lost(world, http, engine_name, measured):
    code = a_code(world)
    nonce = NONCE.search(http.get(f"/F/{code.token}").text)[1]
    visit = http.get(f"/F/{code.token}?kiosk=1").location
    seen, sent, came_back = Counter(), 0, 0
    for number, body in enumerate(bodies(MOST, nonce)):
        address = ADDRESSES[0] if number % 3 else ADDRESSES[number // 3 % len(ADDRESSES)]
        page = http.post(address.format(token=code.token, visit=visit), data=body.data, content_type=body.kind)
        assert page.status_code in {200, 203, 303, 400, 404, 413, 422}, (body.way, body.data[:200])
        seen[body.way] += 1
        sent += "/thanks/" in (page.location or "")
        if number % 40 == 0:
            check(page.text)
        if "<textarea" in page.text and "easy" not in address:
            came_back += assert_nothing_lost(page.text, body)
    assert len(seen) == 11
    assert (sent, stored(world)) == (0, 0), "each has a gap or a slip"
    assert came_back > MOST / 10
    measured(
        "R10",
        f"{engine_name}: {MOST:,} bodies of {len(seen)} kinds: 0 faults, {came_back:,} answers shown again as typed",
    )


def assert_nothing_lost(page, body):
    """Hold a form that came back to the note and the ratings that were posted; say how many that were."""
    if body.typed is not None:
        shown = html.unescape(TEXTAREA.search(page)[1])
        assert shown.strip() == plain_text(body.typed), ascii(body.typed)
    for name, value in body.chosen.items():
        tile = re.search(rf'<input type="radio" name="{name}" value="{value}"[^>]*>', page)
        assert " checked" in tile[0], (body.way, name, value)
    return len(body.chosen) + (body.typed is not None)
