"""R14: replays and guesses. A form sent ten times is one answer; a million guesses hit nothing and slow nobody else.

How slow is counted in work, never in seconds: what an honest visitor's page asks of the database before and after.
"""

import random
from collections import Counter

import pytest
from sqlalchemy import event, func, select

from feedback.domain.care import CROCKFORD
from feedback.domain.errors import AccessCodeUnknown
from feedback.persistence import tables
from feedback.persistence.base import metadata
from feedback.services.answers.find_form import find_code
from feedback.services.answers.find_typed_code import count_typed_miss, find_typed_code
from feedback.services.upkeep.rotate_data_key import rotate_data_key
from feedback.web import create_app
from tests.support.phone import Phone, receipt_of
from tests.support.soak import scaled

GUESSES = scaled(1_600, 1_000_000)
OPEN_CODES = 20
pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


def guesses(chance, truth):
    """Random codes and near misses in turn: one letter changed, two swapped, one shifted in from another code."""
    known = set(truth)
    while True:
        near = list(chance.choice(truth))
        place = chance.randrange(len(near) - 1)
        way = chance.randrange(4)
        if way == 0:
            near = [chance.choice(CROCKFORD) for _ in near]
        elif way == 1:
            near[place] = chance.choice(CROCKFORD)
        elif way == 2:
            near[place], near[place + 1] = near[place + 1], near[place]
        else:
            near = [*near[1:], chance.choice(truth)[0]]
        if (guess := "".join(near)) not in known:
            yield guess


@pytest.fixture
def shown(world):
    """Codes that are open now."""
    made = []
    for _ in range(OPEN_CODES):
        case = world.opens_a_case()
        made.append(world.shows_a_code(case, world.meets(case)))
    return made


def asked_of_the_database(world, page):
    """Every statement that opening a page takes, and how it ended."""
    statements = Counter()

    def note(_connection, _cursor, statement, *_more):
        statements[statement] += 1

    event.listen(world.installation.database.engine, "before_cursor_execute", note)
    try:
        status = page().status_code
    finally:
        event.remove(world.installation.database.engine, "before_cursor_execute", note)
    return status, statements


@pytest.mark.fault("R14")
def test_no_guess_hits_and_an_honest_phone_has_no_more_work_than_before(
    world, engine_name, shown, monkeypatch, measured
):
    monkeypatch.setattr("feedback.services.answers.find_typed_code.MOST_MISSES", GUESSES * 10)
    it, chance = world.installation, random.Random(14)  # noqa: S311  repeatable guesses
    phone = Phone(create_app(it))
    rows = {table.name: world_rows(world, table) for table in metadata.sorted_tables}
    before = asked_of_the_database(world, lambda: phone.opens(shown[0].token))
    typed, links = guesses(chance, [one.typed for one in shown]), guesses(chance, [one.token for one in shown])
    hits = 0
    for _ in range(GUESSES // 200):
        with it.database.writing(None) as uow:
            for _ in range(100):
                hits += leads_somewhere(find_typed_code, uow, it, typed=next(typed))
                hits += leads_somewhere(find_code, uow, it, token=next(links))
                count_typed_miss(uow, it.clock)
            uow.commit()
    assert hits == 0
    measured("R14", f"{engine_name}: {GUESSES:,} random and near-miss codes against {2 * OPEN_CODES} open ones: 0 hits")
    assert asked_of_the_database(world, lambda: phone.opens(shown[0].token)) == before
    after = {table.name: world_rows(world, table) for table in metadata.sorted_tables}
    grown = {name: after[name] - rows[name] for name in rows if after[name] != rows[name]}
    assert grown == {"tries": 1}, "a million misses are one number"
    with it.database.reading(None) as uow:
        assert leads_somewhere(find_typed_code, uow, it, typed=shown[0].typed), "the true one is still found"


def leads_somewhere(find, uow, it, **code):
    try:
        find(uow, it.clock, it.keyring, **code)
    except AccessCodeUnknown:
        return False
    return True


def world_rows(world, table):
    with world.installation.database.reading(None) as uow:
        return uow.connection.scalar(select(func.count()).select_from(table))


@pytest.mark.fault("R14")
def test_a_form_sent_ten_times_is_one_answer_even_after_the_keys_were_turned_over(world, shown):
    it, token = world.installation, shown[0].token
    phone = Phone(create_app(it))
    nonce = phone.nonce(token)
    receipts = set()
    for number in range(10):
        if number == 5:
            rotate_data_key(it.database, it.keyring)
        sent = phone.sends(token, nonce=nonce, comment="once")
        receipts.add(receipt_of(phone.http.get(sent.location)))
    assert len(receipts) == 1
    assert world_rows(world, tables.responses) == 1
    assert phone.sends(shown[1].token, nonce=nonce).status_code == 400, "the nonce of another code opens nothing"
    late = Phone(create_app(world.on("2026-03-20").installation))
    assert late.sends(shown[2].token, nonce=phone.nonce(shown[2].token)).status_code == 410
    assert world_rows(world, tables.responses) == 1
