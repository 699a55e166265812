"""Who holds a link opens its form over and over: rows without end, a disk full, others shut out, or somebody caught.

A key can keep one sealed row. So keys are paced, and sends are not: a refusal must not tell that somebody sent.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from feedback.domain.errors import TooManyForms
from feedback.domain.limits import FORM_KEYS
from feedback.domain.networks import origin_of
from feedback.persistence.tables import sealed_submissions
from feedback.security.rate_limit import RateLimiter
from feedback.services.answers import issue_form_key as use_case
from feedback.services.answers.issue_form_key import issue_form_key
from feedback.web import create_app
from tests.support.html import soup
from tests.support.limits import opened_after
from tests.support.phone import NONCE, SEVENS, Phone, heading, receipt_of

FLOOD = FORM_KEYS.address.burst + 50
HOUR = 3_600


@dataclass
class Moment:
    """A clock that the test turns."""

    at: datetime

    def now(self):
        return self.at


@pytest.fixture
def moment(world):
    return Moment(world.installation.clock.now())


@pytest.fixture
def installed(world, moment):
    """The installation, with that clock."""
    world.installation = replace(world.installation, clock=moment)
    return world.installation


@pytest.fixture
def phone(installed):
    """Everybody in one Wi-Fi: the client, a neighbour, the flooder."""
    return Phone(create_app(installed))


@pytest.fixture
def token(world):
    return a_code(world).token


def a_code(world):
    case = world.opens_a_case()
    return world.shows_a_code(case, world.meets(case))


def rows(world):
    with world.reading() as uow:
        return uow.connection.execute(select(func.count()).select_from(sealed_submissions)).scalar_one()


def keyless(phone, token, **answers):
    """Send a form under no key of ours: it comes back under a new one."""
    return phone.http.post(f"/F/{token}", data=SEVENS | {"nonce": "", "audience": "totals"} | answers)


def keys_in(*pages):
    return {found[1] for page in pages if (found := NONCE.search(page.text))}


def floods(phone, token, times=FLOOD):
    return [phone.opens(token) for _ in range(times)]


def test_one_address_is_given_no_more_keys_in_an_hour_than_the_limit_says(installed, moment, token):
    """It asks three times a second; a second link of its own adds that link's free ones and no more."""
    limiter, links, given = RateLimiter(), (token, "7" * 26), 0
    for _ in range(HOUR):
        for number in range(3):
            try:
                issue_form_key(
                    moment,
                    installed.keyring,
                    installed.chance,
                    token=links[number % 2],
                    sentence=1,
                    limiter=limiter,
                    origin=origin_of("192.0.2.1"),
                )
                given += 1
            except TooManyForms:
                continue
        moment.at += timedelta(seconds=1)
    paced = FORM_KEYS.address.burst + HOUR / FORM_KEYS.address.seconds
    free = len(links) * (FORM_KEYS.free.burst + HOUR / FORM_KEYS.free.seconds)
    assert paced - 1 <= given <= paced + free


