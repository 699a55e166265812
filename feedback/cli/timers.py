"""Due work beside the server: a process of its own that ends with it, so that the server opens no sealed answer."""

import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from zoneinfo import ZoneInfo

from feedback.bootstrap import Installation
from feedback.domain.clock import Clock
from feedback.persistence.answers.sealed_submissions import rewritten_on
from feedback.persistence.clinic.clinics import list_zones
from feedback.persistence.upkeep.singleton_lock import only_runner
from feedback.services.dashboard.send_notices import Post
from feedback.services.upkeep.run_scheduled_jobs import Done, Failure, run_due

EVERY_SECONDS = 600
"""How often the timer looks whether something is due."""

NIGHT = range(2, 5)
"""Hours of the clinic's own day in which due work is done, because those who send an answer meanwhile wait."""

OVERDUE = timedelta(days=2)
"""After so many days without a run it is done at any hour."""


@contextmanager
def timers_beside() -> Iterator[int]:
    """Run the timers in a child process while the block lasts, give its id, and let it end what it is at.

    It notices when this process is gone, however it went: nobody else holds the other end of its standard input, the
    server's workers least of all.
    """
    command = [sys.executable, "-m", "feedback", "run-due", "--stay"]
    ours, servers = os.pipe()
    with subprocess.Popen(command, stdin=ours, stdout=subprocess.DEVNULL) as child:  # noqa: S603  ourselves
        os.close(ours)
        os.register_at_fork(after_in_child=lambda: os.close(servers))
        try:
            yield child.pid
        finally:
            os.close(servers)


def stay_and_run(it: Installation, parent: int) -> Iterator[tuple[str, ...]]:
    """Do what is due, night after night, until `parent` (a file descriptor) is closed at its other end.

    Gives after each look what an operator should know, a line each; no error ends the looking. Only one such process
    works on a database at a time.
    """
    while True:
        yield _look(it)
        if select.select([parent], [], [], EVERY_SECONDS)[0]:
            return


def _look(it: Installation) -> tuple[str, ...]:
    try:
        if is_time(it):
            with only_runner(it.database) as is_ours:
                return do_due(it, it.clock).problems if is_ours else ()
    except Exception as error:  # noqa: BLE001  whatever it was, the next look is taken all the same
        return (str(Failure("looking", error)),)
    return ()


def do_due(it: Installation, clock: Clock) -> Done:
    """Do what is due in an installation, notices included where it has a mail server. Raises `DatabaseWrong`."""
    post = Post(it.mailer, it.settings.base_url) if it.mailer else None
    return run_due(it.database, clock, it.keyring, it.chance, journal=it.journal, rule=it.rule, post=post)


def is_time(it: Installation) -> bool:
    """Return whether it is night in every clinic's zone, or the last run is long ago."""
    with it.database.reading(None) as uow:
        zones, done_on = set(list_zones(uow).values()), rewritten_on(uow)
    if done_on is None or not zones:
        return False
    now = [it.clock.now().astimezone(ZoneInfo(zone)) for zone in zones]
    is_overdue = all(each.date() - done_on >= OVERDUE for each in now)
    return is_overdue or all(each.hour in NIGHT for each in now)
