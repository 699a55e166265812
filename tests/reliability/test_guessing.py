"""R14: a form sent ten times is one answer, and nobody guesses a way in: no code, no second step, no password.

How much guessing slows others is counted in work asked of the database, never in seconds.
"""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import chain, cycle, islice

import pytest
from sqlalchemy import event, func, select

from feedback.domain.access import TOKEN_LENGTH, TYPED_LENGTH
from feedback.domain.care import CROCKFORD
from feedback.domain.clock import FixedClock
from feedback.domain.errors import AccessCodeUnknown, SignInFailed, TooManyTries
from feedback.domain.limits import PASSWORD, SECOND_STEP_MISSES, TYPED_CODE
from feedback.domain.networks import origin_of
from feedback.persistence import tables
from feedback.persistence.base import metadata
from feedback.persistence.tables import tenant_lookup
from feedback.security.access_codes import SystemChance, token_hash, typed_hash
from feedback.services.accounts import confirm_second_step as second_step
from feedback.services.accounts import sign_in as first_step
from feedback.services.answers.resolve_access_code import find_typed_code
from feedback.services.upkeep.rotate_data_key import rotate_data_key
from feedback.web import create_app
from tests.support.authenticator import PHRASE, hires_with_both_steps
from tests.support.codes import codes_for
from tests.support.guessing import most_guesses
from tests.support.limits import guard_at
from tests.support.phone import Phone, receipt_of
from tests.support.soak import scaled

LIVING = 100
GUESSES = scaled(8_000, 1_000_000)
SECOND_STEPS = scaled(300, 100_000)
PASSWORDS = scaled(400, 10_000)
AT_ONCE = 500
ON_ONE_ENGINE = pytest.mark.parametrize("engine_name", ["sqlite"])


def near(code):
    """Every code that differs from a living one in one place, or by two neighbours that changed places."""
    for place in range(len(code)):
        for letter in CROCKFORD:
            if letter != code[place]:
                yield code[:place] + letter + code[place + 1 :]
        swapped = code[:place] + code[place : place + 2][::-1] + code[place + 2 :]
        if swapped != code:
            yield swapped


def guesses(living):
    """Near misses first, then codes by chance without end."""
    for code in living:
        yield from near(code)
    chance = SystemChance()
    while True:
        yield chance.text(TOKEN_LENGTH)


@pytest.mark.fault("R14")
def test_no_guess_opens_a_door(world, engine_name, measured):
    living = codes_for(world, LIVING)
    keyring, left = world.installation.keyring, islice(guesses(living), GUESSES)
    tried = hits = 0
    with world.installation.database.reading(None) as uow:
        asked = select(func.count()).select_from(tenant_lookup)
        assert (
            uow.connection.scalar(asked.where(tenant_lookup.c.hash.in_([token_hash(keyring, code) for code in living])))
            == 100
        )
        while some := list(islice(left, AT_ONCE)):
            hashes = [token_hash(keyring, guess) for guess in some]
            hashes += [typed_hash(keyring, guess[:TYPED_LENGTH]) for guess in some]
            tried += len(hashes)
            hits += uow.connection.scalar(asked.where(tenant_lookup.c.hash.in_(hashes)))
    assert (hits, tried) == (0, 2 * GUESSES)
    measured(
        "R14", f"{engine_name}: {tried:,} random and near-miss codes against {2 * LIVING} living ones: {hits} hits"
    )


@pytest.fixture
def shown(world):
    """A code that is open now."""
    case = world.opens_a_case()
    return world.shows_a_code(case, world.meets(case))


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


def rows_in_each_table(world):
    with world.installation.database.reading(None) as uow:
        counted = {table.name: select(func.count()).select_from(table) for table in metadata.sorted_tables}
        return {name: uow.connection.scalar(count) for name, count in counted.items()}


def types(it, typed, address):
    place = origin_of(address)
    return find_typed_code(it.database, it.clock, it.keyring, typed=typed, limiter=it.limiter, origin=place)


