"""Due work beside the server: in the clinic's night, by one process at a time, and gone when the server is."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date

import pytest

from feedback.bootstrap import open_installation
from feedback.cli import timers
from feedback.cli.timers import is_time, stay_and_run
from feedback.persistence.answers.sealed_submissions import rewritten_on
from feedback.persistence.database import Database
from feedback.persistence.tables import submission_keys
from feedback.persistence.upkeep.singleton_lock import only_runner
from feedback.settings import read_settings
from tests.cli.test_serve import PATIENCE_SECONDS, free_port, serving


@pytest.mark.parametrize(
    ("day", "hour", "due"),
    [("2026-03-03", 12, False), ("2026-03-03", 2, True), ("2026-03-03", 5, False), ("2026-07-01", 1, True)],
)
def test_it_is_time_in_the_clinics_own_night(world, day, hour, due):
    there = world.on(day, hour)
    with there.writing() as uow:
        uow.connection.execute(submission_keys.update().values(rewritten_on=there.installation.clock.now().date()))
    assert is_time(there.installation) is due


def test_it_is_time_at_any_hour_when_the_last_run_was_two_days_ago(world):
    assert not is_time(world.on("2026-03-03", 23).installation)
    assert is_time(world.on("2026-03-04", 12).installation)


def test_whoever_comes_second_goes_away_again(world):
    it = world.installation
    with only_runner(it.database) as first, only_runner(it.database) as second:
        assert (first, second) == (True, False)
    with only_runner(it.database) as again:
        assert again


def test_due_work_is_done_until_the_server_is_gone(world):
    there = world.on("2026-03-04", 2).installation
    ours, servers = os.pipe()
    os.close(servers)
    assert list(stay_and_run(there, ours)) == [()]
    with there.database.reading(None) as uow:
        assert rewritten_on(uow) == date(2026, 3, 4)
    broken = replace(there, keyring=replace(there.keyring, folder=there.keyring.folder / "gone"))
    ((told,),) = stay_and_run(replace(broken, clock=world.on("2026-03-09").installation.clock), ours)
    os.close(ours)
    assert told.startswith("rewriting: ")


def test_no_error_ends_the_looking(world, monkeypatch):
    def fails(*_given):
        raise ZeroDivisionError

    monkeypatch.setattr(timers, "is_time", fails)
    monkeypatch.setattr(timers, "EVERY_SECONDS", 0)
    ours, servers = os.pipe()
    looks = stay_and_run(world.installation, ours)
    assert [next(looks) for _ in range(3)] == [("looking: ZeroDivisionError. It is tried again at the next run.",)] * 3
    os.close(servers)
    os.close(ours)


def last_run(folders):
    database = Database(f"sqlite:///{folders / 'data/feedback.db'}")
    with database, database.reading(None) as uow:
        return rewritten_on(uow)


def test_the_server_does_what_is_due_and_takes_the_timers_along(installed, folders):
    it = open_installation(read_settings())
    with it.database.writing(None) as uow:
        uow.connection.execute(submission_keys.update().values(rewritten_on=date(2020, 1, 1)))
    it.database.close()
    with serving(free_port(), "--timers") as process:
        wait_until(lambda: last_run(folders).year > 2020)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE_SECONDS)  # which lasts as long as anybody holds its standard error
    assert process.returncode == 0


HOLDS = """
import sys
from feedback.bootstrap import open_installation
from feedback.cli.timers import timers_beside
with timers_beside() as child:
    print(child, flush=True)
    sys.stdin.read()
"""


def test_they_end_even_when_the_server_is_killed(installed):
    process = subprocess.Popen([sys.executable, "-c", HOLDS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    child = int(process.stdout.readline())
    assert is_alive(child)
    process.kill()
    process.communicate(timeout=PATIENCE_SECONDS)
    wait_until(lambda: not is_alive(child))


def wait_until(happens):
    end = time.monotonic() + PATIENCE_SECONDS
    while not happens() and time.monotonic() < end:
        time.sleep(0.05)
    assert happens()


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
