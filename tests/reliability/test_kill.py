"""The server is killed while clients send: what was acknowledged is stored once, and nothing is stored by halves."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from feedback.persistence import tables
from feedback.security.receipts import nonce_hash
from tests.support.crowd import everybody_sends
from tests.support.online import running, served_from
from tests.support.serving import address, free_port
from tests.support.soak import scaled

ROUNDS = scaled(2, 100)
PHONES = 6
CODES_A_ROUND = scaled(50, 100)
SECONDS_OF_LOAD = 0.6


def codes_for(world, count):
    made = []
    for _ in range(count):
        case = world.opens_a_case()
        made.append(world.shows_a_code(case, world.meets(case)).token)
    return made


def rows_in(world, table):
    with world.reading() as uow:
        return uow.connection.scalar(select(func.count()).select_from(table))


def test_what_was_acknowledged_is_stored_once_however_often_the_server_is_killed(world_of_today, record_property):
    world = world_of_today
    served = served_from(world, address(free_port()))
    codes = codes_for(world, ROUNDS * CODES_A_ROUND)
    with ThreadPoolExecutor(1) as crowd:
        sending = crowd.submit(everybody_sends, served.base_url, codes, PHONES)
        for _ in range(ROUNDS):
            with running(served) as process:
                time.sleep(SECONDS_OF_LOAD)
                os.killpg(process.pid, signal.SIGKILL)
        with running(served):
            acknowledged = sending.result()
    record_property("acknowledged", len(acknowledged))
    record_property("kills", ROUNDS)
    with world.reading() as uow:
        stored = list(uow.connection.scalars(select(tables.responses.c.nonce_hash)))
    assert sorted(stored) == sorted(nonce_hash(world.installation.keyring, each.nonce) for each in acknowledged)
    assert len(stored) == len(codes)
    assert rows_in(world, tables.answers) == len(stored) * 7
    assert rows_in(world, tables.findings) == len(stored)