@ON_ONE_ENGINE
def test_misses_leave_nothing_and_give_an_honest_phone_no_more_work(world, shown):
    it, phone = world.installation, Phone(create_app(world.installation))
    before, work = rows_in_each_table(world), asked_of_the_database(world, lambda: phone.opens(shown.token))
    ended = Counter()
    for typed in islice(near(shown.typed), 100):
        with pytest.raises((AccessCodeUnknown, TooManyTries)) as refused:
            types(it, typed, "192.0.2.1")
        ended[refused.type] += 1
    assert ended == {AccessCodeUnknown: TYPED_CODE.address.burst, TooManyTries: 100 - TYPED_CODE.address.burst}
    assert asked_of_the_database(world, lambda: phone.opens(shown.token)) == work
    assert rows_in_each_table(world) == before, "nothing of a guess is stored"
    assert types(it, shown.typed, "192.0.2.2") == shown.token, "the true one is still found"


@pytest.mark.fault("R14")
@ON_ONE_ENGINE
def test_no_second_step_is_guessed_however_many_are_tried(world, measured):
    """One six-digit code after the other within ten minutes, the right ones early: five are judged, and none after."""
    it = world.installation
    person, app = hires_with_both_steps(world)
    account = first_step.Account(world.clinic, person)
    right = [app.shows(step) for step in (-1, 0, 1)]
    every = (f"{number:06d}" for number in range(10**6))
    wrong = (code for code in every if code not in right)
    tried = chain(islice(wrong, SECOND_STEP_MISSES), right, islice(wrong, SECOND_STEPS - 8))
    ended = Counter()
    for code in tried:
        try:
            second_step.confirm_second_step(
                it.database, it.clock, it.keyring, journal=it.journal, account=account, code=code
            )
            ended["let in"] += 1
        except (SignInFailed, TooManyTries) as refused:
            ended[type(refused).__name__] += 1
    assert ended == {"SignInFailed": 5, "TooManyTries": SECOND_STEPS - 5}
    measured(
        "R14", f"{SECOND_STEPS:,} second steps tried in ten minutes, the right ones among them: 5 judged, 0 let in"
    )


@pytest.mark.fault("R14")
@ON_ONE_ENGINE
def test_no_password_is_guessed_and_its_owner_is_let_in_meanwhile(world, measured):
    """One guess a second, for as many seconds, from one host; the owner signs in from elsewhere at the end."""
    person, _ = hires_with_both_steps(world)
    near_misses = [PHRASE[:-1], PHRASE + " ", PHRASE.upper(), PHRASE.replace(" ", ""), "", "passwordpassword"]
    begun, ended = world.installation.clock.now(), Counter()
    for second, guess in enumerate(islice(cycle(near_misses), PASSWORDS)):
        it = replace(world.installation, clock=FixedClock(begun + timedelta(seconds=second)))
        with pytest.raises((SignInFailed, TooManyTries)) as refused:
            signs_in(it, person, guess, "192.0.2.1")
        ended[refused.type] += 1
    assert ended[SignInFailed] <= most_guesses(PASSWORD, 1, PASSWORDS)
    opened = signs_in(it, person, PHRASE, "192.0.2.2")
    assert [one.staff.id for one in opened] == [person.id], "slow for who guesses, and never locked"
    measured(
        "R14",
        f"{PASSWORDS:,} passwords guessed at one account, one a second from one host: 0 hits, {ended[SignInFailed]:,} "
        "judged; the right one from next door let in",
    )


def signs_in(it, person, password, address):
    return first_step.sign_in(
        it.database,
        it.clock,
        it.keyring,
        it.passwords,
        email=person.email,
        password=password,
        guard=guard_at(it, address),
    )


def test_a_form_sent_ten_times_is_one_answer_even_after_the_keys_were_turned_over(world, shown):
    it, token, phone = world.installation, shown.token, Phone(create_app(world.installation))
    others = [world.shows_a_code(case, world.meets(case)) for case in (world.opens_a_case(), world.opens_a_case())]
    nonce, receipts = phone.nonce(token), set()
    for number in range(10):
        if number == 5:
            rotate_data_key(it.database, it.keyring)
        receipts.add(receipt_of(phone.http.get(phone.sends(token, nonce=nonce, comment="once").location)))
    assert len(receipts) == 1
    assert rows_in_each_table(world)[tables.responses.name] == 1
    assert phone.sends(others[0].token, nonce=nonce).status_code == 400, "the nonce of another code opens nothing"
    late = Phone(create_app(world.on("2026-03-20").installation))
    assert late.sends(others[1].token, nonce=phone.nonce(others[1].token)).status_code == 410
    assert rows_in_each_table(world)[tables.responses.name] == 1
