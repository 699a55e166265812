"""R14: codes are guessed at, by chance and by changing living ones a little. Nobody finds one."""

from itertools import islice

import pytest
from sqlalchemy import func, select

from feedback.domain.access import TOKEN_LENGTH, TYPED_LENGTH
from feedback.domain.care import CROCKFORD
from feedback.persistence.tables import doors
from feedback.security.access_codes import SystemChance, token_hash, typed_hash
from tests.support.codes import codes_for
from tests.support.soak import scaled

LIVING = 100
GUESSES = scaled(8_000, 1_000_000)
AT_ONCE = 500


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
        asked = select(func.count()).select_from(doors)
        assert (
            uow.connection.scalar(asked.where(doors.c.hash.in_([token_hash(keyring, code) for code in living]))) == 100
        )
        while some := list(islice(left, AT_ONCE)):
            hashes = [token_hash(keyring, guess) for guess in some]
            hashes += [typed_hash(keyring, guess[:TYPED_LENGTH]) for guess in some]
            tried += len(hashes)
            hits += uow.connection.scalar(asked.where(doors.c.hash.in_(hashes)))
    assert (hits, tried) == (0, 2 * GUESSES)
    measured(
        "R14", f"{engine_name}: {tried:,} random and near-miss codes against {2 * LIVING} living ones: {hits} hits"
    )
