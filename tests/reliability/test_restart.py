"""Stopping and renewing a server while somebody's answer is under way."""

import fcntl
import re
import signal
import threading
import time
from contextlib import contextmanager
from urllib.parse import urlencode

import pytest

from feedback.domain.clock import SystemClock
from feedback.persistence.answers.responses import list_responses
from feedback.security.access_codes import SystemChance
from tests.support.builders import a_clinic, a_therapist
from tests.support.crowd import ask
from tests.support.installing import install
from tests.support.online import PATIENCE_SECONDS, running, served_from
from tests.support.phone import NONCE, SEVENS
from tests.support.serving import address, free_port
from tests.support.world import World


@contextmanager
def the_writers_turn(folder):
    """Hold the turn that every writer waits for."""
    with (folder / "feedback.db.writer").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@pytest.fixture
def served(sqlite_shelf, tmp_path):
    """A clinic in its server process: the world, the process, and a code nobody used."""
    with sqlite_shelf.migrated(tmp_path) as database:
        house = install(database, tmp_path, clock=SystemClock(), chance=SystemChance(), base_url=address(free_port()))
        world = World(house, a_clinic(), a_therapist())
        world.found()
        case = world.opens_a_case()
        code = world.shows_a_code(case, world.meets(case))
        with running(served_from(world, world.address)) as process:
            yield world, process, code


def until(holds):
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def inside(world):
    figures = ask(world.address, "GET", "/metrics")[2]
    return int(re.search(r"^feedback_requests_inside\{.*\} (\d+)$", figures, flags=re.MULTILINE)[1])


def sends(world, token, answers):
    nonce = re.search(NONCE, ask(world.address, "GET", f"/F/{token}")[2])[1]
    body = urlencode(SEVENS | {"audience": "therapist", "nonce": nonce})
    thread = threading.Thread(target=lambda: answers.append(ask(world.address, "POST", f"/F/{token}", body)))
    thread.start()
    return thread


@pytest.mark.parametrize("order", [signal.SIGTERM, signal.SIGHUP], ids=["stopped", "renewed"])
def test_what_is_under_way_is_kept_and_answered(served, order):
    world, process, code = served
    answers = []
    with the_writers_turn(world.installation.settings.data_dir):
        thread = sends(world, code.token, answers)
        until(lambda: inside(world) == 1)
        process.send_signal(order)
        time.sleep(0.3)
        assert answers == []
    thread.join(PATIENCE_SECONDS)
    assert answers[0][0] == 303
    with world.reading() as uow:
        assert len(list_responses(uow, code.code.case_code)) == 1
    if order == signal.SIGHUP:
        until(lambda: ask(world.address, "GET", "/healthz")[0] == 200)
        assert process.poll() is None
    else:
        assert process.wait(PATIENCE_SECONDS) == 0
