"""R5: the primary of two PostgreSQL servers dies while clients send. What was acknowledged is on the other one."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet

import psycopg
import pytest
from sqlalchemy import create_engine, select, text

from feedback import paths
from feedback.domain.clock import SystemClock
from feedback.persistence import tables
from feedback.persistence.database import Database
from feedback.persistence.upkeep import migrate
from feedback.security.access_codes import SystemChance
from feedback.security.receipts import nonce_hash
from feedback.settings import Settings
from tests.support.builders import a_clinic, a_therapist
from tests.support.codes import codes_for
from tests.support.crowd import everybody_sends
from tests.support.failover import replicated
from tests.support.installing import install
from tests.support.online import running, served_from
from tests.support.serving import address, free_port
from tests.support.soak import IS_SOAK, scaled
from tests.support.world import World

CODES = scaled(60, 300)
PHONES = 4
MOST_SECONDS = 30
"""From the death of the primary to the next acknowledgement, in the full form on a machine of its own."""


@pytest.fixture
def pair():
    with replicated(in_namespaces=IS_SOAK) as servers:
        yield servers


@pytest.fixture
def world(pair, tmp_path):
    """A clinic whose database has two servers."""
    with psycopg.connect(pair.address(pair.primary), autocommit=True) as server:
        server.execute("CREATE DATABASE feedback")
    database = Database(
        Settings(database_url=pair.address(pair.primary, pair.replica, name="feedback")).database_address
    )
    migrate.upgrade(database, paths.migrations())
    house = install(database, tmp_path, clock=SystemClock(), chance=SystemChance())
    small = World(house, a_clinic(), a_therapist())
    small.found()
    yield small
    database.close()


def waits_for_a_standby(pair):
    """Say whether somebody's commit on the old primary waits for its standby."""
    asked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
    with psycopg.connect(pair.address(pair.primary), autocommit=True) as server:
        return server.execute(asked).fetchone()[0] > 0


def writes(pair):
    with psycopg.connect(pair.address(pair.primary, name="feedback")) as old:
        old.execute("CREATE TABLE unheard (id int)")
    return "acknowledged"


def until(true):
    for _ in range(6_000):
        if true():
            return
        time.sleep(0.1)
    raise AssertionError("it never came to that")


@pytest.mark.fault("R5")
def test_what_was_acknowledged_is_on_the_new_primary_and_the_old_one_acknowledges_nothing(pair, world, measured):
    served, heard = served_from(world, address(free_port())), []
    codes = codes_for(world, CODES)
    with running(served), ThreadPoolExecutor(1) as crowd:
        sending = crowd.submit(
            everybody_sends, served.base_url, codes, PHONES, heard=lambda each: heard.append((time.monotonic(), each))
        )
        until(lambda: len(heard) >= CODES // 3)
        pair.cut()
        pair.primary.kill()
        died, before = time.monotonic(), len(heard)
        pair.promote()
        promoted = time.monotonic()
        acknowledged = sending.result()
    first = min(at for at, _ in heard[before:] if at > promoted)
    engine = create_engine(Settings(database_url=pair.address(pair.replica, name="feedback")).database_address)
    with engine.connect() as there:
        stored = Counter(there.scalars(select(tables.responses.c.nonce_hash)))
        assert there.scalar(text("SELECT pg_is_in_recovery()")) is False
    engine.dispose()
    known = Counter(nonce_hash(world.installation.keyring, each.nonce) for each in acknowledged)
    lost, doubled = (known - stored).total(), (stored - known).total()
    assert (lost, doubled, len(acknowledged)) == (0, 0, CODES)
    assert 0 < before < CODES
    if IS_SOAK:
        assert first - died < MOST_SECONDS
    pair.primary.start()
    pair.mend()
    with ThreadPoolExecutor(1) as client:
        unheard = client.submit(writes, pair)
        until(lambda: waits_for_a_standby(pair))
        with pytest.raises(NotYet):
            unheard.result(timeout=1)
        pair.primary.kill()
        assert isinstance(unheard.exception(), psycopg.OperationalError)
    where = "two network namespaces, cable cut" if IS_SOAK else "two servers on one machine"
    measured(
        "R5",
        f"PostgreSQL, {where}, killed and promoted: {CODES:,} acknowledged, {before:,} before: lost {lost}, doubled "
        f"{doubled}; taken again after {first - died:.0f} s; the old primary acknowledged nothing",
    )
