"""A therapist who tries a link learns nothing: never answered, only counted, and counted and filed look the same.

How long each takes, `make bench` measures (benchmarks/twins.py); here they do the same work, statement for statement.
"""

import gzip
import random
import re
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from feedback.web import create_app
from tests.support.builders import SIX
from tests.support.nightly import rewrites
from tests.support.phone import SEVENS
from tests.support.world import World

CODES = 200
NONCE = re.compile(rb'name="nonce" value="([0-9A-Z]{46})"')
RECEIPT = re.compile(rb'[0-9A-Z]{6}-[0-9A-Z]{6}-[0-9A-Z]{6}|name="receipt" value="[^"]*"')


class Tried:
    """Links tried over plain HTTP, each answer as bytes with the form's one-time key taken out."""

    def __init__(self, world: World) -> None:
        self.http = create_app(world.installation).test_client(use_cookies=False)

    def gets(self, token):
        """Everything a GET gives: status, headers, the page without its nonce, and how long it was on the wire."""
        answer = self.http.get(f"/F/{token}", headers={"Accept-Encoding": "gzip"})
        page = gzip.decompress(answer.data)
        self.nonce = NONCE.search(page)[1].decode()
        return self._seen(answer, NONCE.sub(b"", page)), len(answer.data)

    def posts(self, token, **answers):
        """Everything a POST gives, and the page it leads to without its receipt."""
        filled = SEVENS | {"nonce": self.nonce} | answers
        data = {name: value for name, value in filled.items() if value is not None}
        sent = self.http.post(f"/F/{token}", data=data)
        there = self.http.get(sent.location) if sent.status_code == 303 else sent
        address = (sent.location or "no address").encode()
        pages = [NONCE.sub(b"", each.data.replace(address, b"")) for each in (sent, there)]
        return self._seen(sent, pages[0]), len(sent.data), self._seen(there, RECEIPT.sub(b"", pages[1]))

    def _seen(self, answer, page):
        headers = [(name, value) for name, value in answer.headers if name != "Location"]
        return answer.status_code, headers, len(answer.headers.get("Location", "")), page

    def counts(self, token, chance):
        """Somebody answers without the therapist seeing it."""
        self.gets(token)
        rated = {item: str(chance.randrange(11)) for item in SIX}
        off = chance.choice(["no", "not_sure", "a_little", "yes"])
        note = "x" * chance.randrange(400)
        assert self.posts(token, **rated, off=off, comment=note, audience="totals")[0][0] == 303


def codes(world, count):
    shown = []
    for _ in range(count):
        case = world.opens_a_case()
        shown.append(world.shows_a_code(case, world.meets(case)).token)
    return shown


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_links_give_the_same_bytes_whether_unused_counted_or_filed(world):
    chance = random.Random(7)  # noqa: S311  a repeatable choice of who has answered
    tried, tokens = Tried(world), codes(world, CODES)
    filed = set(chance.sample(tokens, CODES // 4))
    counted = set(chance.sample([token for token in tokens if token not in filed], CODES // 4))
    for token in filed:
        tried.counts(token, chance)
    assert rewrites(world) is not None
    for token in counted:
        tried.counts(token, chance)
    shown, missed, totals, shared = set(), set(), set(), set()
    for token in tokens:
        shown.add(repr(tried.gets(token)))
        missed.add(repr(tried.posts(token, audience="totals", pace=None)))
        totals.add(repr(tried.posts(token, audience="totals")))
        if chance.random() < 0.5:
            shared.add(repr(tried.posts(token, audience="therapist")))
    assert (len(shown), len(missed), len(totals), len(shared)) == (1, 1, 1, 1)
    assert "How was today?" in shown.pop()


@contextmanager
def overheard(world):
    """Every statement the database is given meanwhile, in order."""
    said = []

    def listen(_connection, _cursor, statement, *_more):
        said.append(statement)

    event.listen(world.installation.database.engine, "before_cursor_execute", listen)
    yield said
    event.remove(world.installation.database.engine, "before_cursor_execute", listen)


def test_both_ask_the_database_the_same_things_in_the_same_order(world):
    chance = random.Random(8)  # noqa: S311  repeatable answers
    tried = Tried(world)
    unused, counted, filed = codes(world, 3)
    for token in (filed, *codes(world, 4)):
        tried.counts(token, chance)
    rewrites(world)
    tried.counts(counted, chance)
    heard = {}
    for token in (unused, counted, filed):
        with overheard(world) as said:
            tried.gets(token)
            tried.posts(token, audience="totals", pace=None)
            tried.posts(token, audience="totals")
            tried.posts(token, audience="therapist")
        heard[token] = said
    assert heard[unused] == heard[counted] == heard[filed]
    assert len(heard[unused]) > 20
