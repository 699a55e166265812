"""R1: the server is killed while clients send. What was acknowledged is stored once, and nothing by halves."""

import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from feedback.persistence import tables
from feedback.security.receipts import make_receipt, nonce_hash, submission_id
from tests.support.codes import codes_for
from tests.support.crowd import everybody_sends
from tests.support.killing import KilledServer
from tests.support.online import served_from
from tests.support.serving import address, free_port
from tests.support.soak import scaled

KILLS = scaled(2, 110)
SHARED = scaled(50, 9_000)
COUNTED = scaled(12, 1_200)
PHONES = 6
WORKERS = 2


def rows_in(world, table):
    with world.reading() as uow:
        return uow.connection.scalar(select(func.count()).select_from(table))


def killed_under_load(server, sending, heard, wanted):
    """Kill the server each time another handful was acknowledged, spread over all of the sending."""
    chance = random.Random(2)  # noqa: S311  repeatable moments
    for kill in range(1, KILLS + 1):
        goal = wanted * kill // (KILLS + 1) - chance.randint(0, 9)
        while len(heard) < goal and not all(each.done() for each in sending):
            time.sleep(0.005)
            server.see_to()
        server.kill()
    while not all(each.done() for each in sending):
        time.sleep(0.05)
        server.see_to()


@pytest.mark.fault("R1")
def test_what_was_acknowledged_is_stored_once_however_often_the_server_is_killed(world_of_today, engine_name, measured):
    world, heard = world_of_today, []
    served = served_from(world, address(free_port()))
    shared, counted = codes_for(world, SHARED), codes_for(world, COUNTED)
    server = KilledServer(served, WORKERS)
    try:
        with ThreadPoolExecutor(2) as crowds:
            sending = [
                crowds.submit(everybody_sends, served.base_url, codes, phones, audience, heard=heard.append)
                for codes, phones, audience in ((shared, PHONES, "therapist"), (counted, 2, "totals"))
            ]
            killed_under_load(server, sending, heard, SHARED + COUNTED)
        for_therapist, for_totals = (each.result() for each in sending)
    finally:
        server.stop()
    keyring = world.installation.keyring
    with world.reading() as uow:
        stored = Counter(uow.connection.scalars(select(tables.responses.c.nonce_hash)))
        waiting = Counter(uow.connection.scalars(select(tables.sealed_submissions.c.id)))
    stored_for = Counter(nonce_hash(keyring, each.nonce) for each in for_therapist)
    waiting_for = Counter(submission_id(keyring, make_receipt(keyring, each.nonce)) for each in for_totals)
    lost = (stored_for - stored).total() + (waiting_for - waiting).total()
    beyond = (stored - stored_for).total() + (waiting - waiting_for).total()
    assert (lost, beyond) == (0, 0)
    assert (stored.total(), waiting.total()) == (SHARED, COUNTED)
    assert rows_in(world, tables.answers) == SHARED * 7
    assert rows_in(world, tables.findings) == SHARED
    measured(
        "R1",
        f"{engine_name}: {len(heard):,} acknowledged under {server.kills} kills of {WORKERS} workers or one of them: "
        f"lost {lost}, doubled {beyond}",
    )