def test_every_way_to_a_key_is_counted(phone, world, token):
    """Opening, a form that comes back, one that was taken back and is sent again, a visit at a tablet."""
    kept = phone.nonce(token)
    receipt = receipt_of(phone.http.get(phone.sends(token, nonce=kept).location)).replace("-", "")
    assert phone.http.post("/withdraw", data={"receipt": receipt}).status_code == 200
    typed = a_code(world).typed
    keys, visits = set(), 0
    for _ in range(FLOOD // 4 + 20):
        back = phone.sends(token, nonce=kept)
        assert back.status_code == 409
        keys |= keys_in(phone.opens(token), keyless(phone, token), back)
        visits += "/form/" in phone.http.post("/k/harbour1", data={"code": typed}).location
    most = FORM_KEYS.address.burst + 2 * FORM_KEYS.free.burst
    assert visits > FORM_KEYS.free.burst
    assert FORM_KEYS.address.burst - 1 <= len(keys) + visits <= most


def test_sends_with_kept_keys_make_no_more_rows_than_keys_were_given(phone, world, token, monkeypatch):
    monkeypatch.setattr(use_case, "FORM_KEYS", opened_after(FORM_KEYS, 12, free=2))
    keys = keys_in(*floods(phone, token, 20), *(keyless(phone, token) for _ in range(20)))
    assert len(keys) == 12
    for heard in ("1", "5", "9"):
        sent = [phone.sends(token, "totals", nonce=key, heard=heard) for key in keys]
        assert {page.status_code for page in sent} == {303}, "what is sent is never refused for this"
    assert rows(world) == len(keys)


def test_256_phones_that_open_at_once_in_one_waiting_room_all_get_in(phone, token):
    assert {page.status_code for page in floods(phone, token, 256)} == {200}


def test_a_neighbour_opens_and_sends_while_the_address_is_flooded(phone, world, token):
    early = a_code(world).token
    before = phone.nonce(early)
    assert [page.status_code for page in floods(phone, token)][-1] == 429
    code = a_code(world)
    assert [phone.opens(code.token).status_code for _ in range(FORM_KEYS.free.burst + 1)] == [200] * 5 + [429]
    assert phone.sends(early, "totals", nonce=before).status_code == 303
    other = a_code(world)
    assert phone.sends(other.token).status_code == 303
    assert "/form/" in phone.http.post("/k/harbour1", data={"code": a_code(world).typed}).location


def test_the_refusal_says_how_long_and_that_the_code_still_works(phone, moment, token, monkeypatch):
    monkeypatch.setattr(use_case, "FORM_KEYS", opened_after(FORM_KEYS, 12, free=2))
    page = floods(phone, token, 13)[-1]
    assert (page.status_code, page.headers["Retry-After"]) == (429, "1")
    assert heading(page) == "We cannot open this just now."
    assert "Your code still works." in page.text
    assert "Harbour Lane Therapy" in page.text, "it is the clinic's own page"
    moment.at += timedelta(seconds=1)
    assert phone.opens(token).status_code == 200


def test_a_code_that_is_closed_or_unknown_is_told_and_never_counted(phone, token):
    floods(phone, token)
    assert phone.opens("0" * 26).status_code == 404


def test_nothing_typed_is_lost_when_a_form_comes_back_and_no_key_is_given(phone, moment, token):
    floods(phone, token)
    page = keyless(phone, token, comment="It was too fast.", audience="therapist")
    assert (page.status_code, page.headers["Retry-After"]) == (429, "1")
    assert keys_in(page) == set()
    assert "Please wait a minute" in page.text
    moment.at += timedelta(minutes=1)
    again = phone.http.post(f"/F/{token}", data=filled(page) | {"audience": "therapist"})
    assert "Please press the button once more." in again.text
    sent = phone.http.post(f"/F/{token}", data=filled(again) | {"audience": "therapist"})
    assert sent.status_code == 303
    assert filled(again)["comment"] == "It was too fast."


def filled(page):
    """Return what a browser would send of a page as it stands."""
    form = soup(page.text).form
    fields = {each["name"]: each.get("value", "") for each in form.select("input[type=hidden], input[checked]")}
    return fields | {each["name"]: each.text.strip() for each in form.select("textarea")}


def test_a_form_taken_back_can_be_sent_after_all_when_no_key_was_given(phone, moment, token):
    kept = phone.nonce(token)
    receipt = receipt_of(phone.http.get(phone.sends(token, nonce=kept).location)).replace("-", "")
    phone.http.post("/withdraw", data={"receipt": receipt})
    floods(phone, token)
    page = phone.sends(token, nonce=kept, comment="After all.")
    assert (page.status_code, keys_in(page)) == (409, set())
    moment.at += timedelta(minutes=1)
    back = phone.http.post(f"/F/{token}", data=filled(page) | {"audience": "therapist"})
    assert filled(back)["comment"] == "After all."
    assert phone.http.post(f"/F/{token}", data=filled(back) | {"audience": "therapist"}).status_code == 303


def seen_by_a_flooder(world, *, sends):
    """A client opens the form three times, sends unseen or does not; return what the flooder's requests meet then."""
    code = a_code(world)
    there = replace(world.installation, limiter=RateLimiter())
    client, flooder = Phone(create_app(there)), Phone(create_app(there))
    keys = [client.nonce(code.token) for _ in range(3)]
    if sends:
        for key in (*keys, keys[0]):
            thanks = client.http.get(client.sends(code.token, "totals", nonce=key).location)
        client.http.post("/withdraw", data={"receipt": receipt_of(thanks).replace("-", "")})
    met = []
    for _ in range(6):
        pages = (flooder.opens(code.token), keyless(flooder, code.token))
        met += [
            (page.status_code, page.headers.get("Retry-After"), len(page.data), len(keys_in(page))) for page in pages
        ]
        led = flooder.http.post("/k/harbour1", data={"code": code.typed})
        met.append((led.status_code, "slip" in led.location))
    return met


@pytest.mark.parametrize(("openings", "free"), [(9, 2), (4, 5), (9, 0)])
def test_a_flooder_is_answered_the_same_whether_the_client_sent_or_only_opened(
    world, installed, monkeypatch, openings, free
):
    monkeypatch.setattr(use_case, "FORM_KEYS", opened_after(FORM_KEYS, openings, free))
    quiet, answered = (seen_by_a_flooder(world, sends=sends) for sends in (False, True))
    assert quiet == answered
    assert 429 in {each[0] for each in quiet}, "it is answered under the limit and beyond it"
    assert 200 in {each[0] for each in quiet}
